import { DatabaseSync } from 'node:sqlite';
import { BEGINNING, type Line, type Position } from './positions.ts';

/**
 * How far each sink has been told, in a small file of its own beside the journal: its transactions never wait for those of
 * the journal's writer, nor the writer for them, and a finished journal stays as it is when it is sent later.
 */

/** Name of the file in the run's folder. */
export const SENDING_FILE = 'sending.sqlite';

/** A line that a store refused when it came alone. */
export interface DeadLetter {
  readonly line: Line;
  readonly status: number;
  /** The store's own words. */
  readonly reason: string;
}

/** A dead letter as it stands in the file. */
export interface KeptLetter {
  readonly sink: string;
  readonly source: string;
  readonly row: number;
  readonly status: number;
  readonly reason: string;
  readonly line: string;
}

interface CursorRow {
  readonly source: string;
  readonly row: number;
  readonly ns: string;
}

/** Cursors and dead letters of one run. Sinks are known by name and target: a new target gets everything from the start. */
export class SendingFile {
  readonly #db: DatabaseSync;

  /** Opens the file, or makes it. @throws where its place cannot be written */
  constructor(path: string) {
    const db = new DatabaseSync(path);
    this.#db = db;
    try {
      // What a power cut takes is sent again, which is harmless.
      db.exec(`
        PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;
        CREATE TABLE IF NOT EXISTS cursor (sink TEXT, source TEXT, row INTEGER NOT NULL, ns TEXT NOT NULL,
          PRIMARY KEY (sink, source)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dead_letter (sink TEXT, source TEXT, row INTEGER, status INTEGER NOT NULL,
          reason TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (sink, source, row)) WITHOUT ROWID;
      `);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** How far a sink is, by table of the journal. */
  positions(sink: string): Map<string, Position> {
    const rows = this.#db.prepare('SELECT source, row, ns FROM cursor WHERE sink = ?').all(sink);
    return new Map(
      (rows as unknown as CursorRow[]).map(({ source, row, ns }) => [source, { row, ns: BigInt(ns) }]),
    );
  }

  /** So many lines of this sink are dead letters. */
  dead(sink: string): number {
    return Number(this.#db.prepare('SELECT count(*) AS n FROM dead_letter WHERE sink = ?').get(sink)?.['n']);
  }

  /** Moves the cursor on, with what was refused on the way, in one transaction. A cursor never goes back. */
  acknowledge(sink: string, to: ReadonlyMap<string, Position>, dead: readonly DeadLetter[]): void {
    const db = this.#db;
    const move = db.prepare(`INSERT INTO cursor VALUES (?, ?, ?, ?) ON CONFLICT (sink, source)
      DO UPDATE SET row = excluded.row, ns = excluded.ns WHERE excluded.row > row`);
    const keep = db.prepare('INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?, ?)');
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const [source, { row, ns }] of to) move.run(sink, source, row, String(ns));
      for (const { line, status, reason } of dead)
        keep.run(sink, line.source, line.row, status, reason, line.text);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  /** The first dead letters of all sinks. */
  letters(most: number): KeptLetter[] {
    return this.#db
      .prepare('SELECT * FROM dead_letter ORDER BY sink, source, row LIMIT ?')
      .all(most) as unknown as KeptLetter[];
  }

  /** Forgets how far a sink was, and its dead letters: it gets everything again. */
  forget(sink: string): void {
    this.#db.prepare('DELETE FROM cursor WHERE sink = ?').run(sink);
    this.#db.prepare('DELETE FROM dead_letter WHERE sink = ?').run(sink);
  }

  close(): void {
    this.#db.close();
  }
}

/** Rows that are behind these positions. */
export function rowsTaken(positions: ReadonlyMap<string, Position>): number {
  return [...positions.values()].reduce((sum, { row }) => sum + row, BEGINNING.row);
}
