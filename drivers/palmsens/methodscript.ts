import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { Accuracy, DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { QUALITY } from '../contract/frame.ts';
import type { DeviceTable, WriteSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { endpointOf, type TextAddress } from '../transport/text/wire.ts';
import type { Answer, Ask, Identity, Setting } from './asks.ts';
import { scriptLink } from './link.ts';
import { MODEL_IDS, MODELS, type Model } from './models.ts';

const positive = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
const voltage = z.number().refine(Number.isFinite, 'expected a finite number');

/** What every instrument needs, however it is wired. */
const unit = {
  model: z.enum(MODEL_IDS).meta({
    description:
      'first six characters of its firmware: EmStat Pico, Sensit Wearable, EmStat4 LR, HR, a channel of a MultiEmStat4 LR, HR, Nexus',
  }),
  serial: z.string().min(1).meta({ description: 'serial number, as it says it (command i)' }),
  firmware: z
    .string()
    .regex(/^\d\.\d(\.\d\d)?$/, 'expected x.y or x.y.zz')
    .optional()
    .meta({ description: 'version that the firmware must have, e.g. 1.3.05; else any' }),
  currentMax_A: positive.optional().meta({
    description:
      'largest current of this bench: bounds of what is set, highest range; else that of the model',
  }),
  voltageMin_V: voltage
    .optional()
    .meta({ description: 'lowest voltage that is set or swept; else that of the model' }),
  voltageMax_V: voltage
    .optional()
    .meta({ description: 'highest voltage that is set or swept; else that of the model' }),
  band_Hz: z
    .tuple([positive, positive])
    .refine(([low, high]) => low < high, 'expected [low, high] with low < high')
    .optional()
    .meta({
      description:
        'lowest and highest frequency of a spectrum, Hz; between two frequencies voltage and current are read once, so the lowest says how old a reading gets (3 periods). Default: 1 Hz to the highest of the model',
    }),
  impedanceAccuracy: z
    .strictObject({
      modulus_pct: positive.meta({ description: 'of |Z|, pct' }),
      phase_deg: voltage.min(0).meta({ description: 'of the phase, deg' }),
      basis: z
        .enum(['sourced', 'recalled', 'default'])
        .meta({ description: 'read in the manual, known, or chosen' }),
    })
    .default({ modulus_pct: 1, phase_deg: 1, basis: 'default' })
    .meta({ description: 'declared accuracy (k = 2) of a spectrum; its map stands in the data sheet' }),
};

const options = z.union(
  [
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-EmStat4' }),
      baud: z
        .number()
        .int()
        .min(9600)
        .max(4_000_000)
        .optional()
        .meta({ description: 'bit rate; else that of the model (Pico 230400, the others 921600)' }),
      ...unit,
    }),
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address: a Nexus on the network, or a serial server' }),
      port: z.number().int().min(1).max(65535).meta({ description: 'its TCP port' }),
      ...unit,
    }),
  ],
  {
    error:
      'expected { path, model, serial, ... } for a serial line or { host, port, model, serial, ... } for TCP',
  },
);
export type MethodScriptOptions = z.infer<typeof options>;

const ID = 'palmsens/methodscript';
/** Worst time of an exchange: a script that is ended, and the next one that has said its number, ms (default). */
const REPLY_ms = 1500;
/** While a spectrum runs a reading may be so old, s; older ones are stale. */
const OLDEST_s = 5;
/** A reading of a standing loop is as old as that at most, s. */
const FRESH_s = 0.5;
const VOLTAGE_ACCURACY: Accuracy = { reading_pct: 0.2, abs: 1e-3, basis: 'default' };
const currentAccuracy = (range_A: number): Accuracy => ({
  reading_pct: 0.2,
  abs: 1e-3 * range_A,
  basis: 'default',
});
/** Most points of a curve (default). */
const CURVE_POINTS = 10_000;
/** Fastest sweep (default: steps of 1 mV in 1 ms). */
const SWEEP_MOST_V_per_s = 1;

