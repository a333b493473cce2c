import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Block } from './block-codec.ts';

/** So many rows of a table make a stretch that is sealed. */
export const SEALED_ROWS = 1024;
/** Blocks are not longer: whoever wants one value of a block reads all of the column. */
export const MOST_ROWS_OF_BLOCK = 4096;

/** Where blocks stand in the file: `source` is the table whose rows from number `row` on a block holds. */
export const CREATE_BLOCKS = `CREATE TABLE blocks (source TEXT NOT NULL, row INTEGER NOT NULL, rows INTEGER NOT NULL,
  from_s REAL, to_s REAL, packed INTEGER NOT NULL, crc32 INTEGER NOT NULL, stats BLOB NOT NULL, data BLOB NOT NULL,
  UNIQUE (source, row))`;

/** Writes blocks. */
export class BlockTable {
  readonly #insert: StatementSync;

  /** The table is there. */
  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** Adds a block of a table's rows, the first of which has this number. */
  add(source: string, row: number, { rows, from_s, to_s, packed, crc32, stats, data }: Block): void {
    this.#insert.run(source, row, rows, from_s, to_s, packed, crc32, stats, data);
  }
}
