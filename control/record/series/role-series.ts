import type { DatabaseSync } from 'node:sqlite';
import type { RecordedSeries } from '../../../profiles/recorded-run.ts';
import type { SeriesPart, SeriesParts } from '../../../profiles/series-parts.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { OpenBlocks } from '../blocks/open-blocks.ts';
import { FrameReader, type Stretch } from '../stretches.ts';
import { KeptColumns } from './kept-columns.ts';

/** The readings of single roles as they lie in the file: what is asked for is opened, a little of it is kept. */

/** So much of what was read last is kept, bytes: some ten roles of a thousand hours at 1 Hz. */
const KEPT_BYTES = 64 << 20;
/** Rows that are not sealed (yet) are read so many at a time. */
const PLAIN_ROWS = 4096;

/** Where the parts of an instrument's table begin and end: rows, from 1 (the one after the last), and their times, s. */
interface Places {
  readonly row: Float64Array;
  readonly end: Float64Array;
  readonly startsAt_s: Float64Array;
  readonly readings: number;
}

/** The series of a record by role. `db` hands out the file, opened (again) where it is not; `blocks`: its opened blocks. */
export class SeriesReader {
  readonly #db: () => DatabaseSync;
  readonly #blocks: OpenBlocks;
  readonly #places = new Map<string, Places>();
  readonly #times = new Map<string, Float64Array>();
  readonly #kept = new KeptColumns(KEPT_BYTES);
  /** The tables of the file as long as it is open. */
  #tables = new Map<string, FrameReader>();
  #tablesOf: DatabaseSync | undefined;

  constructor(db: () => DatabaseSync, blocks: OpenBlocks) {
    this.#db = db;
    this.#blocks = blocks;
  }

  /** The readings of a role that one channel measures, as many as there are at the first call for its instrument. */
  series(
    { device, first: channel }: MeasuredRole,
    { join_s, joins, isBounded }: Pick<RecordedSeries, 'join_s' | 'joins' | 'isBounded'>,
  ): RecordedSeries {
    const parts = this.#partsOf(device, channel);
    let value: Float64Array | undefined;
    const timesOf = () => this.#timesOf(device, parts);
    return {
      get t_s() {
        return timesOf();
      },
      get value() {
        value ??= together(parts, part => part.value);
        return value;
      },
      ...(join_s === undefined ? {} : { join_s }),
      ...(joins === undefined ? {} : { joins }),
      ...(isBounded === undefined ? {} : { isBounded }),
      parts,
    };
  }

  #partsOf(device: string, channel: number): SeriesParts {
    const places = this.#placesOf(device);
    return {
      count: places.row.length,
      readings: places.readings,
      startsAt_s: part => places.startsAt_s[part],
      part: part => this.#part(device, channel, part, places),
    };
  }

  /** The roles of an instrument share their times. */
  #timesOf(device: string, parts: SeriesParts): Float64Array {
    const known = this.#times.get(device) ?? together(parts, part => part.t_s);
    this.#times.set(device, known);
    return known;
  }

  #placesOf(device: string): Places {
    const known = this.#places.get(device) ?? placesOf(this.#table(device));
    this.#places.set(device, known);
    return known;
  }

  #table(device: string): FrameReader {
    const db = this.#db();
    if (this.#tablesOf !== db) this.#tables = new Map();
    this.#tablesOf = db;
    const table = this.#tables.get(device) ?? new FrameReader(db, device, this.#blocks);
    this.#tables.set(device, table);
    return table;
  }

  #part(device: string, channel: number, part: number, places: Places): SeriesPart {
    const row = places.row[part];
    const name = (what: number | string): string => `${device} ${what} ${row}`;
    const [t_s, value] = [this.#kept.get(name('t_s')), this.#kept.get(name(channel))];
    if (t_s !== undefined && value !== undefined) return { t_s, value };
    const end = places.end[part];
    const read = rowsOf(this.#table(device), channel, row, end, t_s);
    if (t_s === undefined) this.#kept.set(name('t_s'), read.t_s);
    this.#kept.set(name(channel), read.value);
    return read;
  }
}

function placesOf(reader: FrameReader): Places {
  const last = reader.rows + 1;
  const row: number[] = [];
  const end: number[] = [];
  const startsAt_s: number[] = [];
  let readings = 0;
  const add = (from: number, to: number, from_s: number): void => {
    row.push(from);
    end.push(to);
    startsAt_s.push(from_s);
    readings += to - from;
  };
  let next = 1;
  for (const block of reader.heads()) {
    if (block.row >= last) break;
    next = block.row + block.rows;
    add(block.row, Math.min(next, last), block.from_s);
  }
  for (const run of reader.plainRuns(next, last)) {
    const to = run.row + run.rows;
    for (let from = run.row; from < to; from += PLAIN_ROWS)
      add(from, Math.min(to, from + PLAIN_ROWS), reader.timeOf_s(from));
  }
  return {
    row: Float64Array.from(row),
    end: Float64Array.from(end),
    startsAt_s: Float64Array.from(startsAt_s),
    readings,
  };
}

/** Rows from `row` up to `end`; they may have been sealed since somebody looked where they lie. */
function rowsOf(
  reader: FrameReader,
  channel: number,
  row: number,
  end: number,
  times?: Float64Array,
): SeriesPart {
  const found: Stretch[] = [];
  let next = row;
  for (const stretch of reader.stretches({ channels: [channel], from: row })) {
    found.push(stretch);
    next += stretch.rows;
    if (next >= end) break;
  }
  const rows = Math.min(end, next) - row;
  const gathered = (column: (of: Stretch) => Float64Array): Float64Array => {
    if (found.length === 1) return column(found[0]).subarray(0, rows);
    const all = new Float64Array(rows);
    let n = 0;
    for (const stretch of found) {
      const taken = column(stretch).subarray(0, rows - n);
      all.set(taken, n);
      n += taken.length;
    }
    return all;
  };
  return { t_s: times ?? gathered(of => of.t_s), value: gathered(of => of.usable(channel)) };
}

function together(parts: SeriesParts, column: (part: SeriesPart) => Float64Array): Float64Array {
  const all = new Float64Array(parts.readings);
  let n = 0;
  for (let i = 0; i < parts.count; i++) {
    const values = column(parts.part(i));
    all.set(values, n);
    n += values.length;
  }
  return all;
}
