import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import {
  type Block,
  type ColumnStats,
  isUsable,
  type OpenBlock,
  openBlock,
  type QualityRun,
  statsOf,
} from './block-codec.ts';

/**
 * The one way to an instrument's recorded readings: stretch by stretch in the order written, whether they lie in the
 * file as blocks or as rows. A file that is being written may be read, too: what is sealed meanwhile is met as a block.
 */

/** Some rows that follow each other. Places in it count from its first row. */
export interface Stretch {
  /** Number of the first row, from 1. */
  readonly row: number;
  readonly rows: number;
  readonly t_s: Float64Array;
  /** Values of a channel by its place in the table, as recorded: NaN where there was none. */
  values(channel: number): Float64Array;
  /** The same with NaN for all that must not be used. */
  usable(channel: number): Float64Array;
  readonly quality: readonly QualityRun[];
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

/** So many rows are fetched at once: enough to outweigh the query, few enough to be garbage at once. */
const ROWS_AT_ONCE = 1000;

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
  readonly #db: DatabaseSync;
  readonly #table: string;
  readonly #hasBlocks: boolean;

  constructor(db: DatabaseSync, device: string) {
    this.device = device;
    this.#db = db;
    this.#table = `frames_${device}`;
    const info = db.prepare(`PRAGMA table_info("${this.#table}")`).all() as { name: string }[];
    // t_s, the channels, quality and reason.
    this.channels = info.slice(1, -2).map(column => column.name);
    this.#hasBlocks = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").get() !== undefined;
  }

  /** Rows so far; the tables only grow, so that the last row's number tells it. */
  get rows(): number {
    return Math.max(this.#lastRow(), this.sealed);
  }

  #lastRow(): number {
    const row = this.#db.prepare(`SELECT max(rowid) AS n FROM "${this.#table}"`).get() as {
      n: number | null;
    };
    return row.n ?? 0;
  }

  /** Rows that lie in blocks: the first ones. */
  get sealed(): number {
    if (!this.#hasBlocks) return 0;
    const last = this.#db
      .prepare('SELECT row + rows - 1 AS n FROM blocks WHERE source = ? ORDER BY row DESC LIMIT 1')
      .get(this.#table) as { n: number } | undefined;
    return last?.n ?? 0;
  }

  /** What each block says of a channel, from the first on; rows that are not sealed yet are in none. */
  *stats(channel: number): Generator<ColumnStats & { readonly from_s: number; readonly to_s: number }> {
    if (!this.#hasBlocks) return;
    const rows = this.#db
      .prepare('SELECT from_s, to_s, stats FROM blocks WHERE source = ? ORDER BY row')
      .iterate(this.#table) as unknown as Iterable<Pick<Block, 'from_s' | 'to_s' | 'stats'>>;
    for (const block of rows)
      yield { from_s: block.from_s, to_s: block.to_s, ...statsOf(block, channel + 1) };
  }

  /** The rows. @throws FileError where the record is damaged */
  *stretches({ channels, from = 1, within }: Wanted): Generator<Stretch> {
    const names = channels.map(channel => `"${this.channels[channel]}"`);
    const plain = this.#db.prepare(
      `SELECT ${['rowid', 't_s', 'quality', 'reason', ...names].join(', ')} FROM "${this.#table}"
       WHERE rowid >= ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
    );
    plain.setReturnArrays(true);
    let next = from;
    // Whatever is no plain row (any more) is a block.
    for (let isSealed = this.#hasBlocks; ; ) {
      if (isSealed) {
        const block = this.#blockWith(next);
        if (block !== undefined) {
          if (within === undefined || (block.to_s >= within.from_s && block.from_s <= within.to_s)) {
            yield this.#sealedStretch(block, next);
          }
          next = block.row + block.rows;
          continue;
        }
      }
      const rows = plain.all(next) as unknown as Cell[][];
      if (rows.length === 0 || rows[0][0] !== next) {
        const isWritten = this.sealed >= next;
        if (isWritten && !isSealed) {
          isSealed = true;
          continue;
        }
        if (isWritten || rows.length > 0) throw this.#damaged(`rows from ${next} on are missing`);
        return;
      }
      isSealed = false;
      yield plainStretch(rows, channels);
      next += rows.length;
    }
  }

  #blockWith(row: number): FileBlock | undefined {
    const block = this.#db
      .prepare('SELECT * FROM blocks WHERE source = ? AND row <= ? ORDER BY row DESC LIMIT 1')
      .get(this.#table, row) as unknown as FileBlock | undefined;
    return block !== undefined && row < block.row + block.rows ? block : undefined;
  }

  #sealedStretch(block: FileBlock, first: number): Stretch {
    const skipped = first - block.row;
    const checked = <T>(read: () => T): T => {
      try {
        return read();
      } catch (error) {
        throw this.#damaged(`rows ${block.row} to ${block.row + block.rows - 1}: ${messageOf(error)}`);
      }
    };
    const open: OpenBlock = checked(() => openBlock(block, this.channels.length));
    const column = (place: number): Float64Array => checked(() => open.column(place)).subarray(skipped);
    const quality = checked(() => open.quality()).flatMap(run =>
      run.to > skipped ? [{ ...run, from: Math.max(0, run.from - skipped), to: run.to - skipped }] : [],
    );
    const reasons = new Map<number, string>();
    for (const [row, text] of checked(() => open.reasons()))
      if (row >= skipped) reasons.set(row - skipped, text);
    return {
      row: first,
      rows: block.rows - skipped,
      t_s: column(0),
      values: channel => column(channel + 1),
      usable: channel => onlyUsable(column(channel + 1), quality, channel),
      quality,
      reasons,
    };
  }

  #damaged(text: string): FileError {
    return new FileError(this.#db.location() ?? 'record', 0, `${this.#table}: ${text}`);
  }
}

interface FileBlock extends Block {
  readonly row: number;
}

type Cell = number | string | Uint8Array | null;

/** Cells before the channels: rowid, t_s, quality, reason. */
const BEFORE = 4;

function plainStretch(rows: readonly Cell[][], channels: readonly number[]): Stretch {
  const quality: { from: number; to: number; bytes: Uint8Array }[] = [];
  const reasons = new Map<number, string>();
  for (let r = 0; r < rows.length; r++) {
    const bytes = rows[r][2] as Uint8Array;
    const last = quality.at(-1);
    if (last !== undefined && isSame(last.bytes, bytes)) last.to = r + 1;
    else quality.push({ from: r, to: r + 1, bytes });
    if (rows[r][3] !== null) reasons.set(r, String(rows[r][3]));
  }
  const column = (at: number): Float64Array => {
    const values = new Float64Array(rows.length);
    for (let r = 0; r < values.length; r++) values[r] = (rows[r][at] as number | null) ?? Number.NaN;
    return values;
  };
  const values = (channel: number): Float64Array => column(BEFORE + channels.indexOf(channel));
  return {
    row: rows[0][0] as number,
    rows: rows.length,
    t_s: column(1),
    values,
    usable: channel => onlyUsable(values(channel), quality, channel),
    quality,
    reasons,
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function onlyUsable(values: Float64Array, quality: readonly QualityRun[], channel: number): Float64Array {
  for (const { from, to, bytes } of quality) if (!isUsable(bytes, channel)) values.fill(Number.NaN, from, to);
  return values;
}
