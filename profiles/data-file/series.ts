import { FileError } from '../../drivers/contract/file-error.ts';
import { type Decimal, decimalOf, isNoValue, isNumber, numberOf, quoted } from './cells.ts';
import { joinStamp, type TimeColumn } from './columns.ts';
import { type Head, parseRows, type Row, type Separator } from './dialect.ts';
import type { DataEntry } from './entry.ts';
import type { Header } from './header.ts';
import { dateOrderOf, endSign, isStamp, StampReader, stampText } from './stamps.ts';
import { TIME_UNITS, VALUE_UNITS } from './units.ts';

/** The rows of a data file as numbers: times in s, values of each column in its base unit, each with its line. */

/** A series as it stands in a file; one entry a row in each array. */
export interface Series {
  /** Since 1970 for clock stamps, else on the file's own clock, s. */
  readonly time_s: Float64Array;
  /** W, part of rated, m/s or W/m2, else the unit of its name; NaN where the file has no value. */
  readonly value: Float64Array;
  /** The cell of each value as it stands in the file. */
  readonly cells: readonly string[];
  readonly lines: Int32Array;
  readonly decimal: Decimal;
  /** Time in words, as the file counts it. */
  showTime(time_s: number): string;
  /** Reads a time that a person has given in the file's way; undefined where it is none. */
  readTime(given: string | number): number | undefined;
  /** The stamps are of a clock without a zone, and nobody has named one. */
  readonly isZoneAssumed: boolean;
  /** Why the times are those of the ends of what the values stand for; undefined where nothing says so. */
  readonly endSign: string | undefined;
  /** What was understood of times, one line. */
  readonly timeText: string;
  /** Lines of words below the data that were left out. */
  readonly below: number;
}

interface RawRows {
  /** Lines of words below the data. */
  readonly below: number;
  readonly times: string[];
  /** The cells of each column. */
  readonly values: readonly string[][];
  readonly lines: number[];
}

/** Reads the rows below the headings, a series for each column. @throws FileError at the first that cannot be read */
export function readSeries(
  path: string,
  text: string,
  head: Head,
  header: Header,
  entry: DataEntry,
): readonly Series[] {
  const { values } = header.columns;
  const raw = rawRows(path, text, head, header);
  const lines = Int32Array.from(raw.lines);
  const decimal = decimalFor(
    { path, lines: values.flatMap(() => raw.lines), separator: head.separator },
    raw.values.flat(),
    entry,
    at => values[Math.floor(at / Math.max(1, lines.length))].heading,
  );
  const missing = new Set(entry.missing);
  const numbers = values.map((column, k) => {
    const { factor, quantity } =
      column.key === undefined ? { factor: 1, quantity: 'plain' as const } : VALUE_UNITS[column.key];
    const out = new Float64Array(raw.lines.length);
    for (const [i, cell] of raw.values[k].entries()) {
      const number = numberOf(cell, decimal);
      if (Number.isNaN(number) && !isNoValue(cell)) {
        const hint = cell.includes(decimal === '.' ? ',' : '.')
          ? ` (the decimal mark of this file is "${decimal}")`
          : '';
        throw new FileError(
          path,
          lines[i],
          `${column.heading} ${quoted(cell)}${hint}, expected ${RANGE_TEXT[quantity]}`,
        );
      }
      out[i] = missing.has(number) ? Number.NaN : number * factor;
    }
    return out;
  });
  const times = timesOf(path, raw, head, header.columns.time, entry);
  return numbers.map((value, k) => ({
    ...times,
    value,
    cells: raw.values[k],
    lines,
    decimal,
    below: raw.below,
  }));
}

/** What is expected of a value, in words. */
export const RANGE_TEXT = {
  plain: 'a number',
  power: 'a power from 0 to the rated one',
  share: 'a part of the rated power, 0..1',
  'wind speed': 'a wind speed of 0..60 m/s',
  irradiance: 'an irradiance of 0..1500 W/m2',
} as const;

function rawRows(path: string, text: string, head: Head, header: Header): RawRows {
  const { time, values } = header.columns;
  const { width } = header;
  const indices = time.kind === 'rows' ? [] : time.kind === 'number' ? [time.index] : time.indices;
  const least = Math.max(...values.map(({ index }) => index), ...indices) + 1;
  const raw = {
    times: [] as string[],
    values: values.map(() => [] as string[]),
    lines: [] as number[],
    below: 0,
  };
  const refuse = (line: number, cells: readonly string[], expected: string): never => {
    throw new FileError(
      path,
      line,
      `${quoted(cells.join(head.separator))}: ${cells.length} cells, expected ${expected}`,
    );
  };
  let below: Row | undefined;
  parseRows(path, text, head.separator, header.dataLine, row => {
    const { line, cells } = row;
    const stamp = joinStamp(indices.map(index => (cells[index] ?? '').trim()));
    const isData = cells.length >= least && (indices.length === 0 || isStamp(stamp) || isNumber(stamp));
    // Words below the data, after an empty line: what some programs say of their columns.
    if (!isData && below === undefined && line > (raw.lines.at(-1) ?? line) + 1) below = row;
    if (below !== undefined) {
      if (isData) refuse(below.line, below.cells, 'data, because more of them follow');
      raw.below++;
      return;
    }
    if (cells.length < least) refuse(line, cells, `at least ${least}`);
    if (width > 0 && cells.length > width && cells.slice(width).some(cell => cell.trim() !== '')) {
      const hint = head.separator === ',' ? ' (a decimal comma cannot stand where commas part columns)' : '';
      refuse(line, cells, `${width} as in the header${hint}`);
    }
    raw.times.push(stamp);
    for (const [k, { index }] of values.entries()) raw.values[k].push(cells[index].trim());
    raw.lines.push(line);
  });
  return raw;
}

