import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Batch, FrameBatch, JournalTable } from './journal-messages.ts';
import type { SetpointBatch } from './setpoint-buffer.ts';

type Bound = number | string | Uint8Array | null;

interface OpenTable {
  readonly name: string;
  readonly channels: number;
  /** One row of any kind. */
  readonly insert: StatementSync;
  readonly row: Bound[];
  /** Many rows at once that share one quality and have no reason, by quality; prepared when first needed. */
  readonly alike: Map<number, StatementSync>;
  readonly rowsAtOnce: number;
  readonly rows: Bound[];
}

/** A statement with more values than this gains nothing. */
const MOST_BOUND = 4000;
const MOST_ROWS_AT_ONCE = 32;
/** A checkpoint is all that is needed to go on: the newest says everything, a few are kept for safety. */
const KEPT_CHECKPOINTS = 3;

/** The file of a journal, open for writing: one transaction per batch, so that a batch is there whole or not at all. */
export class JournalFile {
  readonly db: DatabaseSync;
  readonly #tables: OpenTable[];
  readonly #event: StatementSync;
  readonly #setpoint: StatementSync;
  readonly #checkpoint: StatementSync;
  readonly #forget: StatementSync;

  /** Makes the file and its tables; there must be none yet. */
  constructor(path: string, tables: readonly JournalTable[], meta: Readonly<Record<string, string>>) {
    const db = new DatabaseSync(path);
    this.db = db;
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    db.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE events (t_s REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, data TEXT);
      CREATE TABLE setpoints (t_s REAL NOT NULL, role TEXT NOT NULL, asked REAL, applied REAL, source TEXT NOT NULL, outcome TEXT NOT NULL);
      CREATE TABLE checkpoints (t_s REAL NOT NULL, state TEXT NOT NULL);
    `);
    const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?)');
    for (const [key, value] of Object.entries(meta)) setMeta.run(key, value);
    this.#tables = tables.map(table => createTable(db, table));
    this.#event = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
    this.#setpoint = db.prepare('INSERT INTO setpoints VALUES (?, ?, ?, ?, ?, ?)');
    this.#checkpoint = db.prepare('INSERT INTO checkpoints VALUES (?, ?)');
    this.#forget = db.prepare(
      `DELETE FROM checkpoints WHERE rowid <= (SELECT max(rowid) FROM checkpoints) - ${KEPT_CHECKPOINTS}`,
    );
  }

  /** Writes a batch; throws, with nothing of it written, if that cannot be done. */
  write(batch: Batch): void {
    this.db.exec('BEGIN');
    try {
      for (const frames of batch.frames) writeFrames(this.db, this.#tables[frames.table], frames);
      for (const e of batch.events)
        this.#event.run(e.t_s, e.kind, e.text, e.data === undefined ? null : JSON.stringify(e.data));
      writeSetpoints(this.#setpoint, batch.setpoints);
      for (const c of batch.checkpoints.slice(-KEPT_CHECKPOINTS)) this.#checkpoint.run(c.t_s, c.state);
      if (batch.checkpoints.length > 0) this.#forget.run();
      this.db.exec('COMMIT');
    } catch (error) {
      // A full disk makes SQLite roll back by itself; rolling back again would throw and hide the cause.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Closes the file so that nothing but it is left and that a share without write access can open it. Where that
   * cannot be done (full disk, a reader that has it open), what was written stays whole in the file and its -wal.
   */
  close(): void {
    try {
      this.db.exec(
        `PRAGMA busy_timeout = ${READERS_MS}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;`,
      );
    } catch {
      // Every batch is committed; only the tidying up is missing.
    } finally {
      this.db.close();
    }
  }
}

/** So long may a reader hold up the last tidying of the file. */
const READERS_MS = 500;

/** One row per frame: t_s, the channels by name, quality (one byte if all are equal), the reason of a bad frame. */
function createTable(db: DatabaseSync, table: JournalTable): OpenTable {
  const name = `"frames_${table.device}"`;
  const columns = table.channels.map(channel => `"${channel}" REAL`).join(', ');
  db.exec(`CREATE TABLE ${name} (t_s REAL NOT NULL, ${columns}, quality BLOB NOT NULL, reason TEXT)`);
  const channels = table.channels.length;
  const rowsAtOnce = Math.max(1, Math.min(MOST_ROWS_AT_ONCE, Math.floor(MOST_BOUND / (channels + 1))));
  return {
    name,
    channels,
    insert: db.prepare(`INSERT INTO ${name} VALUES (${places(channels + 3)})`),
    row: new Array(channels + 3).fill(null),
    alike: new Map(),
    rowsAtOnce,
    rows: new Array(rowsAtOnce * (channels + 1)).fill(null),
  };
}

function places(count: number): string {
  return new Array(count).fill('?').join(', ');
}

function insertAlike(db: DatabaseSync, table: OpenTable, quality: number): StatementSync {
  const known = table.alike.get(quality);
  if (known !== undefined) return known;
  const byte = quality.toString(16).padStart(2, '0');
  const row = `(${places(table.channels + 1)}, x'${byte}', NULL)`;
  const rows = new Array(table.rowsAtOnce).fill(row).join(', ');
  const statement = db.prepare(`INSERT INTO ${table.name} VALUES ${rows}`);
  table.alike.set(quality, statement);
  return statement;
}

function writeSetpoints(insert: StatementSync, { rows, figures, words, names }: SetpointBatch): void {
  for (let at = 0; at < 3 * rows; at += 3) {
    const [role, source, outcome] = [names[words[at]], names[words[at + 1]], names[words[at + 2]]];
    insert.run(figures[at], role, orNull(figures[at + 1]), orNull(figures[at + 2]), source, outcome);
  }
}

function writeFrames(db: DatabaseSync, table: OpenTable, batch: FrameBatch): void {
  const { rowsAtOnce } = table;
  let r = 0;
  while (r < batch.rows) {
    const alike = alikeFrom(batch, r, table.channels, rowsAtOnce);
    if (alike < rowsAtOnce) {
      // What is left of a run of rows that are alike, or the odd one: one at a time.
      for (const end = r + Math.max(1, alike); r < end; r++) writeRow(table, batch, r);
    } else {
      const width = table.channels + 1;
      const { rows } = table;
      for (let i = 0, at = r * width; i < rows.length; i++, at++) rows[i] = orNull(batch.values[at]);
      insertAlike(db, table, batch.quality[r * table.channels]).run(...rows);
      r += rowsAtOnce;
    }
  }
}

/** How many rows from this one on, `most` at most, share one quality and have no reason. */
function alikeFrom(batch: FrameBatch, from: number, channels: number, most: number): number {
  const end = Math.min(batch.rows, from + most);
  const first = batch.quality[from * channels];
  for (let r = from; r < end; r++) {
    if (batch.reasons.has(r) || !isUniform(batch.quality, r * channels, channels, first)) return r - from;
  }
  return end - from;
}

function writeRow(table: OpenTable, batch: FrameBatch, r: number): void {
  const { row, channels } = table;
  const at = r * (channels + 1);
  for (let c = 0; c <= channels; c++) row[c] = orNull(batch.values[at + c]);
  row[channels + 1] = qualityBlob(batch.quality, r * channels, channels);
  row[channels + 2] = batch.reasons.get(r) ?? null;
  table.insert.run(...row);
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
