import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeBlock } from '../blocks/block-codec.ts';
import { BlockTable, MOST_ROWS_OF_BLOCK } from '../blocks/block-table.ts';
import {
  type Batch,
  type DatasetRows,
  type JournalTable,
  KEPT_CHECKPOINTS,
  type SessionEnd,
  type SessionHead,
  type Survives,
} from '../journal-messages.ts';
import { digestOfHead, digestOfRows } from '../seal/digest.ts';
import { SEALED, Seals } from '../seal/seals.ts';
import { SETPOINTS } from '../setpoint-rows.ts';
import { UtcTable } from '../utc.ts';
import { FrameTable } from './frame-table.ts';
import { newFile, oldFile } from './open-file.ts';
import { SealedRows } from './sealed-rows.ts';
import { SetpointTable } from './setpoint-table.ts';

/** What a file may be told as it is opened. */
export interface JournalFileOptions {
  readonly survives?: Survives;
  /** Who writes from now on. */
  readonly session?: SessionHead | undefined;
  /** The file is there, closed or cut off: this goes on behind its last row. */
  readonly goesOn?: boolean;
}

/** The file of a journal, open for writing: one transaction per batch, so that a batch is there whole or not at all. */
export class JournalFile {
  readonly db: DatabaseSync;
  readonly #tables: FrameTable[];
  readonly #event: SealedRows;
  readonly #result: SealedRows;
  readonly #session: SealedRows;
  readonly #clock: SealedRows;
  readonly #dataset: SealedRows;
  readonly #blocks: BlockTable;
  readonly #setpoints: SetpointTable;
  readonly #checkpoint: StatementSync;
  readonly #seals: Seals;
  /** The plain tables, whose rows are sealed at the end. */
  readonly #plain: readonly string[];
  readonly #forget: StatementSync;
  readonly #head: SessionHead | undefined;
  /** Number of the session under way, from 1. */
  readonly #number: number;
  /** Datasets of earlier sessions. */
  readonly #datasetsBefore: number;

  /** Makes the file and its tables (there must be none yet), or goes on in one. */
  constructor(
    path: string,
    tables: readonly JournalTable[],
    meta: Readonly<Record<string, string>>,
    { survives = 'powerCut', session, goesOn = false }: JournalFileOptions = {},
  ) {
    if (goesOn && session === undefined) throw new Error('a record is gone on with by somebody: no session');
    const db = goesOn ? oldFile(path, tables, survives) : newFile(path, tables, meta, survives);
    this.db = db;
    const seals = new Seals(db);
    this.#seals = seals;
    this.#tables = tables.map(table => new FrameTable(db, table, seals));
    this.#event = new SealedRows(db, 'event', seals);
    this.#result = new SealedRows(db, 'result', seals);
    this.#session = new SealedRows(db, 'session', seals);
    this.#clock = new SealedRows(db, 'clock', seals);
    this.#dataset = new SealedRows(db, 'dataset', seals);
    this.#blocks = new BlockTable(db, seals);
    this.#setpoints = new SetpointTable(db, seals);
    this.#checkpoint = db.prepare('INSERT INTO checkpoints VALUES (?, ?)');
    this.#forget = db.prepare(
      `DELETE FROM checkpoints WHERE rowid <= (SELECT max(rowid) FROM checkpoints) - ${KEPT_CHECKPOINTS}`,
    );
    this.#plain = [...tables.map(({ device }) => `frames_${device}`), SETPOINTS, 'checkpoints'];
    this.#head = session;
    this.#number = 1 + last(db, 'session', 'sessions');
    this.#datasetsBefore = last(db, 'rowid', 'datasets');
    this.#inTransaction(() => {
      if (!goesOn) seals.add(SEALED.head, 0, digestOfHead(db));
      if (session !== undefined) this.#begin(session, 'begin');
      const started_ms = Date.parse(meta['startedUtc'] ?? '');
      if (!goesOn && Number.isFinite(started_ms)) this.#clock.add(0, started_ms, 0, 'begin');
    });
  }

  /** Writes a batch; throws, with nothing of it written, if that cannot be done. */
  write(batch: Batch): void {
    this.#inTransaction(() => {
      for (const frames of batch.frames) this.#tables[frames.table].add(frames);
      for (const { t_s, kind, text, data } of batch.events) {
        this.#event.add(t_s, kind, text, data === undefined ? null : JSON.stringify(data));
        if (kind === 'clock') this.#setClock(t_s, Date.parse(data.utc), data.what);
      }
      this.#setpoints.add(batch.setpoints);
      for (const c of batch.checkpoints.slice(-KEPT_CHECKPOINTS)) this.#checkpoint.run(c.t_s, c.state);
      if (batch.checkpoints.length > 0) this.#forget.run();
      for (const { t_s, kind, name, columns, about } of batch.datasets ?? [])
        this.#dataset.add(t_s, kind, name, JSON.stringify(columns), about);
      for (const rows of batch.datasetRows ?? []) this.#addToDataset(rows);
      for (const conclusion of batch.conclusions ?? []) {
        const n = 1 + last(this.db, 'n', 'results');
        for (const [part, json] of Object.entries(conclusion)) this.#result.add(n, part, json);
      }
    });
  }

  /** From here on UTC counts anew. */
  #setClock(t_s: number, utc_ms: number, cause: string): void {
    const step_s = (utc_ms - new UtcTable(this.db).at(t_s)) / 1000;
    this.#clock.add(t_s, utc_ms, step_s, cause);
  }

  /** A piece of a dataset is a block at once: they are few, and each is whole in itself. */
  #addToDataset({ dataset, rows, values, quality, reasons }: DatasetRows): void {
    const source = `dataset_${this.#datasetsBefore + dataset}`;
    const next = this.db
      .prepare('SELECT coalesce(max(row + rows), 1) AS row FROM blocks WHERE source = ?')
      .get(source) as { row: number };
    const width = values.length / rows - 1;
    for (let from = 0; from < rows; from += MOST_ROWS_OF_BLOCK) {
      const to = Math.min(rows, from + MOST_ROWS_OF_BLOCK);
      const texts = [...reasons].flatMap(([row, text]): [number, string][] =>
        row >= from && row < to ? [[row - from, text]] : [],
      );
      this.#blocks.add(source, next.row + from, encodeBlock({ values, quality }, from, to, width, texts));
    }
  }

  #begin({ t_s, utc, pid, host, software }: SessionHead, what: string, reason: string | null = null): void {
    this.#session.add(this.#number, what, t_s, utc, pid, host, software, reason);
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
   * Seals what is in no block yet and closes the file, so that nothing but it is left and that a share without write
   * access can open it. Where that cannot be done (full disk, a reader that has it open), what was written stays whole in
   * the file and its -wal.
   */
  close(end?: SessionEnd): void {
    try {
      this.#inTransaction(() => {
        if (this.#head !== undefined && end !== undefined)
          this.#begin({ ...this.#head, t_s: end.t_s, utc: end.utc }, 'end', end.reason);
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

/** Largest number in a column, 0 if there is none. */
function last(db: DatabaseSync, column: string, table: string): number {
  return Number(db.prepare(`SELECT coalesce(max(${column}), 0) AS n FROM ${table}`).get()?.['n']);
}
