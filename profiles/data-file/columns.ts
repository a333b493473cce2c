import { isNoValue, isNumber, quoted } from './cells.ts';
import type { Row } from './dialect.ts';
import { type DataEntry, namedColumns, namedTime, namedValue } from './entry.ts';
import type { ColumnHead } from './header.ts';
import { ENERGY, isEnergy, keyInstead, otherUnit, wrongLoadUnit, wrongUnit } from './heading-units.ts';
import { isStamp } from './stamps.ts';
import { isDescription } from './told-apart.ts';
import { type TimeKey, timeUnitOf, VALUE_UNITS, type ValueKey, valueUnitOf } from './units.ts';

/** Which columns of a file are the times and the values: those that an entry names, or the only ones that can be meant. */

/** The columns that are read. */
export interface Columns {
  readonly time: TimeColumn;
  /** At least one. */
  readonly values: readonly ValueColumn[];
}

/** A column of values. */
export interface ValueColumn {
  readonly index: number;
  /** How it is called in the method: a key of power, wind or sun, else a name with its unit. */
  readonly name: string;
  /** What it offers to follow; undefined of a column that is taken as it stands. */
  readonly key: ValueKey | undefined;
  /** As it stands in the file, for messages. */
  readonly heading: string;
}

/** How the file tells the time. */
export type TimeColumn =
  | { readonly kind: 'rows'; readonly step_s: number }
  | {
      readonly kind: 'number';
      readonly index: number;
      readonly key: TimeKey;
      readonly heading: string;
    }
  | {
      readonly kind: 'clock';
      /** One column, or several that make a stamp together. */
      readonly indices: readonly number[];
      readonly heading: string;
      /** The heading says that it is in UTC. */
      readonly isUtc: boolean;
    };

const TIME_NAME =
  /^(t|time|times|timestamp|time ?stamp|date ?time|date|datum|zeit(stempel)?|uhrzeit|elapsed|.*[ _]time|time[ _].*|.*timestamp|period|mtu.*|mess_datum.*|seconds?|minutes?|hours?|stunden?|days?)$/i;
const WIND_NAME = /wind|^v_?hub|^ws\d*/i;
const POWER_NAME =
  /power|leistung|load|last|output|generation|erzeugung|einspeisung|capacity|electricity|^p(_.*|\d*)?$|^cf$/i;
const DATE_PARTS = [
  ['year', 'month', 'day', 'hour', 'minute'],
  ['year', 'month', 'day', 'hour'],
  ['date', 'time'],
  ['datum', 'uhrzeit'],
  ['datum', 'zeit'],
] as const;

/** So many lines of data are looked at. */
const LOOKED_AT = 50;

/** Chooses the columns under these headings, with some lines of data to look at; or says why they cannot be told. */
export function columnsOf(
  heads: readonly ColumnHead[],
  data: readonly Row[],
  entry: DataEntry,
): Columns | string {
  const sample = data[0]?.cells.map(cell => cell.trim());
  if (sample === undefined) return 'no line of data follows';
  const time = timeOf(heads, sample, entry);
  if (typeof time === 'string') return time;
  const values = valuesOf(heads, data, entry, time);
  return typeof values === 'string' ? values : { time, values };
}

function timeOf(
  heads: readonly ColumnHead[],
  sample: readonly string[],
  entry: DataEntry,
): TimeColumn | string {
  if (entry.step_s !== undefined) return { kind: 'rows', step_s: entry.step_s };
  const named = namedTime(entry);
  if (named === undefined) return foundTime(heads, sample);
  const found: ColumnHead[] = [];
  for (const name of named.columns) {
    const head = byName(heads, name);
    if (typeof head === 'string') return head;
    found.push(head);
  }
  const [first] = found;
  if (named.key === undefined) return clockColumn(found, sample);
  const cell = sample[first.number - 1] ?? '';
  if (!isNumber(cell)) return `the column ${quoted(first.heading)} holds ${quoted(cell)}, not a number`;
  const own = first.unit === undefined ? undefined : timeUnitOf(first.unit);
  if (own !== undefined && own !== named.key)
    return `the column ${quoted(first.heading)} is in ${first.unit}, data: says ${named.key}${keyInstead(own, first)}`;
  return { kind: 'number', index: first.number - 1, key: named.key, heading: first.heading };
}

