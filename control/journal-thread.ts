import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../drivers/contract/errors.ts';
import type { FrameBatch, JournalMessage, JournalReply, JournalTable } from './journal.ts';

/** The disk side of the journal: one transaction per batch, so that a batch is there whole or not at all. */

interface OpenTable {
  readonly insert: StatementSync;
  readonly row: (number | string | Uint8Array | null)[];
  readonly channels: number;
}

interface Open {
  readonly db: DatabaseSync;
  readonly tables: OpenTable[];
  readonly event: StatementSync;
  readonly setpoint: StatementSync;
  readonly checkpoint: StatementSync;
}

let open: Open | undefined;

const port = parentPort;
if (port === null) throw new Error('journal-thread.ts runs as a worker thread only');
port.on('message', (message: JournalMessage) => {
  port.postMessage(answer(message));
});

function answer(message: JournalMessage): JournalReply {
  try {
    if (message.type === 'open') open = create(message.path, message.tables, message.meta);
    else if (open === undefined) throw new Error('journal is not open');
    else if (message.type === 'batch') write(open, message);
    else {
      open.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      open.db.close();
      open = undefined;
    }
    return { type: 'done' };
  } catch (error) {
    return { type: 'failed', message: `journal: ${messageOf(error)}` };
  }
}

function create(path: string, tables: readonly JournalTable[], meta: Record<string, string>): Open {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE events (t_s REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, data TEXT);
    CREATE TABLE setpoints (t_s REAL NOT NULL, role TEXT NOT NULL, asked REAL, applied REAL, source TEXT NOT NULL, outcome TEXT NOT NULL);
    CREATE TABLE checkpoints (t_s REAL NOT NULL, state TEXT NOT NULL);
  `);
  const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?)');
  for (const [key, value] of Object.entries(meta)) setMeta.run(key, value);
  return {
    db,
    tables: tables.map(table => createTable(db, table)),
    event: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)'),
    setpoint: db.prepare('INSERT INTO setpoints VALUES (?, ?, ?, ?, ?, ?)'),
    checkpoint: db.prepare('INSERT INTO checkpoints VALUES (?, ?)'),
  };
}

/** One row per frame: t_s, the channels by name, quality (one byte if all are equal), the reason of a bad frame. */
function createTable(db: DatabaseSync, table: JournalTable): OpenTable {
  const columns = table.channels.map(name => `"${name}" REAL`).join(', ');
  db.exec(
    `CREATE TABLE "frames_${table.device}" (t_s REAL NOT NULL, ${columns}, quality BLOB NOT NULL, reason TEXT)`,
  );
  const places = new Array(table.channels.length + 3).fill('?').join(', ');
  return {
    insert: db.prepare(`INSERT INTO "frames_${table.device}" VALUES (${places})`),
    row: new Array(table.channels.length + 3).fill(null),
    channels: table.channels.length,
  };
}

function write(to: Open, batch: Extract<JournalMessage, { type: 'batch' }>): void {
  to.db.exec('BEGIN');
  try {
    for (const frames of batch.frames) writeFrames(to.tables[frames.table], frames);
    for (const e of batch.events)
      to.event.run(e.t_s, e.kind, e.text, e.data === undefined ? null : JSON.stringify(e.data));
    for (const s of batch.setpoints) {
      to.setpoint.run(s.t_s, s.role, orNull(s.asked), orNull(s.applied), s.source, s.outcome);
    }
    for (const c of batch.checkpoints) to.checkpoint.run(c.t_s, c.state);
    to.db.exec('COMMIT');
  } catch (error) {
    to.db.exec('ROLLBACK');
    throw error;
  }
}

function writeFrames(table: OpenTable, batch: FrameBatch): void {
  const { row, channels } = table;
  for (let r = 0; r < batch.rows; r++) {
    const at = r * (channels + 1);
    for (let c = 0; c <= channels; c++) row[c] = orNull(batch.values[at + c]);
    row[channels + 1] = qualityBlob(batch.quality, r * channels, channels);
    row[channels + 2] = batch.reasons[r] ?? null;
    table.insert.run(...row);
  }
}

const UNIFORM = Array.from({ length: 256 }, (_, q) => Uint8Array.of(q));

function qualityBlob(quality: Uint8Array, from: number, count: number): Uint8Array {
  const first = quality[from];
  for (let i = from + 1; i < from + count; i++)
    if (quality[i] !== first) return quality.slice(from, from + count);
  return UNIFORM[first];
}

/** SQLite has no NaN; a missing value is NULL, and the quality says why. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
