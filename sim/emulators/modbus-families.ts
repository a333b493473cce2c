import type { Clock } from '../../drivers/contract/clock.ts';
import { alicat, unitCodes } from '../device/modbus/alicat.ts';
import { beckhoff } from '../device/modbus/beckhoff.ts';
import { eurotherm, jumo, watlow } from '../device/modbus/controllers.ts';
import { wago } from '../device/modbus/couplers.ts';
import { enapter } from '../device/modbus/enapter.ts';
import type { Ground, Make } from '../device/modbus/instrument.ts';
import { labjackT7 } from '../device/modbus/labjack.ts';
import { adam6017, adam6050, keller, RANGES } from '../device/modbus/transmitters.ts';
import type { Rig } from '../plant/parts/rig.ts';
import { GAS_FAMILIES } from './modbus-gas-families.ts';

/** What a bench file says of an instrument of a family, as far as its emulator must know it. */
export interface FamilyTold {
  readonly family: string;
  readonly about: Readonly<Record<string, string | number>>;
  /** Terminals in use; `code`: what an input is set to; `eng`: what the ends of its range mean. */
  readonly points: readonly {
    readonly name: string;
    readonly at: string;
    readonly code?: string | undefined;
    readonly eng?: readonly [number, number] | undefined;
  }[];
}

/** How an instrument of a family is put up. */
export interface Family {
  make(ground: Ground, told: FamilyTold): Make;
  /** Channels that have one quantity behind them: its name, and how much of it is 1 of the channel. */
  readonly channels?: (told: FamilyTold) => Readonly<Record<string, readonly [sense: string, per: number]>>;
  /** What the words of an analog terminal span. */
  readonly words?: readonly [number, number];
  /** What is felt where the plant has nothing for it; 0 without. */
  readonly rests?: Readonly<Record<string, number>>;
  /** What a bench file would say of one. */
  readonly sample: Readonly<Record<string, unknown>>;
}

