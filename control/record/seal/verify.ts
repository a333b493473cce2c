import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Block } from '../blocks/block-codec.ts';
import { FORMAT_WITH_SEALS, formatOf, openReadOnly } from '../read-only.ts';
import { digestOfBlock, digestOfEvent, digestOfHead, digestOfRows, type SealedEvent } from './digest.ts';
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

/** So many findings are told one by one. */
const MOST_FOUND = 20;

/**
 * Goes along the chain of a record's seals and compares each thing with its hash. A record that was cut off has rows that
 * nobody has sealed. Undefined: a form without seals. @throws FileError where there is no record
 */
export function verifyRecord(path: string): SealReview | undefined {
  const db = openReadOnly(path);
  try {
    return formatOf(db) < FORMAT_WITH_SEALS ? undefined : reviewOf(db);
  } finally {
    db.close();
  }
}

/** A file that SQLite itself cannot read any more is not what was sealed either. */
function reviewOf(db: DatabaseSync): SealReview {
  try {
    return new Verification(db).review();
  } catch (error) {
    return { seals: 0, found: [`is damaged: ${messageOf(error)}`], hasEnded: true, head: '' };
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
  readonly #event: StatementSync;
  readonly #block: StatementSync;
  readonly #found: string[] = [];
  #more = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#event = db.prepare('SELECT t_s, kind, text, data FROM events WHERE rowid = ?');
    this.#block = db.prepare('SELECT * FROM blocks WHERE source = ? AND row = ?');
  }

  review(): SealReview {
    let before = FIRST_HASH;
    let n = 0;
    let events = 0;
    let hasEnded = false;
    const blocks = new Map<string, number>();
    const seals = this.#db.prepare('SELECT n, what, row, hash FROM seals ORDER BY n');
    for (const seal of seals.iterate() as unknown as Iterable<SealRow>) {
      n++;
      if (seal.n !== n) {
        this.#say(`seal ${n}: is missing`);
        n = seal.n;
      }
      if (hasEnded) this.#say(`seal ${n}: stands behind the end`);
      const { what, row } = seal;
      const digest = this.#digestOf(what, row);
      if (digest === undefined) this.#say(`${placeOf(what, row)}: is missing, seal ${n} has it`);
      else if (!isSame(chained(before, what, row, digest), seal.hash))
        this.#say(`${placeOf(what, row)}: is not what was sealed (seal ${n})`);
      before = Uint8Array.from(seal.hash);
      if (what === SEALED.event) events++;
      else if (what === SEALED.end) hasEnded = true;
      else if (what !== SEALED.head && !what.startsWith(SEALED.rows))
        blocks.set(what, (blocks.get(what) ?? 0) + 1);
    }
    if (n === 0) this.#say('seals: there are none');
    this.#compareCounts(events, blocks);
    if (this.#more > 0) this.#found.push(`and ${this.#more} more`);
    return { seals: n, found: this.#found, hasEnded, head: Buffer.from(before).toString('hex') };
  }

  /** What was put in has no seal. */
  #compareCounts(events: number, blocks: ReadonlyMap<string, number>): void {
    const there = this.#db.prepare('SELECT count(*) AS n FROM events').get() as { n: number };
    if (there.n > events) this.#say(`events: ${there.n - events} of ${there.n} were never sealed`);
    const sources = this.#db.prepare('SELECT source, count(*) AS n FROM blocks GROUP BY source').all();
    for (const { source, n } of sources as { source: string; n: number }[]) {
      const sealed = blocks.get(source) ?? 0;
      if (n > sealed) this.#say(`blocks of ${source}: ${n - sealed} of ${n} were never sealed`);
    }
  }

  /** Of what is there now; undefined where it is not. */
  #digestOf(what: string, row: number): Uint8Array | undefined {
    if (what === SEALED.head) return digestOfHead(this.#db);
    if (what === SEALED.end) return new Uint8Array(0);
    if (what === SEALED.event) {
      const event = this.#event.get(row);
      return event === undefined ? undefined : digestOfEvent(event as unknown as SealedEvent);
    }
    if (what.startsWith(SEALED.rows)) return this.#digestOfRows(what.slice(SEALED.rows.length));
    const block = this.#block.get(what, row);
    return block === undefined ? undefined : digestOfBlock(block as unknown as Block);
  }

  #digestOfRows(table: string): Uint8Array | undefined {
    const known = this.#db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
    return known.get(table) === undefined ? undefined : digestOfRows(this.#db, table);
  }

  #say(text: string): void {
    if (this.#found.length < MOST_FOUND) this.#found.push(text);
    else this.#more++;
  }
}

function placeOf(what: string, row: number): string {
  if (what === SEALED.head) return 'meta and tables';
  if (what === SEALED.end || what.startsWith(SEALED.rows)) return what;
  return what === SEALED.event ? `event ${row}` : `block of ${what} from row ${row} on`;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
