import type { DatabaseSync } from 'node:sqlite';
import type { ColumnStats } from '../blocks/block-codec.ts';
import { KeptColumns } from '../series/kept-columns.ts';
import { FrameReader, type Stretch } from '../stretches.ts';
import { Buckets, bucketWidth_s } from './buckets.ts';
import { type Near, NearWindow } from './near-window.ts';
import { addRough, ROUGH_S } from './rough.ts';
import { shown } from './shown.ts';
import { figureOf, type TrendRole } from './trend-role.ts';
import type { TrendWindow } from './trend-window.ts';

/** Width of the buckets that a whole record is gone through for, s; of a long one twice as wide, and so on. */
const OVERVIEW_S = 60;
/** So many buckets of a trend are kept: 1000 hours in minutes and some. */
const OVERVIEW_MOST = 65_536;
/** What is made of an array is read from all of its members: its overview is that much finer, so that it seldom has to be. */
const FINER_OF_ARRAY = 6;
/** So much of what was read last is kept, bytes. */
const KEPT_BYTES = 32 << 20;

/** A trend in buckets as far as the record has been gone through: rows up to `next`, from 1. */
interface Overview {
  readonly role: TrendRole;
  readonly buckets: Buckets;
  next: number;
}

/** Where the blocks of an instrument lie, as far as they were there at the last look. */
interface Places {
  readonly reader: FrameReader;
  readonly row: number[];
  readonly to_s: number[];
  next: number;
}

/**
 * Windows of the trends of one record, also while it is being written. A wide window is taken from an overview that
 * `goThrough` makes block by block; a narrow one from the readings themselves.
 */
export class WindowReader {
  readonly #db: DatabaseSync;
  readonly #overviews = new Map<string, Overview>();
  readonly #places = new Map<string, Places>();
  readonly #kept = new KeptColumns(KEPT_BYTES);

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * A window of each of these trends, in their order; `columns`: most buckets of one.
   * @throws FileError where the record is damaged there
   */
  windows(roles: readonly TrendRole[], from_s: number, to_s: number, columns: number): TrendWindow[] {
    const width_s = bucketWidth_s(to_s - from_s, columns);
    const made = new Map<TrendRole, TrendWindow>();
    const near: TrendRole[] = [];
    const rough: TrendRole[] = [];
    for (const role of roles) {
      const overview = this.#overview(role);
      const isThrough = overview.next >= this.#at(role.device).next;
      if (width_s < (isThrough ? overview.buckets.width_s : OVERVIEW_S)) near.push(role);
      else if (!isThrough) rough.push(role);
      else made.set(role, far(overview, from_s, to_s, width_s));
    }
    for (const [device, some] of byDevice(near)) {
      for (const [role, window] of this.#near(device, some, { from_s, to_s, columns, width_s }))
        made.set(role, window);
    }
    for (const [device, some] of byDevice(rough)) {
      for (const [role, buckets] of this.#rough(device, some, { from_s, to_s, width_s }))
        made.set(role, shown(role.name, buckets, true));
    }
    return roles.flatMap(role => made.get(role) ?? []);
  }

  /**
   * Goes through the next block of the record for all overviews that wait for it, and says whether more is to be done.
   * @throws FileError where the record is damaged there
   */
  goThrough(): boolean {
    const waiting = [...this.#overviews.values()].filter(
      ({ role, next }) => next <= this.#at(role.device).reader.rows,
    );
    const first = waiting[0];
    if (first === undefined) return false;
    const together = waiting.filter(
      ({ role, next }) => role.device === first.role.device && next === first.next,
    );
    const { reader } = this.#at(first.role.device);
    const channels = channelsOf(together.map(({ role }) => role));
    for (const stretch of reader.stretches({ channels, from: first.next })) {
      const part = partOf(stretch);
      for (const overview of together) {
        const value = part.of(overview.role);
        for (let r = 0; r < stretch.rows; r++) overview.buckets.add(stretch.t_s[r], value[r]);
        overview.next = stretch.row + stretch.rows;
      }
      return true;
    }
    return false;
  }

  #overview(role: TrendRole): Overview {
    const known = this.#overviews.get(role.name);
    if (known !== undefined) return known;
    const finer = role.channels.length > 1 ? FINER_OF_ARRAY : 1;
    const made = { role, buckets: new Buckets(OVERVIEW_S / finer, OVERVIEW_MOST * finer), next: 1 };
    this.#overviews.set(role.name, made);
    return made;
  }

  /** Where the instrument's blocks lie by now. */
  #at(device: string): Places {
    const known = this.#places.get(device);
    const places = known ?? { reader: new FrameReader(this.#db, device), row: [], to_s: [], next: 1 };
    this.#places.set(device, places);
    for (const { row, rows, to_s } of places.reader.heads(places.next)) {
      places.row.push(row);
      places.to_s.push(to_s);
      places.next = row + rows;
    }
    return places;
  }

  /** What the blocks say of themselves, in no more buckets than were asked for. */
  #rough(
    device: string,
    roles: readonly TrendRole[],
    { from_s, to_s, width_s }: Omit<Near, 'columns'>,
  ): Map<TrendRole, Buckets> {
    const made = new Map(roles.map(role => [role, new Buckets(Math.max(ROUGH_S, width_s))]));
    for (const block of this.#at(device).reader.blockStats()) {
      if (block.to_s < from_s || block.from_s > to_s) continue;
      // Least, mean and greatest of an array ask for the same members.
      const known: ColumnStats[] = [];
      const of = (channel: number): ColumnStats => {
        known[channel] ??= block.of(channel);
        return known[channel];
      };
      for (const [role, buckets] of made) addRough(buckets, role, { from_s: block.from_s, of });
    }
    return made;
  }

  #near(device: string, roles: readonly TrendRole[], asked: Near): Map<TrendRole, TrendWindow> {
    const found = new Map(roles.map(role => [role, new NearWindow(asked)]));
    for (const part of this.#parts(device, roles, asked)) {
      for (const [role, window] of found) window.add(part.t_s, part.of(role));
    }
    return new Map([...found].map(([role, window]) => [role, window.shown(role.name)]));
  }