const EXACT = { reading_pct: 0, abs: 0.1, basis: 'default' } as const;
const number = (value: string | number | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
const words = (bits: string | number | undefined, each: number): number => number(bits, 0) / each;
/** Terminals of a kind, by the highest that is used. */
const used = ({ points }: FamilyTold, kind: string): number =>
  Math.max(0, ...points.map(({ at }) => (at.startsWith(`${kind}[`) ? 1 + Number(/\d+/.exec(at)?.[0]) : 0)));

const coupler = (isEk: boolean): Family => ({
  make: (ground, { about }) =>
    beckhoff(ground, {
      ai: words(about['aiBits'], 16),
      ao: words(about['aoBits'], 16),
      di: words(about['diBits'], 1),
      do: words(about['doBits'], 1),
      isEk,
    }),
  words: [0, 32767],
  sample: {
    about: { aoBits: 16, aiBits: 16, doBits: 1, diBits: 1 },
    points: [
      { name: 'pressure_barg', at: 'ai[0]', eng: [0, 40], range: [-1, 39.9], accuracy: EXACT },
      { name: 'valveSet_pct', at: 'ao[0]', eng: [0, 100], range: [0, 100], safe: 0 },
    ],
  },
});
const electrolyser = (productCode: number, isEl21: boolean): Family => ({
  make: (ground, { about }) =>
    enapter(ground, { productCode: number(about['productCode'], productCode), isEl21 }),
  channels: () => ({
    stackCurrent_A: ['current', 1],
    stackVoltage_V: ['voltage', 1],
    innerPressure_bar: ['pressure', 1],
    outerPressure_bar: ['pressure', 1],
    electrolyteTemperature_degC: ['temperature', 1],
  }),
  rests: { temperature: 25, water: 2 },
  sample: isEl21 ? {} : { about: { productCode } },
});

const FAMILIES: Readonly<Record<string, Family>> = {
  ...GAS_FAMILIES,
  'adam-601x': {
    make: (ground, { points }) =>
      adam6017(ground, { codes: Array.from({ length: 8 }, (_, n) => codeAt(points, `ai[${n}]`)) }),
    sample: {
      about: { module: '6017' },
      points: [{ name: 'sensor_V', at: 'ai[0]', code: '+-10 V', range: [-9.99, 9.99], accuracy: EXACT }],
    },
  },
  'adam-6050': {
    make: ground => adam6050(ground),
    sample: {
      about: { module: '6050' },
      points: [
        { name: 'leak_on', at: 'di[0]', range: [0, 1], accuracy: EXACT },
        { name: 'purgeSet_on', at: 'do[0]', range: [0, 1], safe: 0 },
      ],
    },
  },
  alicat: {
    make: (ground, { about }) => {
      const per = number(about['normalPerShown'], 1);
      return alicat(ground, {
        gas: GASES[String(about['gas'])] ?? 8,
        fullScale: number(about['flowMax'], 20) / per,
        units: unitCodes(about['flowUnit'], about['pressureUnit']),
      });
    },
    channels: ({ about }) => ({
      flow_NL_per_min: ['flow', number(about['normalPerShown'], 1)],
      flowSet_NL_per_min: ['flow', number(about['normalPerShown'], 1)],
      pressure_bara: ['pressure', number(about['barPerShown'], 1)],
      gasTemperature_degC: ['temperature', 1],
    }),
    rests: { temperature: 25, pressure: 1 },
    sample: { about: { gas: 'N2', flowMax: 20, normalPerShown: 1, pressureMax: 11, barPerShown: 1 } },
  },
  'beckhoff-bk9000': coupler(false),
  'beckhoff-ek9000': coupler(true),
  'enapter-el21': electrolyser(0x2101, true),
  'enapter-el4': electrolyser(0x4001, false),
  'eurotherm-2000-3000': {
    make: (ground, { about }) =>
      eurotherm(ground, {
        decimals: Math.round(-Math.log10(Number(about['perCount'] ?? 0.1))),
        ident: number(about['ident'], 0x2461),
        sensorMax: number(about['temperatureMax'], 400) + 200,
      }),
    channels: () => ({ temperature_degC: ['temperature', 1] }),
    rests: { temperature: 25 },
    sample: { about: { perCount: 0.1, temperatureMax: 400, setpointMin: 0, setpointMax: 300 } },
  },
  'jumo-dtron': {
    make: ground => jumo(ground),
    channels: () => ({ temperature_degC: ['temperature', 1] }),
    rests: { temperature: 25 },
    sample: { about: { temperatureMax: 400, setpointMin: 0, setpointMax: 200, setpointSafe: 0 } },
  },
  keller: {
    make: (ground, { about }) => keller(ground, { serial: number(about['serial'], 1) }),
    rests: { temperature: 25, pressure: 0 },
    sample: {
      about: { serial: 1 },
      points: [{ name: 'pressure_barg', at: 'p[0]', range: [-1, 40], accuracy: EXACT }],
    },
  },
  'labjack-t7': {
    make: (ground, { about }) => labjackT7(ground, { serial: number(about['serial'], 470_000_001) }),
    sample: {
      about: { product: 'T7' },
      points: [
        { name: 'sensor_V', at: 'ain[0]', range: [-10, 10], accuracy: EXACT },
        { name: 'pumpSet_pct', at: 'dac[0]', eng: [0, 20], range: [0, 100], safe: 0 },
      ],
    },
  },
  'wago-750': {
    make: (ground, told) =>
      wago(ground, {
        ai: used(told, 'ai'),
        ao: used(told, 'ao'),
        di: used(told, 'di'),
        do: used(told, 'do'),
        item: number(told.about['item'], 352),
      }),
    words: [0, 32760],
    sample: {
      about: { item: 352 },
      points: [{ name: 'pressure_barg', at: 'ai[0]', eng: [0, 40], range: [-1, 39.9], accuracy: EXACT }],
    },
  },
  'watlow-ez-zone': {
    make: (ground, told) =>
      watlow(ground, { zones: Math.max(1, used(told, 't'), used(told, 's'), used(told, 'o')) }),
    rests: { temperature0: 25 },
    sample: { points: [{ name: 'oven_degC', at: 't[0]', range: [-20, 300], accuracy: EXACT }] },
  },
};
/** Number of a gas, as the makers list them (recalled). */
const GASES: Readonly<Record<string, number>> = {
  Air: 0,
  Ar: 1,
  CH4: 2,
  CO: 3,
  CO2: 4,
  H2: 6,
  He: 7,
  N2: 8,
  O2: 11,
};

/** Families that have an emulator. */
export const emulatedFamilies: readonly string[] = Object.keys(FAMILIES);

/** What a bench file would say of a usual one. */
export const familySample = (family: string): Readonly<Record<string, unknown>> =>
  FAMILIES[family]?.sample ?? {};

/** The instrument on the plant: what its terminals feel and drive is behind the roles of their names. */
export function familyMake(
  told: FamilyTold,
  roles: Readonly<Record<string, string>>,
  rig: Rig,
  clock: Clock,
): { readonly make: Make; readonly ground: Ground } {
  const family = FAMILIES[told.family];
  const driven = new Map<string, number>();
  const lines = linesOf(family, told, roles);
  const ground: Ground = {
    clock,
    sense(name) {
      // All digital lines of a LabJack in one word.
      if (name === 'dio') return bitsOf(lines, rig);
      const line = lines.find(one => one.sense === name && rig.sensorIndex(one.signal) >= 0);
      if (line === undefined) return family.rests?.[name] ?? driven.get(name) ?? 0;
      return line.raw(rig.sensor(rig.sensorIndex(line.signal)));
    },
    drive(name, value) {
      driven.set(name, value);
      const line = lines.find(one => one.sense === name && rig.actuatorIndex(one.signal) >= 0);
      if (line !== undefined) rig.set(rig.actuatorIndex(line.signal), line.eng(value));
    },
  };
  return { make: family.make(ground, told), ground };
}

/** A terminal with what the plant has behind it. */
interface Line {
  readonly sense: string;
  readonly signal: string;
  raw(eng: number): number;
  eng(raw: number): number;
}

function linesOf(family: Family, told: FamilyTold, roles: Readonly<Record<string, string>>): Line[] {
  const fixed = Object.entries(family.channels?.(told) ?? {}).flatMap(([channel, [sense, per]]) =>
    roles[channel] === undefined ? [] : [line(sense, roles[channel], [0, 1], [0, per])],
  );
  const terminals = told.points.flatMap(point => {
    const signal = roles[point.name];
    if (signal === undefined) return [];
    const isAnalog = /^a[io]\[/.test(point.at);
    const span = (isAnalog ? family.words : undefined) ?? spanOf(point.code);
    const made = line(senseOf(point.at), signal, span, point.eng ?? span);
    // A converter stands at its end; the word does not begin again.
    const raw = isAnalog && family.words !== undefined ? (eng: number) => inWord(made.raw(eng)) : made.raw;
    return [{ ...made, raw }];
  });
  return [...fixed, ...terminals];
}

/** The nearest that a signed word can be. */
const inWord = (raw: number): number => Math.min(32767, Math.max(-32768, raw));

/** `ai[1]` is felt as `ai1`, the zone `t[0]` as `temperature0`, the pressure `p[0]` as `pressure`. */
function senseOf(at: string): string {
  const [, kind = '', n = ''] = /^(\w+)\[(\d+)\]$/.exec(at) ?? [];
  return kind === 'p' ? 'pressure' : kind === 't' ? `temperature${n}` : kind + n;
}

function line(
  sense: string,
  signal: string,
  [raw0, raw1]: readonly [number, number],
  [eng0, eng1]: readonly [number, number],
): Line {
  const per = (raw1 - raw0) / (eng1 - eng0);
  return {
    sense,
    signal,
    raw: eng => raw0 + (eng - eng0) * per,
    eng: raw => eng0 + (raw - raw0) / per,
  };
}

/** Ends of what an input is set to: `4..20 mA`, `+-10 V`, `Pt100 0..400 degC`. */
function spanOf(code = '0..1'): readonly [number, number] {
  const both = /\+-(\d+)/.exec(code);
  if (both !== null) return [-Number(both[1]), Number(both[1])];
  const [, low = '0', high = '1'] = /(-?\d+)\.\.(-?\d+)/.exec(code) ?? [];
  return [Number(low), Number(high)];
}

/** The number that the module shows for what an input is set to; +-10 V where nothing is connected. */
function codeAt(points: FamilyTold['points'], at: string): number {
  const code = points.find(point => point.at === at)?.code;
  const [low, high] = spanOf(code ?? '+-10 V');
  const alike = Object.entries(RANGES).filter(([, [from, to]]) => from === low && to === high);
  const kind = code?.startsWith('Pt100 ') ? 0x03a0 : code?.startsWith('Pt1000 ') ? 0x03e0 : 0x0100;
  const found = alike.find(([number]) => Number(number) >= kind) ?? alike[0];
  if (found === undefined) throw new RangeError(`${at}: no emulated input is set to "${code}"`);
  return Number(found[0]);
}

function bitsOf(lines: readonly Line[], rig: Rig): number {
  return lines.reduce((bits, { sense, signal }) => {
    const n = /^dio(\d+)$/.exec(sense)?.[1];
    const isOn = n !== undefined && rig.sensorIndex(signal) >= 0 && rig.sensor(rig.sensorIndex(signal)) > 0.5;
    return isOn ? bits + 2 ** Number(n) : bits;
  }, 0);
}
