import { z } from 'zod';
import type { Accuracy, DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { isSpectrum } from '../contract/measure/request.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { type CommandRequest, commandOf, numberOf, saidAt } from './commands.ts';
import { type RodeostatAsk, type RodeostatSaid, rodeostatLink } from './link.ts';

const ID = 'iorodeo/rodeostat';
/** Ranges of the variants, A; the device says its currents in microampere (firmware, `ps_constants.h`). */
const RANGES_A: Readonly<Record<string, number>> = {
  '60nA': 60e-9,
  '100nA': 100e-9,
  '1uA': 1e-6,
  '10uA': 1e-5,
  '100uA': 1e-4,
  '1000uA': 1e-3,
  '10000uA': 1e-2,
  '12000uA': 12.024e-3,
  '24000uA': 24.048e-3,
};
const VOLTAGES = ['1V', '2V', '4V', '5V', '8V', '10V'] as const;
const MICRO = 1e-6;
/** Steps of its converter for the potential, 12 bits over both signs. */
const STEPS = 4096;
/** Beyond this part of its range a reading of the current is cut off. */
const FULL = 0.99;
const VOLTAGE_ACCURACY: Accuracy = { reading_pct: 0.5, abs: (4 * 20) / STEPS, basis: 'default' };
const currentAccuracy = (range_A: number): Accuracy => ({
  reading_pct: 0.5,
  abs: (8 * range_A) / STEPS,
  basis: 'default',
});
/** Fastest sweep (a sample a millisecond, and 115,200 bit/s: default) and most points of a curve (default). */
const SWEEP_MOST_V_per_s = 0.2;
const SWEEP_POINTS = 20_000;
/** Electrodes can be disconnected from this version of the board on. */
const SWITCHES = 'HW0.2';

const options = z.strictObject({
  path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-Teensyduino' }),
  baud: z
    .number()
    .int()
    .min(300)
    .default(115_200)
    .meta({ description: 'bit rate, 115200; its USB port takes any' }),
  variant: z.string().min(1).meta({ description: 'variant of the board, as it says it (getVariant)' }),
  deviceId: z.number().int().min(0).max(255).meta({ description: 'number that it was given (getDeviceId)' }),
  voltageRange: z.enum(VOLTAGES).meta({ description: 'range of the potential, of those of the variant' }),
  currentRange: z
    .enum(Object.keys(RANGES_A) as [string, ...string[]])
    .meta({ description: 'range of the current, of those of the variant' }),
  voltageMin_V: z
    .number()
    .optional()
    .meta({ description: 'lowest potential that is set; else that of the range' }),
  voltageMax_V: z
    .number()
    .optional()
    .meta({ description: 'highest potential that is set; else that of the range' }),
});
type RodeostatOptions = z.infer<typeof options>;

/** The answer of a command, ms (default). */
const REPLY_ms = 300;

function boundsOf({ voltageRange, voltageMin_V, voltageMax_V }: RodeostatOptions): readonly [number, number] {
  const most_V = Number.parseInt(voltageRange, 10);
  const [low, high] = [voltageMin_V ?? -most_V, voltageMax_V ?? most_V];
  if (low >= -most_V && high <= most_V && low < high) return [low, high];
  throw new DeviceError('config', ID, `${low}..${high} V, expected within +-${most_V} V of voltageRange`);
}

function describe(asked: RodeostatOptions): DeviceDescription {
  const most_V = Number.parseInt(asked.voltageRange, 10);
  const most_A = RANGES_A[asked.currentRange];
  return {
    driver: ID,
    channels: [
      {
        name: 'voltage_V',
        range: [-10.5, 10.5],
        accuracy: VOLTAGE_ACCURACY,
      },
      {
        name: 'current_A',
        range: [-FULL * most_A, FULL * most_A],
        accuracy: currentAccuracy(most_A),
      },
      { name: 'output_on', range: [0, 1], accuracy: { reading_pct: 0, abs: 0, basis: 'default' } },
    ],
    settables: [
      { name: 'voltageSet_V', range: boundsOf(asked), tolerance: (2 * most_V) / STEPS },
      { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
    ],
    // It holds its potential whether anybody asks or not.
    onLoss: 'hold',
    safeList: [['outputSet_on', 0]],
    sweep: {
      range_V: boundsOf(asked),
      rateMax_V_per_s: SWEEP_MOST_V_per_s,
      pointsMax: SWEEP_POINTS,
      currentMax_A: FULL * most_A,
      voltage: VOLTAGE_ACCURACY,
      current: currentAccuracy(most_A),
      voltageIs: 'set',
      tellsTime: true,
    },
  };
}

function tableOf(
  asked: RodeostatOptions,
  { clock }: Pick<DriverEnv, 'clock'>,
): DeviceTable<RodeostatAsk, RodeostatSaid> {
  const where = `${ID} at ${asked.path}`;
  /** The potential was set, and read back, since it was connected: its counter electrode may be connected. */
  let isProven = false;
  const refuse = (text: string): never => {
    throw new DeviceError('identity', where, text);
  };

  async function identify(ask: Exchange<RodeostatAsk, RodeostatSaid>) {
    isProven = false;
    const expected = [
      ['getVariant', 'variant', asked.variant],
      ['getDeviceId', 'deviceId', asked.deviceId],
    ] as const;
    for (const [command, key, wanted] of expected) {
      const found = saidAt(await ask(commandOf(command, key)), key);
      if (found !== wanted) refuse(`${key} ${String(found)}, expected ${wanted}`);
    }
    const version = await ask(commandOf('getHardwareVersion', 'version')).catch((error: unknown) => {
      // Boards before that do not know the question.
      if (error instanceof DeviceError && error.code === 'refused') return '';
      throw error;
    });
    const hardware = String(saidAt(version, 'version'));
    // One that cannot let go of the cell holds it at 0 V at the least: a short.
    if (!hardware.includes(SWITCHES.slice(2)))
      refuse(`its board cannot disconnect its electrodes, expected ${SWITCHES}`);
    const probe = commandOf('getVariant', 'variant');
    return { ask: probe, isAnswer: (text: RodeostatSaid) => saidAt(text, 'variant') === asked.variant };
  }

  async function takeControl(ask: Exchange<RodeostatAsk, RodeostatSaid>): Promise<void> {
    await ask({ sweep: 'clear' });
    const counter = saidAt(await ask(commandOf('getCtrElectConnected', 'connected')), 'connected');
    const steps: [CommandRequest, string, unknown][] = [
      [commandOf('getVoltRange', 'voltRange'), 'voltRange', asked.voltageRange],
      [commandOf('getCurrRange', 'currRange'), 'currRange', asked.currentRange],
    ];
    // While it drives the cell its ranges are left alone: a change of range is a jump.
    if (counter === false) {
      await ask(commandOf('setVoltRange', 'voltRange', { voltRange: asked.voltageRange }));
      await ask(commandOf('setCurrRange', 'currRange', { currRange: asked.currentRange }));
      // Open: its potential is read all the same, by reference and working electrode.
      await ask(commandOf('setRefElectConnected', 'connected', { connected: true }));
      await ask(commandOf('setWrkElectConnected', 'connected', { connected: true }));
      steps.push(
        [commandOf('getRefElectConnected', 'connected'), 'connected', true],
        [commandOf('getWrkElectConnected', 'connected'), 'connected', true],
      );
    }
    for (const [request, key, wanted] of steps) {
      const found = saidAt(await ask(request), key);
      if (found !== wanted)
        throw new DeviceError(
          'readback',
          where,
          `${request.lines[0]}: ${String(found)}, expected ${String(wanted)}`,
        );
    }
  }

  const askOutput = commandOf('getCtrElectConnected', 'connected');
  const connectedIn = (text: RodeostatSaid): number => {
    const value = saidAt(text, 'connected');
    return typeof value === 'boolean' ? Number(value) : Number.NaN;
  };
  let isOn: boolean | undefined;
  return {
    description: describe(asked),
    makeLink: () =>
      rodeostatLink({
        lines: {
          address: { path: asked.path, baud: asked.baud, dataBits: 8, parity: 'none', stopBits: 1 },
          clock,
          terminator: 'lf',
          gap_ms: 0,
          quiet_ms: 100,
        },
        clock,
        voltageRange: asked.voltageRange,
        full_A: FULL * RANGES_A[asked.currentRange],
      }),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    identify,
    takeControl,
    reads: [
      {
        ask: askOutput,
        channels: [2],
        into(text, values) {
          values[2] = connectedIn(text);
          isOn = values[2] === 1;
        },
      },
      {
        ask: commandOf('getRefVolt', 'r'),
        channels: [0],
        into(text, values) {
          values[0] = numberOf(text, 'r');
        },
      },
      {
        ask: commandOf('getCurr', 'i'),
        channels: [1],
        into(text, values, _, note) {
          // With the counter electrode open nothing flows.
          values[1] = isOn === false ? 0 : MICRO * numberOf(text, 'i');
          if (Math.abs(values[1]) > FULL * RANGES_A[asked.currentRange])
            note(`current_A: at the end of its range of ${asked.currentRange}`);
          isOn = undefined;
        },
      },
    ],
    writes: {
      voltageSet_V: {
        encode(value) {
          isProven = false;
          return commandOf('setVolt', 'v', { v: Number(value.toFixed(6)) });
        },
        readback: commandOf('getVolt', 'v'),
        decode(text) {
          const value = numberOf(text, 'v');
          isProven = Number.isFinite(value);
          return value;
        },
      },
      outputSet_on: {
        encode(value) {
          const isOnWanted = value >= 0.5;
          if (isOnWanted && !isProven)
            throw new DeviceError(
              'refused',
              where,
              'output stays off: its potential has not been set and read back',
            );
          return commandOf('setCtrElectConnected', 'connected', { connected: isOnWanted });
        },
        readback: askOutput,
        decode: connectedIn,
      },
    },
    measure: {
      begin(request, number) {
        if (isSpectrum(request)) throw new DeviceError('refused', where, 'measures no impedance');
        return { sweep: 'begin', number, request };
      },
      ask: (number, from) => ({ sweep: 'since', number, from }),
      decode(said) {
        if (typeof said !== 'string') return said;
        throw new DeviceError('garbled', where, 'no points');
      },
      cancel: number => ({ sweep: 'cancel', number }),
    },
    notices: () => ['it has no watchdog: without us it goes on holding the potential that is set'],
  };
}

/**
 * The Rodeostat of IO Rodeo, a potentiostat up to 24 mA. Its output is its counter electrode: open, the potential of the
 * cell is read at open circuit. Current is positive into the working electrode at a potential above that of the cell.
 */
export const iorodeoRodeostat: DriverEntry<RodeostatOptions> = {
  id: ID,
  manual:
    'iorodeo/potentiostat, JSON serial commands and firmware; iorodeo/rodeostat-rs ed12ca1; sign of the current and accuracy by default',
  triedOn: 'emulator only',
  options,
  endpoint: ({ path }) => path,
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env), env),
};