  /** The readings from the block on that holds `from_s`, up to the one that begins behind `to_s`. */
  *#parts(
    device: string,
    roles: readonly TrendRole[],
    { from_s, to_s, width_s }: Near,
  ): Generator<TrendPart> {
    const { reader, row, to_s: ends_s, next: plain } = this.#at(device);
    for (let at = firstFrom(ends_s, from_s - width_s); at < row.length; at++) {
      const part = this.#block(reader, roles, row[at]);
      if (part === undefined || part.t_s[0] > to_s + width_s) return;
      yield part;
    }
    const channels = channelsOf(roles);
    for (const stretch of reader.stretches({ channels, from: plain })) {
      if (stretch.t_s[0] > to_s + width_s) return;
      yield partOf(stretch);
    }
  }

  /** The block that begins with this row, opened once for all that is not kept of it. */
  #block(reader: FrameReader, roles: readonly TrendRole[], row: number): TrendPart | undefined {
    const times = `${reader.device} ${row}`;
    const t_s = this.#kept.get(times);
    const kept = new Map(roles.map(role => [role, this.#kept.get(`${role.name} ${row}`)]));
    const missing = roles.filter(role => kept.get(role) === undefined);
    const of = (role: TrendRole): Float64Array => kept.get(role) ?? new Float64Array(0);
    if (t_s !== undefined && missing.length === 0) return { t_s, of };
    for (const stretch of reader.stretches({ channels: channelsOf(missing), from: row })) {
      const part = partOf(stretch);
      if (t_s === undefined) this.#kept.set(times, part.t_s);
      for (const role of missing) {
        const value = part.of(role);
        kept.set(role, value);
        this.#kept.set(`${role.name} ${row}`, value);
      }
      return { t_s: part.t_s, of };
    }
    return undefined;
  }
}

/** Rows that follow each other, and the value of a trend in each of them. */
interface TrendPart {
  readonly t_s: Float64Array;
  of(role: TrendRole): Float64Array;
}

/** Columns are read once, whichever trends want them. */
function partOf(stretch: Stretch): TrendPart {
  const columns = new Map<number, Float64Array>();
  const column = (channel: number): Float64Array => {
    const known = columns.get(channel) ?? stretch.usable(channel);
    columns.set(channel, known);
    return known;
  };
  return { t_s: stretch.t_s, of: ({ figure, channels }) => figureOf(figure, channels.map(column)) };
}

const channelsOf = (roles: readonly TrendRole[]): number[] => [
  ...new Set(roles.flatMap(({ channels }) => channels)),
];

const byDevice = (roles: readonly TrendRole[]): Map<string, TrendRole[]> =>
  Map.groupBy(roles, ({ device }) => device);

/** A stretch of an overview in wider buckets. */
function far({ role, buckets }: Overview, from_s: number, to_s: number, width_s: number): TrendWindow {
  const wide = new Buckets(width_s);
  // Whole buckets, as in a narrow window.
  const begin_s = Math.floor(from_s / width_s) * width_s;
  const end_s = Math.ceil(to_s / width_s) * width_s;
  for (let i = 0; i < buckets.count; i++) {
    const at_s = buckets.from_s(i);
    if (at_s >= begin_s && at_s < end_s) wide.addSpan(at_s, buckets.min(i), buckets.max(i), buckets.last(i));
  }
  return shown(role.name, wide, false);
}

/** First place whose block ends at `from_s` or later. */
function firstFrom(ends_s: readonly number[], from_s: number): number {
  let low = 0;
  let high = ends_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends_s[middle] < from_s) low = middle + 1;
    else high = middle;
  }
  return low;
}
