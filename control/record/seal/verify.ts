import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Block } from '../blocks/block-codec.ts';
import type { Cell } from '../blocks/parts.ts';
import { hasTable } from '../file/has-table.ts';
import { FORMAT_WITH_SEALS, formatOf, openReadOnly } from '../read-only.ts';
import { digestOfBlock, digestOfCells, digestOfHead, digestOfRows } from './digest.ts';
import { isSealedRow, SEALED_TABLES, type SealedWhat } from './sealed-tables.ts';
import { chained, FIRST_HASH, SEALED } from './seals.ts';

/** What a look at the seals of a record has found. */
export interface SealReview {
  /** Seals that were checked. */
  readonly seals: number;
  /** Each thing that is not as it was sealed: where, and what. Empty: nothing was changed since. */
  readonly found: readonly string[];
  /** The record was closed by its program: its last rows are sealed, too. */
  readonly hasEnded: boolean;
  /** Head of the chain as hexadecimal digits: two records with the same one are the same record. */
  readonly head: string;
}

/** A seal that what is there now does not fit. */
export interface WrongSeal {
  /** What is sealed: a table with blocks, `event`, `rows of ...`. */
  readonly what: string;
  readonly row: number;
  readonly text: string;
}

/** The same, finding by finding. */
export interface SealFindings extends SealReview {
  readonly wrong: readonly WrongSeal[];
  /** What no single seal stands for, in words. */
  readonly others: readonly string[];
  /** First rows of the blocks that have a seal, by their table; undefined for a table: the seals cannot be read. */
  readonly sealed: ReadonlyMap<string, ReadonlySet<number>>;
}

/** So many findings are told one by one. */
const MOST_FOUND = 20;

/**
 * Goes along the chain of a record's seals and compares each thing with its hash. A record that was cut off has rows that
 * nobody has sealed. Undefined: a form without seals. @throws FileError where there is no record
 */
export function verifyRecord(path: string): SealReview | undefined {
  const db = openReadOnly(path);
  try {
    return reviewSeals(db);
  } finally {
    db.close();
  }
}

/** The same of an opened record. A file that SQLite itself cannot read any more is not what was sealed either. */
export function reviewSeals(db: DatabaseSync): SealFindings | undefined {
  if (formatOf(db) < FORMAT_WITH_SEALS) return undefined;
  try {
    return new Verification(db).review();
  } catch (error) {
    const found = [`is damaged: ${messageOf(error)}`];
    return { seals: 0, found, hasEnded: true, head: '', wrong: [], others: found, sealed: new Map() };
  }
}

interface SealRow {
  readonly n: number;
  readonly what: string;
  readonly row: number;
  readonly hash: Uint8Array;
}