/** The decimal mark of some columns; `lines`: the line of each cell. @throws FileError where both readings are possible */
function decimalFor(
  at: { readonly path: string; readonly lines: ArrayLike<number>; readonly separator: Separator },
  cells: readonly string[],
  entry: DataEntry,
  headingOf: (at: number) => string,
): Decimal {
  if (entry.decimal !== undefined) return entry.decimal;
  const found = decimalOf(cells, at.separator === ',');
  if (found !== 'open') return found ?? '.';
  const points = cells.filter(cell => cell.includes('.')).length;
  const commas = cells.filter(cell => cell.includes(',')).length;
  const odd = Math.max(
    0,
    cells.findIndex(cell => cell.includes(points > 0 && points < commas ? '.' : ',')),
  );
  const text = `${headingOf(odd)} ${quoted(cells[odd])}: its mark may be a decimal one or part thousands`;
  throw new FileError(at.path, at.lines[odd], `${text}, expected decimal: "." or "," under data:`);
}

type Times = Pick<Series, 'time_s' | 'showTime' | 'readTime' | 'isZoneAssumed' | 'endSign' | 'timeText'>;

function timesOf(path: string, raw: RawRows, head: Head, column: TimeColumn, entry: DataEntry): Times {
  if (column.kind === 'clock') return clockTimes(path, raw, column, entry);
  const show = (time_s: number): string => `${Number(time_s.toFixed(6))} s`;
  const read = (given: string | number): number | undefined =>
    typeof given === 'number' ? given : undefined;
  const plain = { showTime: show, readTime: read, isZoneAssumed: false, endSign: undefined };
  if (column.kind === 'rows') {
    const time_s = Float64Array.from(raw.lines, (_, i) => i * column.step_s);
    return { ...plain, time_s, timeText: `no times in it; a row every ${column.step_s} s as declared` };
  }
  const decimal = decimalFor(
    { path, lines: raw.lines, separator: head.separator },
    raw.times,
    entry,
    () => column.heading,
  );
  const { factor, shown } = TIME_UNITS[column.key];
  const time_s = new Float64Array(raw.times.length);
  for (const [i, cell] of raw.times.entries()) {
    const number = numberOf(cell, decimal);
    if (!Number.isFinite(number))
      throw new FileError(
        path,
        raw.lines[i],
        `${column.heading} ${quoted(cell)}, expected ${shown === 's' ? 'seconds' : `a time in ${shown}`}, a number`,
      );
    time_s[i] = number * factor;
  }
  if (column.key === 'time_s' && Math.abs(time_s[0]) > 1e11)
    throw new FileError(
      path,
      raw.lines[0],
      `${column.heading} ${quoted(raw.times[0])} looks like milliseconds since 1970, expected seconds (or time_ms: ${quoted(column.heading)} under data:)`,
    );
  const sign = endSign(column.heading, undefined);
  return { ...plain, endSign: sign, time_s, timeText: `column ${quoted(column.heading)}, in ${shown}` };
}

function clockTimes(
  path: string,
  raw: RawRows,
  column: TimeColumn & { kind: 'clock' },
  entry: DataEntry,
): Times {
  const order = entry.dates ?? dateOrderOf(raw.times);
  if (order === 'open') {
    const text = `day and month of ${quoted(raw.times[0])} cannot be told apart`;
    throw new FileError(path, raw.lines[0], `${text}, expected dates: dmy or dates: mdy under data:`);
  }
  const zone = entry.zone ?? 'UTC';
  const readAll = (
    reader: StampReader,
  ): { reader: StampReader; time_s: Float64Array; hasOffset: boolean } => {
    let hasOffset = false;
    const time_s = Float64Array.from(raw.times, (cell, i) => {
      const found = reader.read(cell);
      if (found.why === undefined) {
        hasOffset = found.hasOffset;
        return found.utc_s;
      }
      const expected = 'expected a date and a time, e.g. 2020-03-29 01:30:00 or 29.03.2020 01:30';
      throw new FileError(path, raw.lines[i], `${column.heading} ${quoted(cell)}: ${found.why}, ${expected}`);
    });
    return { reader, time_s, hasOffset };
  };
  const first = readAll(new StampReader(zone, order ?? 'dmy'));
  // A file that begins in the hour that a clock shows twice goes on without a gap after the second time only.
  const { reader, time_s, hasOffset } = first.reader.isBeginOpen
    ? readAll(new StampReader(zone, order ?? 'dmy', true))
    : first;
  const isZoneAssumed = !hasOffset && entry.zone === undefined && !column.isUtc;
  const zoneText = hasOffset
    ? reader.hasDates
      ? 'each with its offset from UTC'
      : 'hours:minutes[:seconds] without a date'
    : isZoneAssumed
      ? 'no zone named, taken as UTC (zone: Europe/Berlin under data: would follow summer time)'
      : zone;
  const midnights = reader.midnights > 0 ? `; past midnight ${reader.midnights} times` : '';
  const twice =
    reader.twice > 0 ? `; ${reader.twice} rows in hours that the clock showed twice, in their order` : '';
  return {
    time_s,
    showTime: utc_s => stampText(utc_s, reader.hasDates),
    readTime(given) {
      if (typeof given === 'number') return undefined;
      const found = new StampReader(zone, order ?? 'dmy').read(given);
      return found.why === undefined ? found.utc_s : undefined;
    },
    isZoneAssumed,
    endSign: endSign(column.heading, reader.midnight),
    timeText: `column ${quoted(column.heading)}, clock stamps (${zoneText})${twice}${midnights}`,
  };
}
