import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeBlock } from '../blocks/block-codec.ts';
import { BlockTable, MOST_ROWS_OF_BLOCK, SEALED_ROWS } from '../blocks/block-table.ts';
import type { FrameRows, JournalTable } from '../journal-messages.ts';
import type { Seals } from '../seal/seals.ts';
import { FrameReader } from '../stretches.ts';
import { asRows } from './as-rows.ts';
import { RowWriter } from './row-writer.ts';

/**
 * One instrument's readings in the file. The newest stretch is rows of a plain table, row by row as they come; as soon
 * as it is long enough it is sealed: written as a block, its rows deleted, in the transaction that brings its last rows.
 * So much at once that it makes a stretch by itself becomes a block without ever being rows.
 */

/** The rows that are in the plain table: all the thread knows of it, so that sealing reads nothing back. */
interface Stretch {
  /** Rows that were sealed before it. */
  readonly sealed: number;
  readonly rows: number;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  /** Of this stretch and, beyond `rows`, of what was rolled back. */
  readonly reasons: Map<number, string>;
}

/** Writes one table. All of it happens inside a transaction of its caller, who says how that ended. */
export class FrameTable {
  readonly #name: string;
  readonly #channels: number;
  readonly #rows: RowWriter;
  readonly #blocks: BlockTable;
  readonly #delete: StatementSync;
  /** As committed, and as it is in the transaction under way. */
  #kept: Stretch;
  #now: Stretch;

  /** The table is there, as `blocks` and `seals` are; goes on behind its rows. */
  constructor(db: DatabaseSync, { device, channels }: JournalTable, seals: Seals) {
    this.#name = `frames_${device}`;
    this.#channels = channels.length;
    this.#rows = new RowWriter(db, this.#name, channels);
    this.#blocks = new BlockTable(db, seals);
    this.#delete = db.prepare(`DELETE FROM "${this.#name}"`);
    const reader = new FrameReader(db, device);
    this.#kept = this.#empty(reader.sealed);
    this.#now = this.#kept;
    const places = channels.map((_, place) => place);
    for (const stretch of reader.stretches({ channels: places, from: reader.sealed + 1 }))
      this.#append(asRows(stretch, places));
    this.#kept = this.#now;
  }

  /** Writes rows behind those that are there. */
  add(more: FrameRows): void {
    const { rows } = this.#now;
    if (rows + more.rows >= SEALED_ROWS) {
      this.#seal(rows === 0 ? more : this.#together(more));
      return;
    }
    this.#rows.insert(more, this.#now.sealed + rows + 1);
    this.#append(more);
  }

  /** What was added is in the file for good. */
  committed(): void {
    this.#kept = this.#now;
  }

  /** What was added since the last commit is not in the file. */
  rolledBack(): void {
    this.#now = this.#kept;
  }

  #empty(sealed: number): Stretch {
    return {
      sealed,
      rows: 0,
      values: new Float64Array(SEALED_ROWS * (this.#channels + 1)),
      quality: new Uint8Array(SEALED_ROWS * this.#channels),
      reasons: new Map(),
    };
  }

  /** Behind the committed rows of the same buffers: a roll-back leaves what it must. */
  #append(more: FrameRows): void {
    const { rows, values, quality, reasons, sealed } = this.#now;
    const width = this.#channels + 1;
    values.set(more.values.subarray(0, more.rows * width), rows * width);
    quality.set(more.quality.subarray(0, more.rows * this.#channels), rows * this.#channels);
    for (let r = 0; r < more.rows; r++) {
      const reason = more.reasons.get(r);
      if (reason === undefined) reasons.delete(rows + r);
      else reasons.set(rows + r, reason);
    }
    this.#now = { sealed, rows: rows + more.rows, values, quality, reasons };
  }

  /** The plain rows with those that come now. */
  #together(more: FrameRows): FrameRows {
    const width = this.#channels + 1;
    const { rows, values, quality, reasons } = this.#now;
    const all = {
      rows: rows + more.rows,
      values: new Float64Array((rows + more.rows) * width),
      quality: new Uint8Array((rows + more.rows) * this.#channels),
      reasons: new Map([...reasons].filter(([row]) => row < rows)),
    };
    all.values.set(values.subarray(0, rows * width));
    all.values.set(more.values.subarray(0, more.rows * width), rows * width);
    all.quality.set(quality.subarray(0, rows * this.#channels));
    all.quality.set(more.quality.subarray(0, more.rows * this.#channels), rows * this.#channels);
    for (const [row, text] of more.reasons) all.reasons.set(rows + row, text);
    return all;
  }

  #seal(all: FrameRows): void {
    const { sealed, rows } = this.#now;
    const count = Math.ceil(all.rows / MOST_ROWS_OF_BLOCK);
    for (let i = 0; i < count; i++) {
      const from = Math.floor((i * all.rows) / count);
      const to = Math.floor(((i + 1) * all.rows) / count);
      const reasons = [...all.reasons].flatMap(([row, text]): [number, string][] =>
        row >= from && row < to ? [[row - from, text]] : [],
      );
      const block = encodeBlock(all, from, to, this.#channels, reasons);
      this.#blocks.add(this.#name, sealed + from + 1, block);
    }
    if (rows > 0) this.#delete.run();
    // Buffers of rows that may have to come back are left alone.
    this.#now = rows === 0 ? { ...this.#now, sealed: sealed + all.rows } : this.#empty(sealed + all.rows);
  }
}