function addressOf(asked: MethodScriptOptions): TextAddress {
  if (!('path' in asked)) return { host: asked.host, port: asked.port };
  const { path, baud = MODELS[asked.model].baud } = asked;
  return { path, baud, dataBits: 8, parity: 'none', stopBits: 1 };
}

function boundsOf(asked: MethodScriptOptions) {
  const model: Model = MODELS[asked.model];
  const [least_V, most_V] = model.potential_V;
  const { voltageMin_V = least_V, voltageMax_V = most_V, currentMax_A = model.currentMax_A } = asked;
  const refuse = (text: string): never => {
    throw new DeviceError('config', ID, text);
  };
  if (currentMax_A > model.currentMax_A)
    refuse(`currentMax_A: ${currentMax_A}, expected at most ${model.currentMax_A} of the ${model.name}`);
  if (!(voltageMin_V >= least_V && voltageMax_V <= most_V && voltageMin_V < voltageMax_V))
    refuse(
      `${voltageMin_V}..${voltageMax_V} V, expected within ${least_V}..${most_V} V of the ${model.name}`,
    );
  const [low_Hz, high_Hz] = asked.band_Hz ?? [1, model.frequencyMax_Hz];
  if (high_Hz > model.frequencyMax_Hz)
    refuse(`band_Hz: ${high_Hz}, expected at most ${model.frequencyMax_Hz} of the ${model.name}`);
  return { model, voltageMin_V, voltageMax_V, currentMax_A, band_Hz: [low_Hz, high_Hz] as const };
}

function describe(asked: MethodScriptOptions): DeviceDescription {
  const { model, voltageMin_V, voltageMax_V, currentMax_A, band_Hz } = boundsOf(asked);
  const [least_V, most_V] = model.potential_V;
  const none = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  // A script takes a finer value than a converter makes of it; both are told in the set value that is read back.
  const voltageSet = { name: 'voltageSet_V', range: [voltageMin_V, voltageMax_V], tolerance: 1e-5 } as const;
  const currentSet = {
    name: 'currentSet_A',
    range: [-currentMax_A, currentMax_A],
    tolerance: 1e-6 * currentMax_A,
  } as const;
  return {
    driver: ID,
    channels: [
      {
        name: 'voltage_V',
        range: [1.1 * least_V, 1.1 * most_V],
        accuracy: VOLTAGE_ACCURACY,
      },
      {
        name: 'current_A',
        range: [-1.5 * model.currentMax_A, 1.5 * model.currentMax_A],
        accuracy: currentAccuracy(currentMax_A),
      },
      { name: 'output_on', range: [0, 1], accuracy: none },
    ],
    settables: [
      { name: 'modeSet_count', range: [0, 2], tolerance: 0 },
      ...(model.isGalvanostat ? [currentSet] : []),
      voltageSet,
      { name: 'outputSet_on', range: [0, 1], tolerance: 0 },
    ],
    // A script runs on without us, unless its watchdog is armed.
    onLoss: 'hold',
    watchdog: true,
    safeList: [['outputSet_on', 0]],
    impedance: {
      band_Hz,
      amplitudeMax_V: Math.SQRT2 * model.amplitudeMax_Vrms,
      amplitudeMax_A: model.isGalvanostat ? currentMax_A : 0,
      dc: ['keep', 'open', 'bias'],
      accuracy: asked.impedanceAccuracy,
      tellsTime: true,
    },
    sweep: {
      range_V: [voltageMin_V, voltageMax_V],
      rateMax_V_per_s: SWEEP_MOST_V_per_s,
      pointsMax: CURVE_POINTS,
      currentMax_A,
      voltage: VOLTAGE_ACCURACY,
      current: currentAccuracy(currentMax_A),
      tellsTime: true,
      ...(model.isMeasuringMore ? {} : { voltageIs: 'set' as const }),
    },
  };
}

