import { nearest } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { isNumber, quoted } from './cells.ts';
import { type Columns, columnsOf, isMissing, joinStamp } from './columns.ts';
import { type Head, nameOf, type Row } from './dialect.ts';
import { type DataEntry, namedColumns, namedTime, namedValue } from './entry.ts';
import { isStamp } from './stamps.ts';
import { headingOf, isUnit } from './units.ts';

/** Which line of a file holds the headings, what stands above and below it, and where the data begins. */

/** One column as its headings describe it. */
export interface ColumnHead {
  /** Number from 1, as people count. */
  readonly number: number;
  /** As it stands in the first line of headings. */
  readonly heading: string;
  /** All lines of headings together, e.g. `wind_speed 80 m/s`. */
  readonly whole: string;
  /** Without its unit. */
  readonly name: string;
  readonly unit: string | undefined;
}

/** Headings found, columns chosen. */
export interface Header {
  readonly columns: Columns;
  /** Number of headings; 0: the file has none. */
  readonly width: number;
  /** The first line of data. */
  readonly dataLine: number;
  /** Lines above the headings that are neither. */
  readonly above: number;
}

const WANTED =
  'header "time_s,wind_speed_m_per_s", "time_s,power_frac", "time,power [kW]" or the like; other columns can be named in the method file under data:';

/** A column that an entry names is not in its file: what is wrong stands in the method, not in the file. */
export class MissingColumnError extends FileError {
  /** As the entry names it: a heading, or a number from 1. */
  readonly column: string | number;
  /** What is wrong, for the place at which it is named: the headings that there are, the nearest first. */
  readonly said: string;

