/**
 * Names that cyclers write above their columns, and what they mean. Sourced: the alias tables of the Battery Data Format's
 * own reader (github.com/battery-data-alliance/battery-data-format at 1412b98, src/bdf/table_normalizers.py) for Neware,
 * BioLogic, Maccor, Arbin and BDF itself; what is recalled only is marked so.
 */

/** What a column is. */
export type Field =
  | 'time'
  | 'stepTime'
  | 'unixTime'
  | 'date'
  | 'voltage'
  | 'current'
  | 'power'
  | 'charged'
  | 'discharged'
  | 'surfaceTemperature'
  | 'ambientTemperature'
  | 'cycle'
  | 'step'
  | 'state'
  | 'quality'
  | 'marks'
  | 'reason';

/** A column of a file that is understood: `factor` turns its numbers into our unit. */
export interface FileColumn {
  readonly field: Field;
  /** As the file writes it. */
  readonly name: string;
  /** Place in the file, from 0. */
  readonly place: number;
  readonly factor: number;
  /** The unit that it says; empty where it says none. */
  readonly unit: string;
  /** The value is this column less that one: working electrode less counter electrode. */
  readonly less?: { readonly place: number; readonly factor: number } | undefined;
}

/** In the order of trust: the first of a field that is there is taken. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  // `time` is BioLogic's; with a total time beside it it is Neware's time within the step.
  time: [
    'test time',
    'testtime',
    'total time',
    'totaltime',
    '总时间',
    '测试时间',
    'run time',
    'time',
    'test',
  ],
  stepTime: ['step time', 'steptime', 'relative time', 'state time'],
  unixTime: ['unix time', 'uts'],
  date: ['date time', 'datetime', 'date', 'dpt time', 'absolute time', 'timestamp'],
  // Ewe is against a reference where there is a counter electrode's Ece: see `withCounterElectrode`.
  voltage: [
    'voltage',
    'ecell',
    'ewe-ece',
    '<ewe-ece>',
    '<ewe>-<ece>',
    'ewe',
    '<ewe>',
    'cell voltage',
    'volts',
    'u',
    '电压',
  ],
  current: ['current', 'i', '<i>', 'cell current', 'amps', '电流'],
  power: ['power', 'p', 'pwe', 'watts'],
  charged: [
    'charging capacity',
    'schedule charging capacity',
    'charge capacity',
    'chg. cap.',
    'chg.capacity',
    'step charging capacity',
  ],
  discharged: [
    'discharging capacity',
    'schedule discharging capacity',
    'discharge capacity',
    'dchg. cap.',
    'dchg.capacity',
    'step discharging capacity',
  ],
  surfaceTemperature: [
    'surface temperature',
    'temperature cell',
    'temperature t1',
    'aux temperature 1',
    'temperature',
    'temp 1',
    'temp',
    '温度',
  ],
  ambientTemperature: ['ambient temperature', 'temperature chamber', 'tenv'],
  cycle: ['cycle count', 'cycle index', 'cycle number', 'cycle c', 'cycle p', 'cycle'],
  step: ['step count', 'step id', 'step index', 'ns', 'step'],
  // Recalled: Maccor's State (C, D, R, P), Neware's Step Type ("CC DChg"), Arbin has none.
  state: ['step type', 'state', 'status', 'md'],
  quality: ['quality'],
  marks: ['quality marks'],
  reason: ['reason'],
};

/** Notations that BDF allows as headings end with the unit in words. */
const NOTATIONS: readonly (readonly [ending: string, unit: string])[] = [
  [' millisecond', 'ms'],
  [' second', 's'],
  [' volt', 'V'],
  [' ampere', 'A'],
  [' watt', 'W'],
  [' ah', 'Ah'],
  [' celsius', 'degC'],
];

