import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cell } from '../blocks/parts.ts';
import { digestOfCells } from '../seal/digest.ts';
import { SEALED_TABLES, type SealedWhat } from '../seal/sealed-tables.ts';
import type { Seals } from '../seal/seals.ts';

/** Adds rows to one of the tables whose rows are sealed one by one, and seals them. Inside a transaction of the caller. */
export class SealedRows {
  readonly #what: SealedWhat;
  readonly #seals: Seals;
  readonly #insert: StatementSync;

  /** The table is there. */
  constructor(db: DatabaseSync, what: SealedWhat, seals: Seals) {
    this.#what = what;
    this.#seals = seals;
    const { table, columns } = SEALED_TABLES[what];
    this.#insert = db.prepare(
      `INSERT INTO ${table} VALUES (${columns
        .split(',')
        .map(() => '?')
        .join(', ')})`,
    );
  }

  /** Adds a row; returns its number. Figures that are no numbers are null. */
  add(...given: readonly Cell[]): number {
    const cells = given.map(cell => (typeof cell === 'number' && !Number.isFinite(cell) ? null : cell));
    const row = Number(this.#insert.run(...cells).lastInsertRowid);
    this.#seals.add(this.#what, row, digestOfCells(cells));
    return row;
  }
}
