import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { hasTable } from '../file/has-table.ts';
import { type Block, type OpenBlock, openBlock } from './block-codec.ts';

/**
 * A table of the journal in the order written: its first rows lie in blocks, the newest in the table itself. What is
 * being written may be read, too: rows that are sealed meanwhile are met as a block.
 */

/** A cell of a row as SQLite hands it out. */
export type Cell = number | string | Uint8Array | null;

/** Some rows that follow each other: `row` is the number of the first, from 1. */
export type Part =
  | { readonly row: number; readonly rows: readonly Cell[][] }
  | {
      readonly row: number;
      readonly open: OpenBlock;
      /** Rows of the block before the one that was asked for. */
      readonly skipped: number;
      readonly count: number;
    };

interface FileBlock extends Block {
  readonly row: number;
}

/** So many rows are fetched at once: enough to outweigh the query, few enough to be garbage at once. */
const ROWS_AT_ONCE = 1000;

/** One table of an open journal and the blocks that were made of its rows. */
export class PartReader {
  readonly #db: DatabaseSync;
  readonly #source: string;
  /** Columns beside the first one, which is the time. */
  readonly #channels: number;
  readonly #hasBlocks: boolean;

  constructor(db: DatabaseSync, source: string, channels: number) {
    this.#db = db;
    this.#source = source;
    this.#channels = channels;
    this.#hasBlocks = hasTable(db, 'blocks');
  }

  /** Rows so far; the tables only grow, so that the last row's number tells it. */
  get rows(): number {
    const row = this.#db.prepare(`SELECT max(rowid) AS n FROM "${this.#source}"`).get() as {
      n: number | null;
    };
    return Math.max(row.n ?? 0, this.sealed);
  }

  /** Rows that lie in blocks: the first ones. */
  get sealed(): number {
    if (!this.#hasBlocks) return 0;
    const last = this.#db
      .prepare('SELECT row + rows - 1 AS n FROM blocks WHERE source = ? ORDER BY row DESC LIMIT 1')
      .get(this.#source) as { n: number } | undefined;
    return last?.n ?? 0;
  }

  /** What the blocks say of themselves, from the first on; rows that are not sealed yet are in none. */
  *heads(): Generator<Pick<Block, 'rows' | 'from_s' | 'to_s' | 'stats'>> {
    if (!this.#hasBlocks) return;
    yield* this.#db
      .prepare('SELECT rows, from_s, to_s, stats FROM blocks WHERE source = ? ORDER BY row')
      .iterate(this.#source) as unknown as Iterable<Pick<Block, 'rows' | 'from_s' | 'to_s' | 'stats'>>;
  }

  /**
   * The rows from number `from` on; of plain ones rowid and these columns (SQL). Blocks that `isWanted` does not want
   * are passed over. @throws FileError where the record is damaged
   */
  *parts(
    columns: readonly string[],
    from = 1,
    isWanted: (block: Pick<Block, 'from_s' | 'to_s'>) => boolean = () => true,
  ): Generator<Part> {
    const plain = this.#db.prepare(
      `SELECT ${['rowid', ...columns].join(', ')} FROM "${this.#source}"
       WHERE rowid >= ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
    );
    plain.setReturnArrays(true);
    let next = from;
    // Whatever is no plain row (any more) is a block.
    for (let isSealed = this.#hasBlocks; ; ) {
      const block = isSealed ? this.#blockWith(next) : undefined;
      if (block !== undefined) {
        if (isWanted(block)) yield this.#opened(block, next);
        next = block.row + block.rows;
        continue;
      }
      const rows = plain.all(next) as unknown as Cell[][];
      if (rows.length > 0 && rows[0][0] === next) {
        isSealed = false;
        yield { row: next, rows };
        next += rows.length;
        continue;
      }
      const isWritten = this.sealed >= next;
      if (!isWritten && rows.length === 0) return;
      if (!isWritten || isSealed) throw this.damaged(`rows from ${next} on are missing`);
      isSealed = true;
    }
  }

  /** The error that says what is wrong with this table of the file. */
  damaged(text: string): FileError {
    return new FileError(this.#db.location() ?? 'record', 0, `${this.#source}: ${text}`);
  }

  #blockWith(row: number): FileBlock | undefined {
    const block = this.#db
      .prepare('SELECT * FROM blocks WHERE source = ? AND row <= ? ORDER BY row DESC LIMIT 1')
      .get(this.#source, row) as unknown as FileBlock | undefined;
    return block !== undefined && row < block.row + block.rows ? block : undefined;
  }

  #opened(block: FileBlock, from: number): Part {
    const checked = <T>(read: () => T): T => {
      try {
        return read();
      } catch (error) {
        throw this.damaged(`rows ${block.row} to ${block.row + block.rows - 1}: ${messageOf(error)}`);
      }
    };
    const open = checked(() => openBlock(block, this.#channels));
    const skipped = from - block.row;
    return {
      row: from,
      skipped,
      count: block.rows - skipped,
      open: {
        column: place => checked(() => open.column(place)),
        quality: () => checked(() => open.quality()),
        texts: () => checked(() => open.texts()),
      },
    };
  }
}
