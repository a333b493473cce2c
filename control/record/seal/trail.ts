import { createHash } from 'node:crypto';
import { chained, FIRST_HASH } from './seals.ts';

/**
 * A trail: lines of a file, each with a number and a hash that goes over the line before it, so that what is changed, taken
 * out, put in or moved later shows at its line. Pure.
 */

/** The end of a trail. */
export interface TrailEnd {
  /** From 1, without a gap; 0: nothing stands in it. */
  readonly n: number;
  /** The chain up to and with this line, SHA-256. */
  readonly hash: string;
}

/** Before the first entry. */
export const NO_TRAIL: TrailEnd = { n: 0, hash: Buffer.from(FIRST_HASH).toString('hex') };

/** The hash of an entry behind another one; `content`: all that it says, in a fixed order. */
export function hashInTrail(before: string, n: number, content: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest();
  return chained(Buffer.from(before, 'hex'), 'audit', n, digest).toString('hex');
}

/** What a look at a trail has found. */
export interface TrailReview<E extends TrailEnd> {
  readonly entries: readonly E[];
  /** Each line that is not as it was written: where, and what. Empty: nothing was changed since. */
  readonly found: readonly string[];
  /** What the lines come to. */
  readonly end: TrailEnd;
}

/**
 * Goes along the lines of a trail. Each is held against the line before it as that says it is, so that a change shows at
 * its own line only.
 */
export function reviewTrail<E extends TrailEnd>(
  lines: readonly string[],
  read: {
    /** The entry of a line; undefined: it is none. */
    readonly entryIn: (line: string) => E | undefined;
    readonly hashOf: (before: string, n: number, entry: E) => string;
  },
): TrailReview<E> {
  const entries: E[] = [];
  const found: string[] = [];
  let before: TrailEnd = NO_TRAIL;
  const seen = new Set<number>();
  for (const [i, line] of lines.entries()) {
    const at = `line ${i + 1}`;
    const entry = read.entryIn(line);
    if (entry === undefined) {
      found.push(`${at}: is no entry any more`);
      continue;
    }
    const { n, hash } = entry;
    if (seen.has(n)) {
      found.push(`${at}: entry ${n} stands there a second time, or was put in`);
      continue;
    }
    seen.add(n);
    if (n < before.n) {
      found.push(`${at}: entry ${n} was moved behind entry ${before.n}`);
      continue;
    }
    entries.push(entry);
    // What is not there cannot be held against: its hash is that of nobody.
    if (n > before.n + 1) found.push(`${at}: ${missingText(before.n + 1, n - 1)} before it`);
    else if (read.hashOf(before.hash, n, entry) !== hash)
      found.push(`${at}: entry ${n} is not what was written, or was put in`);
    before = { n, hash };
  }
  return { entries, found, end: before };
}

/** What of a trail is not there. */
export function missingText(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