type Units = Readonly<Record<string, number>>;
const S: Units = { s: 1, sec: 1, secs: 1, ms: 1e-3, min: 60, h: 3600, hr: 3600, hrs: 3600, d: 86_400 };
const AH: Units = { ah: 1, mah: 1e-3, 'a.h': 1, 'ma.h': 1e-3, a·h: 1, ma·h: 1e-3 };
const C: Units = { degc: 1, '°c': 1, c: 1, ºc: 1, '℃': 1, celsius: 1 };
const ANY: Units = { '1': 1, '': 1 };
/** Units by what they are units of, in lower case, with their factor to ours. */
const UNITS: Readonly<Record<Field, Units>> = {
  time: S,
  stepTime: S,
  unixTime: { s: 1, ms: 1e-3 },
  date: {},
  voltage: { v: 1, mv: 1e-3, uv: 1e-6 },
  current: { a: 1, ma: 1e-3, ua: 1e-6, µa: 1e-6, na: 1e-9 },
  power: { w: 1, mw: 1e-3, kw: 1e3 },
  charged: AH,
  discharged: AH,
  surfaceTemperature: C,
  ambientTemperature: C,
  cycle: ANY,
  step: ANY,
  state: {},
  quality: {},
  marks: {},
  reason: {},
};

/** Name and unit of a heading: `Test Time / s`, `Chg. Cap.(Ah)`, `Ecell/V`, `Test_Time(s)`, `Voltage [V]`, `test_time_second`. */
export function headingOf(text: string): { readonly name: string; readonly unit: string } {
  const plain = text.replaceAll('\uFEFF', '').replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
  const bracket = /^(.*?)\s*[([]\s*([^()[\]]*)\s*[)\]]$/.exec(plain);
  if (bracket !== null && bracket[1] !== '')
    return { name: bracket[1].toLowerCase(), unit: bracket[2].trim() };
  const slash = /^(.*?)\s*\/\s*([^/]+)$/.exec(plain);
  if (slash !== null) return { name: slash[1].toLowerCase(), unit: slash[2].trim() };
  const lower = plain.toLowerCase();
  // Maccor's milliamperes carry their unit in the word.
  if (lower === 'mamps') return { name: 'amps', unit: 'mA' };
  const notation = NOTATIONS.find(([ending]) => lower.endsWith(ending));
  if (notation === undefined) return { name: lower, unit: '' };
  return { name: lower.slice(0, -notation[0].length), unit: notation[1] };
}

/** The columns of a line of headings that are understood, one for each field; others are left out. */
export function columnsIn(headings: readonly string[]): Map<Field, FileColumn> {
  const named = headings.map(headingOf);
  const found = new Map<Field, FileColumn>();
  for (const [field, names] of Object.entries(NAMES) as [Field, readonly string[]][]) {
    for (const name of names) {
      const place = named.findIndex(
        (heading, i) => heading.name === name && factorOf(field, heading.unit, headings[i]) !== undefined,
      );
      if (place < 0) continue;
      const { unit } = named[place];
      const factor = factorOf(field, unit, headings[place]) ?? 1;
      found.set(field, { field, name: headings[place].trim(), place, factor, unit });
      break;
    }
  }
  return withCounterElectrode(found, named, headings);
}

/**
 * A working and a counter electrode, each against the reference (BioLogic's Ewe and Ece, EC-Lab user's manual): the cell's
 * voltage is their difference, which EC-Lab writes as Ewe-Ece where it was asked to.
 */
function withCounterElectrode(
  found: Map<Field, FileColumn>,
  named: readonly { readonly name: string; readonly unit: string }[],
  headings: readonly string[],
): Map<Field, FileColumn> {
  const voltage = found.get('voltage');
  if (voltage === undefined || !/^<?ewe>?$/.test(named[voltage.place].name)) return found;
  const place = named.findIndex(({ name }) => /^<?ece>?$/.test(name));
  const factor = place < 0 ? undefined : factorOf('voltage', named[place].unit, headings[place]);
  if (factor === undefined) return found;
  const name = `${voltage.name} less ${headings[place].trim()}`;
  return found.set('voltage', { ...voltage, name, less: { place, factor } });
}

/** What turns the unit into ours; undefined where it is none of this field. */
function factorOf(field: Field, unit: string, heading: string): number | undefined {
  if (unit === '') return /^[a-z]$/i.test(heading.trim()) ? undefined : 1;
  // A date's bracket is a format, mega and milli differ by their case only.
  if (Object.keys(UNITS[field]).length === 0) return field === 'date' ? 1 : undefined;
  if (/^M[AVW]/.test(unit)) return undefined;
  if (/^h{1,2}:m{1,2}/i.test(unit)) return field === 'time' || field === 'stepTime' ? 1 : undefined;
  return UNITS[field][unit.toLowerCase()];
}
