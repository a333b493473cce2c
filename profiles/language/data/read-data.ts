import { FileError } from '../../../drivers/contract/file-error.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { decodeText } from '../../../drivers/contract/text-file.ts';
import { type Decimal, decimalOf, isNoValue, numberOf, quoted } from '../../data-file/cells.ts';
import { type Head, headOf, parseRows, type Row, type Separator } from '../../data-file/dialect.ts';
import { dateOrderOf, StampReader } from '../../data-file/stamps.ts';
import { checkUnits } from './heading-units.ts';
import { Series } from './series.ts';

/** Reads a data file of a method: columns under names with units, at any step, whole or not at all. */

/** What a method says of a file: `data: { wind: { file, time | time_s, zone, power_MW: P_total } }`. */
export interface DataEntry {
  readonly file: string;
  readonly time?: string;
  readonly time_s?: string;
  readonly zone?: string;
  readonly from?: string;
  readonly between?: 'hold' | 'linear';
  readonly repeat?: boolean | 'on' | 'off';
  readonly separator?: Separator;
  readonly decimal?: Decimal;
  /** Columns by their names in the method. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A file that has been read. */
export interface DataFile {
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
  /** Usual time from row to row, s. */
  readonly step_s: number;
  /** By the names of the columns in the method, each in the unit of its name. */
  readonly columns: ReadonlyMap<string, Series>;
  /** Where it ends, s of its time; Infinity where it begins again. */
  readonly end_s: number;
}

/** A step longer than this many usual ones is a gap: one row is missing at least. */
const GAP = 1.5;
const LEAST_ROWS = 2;

interface Column {
  readonly name: string;
  readonly heading: string;
  readonly at: number;
}

/** @throws FileError of the data file: the line, what stands there, what was expected */
export function readDataFile(path: string, bytes: Uint8Array, entry: DataEntry): DataFile {
  const text = decodeText(path, bytes).text.replace(/^\uFEFF/, '');
  const head = headOf(path, text, entry.separator);
  const stamp = entry.time ?? entry.time_s ?? '';
  const wanted = [stamp, ...Object.values(entry.columns)];
  const header = headerOf(path, head, wanted);
  const at = (heading: string): number => header.cells.findIndex(cell => cell.trim() === heading.trim());
  const columns = Object.entries(entry.columns).map(([name, heading]): Column => {
    checkUnits(path, header.line, name, heading);
    return { name, heading, at: at(heading) };
  });
  const rows: Row[] = [];
  parseRows(path, text, head.separator, header.line + 1, row => rows.push(row));
  // Lines of words below the headings: units, places.
  while (rows.length > 0 && !/\d/.test(rows[0].cells[at(stamp)] ?? '')) rows.shift();
  if (rows.length < LEAST_ROWS)
    throw new FileError(path, header.line, `${rows.length} rows of data, expected ${LEAST_ROWS} or more`);
  const cells = (place: number): string[] => rows.map(row => (row.cells[place] ?? '').trim());
  const decimal =
    entry.decimal ??
    decimalFor(
      path,
      rows[0].line,
      columns.flatMap(c => cells(c.at)),
      head,
    );
  const time_s =
    entry.time === undefined
      ? secondsOf(path, rows, at(stamp), decimal, stamp)
      : stampsOf(path, rows, cells(at(stamp)), entry.zone ?? 'UTC');
  const start_s = startOf(path, header.line, entry, cells(at(stamp)), time_s);
  const step_s = checkTimes(path, rows, time_s);
  const length_s = time_s[time_s.length - 1] + step_s - start_s;
  const isRepeated = entry.repeat === true || entry.repeat === 'on';
  const own_s = time_s.map(t => t - start_s);
  const how = { between: entry.between ?? 'hold', length_s, isRepeated };
  const read = columns.map(column => {
    const values = rows.map(row => numberIn(path, row, column, decimal));
    return [column.name, new Series(own_s, Float64Array.from(values), how)] as const;
  });
  return {
    path,
    sha256: sha256Of(bytes),
    rows: rows.length,
    step_s,
    columns: new Map(read),
    end_s: isRepeated ? Number.POSITIVE_INFINITY : length_s,
  };
}

/** The first line that has all headings. */
function headerOf(path: string, { rows, comments }: Head, wanted: readonly string[]): Row {
  const missingIn = ({ cells }: Row): readonly string[] =>
    wanted.filter(heading => !cells.some(cell => cell.trim() === heading.trim()));
  const all = [...rows, ...comments];
  const found = all.find(row => missingIn(row).length === 0);
  if (found !== undefined) return found;
  const [best] = all.toSorted((a, b) => missingIn(a).length - missingIn(b).length);
  if (best === undefined) throw new FileError(path, 1, 'the file is empty, expected headings and rows');
  const known = best.cells.map(cell => quoted(cell.trim())).join(', ');
  throw new FileError(path, best.line, `no column ${quoted(missingIn(best)[0])}, expected one of ${known}`);
}

function decimalFor(path: string, line: number, cells: readonly string[], { separator }: Head): Decimal {
  const found = decimalOf(cells, separator === ',');
  if (found !== 'open') return found ?? '.';
  const text = 'whether a comma is the decimal mark cannot be told';
  throw new FileError(path, line, `${text}, expected decimal: "," or decimal: "." under data:`);
}

function secondsOf(
  path: string,
  rows: readonly Row[],
  at: number,
  decimal: Decimal,
  heading: string,
): Float64Array {
  return Float64Array.from(rows, row => {
    const cell = (row.cells[at] ?? '').trim();
    const value = numberOf(cell, decimal);
    if (!Number.isFinite(value))
      throw new FileError(path, row.line, `${heading} ${quoted(cell)}, expected seconds, a number`);
    return value;
  });
}

function stampsOf(path: string, rows: readonly Row[], cells: readonly string[], zone: string): Float64Array {
  const order = dateOrderOf(cells);
  if (order === 'open') {
    const text = `day and month of ${quoted(cells[0])} cannot be told apart`;
    throw new FileError(path, rows[0].line, `${text}, expected stamps like 2026-03-29 01:30`);
  }
  const reader = new StampReader(zone, order ?? 'dmy');
  return Float64Array.from(cells, (cell, i) => {
    const found = reader.read(cell);
    if (found.why === undefined) return found.utc_s;
    throw new FileError(
      path,
      rows[i].line,
      `${quoted(cell)}: ${found.why}, expected a date and time of ${zone}`,
    );
  });
}

/** Second 0: the first row, or what `from` says. */
function startOf(
  path: string,
  line: number,
  entry: DataEntry,
  cells: readonly string[],
  time_s: Float64Array,
): number {
  if (entry.from === undefined) return time_s[0];
  const isClock = entry.time !== undefined;
  const found = isClock
    ? new StampReader(entry.zone ?? 'UTC', dateOrderOf(cells) === 'mdy' ? 'mdy' : 'dmy').read(entry.from)
    : { utc_s: Number(entry.from) };
  const start_s = 'utc_s' in found && found.utc_s !== undefined ? found.utc_s : Number.NaN;
  if (start_s >= time_s[0] && start_s <= time_s[time_s.length - 1]) return start_s;
  const span = `${quoted(cells[0])} to ${quoted(cells[cells.length - 1])}`;
  throw new FileError(path, line, `from: ${entry.from} is no time of this file, expected one of ${span}`);
}

/** Times rise, without a gap; the usual step, s. */
function checkTimes(path: string, rows: readonly Row[], time_s: Float64Array): number {
  const steps = Float64Array.from({ length: time_s.length - 1 }, (_, i) => time_s[i + 1] - time_s[i]);
  const back = steps.findIndex(step_s => !(step_s > 0));
  if (back >= 0)
    throw new FileError(
      path,
      rows[back + 1].line,
      'its time does not come after that of the row before, expected times that rise',
    );
  const usual_s = steps.toSorted()[steps.length >> 1];
  const gap = steps.findIndex(step_s => step_s > GAP * usual_s);
  if (gap < 0) return usual_s;
  const found = `${Number(steps[gap].toPrecision(6))} s after the row before`;
  throw new FileError(
    path,
    rows[gap + 1].line,
    `${found}, expected a row every ${Number(usual_s.toPrecision(6))} s: rows are missing`,
  );
}

function numberIn(path: string, row: Row, { at, heading }: Column, decimal: Decimal): number {
  const cell = (row.cells[at] ?? '').trim();
  const value = numberOf(cell, decimal);
  if (Number.isFinite(value)) return value;
  const what = isNoValue(cell) ? 'no value' : quoted(cell);
  throw new FileError(path, row.line, `${heading}: ${what}, expected a number`);
}
