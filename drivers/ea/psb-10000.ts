import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { ChannelSpec, DeviceDescription, SettableSpec } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { DeviceHelp, DeviceTable, Exchange, WriteSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { decodeRegisters, type Scaling, textOf, toEng, toRaw } from '../protocol/modbus-registers.ts';
import type { ModbusReply, ModbusRequest } from '../transport/modbus-request.ts';
import { modbusTcpLink } from '../transport/modbus-tcp.ts';
import { askScpi } from '../transport/scpi-tcp.ts';

const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const portNumber = z.number().int().min(1).max(65535);

const psbOptions = z.strictObject({
  host: z.string().min(1).meta({ description: 'address of the supply' }),
  port: portNumber.default(502).meta({ description: 'port of Modbus TCP' }),
  voltageNominal_V: rating.meta({
    description: 'rating of the type plate: values on the wire are parts of it',
  }),
  currentNominal_A: rating.meta({ description: 'rating of the type plate' }),
  powerNominal_W: rating.meta({ description: 'rating of the type plate' }),
  scpiPort: portNumber
    .optional()
    .meta({ description: 'port of the SCPI interface (5025 from the factory); needed for the watchdog' }),
});
export type PsbOptions = z.infer<typeof psbOptions>;

/** Modbus TCP on port 502 answers unit 0 in both compliance modes (guide, "Compliance"). */
const UNIT = 0;
const holding = (address: number, count: number): ModbusRequest => ({ fn: 3, unit: UNIT, address, count });
const coil = (address: number, on: boolean): ModbusRequest => ({ fn: 5, unit: UNIT, address, on });

const DEVICE_TYPE = holding(1, 20);
/** Nominal U, I, P as float32. */
const NOMINALS = holding(121, 6);
const REMOTE_COIL = 402;
const OUTPUT_COIL = 405;
/**
 * Status and actual U, I, P in one read, so that all belong to one moment. The guide reads 505..506 and
 * 507..509 apart; that one request may span both is to be verified on a unit.
 */
const STATUS_AND_ACTUALS = holding(505, 5);
/** Coils are read back from here: in compliance mode Limited function 1 answers two bytes for one coil. */
const STATUS = holding(505, 2);
const STATUS_BIT = { dcOn: 7, remote: 11, alarm: 15, sink: 31 } as const;

/** 100 % of a rating in every set and actual register (guide, "Translating set values and actual values"). */
const FULL_SCALE_RAW = 0xcccc;
/** Set values are accepted up to 102 %. */
const SET_MAX = 1.02;
/** Actual values above the highest protection threshold (110 %) are not believed. */
const ACTUAL_MAX = 1.1;
/** Steps that the converters really resolve over 100 %. */
const STEPS = 26214;
/** Exceptions 7 (not in remote, or another interface owns it) and 0x17 (switched to Local at the panel). */
const LOCAL_CODES = [7, 0x17];
/** The guide names no reply time: recalled as some ms over Ethernet; 200 leaves room for a busy instrument. */
const REPLY_ms = 200;
/** Guide, "Timing": at least 5 ms between two messages. */
const GAP_ms = 5;
/** How long the status may lag behind the DC output coil. Recalled; to be verified on a unit. */
const OUTPUT_SETTLE_ms = 100;

function describe(options: PsbOptions): DeviceDescription {
  const { voltageNominal_V: u, currentNominal_A: i, powerNominal_W: p } = options;
  const measured = (name: ChannelSpec['name'], low: number, nominal: number): ChannelSpec => ({
    name,
    range: [low * nominal, ACTUAL_MAX * nominal],
    accuracy: { reading_pct: 0.1, abs: 0.001 * nominal, basis: 'recalled' },
  });
  const flag = (name: ChannelSpec['name']): ChannelSpec => ({
    name,
    range: [0, 1],
    accuracy: { reading_pct: 0, abs: 0, basis: 'sourced' },
  });
  const set = (name: SettableSpec['name'], nominal: number): SettableSpec => ({
    name,
    range: [0, SET_MAX * nominal],
    tolerance: nominal / STEPS,
  });
  return {
    driver: 'ea/psb-10000',
    channels: [
      measured('voltage_V', 0, u),
      // Sink mode reads negative.
      measured('current_A', -ACTUAL_MAX, i),
      measured('power_W', -ACTUAL_MAX, p),
      flag('output_on'),
      flag('remote_on'),
      flag('alarm_on'),
    ],
    settables: [
      set('currentSet_A', i),
      set('voltageSet_V', u),
      set('powerSet_W', p),
      { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
    ],
    // Silence closes an idle socket at most; the DC output stays as it is unless monitoring is armed.
    onLoss: 'hold',
    // Interface monitoring is armed over SCPI.
    watchdog: options.scpiPort !== undefined,
    // Output first: with the output open the set values can no longer reach the stack.
    safeList: [
      ['outputSet_on', 0],
      ['currentSet_A', 0],
    ],
  };
}

const scalingOf = (nominal: number): Scaling => ({ raw: [0, FULL_SCALE_RAW], eng: [0, nominal] });

function setRegister(address: number, nominal: number): WriteSpec<ModbusRequest, ModbusReply> {
  const scaling = scalingOf(nominal);
  return {
    encode: value => ({ fn: 6, unit: UNIT, address, value: toRaw(value, scaling) }),
    readback: holding(address, 1),
    decode: ([raw]) => toEng(raw, scaling),
  };
}

const bitOf = (status: number, bit: number): 0 | 1 => ((status >>> bit) & 1 ? 1 : 0);
const statusOf = (reply: ModbusReply): number => decodeRegisters(reply, 0, 'int32');

async function identify(options: PsbOptions, ask: Exchange<ModbusRequest, ModbusReply>) {
  const where = `ea/psb-10000 at ${options.host}:${options.port}`;
  const type = textOf(await ask(DEVICE_TYPE));
  if (!type.includes('PSB')) {
    throw new DeviceError('identity', where, `device type "${type}"; expected a PSB 10000`);
  }
  const nominals = await ask(NOMINALS);
  for (const [n, name] of (['voltageNominal_V', 'currentNominal_A', 'powerNominal_W'] as const).entries()) {
    const found = decodeRegisters(nominals, 2 * n, 'float32');
    // A factor of the rating scales every set value: a wrong one is never tolerated beyond float32 rounding.
    if (!(Math.abs(found - options[name]) <= 1e-6 * options[name])) {
      const message = `${name}: the instrument reports ${found}, the bench file says ${options[name]}`;
      throw new DeviceError('identity', where, message);
    }
  }
  // 20 registers of text: no poll or read-back of this table looks like it.
  return { ask: DEVICE_TYPE, isAnswer: (reply: ModbusReply) => textOf(reply) === type };
}

async function takeControl(options: PsbOptions, ask: Exchange<ModbusRequest, ModbusReply>): Promise<void> {
  await ask(coil(REMOTE_COIL, true));
  if (bitOf(statusOf(await ask(STATUS)), STATUS_BIT.remote) === 0) {
    const where = `ea/psb-10000 at ${options.host}:${options.port}`;
    throw new DeviceError('local', where, 'accepted remote control but does not show it (status bit 11)');
  }
}

/**
 * Interface monitoring (guide, "SYSTem:COMMunicate:MONitoring"): off by default, whole seconds, 1..36000.
 * That it switches the DC output off is to be verified on a unit. Never asks `SYST:ERR?`: that acknowledges alarms.
 */
async function armMonitoring(
  options: PsbOptions,
  timeout_s: number,
  { clock, signal }: DeviceHelp<ModbusRequest, ModbusReply>,
) {
  if (options.scpiPort === undefined) return undefined;
  // Rounded down: a watchdog may be stricter than asked for, never laxer.
  const whole_s = Math.floor(timeout_s);
  const where = `scpi://${options.host}:${options.scpiPort}`;
  if (!(whole_s >= 1 && whole_s <= 36000)) {
    throw new DeviceError('range', where, `watchdog of ${timeout_s} s; the instrument takes 1..36000 s`);
  }
  const address = { host: options.host, port: options.scpiPort };
  const lines = [
    `SYST:COMM:MON:TIM ${whole_s}`,
    'SYST:COMM:MON:ACT ON',
    'SYST:COMM:MON:TIM?',
    'SYST:COMM:MON:ACT?',
  ];
  const [time, active] = await askScpi(clock, address, lines, signal);
  if (Number.parseFloat(time) !== whole_s || !/^(ON|1)$/i.test(active)) {
    const message = `interface monitoring: set ${whole_s} s ON, read back "${time}" "${active}"`;
    throw new DeviceError('readback', where, message);
  }
  return whole_s;
}

/**
 * With the output off: disarms the monitoring if we armed it (else the next person's output goes off after its time-out),
 * and leaves remote control (else the panel is locked). With the output on nothing is touched.
 */
async function releaseControl(
  options: PsbOptions,
  isArmed: boolean,
  { clock, exchange, signal }: DeviceHelp<ModbusRequest, ModbusReply>,
): Promise<void> {
  const status = statusOf(await exchange(STATUS));
  if (bitOf(status, STATUS_BIT.dcOn) === 1 || bitOf(status, STATUS_BIT.remote) === 0) return;
  try {
    if (!isArmed || options.scpiPort === undefined) return;
    const address = { host: options.host, port: options.scpiPort };
    // The question makes sure that it has been taken before remote control is left.
    await askScpi(clock, address, ['SYST:COMM:MON:ACT OFF', 'SYST:COMM:MON:ACT?'], signal);
  } finally {
    await exchange(coil(REMOTE_COIL, false));
  }
}

function tableOf(options: PsbOptions, clock: Clock): DeviceTable<ModbusRequest, ModbusReply> {
  const voltage = scalingOf(options.voltageNominal_V);
  const current = scalingOf(options.currentNominal_A);
  const power = scalingOf(options.powerNominal_W);
  let isArmed = false;
  return {
    description: describe(options),
    makeLink: () => modbusTcpLink({ host: options.host, port: options.port, clock, localCodes: LOCAL_CODES }),
    reply_ms: REPLY_ms,
    gap_ms: GAP_ms,
    identify: ask => identify(options, ask),
    takeControl: ask => takeControl(options, ask),
    async armWatchdog(timeout_s, help) {
      const armed_s = await armMonitoring(options, timeout_s, help);
      isArmed = armed_s !== undefined;
      return armed_s;
    },
    releaseControl: help => releaseControl(options, isArmed, help),
    reads: [
      {
        ask: STATUS_AND_ACTUALS,
        channels: [0, 1, 2, 3, 4, 5],
        into(reply, values) {
          const status = statusOf(reply);
          // Positive into the device under test. (Another reading of the status has sink in bit 12: verify on a unit.)
          const sign = bitOf(status, STATUS_BIT.sink) === 1 ? -1 : 1;
          values[0] = toEng(reply[2], voltage);
          values[1] = sign * toEng(reply[3], current);
          values[2] = sign * toEng(reply[4], power);
          values[3] = bitOf(status, STATUS_BIT.dcOn);
          values[4] = bitOf(status, STATUS_BIT.remote);
          values[5] = bitOf(status, STATUS_BIT.alarm);
        },
      },
    ],
    writes: {
      voltageSet_V: setRegister(500, options.voltageNominal_V),
      currentSet_A: setRegister(501, options.currentNominal_A),
      powerSet_W: setRegister(502, options.powerNominal_W),
      outputSet_on: {
        encode: value => coil(OUTPUT_COIL, value >= 0.5),
        readback: STATUS,
        decode: reply => bitOf(statusOf(reply), STATUS_BIT.dcOn),
        settle_ms: OUTPUT_SETTLE_ms,
      },
    },
  };
}

/** EA Elektro-Automatik PSB 10000, bidirectional DC supply, over Modbus TCP. Alarms are shown, never acknowledged. */
export const eaPsb10000: DriverEntry<PsbOptions> = {
  id: 'ea/psb-10000',
  manual: 'EA Elektro-Automatik, Programming Guide ModBus & SCPI, PGMBEN Rev 24 (2023-05-15)',
  triedOn: 'emulator only',
  options: psbOptions,
  endpoint: ({ host, port }) => `tcp://${host}:${port}`,
  describe,
  open: (id, options, env) => openDevice(id, tableOf(options, env.clock), env),
};
