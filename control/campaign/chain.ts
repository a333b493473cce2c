import { createHash } from 'node:crypto';
import { z } from 'zod';
import { chained, FIRST_HASH } from '../record/seal/seals.ts';

/**
 * Lines of a file that are chained as the seals of a record are, so that what is changed, taken out, put in or moved later
 * shows at its line. Pure.
 */

/** SHA-256, hexadecimal. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** How far a chain goes: number and hash of its last line. */
export interface ChainHead {
  /** From 1, without a gap; 0: there is none yet. */
  readonly n: number;
  /** The chain up to and with it. */
  readonly hash: string;
}

/** Before the first line. */
export const NO_CHAIN: ChainHead = { n: 0, hash: Buffer.from(FIRST_HASH).toString('hex') };

/** SHA-256 of what can be said as JSON. */
export function sha256(content: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest();
}

/** The chain with one more line. `what`: which file it is of; `content`: all that the line says beside number and hash. */
export function nextInChain({ n, hash }: ChainHead, what: string, content: unknown): ChainHead {
  const next = chained(Buffer.from(hash, 'hex'), what, n + 1, sha256(content));
  return { n: n + 1, hash: next.toString('hex') };
}

/** What a file of such lines is. */
export interface ChainOf<E extends ChainHead> {
  readonly what: string;
  /** What one line is called, and several. */
  readonly words: readonly [one: string, several: string];
  readonly schema: z.ZodType<E>;
  readonly contentOf: (entry: E) => unknown;
}

/** What a look at such lines has found. */
export interface ChainReview<E> {
  readonly entries: readonly E[];
  /** Each line that is not as it was written: where, and what. Empty: nothing was changed since. */
  readonly found: readonly string[];
}

/**
 * Goes along the lines. Each is held against the line before it as that says it is, so that a change shows at its own line
 * only; `until`: what the chain must come to.
 */
export function reviewChain<E extends ChainHead>(
  lines: readonly string[],
  until: ChainHead,
  { what, words: [word, words], schema, contentOf }: ChainOf<E>,
): ChainReview<E> {
  const entries: E[] = [];
  const found: string[] = [];
  const missing = (from: number, to: number): string =>
    from === to ? `${word} ${from} is missing` : `${words} ${from} to ${to} are missing`;
  let before: ChainHead = NO_CHAIN;
  const seen = new Set<number>();
  for (const [i, line] of lines.entries()) {
    const at = `line ${i + 1}`;
    const entry = entryIn(line, schema);
    if (entry === undefined) {
      found.push(`${at}: is no ${word} any more`);
      continue;
    }
    const { n, hash } = entry;
    if (seen.has(n)) {
      found.push(`${at}: ${word} ${n} stands there a second time, or was put in`);
      continue;
    }
    seen.add(n);
    if (n < before.n) {
      found.push(`${at}: ${word} ${n} was moved behind ${word} ${before.n}`);
      continue;
    }
    entries.push(entry);
    // What is not there cannot be held against: its hash is that of nobody.
    if (n > before.n + 1) found.push(`${at}: ${missing(before.n + 1, n - 1)} before it`);
    else if (nextInChain(before, what, contentOf(entry)).hash !== hash)
      found.push(`${at}: ${word} ${n} is not what was written, or was put in`);
    before = { n, hash };
  }
  if (before.n < until.n) found.push(`${missing(before.n + 1, until.n)} at the end`);
  else if (before.n > until.n) found.push(`the campaign knows of ${until.n} ${words}, there are more`);
  else if (before.hash !== until.hash)
    found.push(`${word} ${until.n} is not the last one that the campaign knows`);
  return { entries, found };
}

function entryIn<E>(line: string, schema: z.ZodType<E>): E | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