  constructor(
    path: string,
    line: number,
    text: string,
    column: string | number,
    headings: readonly string[],
  ) {
    super(path, line, text);
    this.name = 'MissingColumnError';
    this.column = column;
    const near =
      typeof column === 'string' ? nearest(column, headings, Math.floor(column.length / 2)) : undefined;
    const sorted = near === undefined ? headings : [near, ...headings.filter(heading => heading !== near)];
    const hint = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
    const shown = sorted.slice(0, MOST_HEADINGS).map(heading => JSON.stringify(heading));
    const more = sorted.length - shown.length;
    this.said =
      typeof column === 'string'
        ? `no column ${JSON.stringify(column)} in ${path}${hint}, expected one of ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
        : `no column ${column} in ${path}, which has ${headings.length}`;
  }
}

const MOST_HEADINGS = 30;

/** So many lines may follow the headings with units or heights before the data begins. */
const MOST_BELOW = 4;

/**
 * Finds the headings and chooses the columns: the first line from which both can be told, with the lines of units below
 * it. An entry that counts columns by number needs no headings. @throws FileError that says what is missing
 */
export function headerOf(path: string, head: Head, entry: DataEntry): Header {
  const rows = head.rows;
  if (rows.length === 0 && head.comments.length === 0)
    throw new FileError(path, 1, `the file is empty, expected ${WANTED}`);
  const numbered = numberedHeader(rows, entry);
  if (numbered !== undefined) return numbered;
  let first: { readonly row: Row; readonly why: string } | undefined;
  for (const row of candidates(head)) {
    if (row.cells.every(cell => /^[-+\d.,:eE\s]*$/.test(cell))) continue;
    const below = head.rows.filter(other => other.line > row.line);
    const found = tryHeader(row, below, entry);
    if (typeof found !== 'string')
      return { ...found, above: head.rows.filter(other => other.line < row.line).length };
    if (first === undefined || row.cells.length > first.row.cells.length) first = { row, why: found };
  }
  if (first === undefined) {
    const { line, cells } = rows[0] ?? head.comments[0];
    const text = `header ${quoted(cells.join(head.separator))}, which has numbers only`;
    throw new FileError(path, line, `${text}, expected ${WANTED}`);
  }
  const shown = quoted(first.row.cells.join(head.separator));
  const text = `header ${shown} (parted by ${nameOf(head.separator)}): ${first.why}`;
  const whole = `${text}, expected ${WANTED}`;
  const heads = headsOf(first.row, []);
  const missing = columnsNamed(entry).find(name => isMissing(heads, name));
  if (missing === undefined) throw new FileError(path, first.row.line, whole);
  const headings = heads.map(({ heading }) => heading);
  throw new MissingColumnError(path, first.row.line, whole, missing, headings);
}

/** Columns that an entry names: those of the times, then those of the values. */
function columnsNamed(entry: DataEntry): readonly (string | number)[] {
  const value = namedValue(entry);
  return [
    ...(namedTime(entry)?.columns ?? []),
    ...(value === undefined ? [] : [value.column]),
    ...namedColumns(entry).map(({ column }) => column),
  ];
}

/** A comment last where the line below it is the first of data: some programs write headings as a comment. */
function candidates(head: Head): readonly Row[] {
  const width = head.rows[0]?.cells.length ?? 0;
  const last = head.comments.findLast(comment => comment.line < (head.rows[0]?.line ?? 0));
  return last !== undefined && last.cells.length === width ? [...head.rows, last] : head.rows;
}

/** The columns under a line of headings, or why they cannot be told. */
function tryHeader(row: Row, below: readonly Row[], entry: DataEntry): Omit<Header, 'above'> | string {
  let why = 'no line of data follows';
  for (let more = 0; more <= Math.min(MOST_BELOW, below.length); more++) {
    const extra = below.slice(0, more);
    // A line of units, heights or places has a word under the heading of the times, or nothing.
    if (more > 0 && extra[more - 1].cells.every(cell => /^[-+\d.,:eE\s]*$/.test(cell))) break;
    const columns = columnsOf(headsOf(row, extra), below.slice(more), entry);
    const dataLine = (extra.at(-1) ?? row).line + 1;
    if (typeof columns === 'string') {
      if (more === 0) why = columns;
    } else if (extra.every(line => !tellsTime(columns, line))) {
      return { columns, width: row.cells.length, dataLine };
    }
  }
  return why;
}

/** Whether the line is one of data: it has a time, or a value where the file has no times. */
function tellsTime({ time, values }: Columns, line: Row): boolean {
  const cell = (index: number): string => (line.cells[index] ?? '').trim();
  if (time.kind === 'clock') return isStamp(joinStamp(time.indices.map(cell)));
  return isNumber(cell(time.kind === 'rows' ? values[0].index : time.index));
}

function headsOf(row: Row, extra: readonly Row[]): readonly ColumnHead[] {
  return row.cells.map((cell, i) => {
    // Printed as it is: nothing in it may steer a terminal.
    const heading = cell.replace(/\p{Cc}/gu, ' ').trim();
    const parts = extra.map(line => (line.cells[i] ?? '').trim()).filter(part => part !== '');
    const own = headingOf(heading);
    // A unit in a line below is a cell of its own, in brackets or without.
    const bare = parts
      .map(part => part.replace(/^[[({]|[\])}]$/g, '').trim())
      .filter(part => !isNumber(part));
    const under = bare.findLast(isUnit) ?? bare.at(-1);
    return {
      number: i + 1,
      heading,
      whole: [heading, ...parts].join(' '),
      name: own.name,
      unit: own.unit ?? under,
    };
  });
}

/** Columns by number need no headings; a first line that is no data is one of headings then. */
function numberedHeader(rows: readonly Row[], entry: DataEntry): Header | undefined {
  const time = namedTime(entry);
  const names = columnsNamed(entry);
  const isTimed = time !== undefined || entry.step_s !== undefined;
  const hasValues = namedValue(entry) !== undefined || namedColumns(entry).length > 0;
  if (!isTimed || !hasValues || names.some(name => typeof name === 'string')) return undefined;
  for (const [at, row] of rows.entries()) {
    const heads = row.cells.map((_, i) => ({
      number: i + 1,
      heading: '',
      whole: '',
      name: `column ${i + 1}`,
      unit: undefined,
    }));
    const columns = columnsOf(heads, rows.slice(at), entry);
    if (typeof columns !== 'string') return { columns, width: 0, dataLine: row.line, above: at };
  }
  return undefined;
}