function foundTime(heads: readonly ColumnHead[], sample: readonly string[]): TimeColumn | string {
  for (const parts of DATE_PARTS) {
    const found = parts.map(part => heads.find(head => head.name.toLowerCase() === part));
    const all = found.filter(head => head !== undefined);
    if (all.length < parts.length) continue;
    const clock = clockColumn(all, sample);
    if (typeof clock !== 'string') return clock;
  }
  const isTime = (head: ColumnHead): boolean => TIME_NAME.test(head.name) || TIME_NAME.test(head.heading);
  // A number may look like a date without marks: only a column of times may hold those.
  const stamped = heads.filter(head => {
    const cell = sample[head.number - 1] ?? '';
    if (!isStamp(cell)) return false;
    return !isNumber(cell) || (isTime(head) && timeUnitOf(head.unit ?? '') === undefined);
  });
  const stamp = stamped.find(head => /utc|gmt/i.test(head.whole)) ?? stamped.find(isTime) ?? stamped[0];
  if (stamp !== undefined) return clockColumn([stamp], sample);
  const timed = heads.filter(head => isTime(head) && isNumber(sample[head.number - 1] ?? ''));
  if (timed.length === 0) {
    const lettered = sample.find(cell => /^\d.*\d ?[A-Z]{3,4}$/.test(cell));
    return lettered === undefined
      ? 'no column of times'
      : `no column of times: the zone of ${quoted(lettered)} is not known by its letters (several mean it), expected an offset like -05:00, or stamps without it and zone: under data:`;
  }
  const head = timed[0];
  const twins = timed.filter(other => plain(other.name) === plain(head.name) && other.unit === head.unit);
  if (twins.length > 1)
    return `${twins.length} columns are called ${quoted(head.heading)}; write the number of the right one under data:`;
  const cell = sample[head.number - 1] ?? '';
  const key = timeUnitOf(head.unit ?? '') ?? timeUnitOf(head.name) ?? epochUnit(cell);
  if (key === undefined)
    return `the times in ${quoted(head.heading)} have no unit (name it time_s or "time [s]", or write time_s: ${head.heading} under data:)`;
  return { kind: 'number', index: head.number - 1, key, heading: head.heading };
}

/** Seconds or milliseconds since 1970, told by their size: from 2001 on these do not meet. */
function epochUnit(cell: string): TimeKey | undefined {
  const value = Number(cell);
  if (value > 1e9 && value < 1e11) return 'time_s';
  return value > 1e12 && value < 1e14 ? 'time_ms' : undefined;
}

function clockColumn(found: readonly ColumnHead[], sample: readonly string[]): TimeColumn | string {
  const indices = found.map(head => head.number - 1);
  const heading = found.map(head => head.heading).join(' + ');
  const cell = joinStamp(indices.map(index => sample[index] ?? ''));
  if (!isStamp(cell)) return `the column ${quoted(heading)} holds ${quoted(cell)}, not a date and a time`;
  const isUtc = found.some(head => /\b(utc|gmt)\b|_utc|utc_/i.test(head.whole));
  return { kind: 'clock', indices, heading, isUtc };
}

/** A stamp out of several cells: date and time, or year, month, day, hour, minute, second. */
export function joinStamp(cells: readonly string[]): string {
  if (cells.length === 1) return cells[0];
  if (cells.length === 2) return `${cells[0]} ${cells[1]}`;
  const [year, month, day = '1', hour = '0', minute = '0', second = '0'] = cells.map(cell =>
    cell.replace(/^(\d+)\.0+$/, '$1'),
  );
  return `${year}-${month}-${day} ${hour}:${minute.padStart(2, '0')}:${second.padStart(2, '0')}`;
}

function valuesOf(
  heads: readonly ColumnHead[],
  data: readonly Row[],
  entry: DataEntry,
  time: TimeColumn,
): readonly ValueColumn[] | string {
  const named = namedValue(entry);
  // A slip in the first line is one in the data, said later with its line; without times it may be one of headings.
  const looked = data.slice(0, time.kind === 'rows' ? 1 : LOOKED_AT);
  const looksLikeData = (head: ColumnHead): boolean => looked.some(row => isData(row.cells[head.number - 1]));
  const plainly = namedColumns(entry);
  if (named !== undefined || plainly.length > 0) {
    const found: ValueColumn[] = [];
    for (const { name, key, column } of [
      ...(named === undefined ? [] : [{ name: named.key, key: named.key, column: named.column }]),
      ...plainly.map(of => ({ ...of, key: undefined })),
    ]) {
      const head = byName(heads, column);
      if (typeof head === 'string') return head;
      const wrong = key === undefined ? wrongUnit(head, name) : wrongLoadUnit(head, key);
      if (wrong !== undefined) return wrong;
      if (!looksLikeData(head)) return `the column ${quoted(head.heading)} holds no numbers`;
      found.push({ index: head.number - 1, name, key, heading: head.heading });
    }
    return found;
  }
  const taken = time.kind === 'rows' ? [] : time.kind === 'number' ? [time.index] : time.indices;
  const others = heads.filter(head => !taken.includes(head.number - 1));
  const meant = others.flatMap(head => {
    const key = isNotMeant(head) ? undefined : keyOf(head);
    return key === undefined || !looksLikeData(head) ? [] : [{ head, key }];
  });
  if (meant.length === 1) {
    const [{ head, key }] = meant;
    return [{ index: head.number - 1, name: key, key, heading: head.heading }];
  }
  if (meant.length === 0) return `no column of ${whatIsMissing(others, data[0].cells)}`;
  const list = meant.map(({ head }) => quoted(head.whole)).join(', ');
  return `${meant.length} columns can be meant (${list}); write which, e.g. ${meant[0].key}: ${quoted(meant[0].head.whole)} under data:`;
}

