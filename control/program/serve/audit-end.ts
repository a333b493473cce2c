import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { explain } from '../../../dashboards/refusals.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { missingText, type TrailEnd, type TrailReview } from '../../record/seal/trail.ts';

/**
 * Where the audit file of a door ends, kept beside it: what was cut off its end does not show in the chain. Written after
 * each line, and not flushed: after a power failure it may be of an earlier line, against which a longer file is right.
 */

const endSchema = z.strictObject({
  version: z.literal(1),
  n: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Whether the lab has had accounts: without them nobody would be asked who they are. */
  hadAccounts: z.boolean(),
});
/** The last line that was written. */
export type KeptEnd = Omit<z.output<typeof endSchema>, 'version'>;

/** The end that is kept; undefined: none is; a text: why it cannot be read. */
export function readEnd(path: string): KeptEnd | string | undefined {
  try {
    const found = endSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return found.success ? found.data : explain(found.error);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return error instanceof SyntaxError ? 'is no JSON' : plainReason(error);
  }
}

/** Keeps it, whole or not at all. @throws what the disk says */
export function keepEnd(path: string, { n, hash, hadAccounts }: KeptEnd): void {
  const draft = `${path}.part`;
  writeFileSync(draft, `${JSON.stringify({ version: 1, n, hash, hadAccounts })}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** A look along the file, held against the end that is kept. */
export interface EndReview {
  /** What does not fit. */
  readonly found: readonly string[];
  /** Where to go on, so that what does not fit shows in the chain for ever. */
  readonly goOn: TrailEnd;
}

/** Holds the lines of a file against the end that was kept of it. */
export function reviewEnd(
  { entries, end }: TrailReview<TrailEnd>,
  kept: KeptEnd | string | undefined,
): EndReview {
  const cannotTell = 'whether lines were cut off its end cannot be told';
  if (typeof kept === 'string')
    return { found: [`its end in audit-end.json ${kept}: ${cannotTell}`], goOn: end };
  if (kept === undefined)
    return { found: end.n === 0 ? [] : [`audit-end.json is missing: ${cannotTell}`], goOn: end };
  const { n, hash } = kept;
  if (end.n < n)
    return {
      found: [`was cut: ${entries.length} lines, expected ${n} (${missingText(end.n + 1, n)})`],
      goOn: { n, hash },
    };
  const own = n === 0 ? undefined : entries.find(entry => entry.n === n);
  if (n === 0 || own?.hash === hash) return { found: [], goOn: end };
  return {
    found: [`entry ${n} is not the one in audit-end.json: what comes before it was written anew`],
    goOn: { n: end.n, hash },
  };
}