/** @throws DeviceError `identity` with the first thing that differs */
function mustBe(asked: MethodScriptOptions, { model, version, serial }: Identity): void {
  const shown =
    version.length === 4 ? `${version[0]}.${version[1]}.${version.slice(2)}` : version.split('').join('.');
  const slip = (what: string, found: string, expected: string): never => {
    throw new DeviceError('identity', ID, `${what} "${found}", expected "${expected}"`);
  };
  if (model !== asked.model) slip('firmware of', model, asked.model);
  if (serial !== asked.serial) slip('serial number', serial, asked.serial);
  if (asked.firmware !== undefined && asked.firmware !== shown)
    slip('firmware version', shown, asked.firmware);
}

function setting(key: Setting): WriteSpec<Ask, Answer> {
  return {
    encode: value => (key === 'outputSet_on' && value === 0 ? { do: 'off' } : { do: 'set', key, value }),
    readback: { do: 'get', key },
    decode: answer => (answer.is === 'value' ? answer.value : Number.NaN),
  };
}

function tableOf(asked: MethodScriptOptions, clock: Clock): DeviceTable<Ask, Answer> {
  const { model, currentMax_A } = boundsOf(asked);
  const description = describe(asked);
  let armed_s: number | undefined;
  return {
    description,
    makeLink: () =>
      scriptLink({ address: addressOf(asked), clock, model, currentMax_A, mustBeArmed_s: () => armed_s }),
    reply_ms: REPLY_ms,
    gap_ms: 0,
    async identify(exchange) {
      const identity = await exchange({ do: 'identity' });
      if (identity.is === 'identity') mustBe(asked, identity);
      // Only now: nothing of another instrument is ended.
      await exchange({ do: 'silence' });
      return { ask: { do: 'silence' }, isAnswer: answer => answer.is === 'silent' };
    },
    reads: [{ ask: { do: 'poll' }, channels: [0, 1, 2], into }],
    writes: Object.fromEntries(description.settables.map(({ name }) => [name, setting(name as Setting)])),
    measure: {
      begin: (request, number) => ({ do: 'measure', number, request }),
      ask: (number, from) => ({ do: 'since', number, from }),
      decode(answer) {
        if (answer.is === 'measured') return answer;
        throw new DeviceError('garbled', ID, 'no points');
      },
      cancel: number => ({ do: 'cancel', number }),
    },
    async armWatchdog(timeout_s, { exchange }) {
      // Nothing is switched on meanwhile without it.
      armed_s = timeout_s;
      await exchange({ do: 'arm', timeout_s });
      return timeout_s;
    },
  };
}

function into(
  answer: Answer,
  values: Float64Array,
  quality: Uint8Array,
  note: (reason: string) => void,
): void {
  if (answer.is !== 'rest' && answer.is !== 'held') return;
  const { voltage } = answer.reading;
  const judged = answer.is === 'rest' ? [voltage] : [voltage, answer.reading.current];
  // The relay is open, or the instrument would have refused to measure the open cell: nothing flows.
  values.set([voltage.value, 0, answer.is === 'held' ? 1 : 0]);
  for (const [i, { value, quality: own, why }] of judged.entries()) {
    values[i] = value;
    quality[i] = own;
    if (why !== '') note(`${i === 0 ? 'voltage_V' : 'current_A'}: ${why}`);
  }
  if (answer.is === 'rest' || answer.age_s <= FRESH_s) return;
  const least = answer.age_s <= OLDEST_s ? QUALITY.uncertain : QUALITY.stale;
  for (const i of [0, 1]) quality[i] = Math.max(quality[i], least);
  note(`read ${answer.age_s.toFixed(1)} s ago, between two frequencies`);
}

/** Potentiostats of PalmSens that run MethodSCRIPT. */
export const palmsensMethodScript: DriverEntry<MethodScriptOptions> = {
  id: ID,
  manual:
    'PalmSens/MethodSCRIPT_Examples bd1a44a (MethodSCRIPT 1.8); commands, errors and ranges that are not in them second hand from the manual v1.8 and the communication protocols (recalled)',
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env.clock), env),
};
