import { Temporal } from 'temporal-polyfill';
import { quoted } from './cells.ts';

/** Clock stamps as load files write them, to seconds of UTC: order of day and month, zones, summer time. */

/** A stamp taken apart; months from 1; `offset_min` undefined: it names no zone of its own. */
interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly offset_min: number | undefined;
}

const TIME =
  /^(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)? ?(am|pm)?(?: ?(z|utc|gmt|wet|cet|mez|cest|mesz|west|wesz)| ?([+-]\d{2}):?(\d{2})?)?(?:\[[^\]]*\])?$/i;
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(.+))?$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ]+(.+))?$/;
const MONTH_NAMED = /^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ](\d{4})(?:,?[T ]+(.+))?$/i;
/** 20200101:0010, 202001010010, 2020010100, 20200101T001000Z. */
const COMPACT = /^((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[T:_ ]?([01]\d|2[0-4])(.*))?$/;
/** Zones that name themselves by letters, min from UTC; elsewhere the same letters mean several. */
const NAMED_MIN: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 60,
  wesz: 60,
  cet: 60,
  mez: 60,
  cest: 120,
  mesz: 120,
};
/** A time of day or a time elapsed, without a date: 1:30:00, 26:15. */
const NO_DATE = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?$/;
const DAY_S = 86_400;
/** A time of day that falls by more than this passed midnight. */
const HALF_DAY_S = 43_200;
/** Of stamps without a date. */
const NO_YEAR = 1970;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Day or month first in stamps that have the year last. */
export type DateOrder = 'dmy' | 'mdy';

/** Whether a cell is a date with or without a time of day, in any form that is understood. */
export function isStamp(cell: string): boolean {
  return partsOf(cell, 'dmy') !== undefined || partsOf(cell, 'mdy') !== undefined;
}

/** What these cells say of the order: `open` where every one may be read either way and the readings differ. */
export function dateOrderOf(cells: Iterable<string>): DateOrder | 'open' | undefined {
  let isOpen = false;
  for (const cell of cells) {
    const found = YEAR_LAST.exec(firstOf(cell));
    if (found === null) return undefined;
    // Points between day and month are written where the day comes first.
    if (found[2] === '.') return 'dmy';
    if (Number(found[1]) > 12) return 'dmy';
    if (Number(found[3]) > 12) return 'mdy';
    if (found[1] !== found[3]) isOpen = true;
  }
  return isOpen ? 'open' : undefined;
}

/** One stamp read; `why`: it is none, or none of this zone. */
export type StampRead =
  | { readonly utc_s: number; readonly hasOffset: boolean; readonly why?: undefined }
  | { readonly why: string };

/**
 * Reads the stamps of one column in their order. In the hour that a clock shows twice (autumn) the order of the rows
 * decides: the earlier of the two moments that lies after the row before. A time that the clock left out (spring) is
 * refused.
 */
export class StampReader {
  readonly #zone: string;
  readonly #order: DateOrder;
  /** Both readings of the quarter of an hour that begins here, as offsets from UTC in s; no zone changes in between. */
  readonly #offsets = new Map<number, readonly [earlier_s: number, later_s: number] | 'skipped'>();
  #before_s = Number.NEGATIVE_INFINITY;
  #hasOffset: boolean | undefined;
  readonly #beginsLate: boolean;
  /** Every row so far stood in an hour that the clock showed twice. */
  #isBegin = true;
  #beganTwice = false;
  #wentBack = false;
  /** Of times of day without a date: so many days have passed, s; and none so far was beyond 24:00, as elapsed times are. */
  #midnights_s = 0;
  #isOfDay = true;
  /** Rows in an hour that the clock showed twice. */
  twice = 0;
  /** Stamps so far have dates. */
  hasDates = true;
  /** How midnight is written: 24:00 only where no row writes 00:00. */
  midnight: '24:00' | '00:00' | undefined;

