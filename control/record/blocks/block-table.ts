import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { digestOfBlock } from '../seal/digest.ts';
import type { Seals } from '../seal/seals.ts';
import type { Block } from './block-codec.ts';

/** So many rows of a table make a stretch that is sealed. */
export const SEALED_ROWS = 1024;
/** Blocks are not longer: whoever wants one value of a block reads all of the column. */
export const MOST_ROWS_OF_BLOCK = 4096;

/** Where blocks stand in the file: `source` is the table whose rows from number `row` on a block holds. */
export const CREATE_BLOCKS = `CREATE TABLE blocks (source TEXT NOT NULL, row INTEGER NOT NULL, rows INTEGER NOT NULL,
  from_s REAL, to_s REAL, packed INTEGER NOT NULL, crc32 INTEGER NOT NULL, stats BLOB NOT NULL, data BLOB NOT NULL,
  UNIQUE (source, row))`;

/** Writes blocks and seals them. */
export class BlockTable {
  readonly #insert: StatementSync;
  readonly #seals: Seals;

  /** The table is there. */
  constructor(db: DatabaseSync, seals: Seals) {
    this.#seals = seals;
    this.#insert = db.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** Adds a block of a table's rows, the first of which has this number. */
  add(source: string, row: number, block: Block): void {
    const { rows, from_s, to_s, packed, crc32, stats, data } = block;
    this.#insert.run(source, row, rows, from_s, to_s, packed, crc32, stats, data);
    this.#seals.add(source, row, digestOfBlock(block));
  }
}
