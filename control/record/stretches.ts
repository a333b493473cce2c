import type { DatabaseSync } from 'node:sqlite';
import { type ColumnStats, isUsable, type QualityRun, statsOf } from './blocks/block-codec.ts';
import type { OpenBlocks } from './blocks/open-blocks.ts';
import { type BlockPlace, type Cell, type Part, PartReader } from './blocks/parts.ts';
import type { RowRun } from './damage/marks.ts';

/** The one way to an instrument's recorded readings, whether they lie in the file as blocks or as rows. */

/** Some rows that follow each other. Places in it count from its first row. */
export interface Stretch {
  /** Number of the first row, from 1. */
  readonly row: number;
  readonly rows: number;
  /** Whose rows these are, all of them: the same one when they are read again and were kept. Undefined: nobody's. */
  readonly block?: object;
  readonly t_s: Float64Array;
  /** Values of a channel by its place in the table, as recorded: NaN where there was none. */
  values(channel: number): Float64Array;
  /** The same with NaN for all that must not be used. */
  usable(channel: number): Float64Array;
  readonly quality: readonly QualityRun[];
  /** By place. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** What of a table is read. */
export interface Wanted {
  /** Channels by place that are asked for; no others may be. */
  readonly channels: readonly number[];
  /** First row, from 1. */
  readonly from?: number;
  /** Stretches that lie outside of these times, s, may be left out. */
  readonly within?: { readonly from_s: number; readonly to_s: number };
}

/** The instruments that have a table in a journal, by their names in the bench file. */
export function devicesOf(db: DatabaseSync): string[] {
  const tables = db
    .prepare(
      "SELECT substr(name, 8) AS device FROM sqlite_master WHERE type = 'table' AND name LIKE 'frames\\_%' ESCAPE '\\' ORDER BY rowid",
    )
    .all() as { device: string }[];
  return tables.map(table => table.device);
}

/** An instrument's table in an open journal. */
export class FrameReader {
  readonly device: string;
  /** Channels by place; none if there is no such table. */
  readonly channels: readonly string[];
  readonly #parts: PartReader;

  /** `kept`: where opened blocks are kept for whoever reads the same record again. */
  constructor(db: DatabaseSync, device: string, kept?: OpenBlocks) {
    this.device = device;
    const info = db.prepare(`PRAGMA table_info("frames_${device}")`).all() as { name: string }[];
    // t_s, the channels, quality and reason.
    this.channels = info.slice(1, -2).map(column => column.name);
    this.#parts = new PartReader(db, `frames_${device}`, this.channels.length, kept);
  }

  /** Number of the last row so far. */
  get rows(): number {
    return this.#parts.rows;
  }

  /** Rows so far that can be read: all of them, but of a damaged record that is read all the same. */
  get count(): number {
    return this.#parts.count;
  }

  /** Rows that lie in blocks: the first ones. */
  get sealed(): number {
    return this.#parts.sealed;
  }

  /** Rows and times of each block that begins with row `from` or later; rows that are not sealed yet are in none. */
  heads(from = 1): Generator<BlockPlace> {
    return this.#parts.places(from);
  }

  /** Rows from `from` up to `end` that lie in no block. */
  plainRuns(from: number, end: number): readonly RowRun[] {
    return this.#parts.plainRuns(from, end);
  }

  /** Run time of a row, from 1, that lies in no block or has got into one meanwhile, s. */
  timeOf_s(row: number): number {
    for (const stretch of this.stretches({ channels: [], from: row })) return stretch.t_s[0];
    return Number.NaN;
  }

  /** What each block says of a channel, from the first on; rows that are not sealed yet are in none. */
  *stats(channel: number): Generator<ColumnStats & { readonly from_s: number; readonly to_s: number }> {
    for (const { from_s, to_s, of } of this.blockStats()) yield { from_s, to_s, ...of(channel) };
  }

  /** The same of any channel. */
  *blockStats(): Generator<{
    readonly from_s: number;
    readonly to_s: number;
    of(channel: number): ColumnStats;
  }> {
    for (const { from_s, to_s, stats } of this.#parts.heads())
      yield { from_s, to_s, of: channel => statsOf(stats, channel + 1) };
  }

  /** The rows in the order written. @throws FileError where the record is damaged */
  *stretches({ channels, from = 1, within }: Wanted): Generator<Stretch> {
    const columns = ['t_s', 'quality', 'reason', ...channels.map(place => `"${this.channels[place]}"`)];
    const parts = this.#parts.parts(
      columns,
      from,
      block => within === undefined || (block.to_s >= within.from_s && block.from_s <= within.to_s),
    );
    for (const part of parts) yield 'open' in part ? sealedStretch(part) : plainStretch(part, channels);
  }
}

/** The rows of an opened block, from the first that was asked for on. */
export function sealedStretch({
  row,
  count,
  skipped,
  open,
  block,
}: Omit<Extract<Part, { open: unknown }>, 'block'> & { readonly block?: object }): Stretch {
  const column = (place: number): Float64Array => open.column(place).subarray(skipped);
  const quality = open
    .quality()
    .flatMap(run =>
      run.to > skipped ? [{ ...run, from: Math.max(0, run.from - skipped), to: run.to - skipped }] : [],
    );
  const reasons = new Map<number, string>();
  for (const [place, text] of open.texts()) if (place >= skipped) reasons.set(place - skipped, text);
  return {
    row,
    rows: count,
    ...(block === undefined || skipped > 0 ? {} : { block }),
    t_s: column(0),
    values: channel => column(channel + 1),
    usable: channel => onlyUsable(column(channel + 1), quality, channel),
    quality,
    reasons,
  };
}

/** Cells before the channels: rowid, t_s, quality, reason. */
const BEFORE = 4;

function plainStretch(part: Extract<Part, { rows: unknown }>, channels: readonly number[]): Stretch {
  const { row, rows } = part;
  const quality: { from: number; to: number; bytes: Uint8Array }[] = [];
  const reasons = new Map<number, string>();
  for (let r = 0; r < rows.length; r++) {
    const bytes = rows[r][2] as Uint8Array;
    const last = quality.at(-1);
    if (last !== undefined && isSame(last.bytes, bytes)) last.to = r + 1;
    else quality.push({ from: r, to: r + 1, bytes });
    if (rows[r][3] !== null) reasons.set(r, String(rows[r][3]));
  }
  const values = (channel: number): Float64Array => figures(rows, BEFORE + channels.indexOf(channel));
  return {
    row,
    rows: rows.length,
    t_s: figures(rows, 1),
    values,
    usable: channel => onlyUsable(values(channel), quality, channel),
    quality,
    reasons,
  };
}

/** One column of rows; NaN where there is no value. */
export function figures(rows: readonly (readonly Cell[])[], at: number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let r = 0; r < values.length; r++) values[r] = (rows[r][at] as number | null) ?? Number.NaN;
  return values;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function onlyUsable(values: Float64Array, quality: readonly QualityRun[], channel: number): Float64Array {
  for (const { from, to, bytes } of quality) if (!isUsable(bytes, channel)) values.fill(Number.NaN, from, to);
  return values;
}
