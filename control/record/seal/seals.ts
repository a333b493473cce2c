import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * The seals of a record: one for each block, event and, at the end, what is left; each hash goes over the one before it,
 * so that whatever is changed, taken out, put in or moved shows at its place.
 */

/** Where seals stand in the file. `what` and `row` name what is sealed, `hash` is the chain up to and with it. */
export const CREATE_SEALS =
  'CREATE TABLE seals (n INTEGER PRIMARY KEY, what TEXT NOT NULL, row INTEGER NOT NULL, hash BLOB NOT NULL)';

/** What is no block and no row of a sealed table: see `digest.ts`. Blocks are named by their table. */
export const SEALED = { head: 'head', end: 'end', rows: 'rows of ' } as const;

/** The chain before the first seal. */
export const FIRST_HASH: Uint8Array = new Uint8Array(32);

/** The next hash of the chain. */
export function chained(before: Uint8Array, what: string, row: number, digest: Uint8Array): Buffer {
  return createHash('sha256')
    .update(before)
    .update(JSON.stringify([what, row]))
    .update(digest)
    .digest();
}

/** Writes seals. All of it happens inside transactions of the caller, who says how they ended. */
export class Seals {
  readonly #insert: StatementSync;
  #kept: { readonly n: number; readonly hash: Uint8Array } = { n: 0, hash: FIRST_HASH };
  #now = this.#kept;

  /** The table is there; the chain goes on behind what stands in it. */
  constructor(db: DatabaseSync) {
    const last = db.prepare('SELECT n, hash FROM seals ORDER BY n DESC LIMIT 1').get() as
      | { n: number; hash: Uint8Array }
      | undefined;
    if (last !== undefined) this.#now = this.#kept = last;
    this.#insert = db.prepare('INSERT INTO seals VALUES (?, ?, ?, ?)');
  }

  /** Seals one thing. */
  add(what: string, row: number, digest: Uint8Array): void {
    const hash = chained(this.#now.hash, what, row, digest);
    this.#now = { n: this.#now.n + 1, hash };
    this.#insert.run(this.#now.n, what, row, hash);
  }

  /** What was sealed is in the file for good. */
  committed(): void {
    this.#kept = this.#now;
  }

  /** What was sealed since the last commit is not in the file. */
  rolledBack(): void {
    this.#now = this.#kept;
  }
}