class Verification {
  readonly #db: DatabaseSync;
  /** Of the tables that this form has. */
  readonly #rows = new Map<SealedWhat, StatementSync>();
  readonly #block: StatementSync;
  readonly #found: string[] = [];
  readonly #wrong: WrongSeal[] = [];
  readonly #others: string[] = [];
  readonly #sealedBlocks = new Map<string, Set<number>>();
  #more = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
    for (const [what, { table }] of Object.entries(SEALED_TABLES)) {
      if (!hasTable(db, table)) continue;
      const read = db.prepare(`SELECT * FROM ${table} WHERE rowid = ?`);
      read.setReturnArrays(true);
      this.#rows.set(what as SealedWhat, read);
    }
    this.#block = db.prepare('SELECT * FROM blocks WHERE source = ? AND row = ?');
  }

  review(): SealFindings {
    let before = FIRST_HASH;
    let n = 0;
    let hasEnded = false;
    const sealed = new Map<string, number>();
    const reopened = this.#lastSession();
    const seals = this.#db.prepare('SELECT n, what, row, hash FROM seals ORDER BY n');
    for (const seal of seals.iterate() as unknown as Iterable<SealRow>) {
      n++;
      if (seal.n !== n) {
        this.#say(`seal ${n}: is missing`);
        n = seal.n;
      }
      const { what, row } = seal;
      // A later process may take the record up again; it says so first.
      if (hasEnded && what !== 'session') this.#say(`seal ${n}: stands behind the end`);
      hasEnded = what === SEALED.end;
      sealed.set(what, (sealed.get(what) ?? 0) + 1);
      this.#sealedBlocks.set(what, (this.#sealedBlocks.get(what) ?? new Set()).add(row));
      if (what.startsWith(SEALED.rows) && n < reopened) {
        // These rows have gone on since, and are sealed again further behind; the next seal vouches for this hash.
        before = Uint8Array.from(seal.hash);
        continue;
      }
      const why = this.#whyNot(seal, before);
      if (why !== '') {
        this.#wrong.push({ what, row, text: why });
        this.#tell(`${placeOf(what, row)}: ${why}`);
      }
      before = Uint8Array.from(seal.hash);
    }
    if (n === 0) this.#say('seals: there are none');
    else this.#compareCounts(sealed);
    if (this.#more > 0) this.#found.push(`and ${this.#more} more`);
    const head = Buffer.from(before).toString('hex');
    const [wrong, others, sealedBlocks] = [this.#wrong, this.#others, this.#sealedBlocks];
    return { seals: n, found: this.#found, hasEnded, head, wrong, others, sealed: sealedBlocks };
  }

  /** Why what is there does not fit its seal; empty: it does. */
  #whyNot({ n, what, row, hash }: SealRow, before: Uint8Array): string {
    try {
      const digest = this.#digestOf(what, row);
      if (digest === undefined) return `is missing, seal ${n} has it`;
      return isSame(chained(before, what, row, digest), hash) ? '' : `is not what was sealed (seal ${n})`;
    } catch (error) {
      // Pages of the file that SQLite cannot read: all that lies elsewhere is looked at all the same.
      return `cannot be read (seal ${n}): ${messageOf(error)}`;
    }
  }

  /** What was put in has no seal. */
  #compareCounts(seals: ReadonlyMap<string, number>): void {
    for (const what of this.#rows.keys()) {
      const { table } = SEALED_TABLES[what];
      const there = this.#db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
      const sealed = seals.get(what) ?? 0;
      if (there.n > sealed) this.#say(`${table}: ${there.n - sealed} of ${there.n} were never sealed`);
    }
    const sources = this.#db.prepare('SELECT source, count(*) AS n FROM blocks GROUP BY source').all();
    for (const { source, n } of sources as { source: string; n: number }[]) {
      const sealed = seals.get(source) ?? 0;
      if (n > sealed) this.#say(`blocks of ${source}: ${n - sealed} of ${n} were never sealed`);
    }
  }

  /** Number of the seal with which the last process began; 0 where no seal is of one. */
  #lastSession(): number {
    const last = this.#db.prepare("SELECT coalesce(max(n), 0) AS n FROM seals WHERE what = 'session'");
    return Number(last.get()?.['n']);
  }

  /** Of what is there now; undefined where it is not. */
  #digestOf(what: string, row: number): Uint8Array | undefined {
    if (what === SEALED.head) return digestOfHead(this.#db);
    if (what === SEALED.end) return new Uint8Array(0);
    if (isSealedRow(what)) {
      const cells = this.#rows.get(what)?.get(row) as unknown as Cell[] | undefined;
      return cells === undefined ? undefined : digestOfCells(cells);
    }
    if (what.startsWith(SEALED.rows)) return this.#digestOfRows(what.slice(SEALED.rows.length));
    const block = this.#block.get(what, row);
    return block === undefined ? undefined : digestOfBlock(block as unknown as Block);
  }

  #digestOfRows(table: string): Uint8Array | undefined {
    return hasTable(this.#db, table) ? digestOfRows(this.#db, table) : undefined;
  }

  /** What no single seal stands for. */
  #say(text: string): void {
    this.#others.push(text);
    this.#tell(text);
  }

  #tell(text: string): void {
    if (this.#found.length < MOST_FOUND) this.#found.push(text);
    else this.#more++;
  }
}

function placeOf(what: string, row: number): string {
  if (what === SEALED.head) return 'meta and tables';
  if (what === SEALED.end || what.startsWith(SEALED.rows)) return what;
  return isSealedRow(what) ? `${what} ${row}` : `block of ${what} from row ${row} on`;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
