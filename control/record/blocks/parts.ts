import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { marksOf, type RowRun, type SoundBlock, type SoundTable } from '../damage/marks.ts';
import { hasTable } from '../file/has-table.ts';
import { type Block, type OpenBlock, openBlock } from './block-codec.ts';
import type { OpenBlocks } from './open-blocks.ts';

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
      readonly open: Omit<OpenBlock, 'bytes'>;
      /** Who the block is: the same one as long as it is kept. */
      readonly block: object;
      /** Rows of the block before the one that was asked for. */
      readonly skipped: number;
      readonly count: number;
    };

/** Where the rows of a block lie: their numbers and run times, s. */
export type BlockPlace = RowRun & Pick<Block, 'from_s' | 'to_s'>;

/** What a block says of itself. */
export type BlockHead = BlockPlace & Pick<Block, 'stats'>;

/** So many rows are fetched at once: enough to outweigh the query, few enough to be garbage at once. */
const ROWS_AT_ONCE = 1000;

/** One table of an open journal and the blocks that were made of its rows. */
export class PartReader {
  readonly #db: DatabaseSync;
  readonly #source: string;
  /** Columns beside the first one, which is the time. */
  readonly #channels: number;
  readonly #hasBlocks: boolean;
  /** What is left of a damaged record; undefined: all must be there. */
  readonly #sound: SoundTable | undefined;
  readonly #kept: OpenBlocks | undefined;
  #placeWith: StatementSync | undefined;
  #whole: StatementSync | undefined;

  /** `kept`: where opened blocks are kept; not given: each is opened again. */
  constructor(db: DatabaseSync, source: string, channels: number, kept?: OpenBlocks) {
    this.#db = db;
    this.#kept = kept;
    this.#source = source;
    this.#channels = channels;
    this.#hasBlocks = hasTable(db, 'blocks');
    this.#sound = marksOf(db)?.tables.get(source);
  }

