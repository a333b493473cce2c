import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FrameRows } from '../journal-messages.ts';

/** A statement with more values than this gains nothing. */
const MOST_BOUND = 4000;
const MOST_ROWS_AT_ONCE = 32;

type Bound = number | string | Uint8Array | null;

/**
 * Inserts readings as plain rows into an instrument's table: t_s, the channels by name, quality (one byte if all are
 * equal), the reason of a bad frame. A row's number is its rowid.
 */
export class RowWriter {
  readonly #db: DatabaseSync;
  readonly #channels: number;
  readonly #into: string;
  /** One row of any kind. */
  readonly #insert: StatementSync;
  readonly #row: Bound[];
  /** Many rows at once that share one quality and have no reason, by quality; prepared when first needed. */
  readonly #alike = new Map<number, StatementSync>();
  readonly #rowsAtOnce: number;
  readonly #rows: Bound[];

  /** `table` is there, with these channels. */
  constructor(db: DatabaseSync, table: string, channels: readonly string[]) {
    this.#db = db;
    const count = channels.length;
    this.#channels = count;
    const names = channels.map(channel => `"${channel}"`);
    this.#into = `INSERT INTO "${table}" (${['rowid', 't_s', ...names, 'quality', 'reason'].join(', ')}) VALUES`;
    this.#rowsAtOnce = Math.max(1, Math.min(MOST_ROWS_AT_ONCE, Math.floor(MOST_BOUND / (count + 2))));
    this.#insert = db.prepare(`${this.#into} (${places(count + 4)})`);
    this.#row = new Array(count + 4).fill(null);
    this.#rows = new Array(this.#rowsAtOnce * (count + 2)).fill(null);
  }

  /** Inserts rows, the first of them with this number. */
  insert(batch: FrameRows, number: number): void {
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
