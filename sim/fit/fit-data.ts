import { nearest } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { clockTimes, isClock } from './data/clock-stamps.ts';
import type { ColumnMeaning } from './data/columns.ts';
import { refuseContradiction } from './data/impedance-twice.ts';
import { refuseRadians } from './data/phase-unit.ts';
import { applyRepeats, type RepeatRule } from './data/repeats.ts';
import { numbersOf, readTable, type TextTable } from './data/table.ts';
import { DAYS, type Meanings, takenColumns } from './data/taken.ts';

/** Measured data for a fit: a table whose header says what it is. */

/** Columns of numbers by name, in the order of the file. */
export interface FitData {
  readonly path: string;
  readonly kind: 'curve' | 'series' | 'spectrum';
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Line of the header and of each row. */
  readonly headerLine: number;
  readonly lines: readonly number[];
  /** Unit of a spectrum's `re_Ohm` and `im_Ohm` as the header says it: of an area (Ohm cm2), Ohm, or nothing. */
  readonly impedanceUnit?: 'Ohm' | 'Ohm_cm2' | undefined;
  /** The times were stamps of a clock: their unit is not in doubt. */
  readonly isClockTime?: boolean | undefined;
  /** What was done to the numbers of the file, in sentences. */
  readonly notes: readonly string[];
}

/** What is said of a file beside its header. */
export interface DataChoices {
  /** Unit of the time column, whatever it is called. */
  readonly time?: 's' | 'ms' | 'min' | 'h' | undefined;
  /** What to do with rows of the same time or frequency; absent: a series with them is refused, a spectrum keeps them. */
  readonly repeats?: RepeatRule | undefined;
}

const CURVE = [
  'current_A',
  'current_A_per_cm2',
  'cellVoltage_V',
  'stackVoltage_V',
  'temperature_degC',
  'cathode_barg',
  'anode_barg',
  'u_V',
];
const SPECTRUM = ['frequency_Hz', 're_Ohm', 'im_Ohm', 'modulus_Ohm', 'phase_deg'];
const EXPECTED =
  'expected a header of a polarisation curve (current_A with cellVoltage_V or stackVoltage_V; also temperature_degC, cathode_barg, anode_barg, u_V), ' +
  'a time series (time_s and roles such as cell.current_A, cell.voltage_V) or a spectrum (frequency_Hz,re_Ohm,im_Ohm)';
const TIME_S = { s: 1, ms: 1e-3, min: 60, h: 3600 } as const;

/** Reads a data file. Pure: text in, columns out. @throws FileError: file, line, what was expected */
export function readFitData(path: string, text: string, choices: DataChoices = {}): FitData {
  const table = readTable(path, text, EXPECTED);
  const notes: string[] = [];
  const meanings = takenColumns(table, notes);
  const names = meanings.map(m => m?.name ?? '');
  const kind = kindOf(table, names, meanings);
  const columns = new Map<string, Float64Array>();
  const places = new Map<string, { place: number; factor: number; values: Float64Array }>();
  let isClockTime = false;
  meanings.forEach((meaning, place) => {
    if (meaning === undefined || meaning.name === DAYS) return;
    const name = meaning.name.replace('_Ohm_cm2', '_Ohm');
    isClockTime ||= name === 'time_s' && isClock(table, place);
    const values =
      name === 'time_s' && isClock(table, place)
        ? fromClock(table, place, meanings, choices, notes)
        : scaled(numbersOf(table, place), meaning, choices, notes);
    columns.set(name, values);
    places.set(name, { place, factor: meaning.factor, values });
  });
  if (kind === 'spectrum') {
    refuseContradiction(table, places);
    checkPhase(table, meanings, columns);
  }
  const { path: _, headerLine, lines } = table;
  const read: FitData = {
    path,
    kind,
    rows: lines.length,
    columns: kind === 'spectrum' ? cartesian(columns) : columns,
    headerLine,
    lines,
    impedanceUnit: kind === 'spectrum' ? impedanceUnitOf(table, meanings) : undefined,
    isClockTime,
    notes,
  };
  const measured = meanings.some(m => m?.isOurs === false) ? withoutOtherSteps(read) : read;
  checkValues(measured);
  return applyRepeats(measured, choices.repeats);
}

/** The phase beside a modulus; with real and imaginary part there `refuseContradiction` has compared them. */
function checkPhase(
  { path, header, headerLine }: TextTable,
  meanings: Meanings,
  columns: ReadonlyMap<string, Float64Array>,
): void {
  const [frequency_Hz, modulus_Ohm, phase_deg] = ['frequency_Hz', 'modulus_Ohm', 'phase_deg'].map(name =>
    columns.get(name),
  );
  const at = meanings.findIndex(m => m?.name === 'phase_deg');
  const isDegrees = Math.abs(meanings[at]?.factor ?? 0) === 1;
  if (!isDegrees || columns.has('re_Ohm') || !frequency_Hz || !modulus_Ohm || !phase_deg) return;
  refuseRadians({ path, line: headerLine, heading: header[at], frequency_Hz, modulus_Ohm, phase_deg });
}

/** Instruments that record steps of another kind beside a sweep write 0 as their frequency and Z. */
function withoutOtherSteps(data: FitData): FitData {
  if (data.kind !== 'spectrum') return data;
  const [f, re, im] = ['frequency_Hz', 're_Ohm', 'im_Ohm'].map(name => columnOf(data, name));
  const kept = [...f.keys()].filter(i => f[i] !== 0 || re[i] !== 0 || im[i] !== 0);
  if (kept.length === data.rows || kept.length === 0) return data;
  const columns = [...data.columns].map(
    ([name, values]) => [name, Float64Array.from(kept, i => values[i])] as const,
  );
  const note = `${data.rows - kept.length} rows without a frequency left out`;
  return changed(
    data,
    new Map(columns),
    kept.map(i => data.lines[i]),
    note,
  );
}

