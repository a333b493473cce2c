/**
 * The one table of what the test language measures: quantities, their units, what each unit is of the base units.
 * Further units are composed of these with `_per_` (`mV_per_h`, `A_per_cm2`, `pct_per_Hz`), see `unit.ts`.
 */

/** Base units that every other is made of, in the order of the exponents. Each of the last four is of its own kind. */
export const BASES = [
  's',
  'A',
  'V',
  'cm',
  'g',
  'K',
  'bar',
  'mol',
  'cell',
  'pct',
  'vol_pct',
  'wt_pct',
] as const;

type Base = (typeof BASES)[number];
/** Exponents of the base units that are not 0. */
type Exponents = Partial<Record<Base, number>>;

/** `point`: a place on a scale with a zero of its own, no factor; `absolute`: such a place counted from true zero. */
export type Scale = 'plain' | 'point' | 'absolute';

/** A unit with a name of its own. Its value times num / den, plus `offset`, is in base units. */
export interface NamedUnit {
  readonly text: string;
  readonly exponents: Exponents;
  readonly num: number;
  readonly den: number;
  readonly scale: Scale;
  readonly offset: number;
}

/** A quantity with its units, the usual one first, and what it is, for a reference page. */
export interface QuantityRow {
  readonly quantity: string;
  readonly doc: string;
  readonly units: readonly NamedUnit[];
}

/** Standard atmosphere, bar (CGPM 1954): the zero of gauge pressure wherever barg and bara meet. */
export const ATMOSPHERE_BAR = 1.01325;
/** Zero of the Celsius scale, K (SI brochure, 9th edition). */
export const ZERO_CELSIUS_K = 273.15;
/** Molar gas constant, J/(mol K) (CODATA 2018, exact). */
export const GAS_CONSTANT = 8.31446261815324;
/** One normal litre (ideal gas at 0 degC and 1.01325 bar), mol. */
const NORMAL_LITRE_MOL = (ATMOSPHERE_BAR * 100) / (GAS_CONSTANT * ZERO_CELSIUS_K);

type Multiple = readonly [text: string, num: number, den?: number];

function row(
  quantity: string,
  doc: string,
  exponents: Exponents,
  multiples: readonly Multiple[],
): QuantityRow {
  const units = multiples.map(([text, num, den = 1]): NamedUnit => {
    return { text, exponents, num, den, scale: 'plain', offset: 0 };
  });
  return { quantity, doc, units };
}

function places(of: QuantityRow, ...added: readonly NamedUnit[]): QuantityRow {
  return { ...of, units: [...added, ...of.units] };
}

const degC: NamedUnit = {
  text: 'degC',
  exponents: { K: 1 },
  num: 1,
  den: 1,
  scale: 'point',
  offset: ZERO_CELSIUS_K,
};
const barg: NamedUnit = {
  text: 'barg',
  exponents: { bar: 1 },
  num: 1,
  den: 1,
  scale: 'point',
  offset: ATMOSPHERE_BAR,
};
const bara: NamedUnit = { ...barg, text: 'bara', scale: 'absolute', offset: 0 };

const temperature = row('temperature', 'degC is a reading, K the difference of two', { K: 1 }, [
  ['K', 1],
  ['mK', 1, 1000],
]);
const pressure = row('pressure', 'barg and bara are readings, the others differences of two', { bar: 1 }, [
  ['bar', 1],
  ['mbar', 1, 1000],
  ['MPa', 10],
  ['kPa', 1, 100],
  ['Pa', 1, 100_000],
]);

/** Every quantity of the language. Charge in Ah is a current times a time, energy a power times a time. */
export const QUANTITIES: readonly QuantityRow[] = [
  row('voltage', 'V_per_cell: of a stack, by the cells of the subject', { V: 1 }, [
    ['V', 1],
    ['mV', 1, 1000],
    ['uV', 1, 1_000_000],
    ['kV', 1000],
  ]),
  row('current', 'positive charges a cell and drives an electrolyser', { A: 1 }, [
    ['A', 1],
    ['mA', 1, 1000],
    ['uA', 1, 1_000_000],
    ['kA', 1000],
  ]),
  row('rate of charge', 'current by nominal capacity: 1 C moves it in 1 h', { s: -1 }, [['C', 1, 3600]]),
  row('power', 'as the current', { V: 1, A: 1 }, [
    ['W', 1],
    ['mW', 1, 1000],
    ['kW', 1000],
    ['MW', 1_000_000],
  ]),
  row('charge', 'positive in', { A: 1, s: 1 }, [
    ['Ah', 3600],
    ['mAh', 18, 5],
    ['kAh', 3_600_000],
    ['As', 1],
  ]),
  row('energy', 'positive in', { V: 1, A: 1, s: 1 }, [
    ['Wh', 3600],
    ['mWh', 18, 5],
    ['kWh', 3_600_000],
    ['MWh', 3_600_000_000],
    ['J', 1],
    ['kJ', 1000],
  ]),
  row('resistance', 'of cell, stack or lead', { V: 1, A: -1 }, [
    ['Ohm', 1],
    ['mOhm', 1, 1000],
    ['kOhm', 1000],
  ]),
  row('area resistance', 'of a cell, by its area', { V: 1, A: -1, cm: 2 }, [
    ['Ohm_cm2', 1],
    ['mOhm_cm2', 1, 1000],
  ]),
  row('conductance', 'S_per_cm is a conductivity', { A: 1, V: -1 }, [
    ['S', 1],
    ['mS', 1, 1000],
    ['uS', 1, 1_000_000],
  ]),
  places(temperature, degC),
  places(pressure, barg, bara),
  row('time', 'd is 24 h', { s: 1 }, [
    ['s', 1],
    ['min', 60],
    ['h', 3600],
    ['d', 86_400],
    ['ms', 1, 1000],
  ]),
  row('frequency', '', { s: -1 }, [
    ['Hz', 1],
    ['mHz', 1, 1000],
    ['kHz', 1000],
    ['MHz', 1_000_000],
  ]),
  row('amount', 'NL: normal litres of an ideal gas, 0 degC and 1.01325 bar', { mol: 1 }, [
    ['mol', 1],
    ['mmol', 1, 1000],
    ['NL', NORMAL_LITRE_MOL],
  ]),
  row('volume', '', { cm: 3 }, [
    ['L', 1000],
    ['mL', 1],
    ['cm3', 1],
  ]),
  row('area', '', { cm: 2 }, [
    ['cm2', 1],
    ['mm2', 1, 100],
    ['m2', 10_000],
  ]),
  row('length', '', { cm: 1 }, [
    ['cm', 1],
    ['mm', 1, 10],
    ['um', 1, 10_000],
    ['m', 100],
  ]),
  row('mass', '', { g: 1 }, [
    ['g', 1],
    ['mg', 1, 1000],
    ['kg', 1000],
  ]),
  row('per cent', 'of a nominal figure, or what pct(ratio) makes of a ratio', { pct: 1 }, [['pct', 1]]),
  row('part of a gas', '', { vol_pct: 1 }, [
    ['vol_pct', 1],
    ['vol_ppm', 1, 10_000],
  ]),
  row('part of a mass', '', { wt_pct: 1 }, [['wt_pct', 1]]),
  row('cells', 'of a stack, only behind _per_', { cell: 1 }, [['cell', 1]]),
  row('count', 'a whole number of things: compared with == as well', {}, [['count', 1]]),
];

/** What a name may end in that is no number: a switch, a text, the path of a file. */
export const WORD_UNITS = ['on', 'text', 'file'] as const;