  /** Rows so far that can be read. */
  get count(): number {
    if (this.#sound === undefined) return this.rows;
    const { blocks, plain } = this.#sound;
    return [...blocks, ...plain].reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Number of the last row so far; the tables only grow, so that it tells how many there are. */
  get rows(): number {
    if (this.#sound !== undefined) return endOf([...this.#sound.blocks, ...this.#sound.plain]);
    const row = this.#db.prepare(`SELECT max(rowid) AS n FROM "${this.#source}"`).get() as {
      n: number | null;
    };
    return Math.max(row.n ?? 0, this.sealed);
  }

  /** Rows that lie in blocks: the first ones. */
  get sealed(): number {
    if (this.#sound !== undefined) return endOf(this.#sound.blocks);
    if (!this.#hasBlocks) return 0;
    const last = this.#db
      .prepare('SELECT row + rows - 1 AS n FROM blocks WHERE source = ? ORDER BY row DESC LIMIT 1')
      .get(this.#source) as { n: number } | undefined;
    return last?.n ?? 0;
  }

  /** What the blocks say of themselves, from the first on; rows that are not sealed yet are in none. */
  heads(): Generator<BlockHead> {
    return this.#ofBlocks('row, rows, from_s, to_s, stats', 1);
  }

  /** Rows and times alone of the blocks that begin with row `from` or later. */
  places(from = 1): Generator<BlockPlace> {
    return this.#ofBlocks('row, rows, from_s, to_s', from);
  }

  *#ofBlocks<T extends BlockPlace>(columns: string, from: number): Generator<T> {
    if (!this.#hasBlocks) return;
    if (this.#sound !== undefined) {
      const one = this.#db.prepare(`SELECT ${columns} FROM blocks WHERE rowid = ?`);
      for (const { id, row } of this.#sound.blocks) if (row >= from) yield one.get(id) as unknown as T;
      return;
    }
    yield* this.#db
      .prepare(`SELECT ${columns} FROM blocks WHERE source = ? AND row >= ? ORDER BY row`)
      .iterate(this.#source, from) as unknown as Iterable<T>;
  }

  /** Rows that lie in no block, up to and without this one: of a whole record one run behind the blocks. */
  plainRuns(from: number, end: number): readonly RowRun[] {
    if (this.#sound !== undefined) return this.#sound.plain;
    return from < end ? [{ row: from, rows: end - from }] : [];
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
    if (this.#sound !== undefined) {
      yield* this.#soundParts(columns, from, isWanted, this.#sound);
      return;
    }
    // Who reads a block alone needs none of it, and of many columns it takes its time.
    let prepared: StatementSync | undefined;
    const plain = (): StatementSync => {
      prepared ??= this.#db.prepare(
        `SELECT ${['rowid', ...columns].join(', ')} FROM "${this.#source}"
         WHERE rowid >= ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
      );
      prepared.setReturnArrays(true);
      return prepared;
    };
    let next = from;
    // Whatever is no plain row (any more) is a block.
    for (let isSealed = this.#hasBlocks; ; ) {
      const block = isSealed ? this.#placeOf(next) : undefined;
      if (block !== undefined) {
        if (isWanted(block)) yield this.#opened(block, next);
        next = block.row + block.rows;
        continue;
      }
      const rows = plain().all(next) as unknown as Cell[][];
      if (rows.length > 0 && rows[0][0] === next) {
        isSealed = false;
        const whole = upToHole(rows);
        yield { row: next, rows: whole };
        next += whole.length;
        continue;
      }
      const isWritten = this.sealed >= next;
      if (!isWritten && rows.length === 0) return;
      if (!isWritten || isSealed) throw this.damaged(`rows from ${next} on are missing`);
      isSealed = true;
    }
  }

  /** The same of a damaged record: what is not sound is passed over. */
  *#soundParts(
    columns: readonly string[],
    from: number,
    isWanted: (block: Pick<Block, 'from_s' | 'to_s'>) => boolean,
    { blocks, plain }: SoundTable,
  ): Generator<Part> {
    for (const head of blocks) {
      if (head.row + head.rows <= from || !isWanted(head)) continue;
      yield this.#opened(head, Math.max(from, head.row));
    }
    if (plain.length === 0) return;
    const rows = this.#db.prepare(
      `SELECT ${['rowid', ...columns].join(', ')} FROM "${this.#source}"
       WHERE rowid >= ? AND rowid < ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
    );
    rows.setReturnArrays(true);
    for (const run of plain) {
      const end = run.row + run.rows;
      for (let row = Math.max(from, run.row); row < end; row += ROWS_AT_ONCE)
        yield { row, rows: rows.all(row, end) as unknown as Cell[][] };
    }
  }

  /** The error that says what is wrong with this table of the file. */
  damaged(text: string): FileError {
    return new FileError(this.#db.location() ?? 'record', 0, `${this.#source}: ${text}`);
  }

  /** Where the block that a row lies in is; its bytes are not fetched. */
  #placeOf(row: number): SoundBlock | undefined {
    this.#placeWith ??= this.#db.prepare(
      'SELECT rowid AS id, row, rows, from_s, to_s FROM blocks WHERE source = ? AND row <= ? ORDER BY row DESC LIMIT 1',
    );
    const block = this.#placeWith.get(this.#source, row) as unknown as SoundBlock | undefined;
    return block !== undefined && row < block.row + block.rows ? block : undefined;
  }

  #open(id: number): OpenBlock {
    this.#whole ??= this.#db.prepare('SELECT * FROM blocks WHERE rowid = ?');
    return openBlock(this.#whole.get(id) as unknown as Block, this.#channels);
  }

  #opened(block: SoundBlock, from: number): Part {
    const checked = <T>(read: () => T): T => {
      try {
        return read();
      } catch (error) {
        throw this.damaged(`rows ${block.row} to ${block.row + block.rows - 1}: ${messageOf(error)}`);
      }
    };
    const anew = (): OpenBlock => this.#open(block.id);
    const open = checked(() => this.#kept?.get(this.#source, block.row, anew) ?? anew());
    const skipped = from - block.row;
    return {
      row: from,
      block: open,
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

/** Rows up to the first that does not follow the one before it. */
function upToHole(rows: Cell[][]): Cell[][] {
  const first = Number(rows[0][0]);
  if (rows[rows.length - 1][0] === first + rows.length - 1) return rows;
  return rows.slice(
    0,
    rows.findIndex((row, i) => row[0] !== first + i),
  );
}

/** Number of the last row of runs that follow each other. */
function endOf(runs: readonly RowRun[]): number {
  const last = runs.at(-1);
  return last === undefined ? 0 : last.row + last.rows - 1;
}