  /** `beginsLate`: the series begins in an hour that the clock showed twice, when it showed it again. */
  constructor(zone: string, order: DateOrder, beginsLate = false) {
    this.#zone = zone;
    this.#order = order;
    this.#beginsLate = beginsLate;
  }

  /** The first rows stand in an hour that the clock showed twice, and do not show it twice: they may be of either. */
  get isBeginOpen(): boolean {
    return this.#beganTwice && !this.#wentBack;
  }

  /** Midnights that times of day without a date have passed. */
  get midnights(): number {
    return this.#midnights_s / DAY_S;
  }

  /** The next row's stamp. */
  read(cell: string): StampRead {
    const parts = partsOf(cell, this.#order);
    if (parts === undefined) return { why: 'no date and time' };
    const local_s = localSeconds(parts);
    if (local_s === undefined) return { why: 'no day or time of the calendar' };
    this.hasDates = parts.year > NO_YEAR;
    if (this.hasDates && parts.minute === 0 && parts.second === 0) {
      if (parts.hour === 0) this.midnight = '00:00';
      else if (parts.hour === 24) this.midnight ??= '24:00';
    }
    const hasOffset = parts.offset_min !== undefined;
    this.#hasOffset ??= hasOffset;
    if (hasOffset !== this.#hasOffset)
      return { why: hasOffset ? 'the rows above have no zone' : 'the rows above name their zone' };
    if (parts.offset_min !== undefined) return this.#took(local_s - 60 * parts.offset_min, true);
    const offsets = this.#offsetsOf(local_s);
    if (offsets === 'skipped')
      return { why: `${this.#zone} has no such time: the clock is put forward over it` };
    const [earlier_s, later_s] = [local_s - offsets[0], local_s - offsets[1]];
    if (earlier_s === later_s) {
      this.#isBegin = false;
      return this.#took(earlier_s, false);
    }
    this.twice++;
    if (this.#isBegin) this.#beganTwice = true;
    if (this.#isBegin && this.#beginsLate) return this.#took(later_s, false);
    const isFirst = earlier_s > this.#before_s;
    if (this.#isBegin && !isFirst) this.#wentBack = true;
    return this.#took(isFirst ? earlier_s : later_s, false);
  }

  #took(read_s: number, hasOffset: boolean): StampRead {
    if (!this.hasDates && read_s + this.#midnights_s < this.#before_s - HALF_DAY_S && this.#isOfDay)
      this.#midnights_s += DAY_S;
    this.#isOfDay &&= read_s <= DAY_S;
    const utc_s = read_s + this.#midnights_s;
    this.#before_s = utc_s;
    return { utc_s, hasOffset };
  }

  #offsetsOf(local_s: number): readonly [number, number] | 'skipped' {
    const quarter = Math.floor(local_s / 900);
    let found = this.#offsets.get(quarter);
    if (found === undefined) {
      const at = new Date(quarter * 900_000).toISOString().slice(0, 16);
      const plain = Temporal.PlainDateTime.from(at);
      const earlier = plain.toZonedDateTime(this.#zone, { disambiguation: 'earlier' });
      const later = plain.toZonedDateTime(this.#zone, { disambiguation: 'later' });
      const isThere = earlier.toPlainDateTime().equals(plain) && later.toPlainDateTime().equals(plain);
      const offset_s = (utc_ms: number): number => quarter * 900 - utc_ms / 1000;
      found = isThere ? [offset_s(earlier.epochMilliseconds), offset_s(later.epochMilliseconds)] : 'skipped';
      this.#offsets.set(quarter, found);
    }
    return found;
  }
}

/** A moment read from stamps as people write it: with its date where the stamps have one, else as a time of day. */
export function stampText(utc_s: number, hasDates: boolean): string {
  const text = new Date(utc_s * 1000).toISOString().replace('.000Z', 'Z');
  if (hasDates) return text;
  const day = Math.floor(utc_s / DAY_S);
  return `${text.slice(11).replace('Z', '')}${day > 0 ? ` of day ${day + 1}` : ''}`;
}

/** Headings that say so: period_end, Interval ending, PeriodEnd, bis. */
const SAYS_END =
  /(^|[^a-z])(end|ends|ending|ended|ende|bis|HE)([^a-z]|$)|(period|interval|hour|time)end(ing)?$/i;

/** Why the stamps of a column are those of ends, in words; undefined where nothing says so. `midnight`: how it is written. */
export function endSign(heading: string, midnight: '24:00' | '00:00' | undefined): string | undefined {
  if (SAYS_END.test(heading)) return `the heading ${quoted(heading)} says so`;
  return midnight === '24:00' ? 'midnight is 24:00 in it' : undefined;
}

/** The stamp of a row that spans a time, `01.01.2020 00:00 - 01.01.2020 00:15`, is its beginning. */
function firstOf(cell: string): string {
  return cell.split(/ - | – |\/(?=\d{4}-)/)[0].trim();
}

function partsOf(cell: string, order: DateOrder): Parts | undefined {
  const text = firstOf(cell);
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) {
    const [, year, , month, day, time] = yearFirst;
    return withTime(year, month, day, time);
  }
  const yearLast = YEAR_LAST.exec(text);
  if (yearLast !== null) {
    const [, one, mark, two, year, time] = yearLast;
    const [day, month] = order === 'dmy' || mark === '.' ? [one, two] : [two, one];
    return withTime(year.length === 2 ? `20${year}` : year, month, day, time);
  }
  const named = MONTH_NAMED.exec(text);
  if (named !== null) {
    const month = MONTHS.indexOf(named[2].toLowerCase()) + 1;
    return month === 0 ? undefined : withTime(named[3], String(month), named[1], named[4]);
  }
  const elapsed = NO_DATE.exec(text);
  if (elapsed !== null) {
    const [, hour, minute, second = '0', fraction = '0'] = elapsed;
    const time = { hour: Number(hour), minute: Number(minute), second: Number(`${second}.${fraction}`) };
    return { year: NO_YEAR, month: 1, day: 1, ...time, offset_min: 0 };
  }
  const compact = COMPACT.exec(text);
  if (compact === null) return undefined;
  const [, year, month, day, hour, rest = ''] = compact;
  return withTime(year, month, day, hour === undefined ? undefined : `${hour}${rest}`);
}

function withTime(year: string, month: string, day: string, time: string | undefined): Parts | undefined {
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return undefined;
  const found = time === undefined ? undefined : TIME.exec(time.trim());
  if (found === null) return undefined;
  if (found === undefined) return { ...date, hour: 0, minute: 0, second: 0, offset_min: undefined };
  const [, hours, minute = '0', second = '0', fraction = '0', half, utc, offset_h, offset_m = '0'] = found;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/pm/i.test(half) ? 12 : 0);
  if (hour > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const sign = offset_h?.startsWith('-') === true ? -1 : 1;
  const zone =
    offset_h === undefined ? undefined : sign * (60 * Math.abs(Number(offset_h)) + Number(offset_m));
  return {
    ...date,
    hour,
    minute: Number(minute),
    second: Number(`${second}.${fraction}`),
    offset_min: utc === undefined ? zone : NAMED_MIN[utc.toLowerCase()],
  };
}

/** Seconds since 1970 as the clock on the wall shows them; undefined for 30 February and 24:01. Midnight may be 24:00. */
function localSeconds(parts: Parts): number | undefined {
  const { year, month, day, hour, minute, second } = parts;
  const date_ms = Date.UTC(year, month - 1, day);
  if (new Date(date_ms).getUTCDate() !== day) return undefined;
  if (year > NO_YEAR && hour === 24 && (minute > 0 || second > 0)) return undefined;
  // Whole milliseconds: a sum of parts of seconds would not be the number that stands there.
  return (date_ms + 3_600_000 * hour + 60_000 * minute + Math.round(1000 * second)) / 1000;
}
