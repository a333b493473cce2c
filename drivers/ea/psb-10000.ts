import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { DeviceTable, ReadSpec, WriteSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { toEng, toRaw } from '../protocol/modbus-registers.ts';
import type { ModbusReply } from '../transport/modbus-request.ts';
import { identify, takeControl } from './control.ts';
import { armMonitoring, disarmMonitoring, type EaRequest, readMonitoring } from './monitoring.ts';
import { describe, type EaOptions, eaOptions, whereOf } from './options.ts';
import * as registers from './registers.ts';
import { ACTUALS, coil, type EaStatus, holding, register, STATUS, scalingOf, statusOf } from './registers.ts';
import { SERIES } from './series.ts';
import { eaLink } from './wire.ts';
import { statusNews } from './words.ts';

/** The guide names no reply time: below 5 ms over Ethernet as a rule; 200 leaves room for a busy instrument. */
const REPLY_ms = 200;
/** "Timing": at least 5 ms between two messages (10 ms recommended). */
const GAP_ms = 5;
/** How long the status may lag behind the DC output coil. Recalled; to be verified on a unit. */
const OUTPUT_SETTLE_ms = 100;

function setRegister(address: number, nominal: number): WriteSpec<EaRequest, ModbusReply> {
  const scaling = scalingOf(nominal);
  return {
    encode: value => register(address, toRaw(value, scaling)),
    readback: holding(address, 1),
    decode: ([raw]) => toEng(raw, scaling),
  };
}

function readsOf(options: EaOptions, see: (status: EaStatus) => void): ReadSpec<EaRequest, ModbusReply>[] {
  const { flow } = SERIES[options.series];
  const voltage = scalingOf(options.voltageNominal_V);
  const current = scalingOf(options.currentNominal_A);
  const power = scalingOf(options.powerNominal_W);
  let sinks = false;
  const reads: ReadSpec<EaRequest, ModbusReply>[] = [
    {
      ask: STATUS,
      channels: [3, 4, 5],
      into(reply, values) {
        const status = statusOf(reply);
        see(status);
        sinks = flow === 'both' ? status.sinks : flow === 'sink';
        values[3] = status.isOn ? 1 : 0;
        values[4] = status.isRemote ? 1 : 0;
        values[5] = status.hasAlarm ? 1 : 0;
      },
    },
    {
      // Last: whoever waits for the frame has it as soon as they are there.
      ask: ACTUALS,
      channels: [0, 1, 2],
      into(reply, values, _quality, note) {
        values[0] = toEng(reply[0], voltage);
        if (Number.isNaN(values[3])) {
          note('no status: nobody knows which way the current flows');
          return;
        }
        // + 0 turns a -0 into 0.
        values[1] = (sinks ? -1 : 1) * toEng(reply[1], current) + 0;
        values[2] = (sinks ? -1 : 1) * toEng(reply[2], power) + 0;
      },
    },
  ];
  if (options.sink === undefined) return reads;
  // Where it may flow both ways: which way it was while the magnitudes were read.
  reads.push({
    ask: STATUS,
    channels: [1, 2],
    into(reply, _values, quality) {
      if (statusOf(reply).sinks === sinks) return;
      quality[1] = QUALITY.uncertain;
      quality[2] = QUALITY.uncertain;
    },
  });
  return reads;
}

function writesOf(options: EaOptions, mayGoOn: () => boolean): DeviceTable<EaRequest, ModbusReply>['writes'] {
  const { voltageNominal_V, currentNominal_A, powerNominal_W } = options;
  const isLoad = SERIES[options.series].flow === 'sink';
  const [currentSet, powerSet] = isLoad
    ? ['sinkCurrentSet_A', 'sinkPowerSet_W']
    : ['currentSet_A', 'powerSet_W'];
  return {
    voltageSet_V: setRegister(500, voltageNominal_V),
    ...(options.sink === undefined
      ? {}
      : {
          sinkCurrentSet_A: setRegister(registers.SINK_CURRENT, currentNominal_A),
          sinkPowerSet_W: setRegister(registers.SINK_POWER, powerNominal_W),
        }),
    [currentSet]: setRegister(501, currentNominal_A),
    [powerSet]: setRegister(502, powerNominal_W),
    outputSet_on: {
      encode(value) {
        if (value >= 0.5 && !mayGoOn()) {
          const text = 'its watchdog is not armed, or not yet after the reconnect: output stays off';
          throw new DeviceError('refused', whereOf(options), text);
        }
        return coil(registers.OUTPUT_COIL, value >= 0.5);
      },
      readback: STATUS,
      decode: reply => (statusOf(reply).isOn ? 1 : 0),
      settle_ms: OUTPUT_SETTLE_ms,
    },
  };
}

function tableOf(options: EaOptions, clock: Clock): DeviceTable<EaRequest, ModbusReply> {
  const where = whereOf(options);
  /** Somebody wants it armed: without that the output stays off. */
  let isWatched = false;
  /** It was armed by us, and is to be disarmed. */
  let wasArmed = false;
  let isArmed = false;
  let tell: (text: string) => void = () => {};
  let armed_s = Number.NaN;
  return {
    description: describe(options),
    makeLink: () => eaLink(options, clock),
    reply_ms: REPLY_ms,
    gap_ms: GAP_ms,
    identify(ask) {
      isArmed = false;
      return identify(options, ask);
    },
    takeControl: ask => takeControl(options, ask),
    async armWatchdog(timeout_s, { exchange }) {
      isArmed = false;
      isWatched = true;
      // Its time-out ends remote control: what is set then is not taken.
      if (!statusOf(await exchange(STATUS)).isRemote) await takeControl(options, exchange);
      armed_s = await armMonitoring(where, clock, exchange, timeout_s);
      wasArmed = true;
      isArmed = true;
      return armed_s;
    },
    readWatchdog: ({ exchange }) => readMonitoring(exchange, armed_s),
    /**
     * With the output off: disarms the monitoring if we armed it and leaves remote control (else the panel is locked). With
     * the output on nothing is touched.
     */
    async releaseControl({ exchange }) {
      const status = statusOf(await exchange(STATUS));
      if (status.isOn || !status.isRemote) return;
      try {
        if (wasArmed) await disarmMonitoring(where, clock, exchange);
      } finally {
        await exchange(coil(registers.REMOTE_COIL, false));
      }
    },
    onNews(listener) {
      tell = listener;
    },
    reads: readsOf(
      options,
      statusNews(text => tell(text)),
    ),
    writes: writesOf(options, () => !isWatched || isArmed),
  };
}

/**
 * Supplies and loads of EA Elektro-Automatik: series 10000 (PSB, PSBE, PSI, PS, ELR), and of 9000 those that share its
 * registers. Frames of Modbus RTU and lines of SCPI on their own LAN port. Alarms are shown, never acknowledged.
 */
export const eaPsb10000: DriverEntry<EaOptions> = {
  id: 'ea/psb-10000',
  manual:
    'EA Elektro-Automatik, Programming ModBus & SCPI 10k 20k, 35400100 REV01 (2023); register lists PSB, PSBE, PSI, PS, ELR 10000 KE 3.02+ and 3.10+; PGMBEN Rev 24 (2023-05-15) for 9000',
  triedOn: 'emulator only',
  options: eaOptions,
  endpoint: ({ host, port, modbusTcpPort }) => `tcp://${host}:${modbusTcpPort ?? port}`,
  describe,
  open: (id, options, env) => openDevice(id, tableOf(options, env.clock), env),
};
