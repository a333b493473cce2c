import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeBlock } from './block-codec.ts';
import type { FrameRows, JournalTable } from './journal-messages.ts';

/**
 * One instrument's readings in the file. The newest stretch is rows of a plain table, row by row as they come; as soon
 * as it is long enough it is sealed: written as a block, its rows deleted, in the transaction that brings its last rows.
 * So much at once that it makes a stretch by itself becomes a block without ever being rows.
 */

/** So many rows make a stretch. */
export const SEALED_ROWS = 1024;
/** Blocks are not longer: whoever wants one value of a block reads all of the column. */
const MOST_ROWS_OF_BLOCK = 4096;
/** A statement with more values than this gains nothing. */
const MOST_BOUND = 4000;
const MOST_ROWS_AT_ONCE = 32;

type Bound = number | string | Uint8Array | null;

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
  readonly #db: DatabaseSync;
  readonly #name: string;
  readonly #channels: number;
  /** One row of any kind. */
  readonly #insert: StatementSync;
  readonly #row: Bound[];
  /** Many rows at once that share one quality and have no reason, by quality; prepared when first needed. */
  readonly #alike = new Map<number, StatementSync>();
  readonly #rowsAtOnce: number;
  readonly #rows: Bound[];
  readonly #columns: string;
  readonly #block: StatementSync;
  readonly #delete: StatementSync;
  /** As committed, and as it is in the transaction under way. */
  #kept: Stretch;
  #now: Stretch;

  /** Makes the table; `blocks` is there. One row per frame: t_s, the channels by name, quality (one byte if all are equal), the reason of a bad frame. */
  constructor(db: DatabaseSync, { device, channels }: JournalTable) {
    this.#db = db;
    this.#name = `frames_${device}`;
    const names = channels.map(channel => `"${channel}"`);
    const columns = ['t_s REAL NOT NULL', ...names.map(name => `${name} REAL`)].join(', ');
    db.exec(`CREATE TABLE "${this.#name}" (${columns}, quality BLOB NOT NULL, reason TEXT)`);
    this.#columns = ['rowid', 't_s', ...names, 'quality', 'reason'].join(', ');
    const count = channels.length;
    this.#channels = count;
    this.#rowsAtOnce = Math.max(1, Math.min(MOST_ROWS_AT_ONCE, Math.floor(MOST_BOUND / (count + 2))));
    this.#insert = db.prepare(`${this.#into} (${places(count + 4)})`);
    this.#row = new Array(count + 4).fill(null);
    this.#rows = new Array(this.#rowsAtOnce * (count + 2)).fill(null);
    this.#block = db.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#delete = db.prepare(`DELETE FROM "${this.#name}"`);
    this.#kept = this.#empty(0);
    this.#now = this.#kept;
  }

  get #into(): string {
    return `INSERT INTO "${this.#name}" (${this.#columns}) VALUES`;
  }

  /** Writes rows behind those that are there. */
  add(more: FrameRows): void {
    const { rows } = this.#now;
    if (rows + more.rows >= SEALED_ROWS) {
      this.#seal(rows === 0 ? more : this.#together(more));
      return;
    }
    const number = this.#now.sealed + rows + 1;
    this.#insertRows(more, number);
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
      const b = encodeBlock(all, from, to, this.#channels);
      const first = sealed + from + 1;
      this.#block.run(...[this.#name, first, b.rows, b.from_s, b.to_s, b.packed, b.crc32, b.stats, b.data]);
    }
    if (rows > 0) this.#delete.run();
    // Buffers of rows that may have to come back are left alone.
    this.#now = rows === 0 ? { ...this.#now, sealed: sealed + all.rows } : this.#empty(sealed + all.rows);
  }

  #insertRows(batch: FrameRows, number: number): void {
    const width = this.#channels + 1;
    let r = 0;
    while (r < batch.rows) {
      const alike = alikeFrom(batch, r, this.#channels, this.#rowsAtOnce);
      if (alike < this.#rowsAtOnce) {
        // What is left of a run of rows that are alike, or the odd one: one at a time.
        for (const end = r + Math.max(1, alike); r < end; r++) this.#insertRow(batch, r, number + r);
      } else {
        const rows = this.#rows;
        for (let i = 0, at = r * width; i < rows.length; r++) {
          rows[i++] = number + r;
          for (let c = 0; c < width; c++) rows[i++] = orNull(batch.values[at++]);
        }
        this.#insertAlike(batch.quality[(r - 1) * this.#channels]).run(...rows);
      }
    }
  }

  #insertRow(batch: FrameRows, r: number, number: number): void {
    const row = this.#row;
    const channels = this.#channels;
    const at = r * (channels + 1);
    row[0] = number;
    for (let c = 0; c <= channels; c++) row[c + 1] = orNull(batch.values[at + c]);
    row[channels + 2] = qualityBlob(batch.quality, r * channels, channels);
    row[channels + 3] = batch.reasons.get(r) ?? null;
    this.#insert.run(...row);
  }

  #insertAlike(quality: number): StatementSync {
    const known = this.#alike.get(quality);
    if (known !== undefined) return known;
    const byte = quality.toString(16).padStart(2, '0');
    const row = `(${places(this.#channels + 2)}, x'${byte}', NULL)`;
    const statement = this.#db.prepare(`${this.#into} ${new Array(this.#rowsAtOnce).fill(row).join(', ')}`);
    this.#alike.set(quality, statement);
    return statement;
  }
}

function places(count: number): string {
  return new Array(count).fill('?').join(', ');
}

/** How many rows from this one on, `most` at most, share one quality and have no reason. */
function alikeFrom(batch: FrameRows, from: number, channels: number, most: number): number {
  const end = Math.min(batch.rows, from + most);
  const first = batch.quality[from * channels];
  for (let r = from; r < end; r++) {
    if (batch.reasons.has(r) || !isUniform(batch.quality, r * channels, channels, first)) return r - from;
  }
  return end - from;
}

const UNIFORM = Array.from({ length: 256 }, (_, q) => Uint8Array.of(q));

function qualityBlob(quality: Uint8Array, from: number, count: number): Uint8Array {
  const first = quality[from];
  return isUniform(quality, from, count, first) ? UNIFORM[first] : quality.slice(from, from + count);
}

function isUniform(quality: Uint8Array, from: number, count: number, value: number): boolean {
  for (let i = from; i < from + count; i++) if (quality[i] !== value) return false;
  return true;
}

/** SQLite has no NaN; a missing value is NULL, and the quality says why. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