/** Descriptions of a power or a wind; W/m2 of a wind or of a power density are no sun. */
function isNotMeant(head: ColumnHead): boolean {
  if (isDescription(head.whole)) return true;
  const key = head.unit === undefined ? undefined : valueUnitOf(head.unit);
  return key?.startsWith('irradiance') === true && WIND_NAME.test(head.whole);
}

/** The quantity and unit that a heading tells; a bare m/s must call itself wind, a share power. */
function keyOf(head: ColumnHead): ValueKey | undefined {
  const key = head.unit === undefined ? undefined : valueUnitOf(head.unit);
  if (key === undefined) return undefined;
  const { quantity } = VALUE_UNITS[key];
  if (quantity === 'wind speed') return WIND_NAME.test(head.whole) ? key : undefined;
  if (quantity === 'share') return POWER_NAME.test(head.name) ? key : undefined;
  return key;
}

/** Headings of the hours of a day: 1, 01, h1, HE1, Hour 1, 01:00. */
const HOUR_NAME = /^(h|he|hour|hr|stunde)?[ _]?([01]?\d|2[0-5])(:00)?$/i;
const WITH_UNIT = /^[-+]?[\d.,]+ ?([kMG]?W|%|m\/s)$/;

/** What could be meant and cannot be used as it stands. */
function whatIsMissing(others: readonly ColumnHead[], sample: readonly string[]): string {
  if (others.filter(head => HOUR_NAME.test(head.heading)).length >= 23)
    return 'values, but one for each hour of a day, expected a row for each hour';
  const united = others.find(head => WITH_UNIT.test((sample[head.number - 1] ?? '').trim()));
  if (united !== undefined)
    return `values: ${quoted(united.whole)} holds ${quoted(sample[united.number - 1])}, a number with its unit, expected the unit in the heading`;
  const unmeant = others.find(head => isNotMeant(head) && keyOf(head) !== undefined);
  if (unmeant !== undefined)
    return `power or wind: ${quoted(unmeant.whole)} is none to follow (name it under data: if it is)`;
  const foreign = others.find(head => otherUnit(head) !== undefined && POWER_NAME.test(head.name));
  const energy = others.find(head => isEnergy(otherUnit(head) ?? '')) ?? foreign;
  const unit = energy === undefined ? undefined : otherUnit(energy);
  if (energy !== undefined && unit !== undefined)
    return `power: ${quoted(energy.whole)} is in ${unit}${isEnergy(unit) ? ` (${ENERGY})` : ''}`;
  const nameless = others.find(
    head => head.unit === undefined && (WIND_NAME.test(head.name) || POWER_NAME.test(head.name)),
  );
  const isWind = nameless !== undefined && WIND_NAME.test(nameless.name);
  const keys = isWind ? 'wind_speed_m_per_s' : 'power_W, power_kW, power_MW, power_frac or power_pct';
  if (nameless !== undefined)
    return `values: ${quoted(nameless.whole)} has no unit (write its unit in the heading, or ${keys}: ${quoted(nameless.whole)} under data:)`;
  return `power, wind speed or irradiance among ${others.map(head => quoted(head.whole)).join(', ')}`;
}

/** No column of the file is called so, or has this number. */
export function isMissing(heads: readonly ColumnHead[], name: string | number): boolean {
  if (typeof name === 'number') return heads[name - 1] === undefined;
  const wanted = plain(name);
  return heads.every(head => [head.whole, head.heading, head.name].every(part => plain(part) !== wanted));
}

function byName(heads: readonly ColumnHead[], name: string | number): ColumnHead | string {
  if (typeof name === 'number') {
    return heads[name - 1] ?? `no column ${name}, the file has ${heads.length}`;
  }
  const wanted = plain(name);
  for (const part of ['whole', 'heading', 'name'] as const) {
    const found = heads.filter(head => plain(head[part]) === wanted);
    if (found.length === 1) return found[0];
    if (found.length > 1)
      return `${found.length} columns are called ${quoted(name)} (${found.map(h => quoted(h.whole)).join(', ')})`;
  }
  return `no column ${quoted(name)} among ${heads.map(head => quoted(head.whole)).join(', ')}`;
}

function plain(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Whether a cell may be a value of data: a number, or the word for none. */
function isData(cell: string | undefined): boolean {
  return cell !== undefined && (isNumber(cell) || isNoValue(cell.trim()));
}
