import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CREATE_BLOCKS } from '../blocks/block-table.ts';
import { type Batch, type JournalTable, KEPT_CHECKPOINTS, type Survives } from '../journal-messages.ts';
import { FORMAT } from '../read-only.ts';
import { digestOfEvent, digestOfHead, digestOfRows } from '../seal/digest.ts';
import { CREATE_SEALS, SEALED, Seals } from '../seal/seals.ts';
import { SETPOINTS } from '../setpoint-rows.ts';
import { FrameTable } from './frame-table.ts';
import { SetpointTable } from './setpoint-table.ts';

/** The file of a journal, open for writing: one transaction per batch, so that a batch is there whole or not at all. */
export class JournalFile {
  readonly db: DatabaseSync;
  readonly #tables: FrameTable[];
  readonly #event: StatementSync;
  readonly #setpoints: SetpointTable;
  readonly #checkpoint: StatementSync;
  readonly #seals: Seals;
  /** The plain tables, whose rows are sealed at the end. */
  readonly #plain: readonly string[];
  readonly #forget: StatementSync;

  /** Makes the file and its tables; there must be none yet. */
  constructor(
    path: string,
    tables: readonly JournalTable[],
    meta: Readonly<Record<string, string>>,
    survives: Survives = 'powerCut',
  ) {
    const db = new DatabaseSync(path);
    this.db = db;
    db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${survives === 'powerCut' ? 'FULL' : 'NORMAL'};`,
    );
    db.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE events (t_s REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, data TEXT);
      CREATE TABLE checkpoints (t_s REAL NOT NULL, state TEXT NOT NULL);
      ${CREATE_BLOCKS};
      ${CREATE_SEALS};
    `);
    const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?)');
    for (const [key, value] of Object.entries({ ...meta, format: String(FORMAT) })) setMeta.run(key, value);
    const seals = new Seals(db);
    this.#seals = seals;
    this.#tables = tables.map(table => new FrameTable(db, table, seals));
    this.#event = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
    this.#setpoints = new SetpointTable(db, seals);
    this.#checkpoint = db.prepare('INSERT INTO checkpoints VALUES (?, ?)');
    this.#forget = db.prepare(
      `DELETE FROM checkpoints WHERE rowid <= (SELECT max(rowid) FROM checkpoints) - ${KEPT_CHECKPOINTS}`,
    );
    this.#plain = [...tables.map(({ device }) => `frames_${device}`), SETPOINTS, 'checkpoints'];
    this.#inTransaction(() => seals.add(SEALED.head, 0, digestOfHead(db)));
  }

  /** Writes a batch; throws, with nothing of it written, if that cannot be done. */
  write(batch: Batch): void {
    this.#inTransaction(() => {
      for (const frames of batch.frames) this.#tables[frames.table].add(frames);
      for (const { t_s, kind, text, data } of batch.events) {
        const event = { t_s, kind, text, data: data === undefined ? null : JSON.stringify(data) };
        const { lastInsertRowid } = this.#event.run(event.t_s, event.kind, event.text, event.data);
        this.#seals.add(SEALED.event, Number(lastInsertRowid), digestOfEvent(event));
      }
      this.#setpoints.add(batch.setpoints);
      for (const c of batch.checkpoints.slice(-KEPT_CHECKPOINTS)) this.#checkpoint.run(c.t_s, c.state);
      if (batch.checkpoints.length > 0) this.#forget.run();
    });
  }

  #inTransaction(write: () => void): void {
    const parts = [...this.#tables, this.#setpoints, this.#seals];
    this.db.exec('BEGIN');
    try {
      write();
      this.db.exec('COMMIT');
      for (const part of parts) part.committed();
    } catch (error) {
      // A full disk makes SQLite roll back by itself; rolling back again would throw and hide the cause.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      for (const part of parts) part.rolledBack();
      throw error;
    }
  }

  /**
   * Seals what is in no block yet and closes the file, so that nothing but it is left and that a share without write access can open it. Where that
   * cannot be done (full disk, a reader that has it open), what was written stays whole in the file and its -wal.
   */
  close(): void {
    try {
      this.#inTransaction(() => {
        for (const table of this.#plain)
          this.#seals.add(`${SEALED.rows}${table}`, 0, digestOfRows(this.db, table));
        this.#seals.add(SEALED.end, 0, new Uint8Array(0));
      });
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
