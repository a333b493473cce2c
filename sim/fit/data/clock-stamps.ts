import { FileError } from '../../../drivers/contract/yaml-file.ts';
import type { TextTable } from './table.ts';

/** Times of a series that are written as a clock or a calendar has them, as seconds since the first row. */

/** Elapsed or time of day: 0:00:01.5, 1d 02:03:04; Neware's h:min:s.ms is such a one. */
const CLOCK = /^(?:(\d+)\s*d(?:ays?)?\s+)?(\d{1,5}):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,9}))?$/i;
const TIME_OF_DAY =
  '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?:\\s*([ap]m))?\\s*(z|utc|[+-]\\d{2}:?\\d{2})?';
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:[T ]+${TIME_OF_DAY})?$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})(?:,?[T ]+${TIME_OF_DAY})?$`, 'i');
const SHORT_CLOCK = /^\d{1,3}:\d{2}$/;
const DAY_S = 86_400;
const HOUR_S = 3600;

type DateOrder = 'dmy' | 'mdy';

/** Seconds since the first row, and what was assumed. */
export interface ClockTimes {
  readonly time_s: Float64Array;
  readonly notes: readonly string[];
}

/** Whether a column's first cell is a stamp rather than a number. */
export function isClock(table: TextTable, column: number): boolean {
  return /\d[:\-/.]\d+[:\-/.]\d|^\d+:\d/.test(table.cells[0]?.[column] ?? '');
}

/** Whether a column holds days without a time of day: their clock stands in another column. */
export function isDayOnly(table: TextTable, column: number): boolean {
  const cell = table.cells[0]?.[column] ?? '';
  return (YEAR_FIRST.exec(cell) ?? YEAR_LAST.exec(cell)) !== null && !cell.includes(':');
}

/**
 * Reads the stamps of a column, with those of `dayColumn` in front where the days stand apart. Over midnight a time of
 * day goes on. @throws FileError with the line of the first stamp that is none or can be read in two ways
 */
export function clockTimes(table: TextTable, column: number, dayColumn?: number): ClockTimes {
  const cells = table.cells.map(row =>
    dayColumn === undefined ? row[column] : `${row[dayColumn]} ${row[column]}`,
  );
  const name = table.header[column];
  const fail = (i: number, expected: string): FileError =>
    new FileError(table.path, table.lines[i], `${name} ${JSON.stringify(cells[i])}, expected ${expected}`);
  const notes: string[] = [];
  const order = dateOrder(cells, i => fail(i, 'a day that can be read in one way (2026-02-01)'));
  let midnights = 0;
  let before_s = Number.NaN;
  const all = cells.map((cell, i) => {
    if (SHORT_CLOCK.test(cell)) throw fail(i, 'h:mm:ss (hours and minutes, or minutes and seconds?)');
    const clock = CLOCK.exec(cell);
    const read_s = clock === null ? calendar_s(cell, order) : elapsed_s(clock);
    if (read_s === undefined)
      throw fail(i, 'a time as in the first row: 0:00:01.5, 2026-02-01T12:00:00 or seconds');
    const isMidnight = clock !== null && before_s < DAY_S && before_s >= DAY_S - HOUR_S && read_s < HOUR_S;
    if (isMidnight) midnights++;
    before_s = read_s;
    return clock === null ? read_s : read_s + midnights * DAY_S;
  });
  notes.push(`${name}: times of a clock, read as seconds since the first row`);
  if (midnights > 0) notes.push(`${name} passes midnight ${midnights} times`);
  return { time_s: Float64Array.from(all, t => Number((t - all[0]).toFixed(6))), notes };
}

function elapsed_s([, days, hours, minutes, seconds, part]: RegExpExecArray): number {
  const whole_s = Number(days ?? 0) * DAY_S + Number(hours) * HOUR_S + Number(minutes) * 60 + Number(seconds);
  return whole_s + Number(`0.${part ?? 0}`);
}

/** Seconds since 1970, of UTC where the stamp names its zone, else of its own clock; undefined: no such day or time. */
function calendar_s(cell: string, order: DateOrder): number | undefined {
  const first = YEAR_FIRST.exec(cell);
  const found = first ?? YEAR_LAST.exec(cell);
  if (found === null) return undefined;
  const [, a, , b, c, hour = '0', minute = '0', second = '0', part, half, zone] = found;
  const [year, month, day] = (first !== null ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b]).map(
    Number,
  );
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const midnight_s = Date.UTC(year, month - 1, day) / 1000;
  const isDay = new Date(midnight_s * 1000).getUTCDate() === day && month >= 1 && month <= 12;
  if (!isDay || hours > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const offset = /([+-])(\d{2}):?(\d{2})/.exec(zone ?? '');
  const offset_s =
    offset === null ? 0 : Number(`${offset[1]}1`) * (Number(offset[2]) * HOUR_S + Number(offset[3]) * 60);
  const clock_s = hours * HOUR_S + Number(minute) * 60 + Number(second) + Number(`0.${part ?? 0}`);
  return midnight_s + clock_s - offset_s;
}

/** Day or month first; it counts only where the day changes. */
function dateOrder(cells: readonly string[], open: (row: number) => FileError): DateOrder {
  const days = new Set<string>();
  for (const cell of cells) {
    const found = YEAR_LAST.exec(cell);
    if (found === null) return 'dmy';
    if (found[2] === '.' || Number(found[1]) > 12) return 'dmy';
    if (Number(found[3]) > 12) return 'mdy';
    days.add(`${found[1]}/${found[3]}`);
  }
  if (days.size > 1) throw open(0);
  return 'dmy';
}