function fromClock(
  table: TextTable,
  place: number,
  meanings: Meanings,
  choices: DataChoices,
  notes: string[],
): Float64Array {
  if (choices.time !== undefined)
    throw new FileError(
      table.path,
      table.lines[0],
      `${table.header[place]} ${JSON.stringify(table.cells[0][place])}, expected no --time with times of a clock`,
    );
  const days = meanings.findIndex(m => m?.name === DAYS);
  const read = clockTimes(table, place, days < 0 ? undefined : days);
  notes.push(...read.notes);
  return read.time_s;
}

function scaled(
  values: Float64Array,
  meaning: ColumnMeaning,
  choices: DataChoices,
  notes: string[],
): Float64Array {
  const isTime = meaning.name === 'time_s' && choices.time !== undefined;
  const factor = isTime ? TIME_S[choices.time ?? 's'] : meaning.factor;
  if (isTime && choices.time !== 's') notes.push(`time read in ${choices.time}`);
  const offset = meaning.offset ?? 0;
  return factor === 1 && offset === 0 ? values : values.map(v => factor * v + offset);
}

/** Modulus and phase become real and imaginary part. */
function cartesian(columns: ReadonlyMap<string, Float64Array>): ReadonlyMap<string, Float64Array> {
  const modulus = columns.get('modulus_Ohm');
  const phase = columns.get('phase_deg');
  if (columns.has('re_Ohm') || modulus === undefined || phase === undefined) return columns;
  const angle = phase.map(p => (p * Math.PI) / 180);
  return new Map([
    ...columns,
    ['re_Ohm', modulus.map((m, i) => m * Math.cos(angle[i]))],
    ['im_Ohm', modulus.map((m, i) => m * Math.sin(angle[i]))],
  ]);
}

function impedanceUnitOf(table: TextTable, meanings: Meanings): FitData['impedanceUnit'] {
  const of = meanings.filter(m => m !== undefined && /^(re|im|modulus)_/.test(m.name));
  const perArea = of.filter(m => m?.name.endsWith('_Ohm_cm2'));
  if (perArea.length > 0 && perArea.length < of.length)
    throw new FileError(
      table.path,
      table.headerLine,
      'one part of Z is in Ohm, the other in Ohm cm2, expected the same unit',
    );
  if (perArea.length > 0) return 'Ohm_cm2';
  return of.every(m => m?.hasUnit === true) ? 'Ohm' : undefined;
}

function kindOf(table: TextTable, names: readonly string[], meanings: Meanings): FitData['kind'] {
  const { path, header, headerLine } = table;
  const plain = names.map(name => (name === DAYS ? '' : name.replace('_Ohm_cm2', '_Ohm')));
  const has = (name: string): boolean => plain.includes(name);
  const twice = plain.findIndex((name, k) => name !== '' && plain.indexOf(name) !== k);
  if (twice >= 0)
    throw new FileError(path, headerLine, `column ${header[twice]} stands twice, expected each once`);
  if (has('time_s') && !has('frequency_Hz')) {
    if (plain.filter(name => name !== '').length < 3)
      throw new FileError(
        path,
        headerLine,
        `${header.join(',')}, expected time_s, at least one column that drives and one that is compared`,
      );
    return 'series';
  }
  const isForeign = meanings.some(m => m?.isOurs === false);
  const known = has('frequency_Hz') ? SPECTRUM : CURVE;
  const stranger = isForeign ? undefined : plain.find(name => !known.includes(name));
  const isSpectrum =
    has('frequency_Hz') && ((has('re_Ohm') && has('im_Ohm')) || (has('modulus_Ohm') && has('phase_deg')));
  const isCurve =
    has('current_A') !== has('current_A_per_cm2') && has('cellVoltage_V') !== has('stackVoltage_V');
  if (stranger === undefined && (isSpectrum || isCurve)) return isSpectrum ? 'spectrum' : 'curve';
  const near = stranger === undefined ? undefined : nearest(stranger, [...known, 'time_s']);
  const hint = near === undefined || has(near) ? '' : ` (did you mean "${near}" for "${stranger}"?)`;
  throw new FileError(
    path,
    headerLine,
    `header ${JSON.stringify(header.join(',').slice(0, 80))}${hint}, ${EXPECTED}`,
  );
}

function checkValues({ path, kind, rows, lines, columns }: FitData): void {
  const refuse = (
    name: string,
    isGood: (value: number, before: number) => boolean,
    expected: string,
  ): void => {
    const column = columns.get(name);
    if (column === undefined) return;
    for (let i = 0; i < rows; i++) {
      if (!isGood(column[i], i > 0 ? column[i - 1] : Number.NEGATIVE_INFINITY))
        throw new FileError(path, lines[i], `${name} ${column[i]}, expected ${expected}`);
    }
  };
  refuse('u_V', u => u > 0, 'a standard uncertainty > 0');
  if (kind === 'spectrum') refuse('frequency_Hz', f => f > 0, 'a frequency > 0');
  if (kind === 'series') refuse('time_s', (t, before) => t >= before, 'a time later than the row before');
}

/** A column that the file must have. */
export function columnOf(data: FitData, name: string): Float64Array {
  const column = data.columns.get(name);
  if (column === undefined) throw new FileError(data.path, data.headerLine, `no column ${name}, ${EXPECTED}`);
  return column;
}

/** The data with other columns or fewer rows, and what was done. */
export function changed(
  data: FitData,
  columns: ReadonlyMap<string, Float64Array>,
  lines: readonly number[],
  note: string,
): FitData {
  return { ...data, columns, lines, rows: lines.length, notes: [...data.notes, note] };
}
