import { createHash } from 'node:crypto';
import { z } from 'zod';
import { chained, FIRST_HASH } from '../record/seal/seals.ts';
import type { Edit } from './edits.ts';
import type { CampaignState } from './state.ts';

/**
 * Who did what in a campaign: its begin, every edit and every word of a person, chained as the seals of a record are, so
 * that what is changed, taken out, put in or moved later shows at its line. Pure.
 */

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const auditEntrySchema = z.strictObject({
  /** From 1, without a gap. */
  n: z.number().int().min(1),
  utc: z.iso.datetime(),
  /** Who; null: nobody has said. */
  by: z.string().nullable(),
  /** `begin`, or what was wanted: `add`, `acknowledge`, ... */
  what: z.string(),
  because: z.string(),
  /** The edit itself. */
  change: z.json(),
  /** Why it was refused; null: it was taken. */
  refused: z.string().nullable(),
  /** SHA-256 of what a person can change of the campaign, before and after; the same where nothing has changed. */
  before: digest,
  after: digest,
  /** The chain up to and with this line. */
  hash: digest,
});
/** One line of `audit.jsonl`. */
export type AuditEntry = Readonly<z.output<typeof auditEntrySchema>>;

export const auditedSchema = z.strictObject({
  /** Of the last entry: what `audit.jsonl` must come to. */
  n: z.number().int().min(0),
  hash: digest,
  /** What the last change added; what of it is missing in the file is written there at the next start. */
  last: z.array(auditEntrySchema),
});
/** How far the trail of a campaign goes. */
export type Audited = Readonly<z.output<typeof auditedSchema>>;

/** Before the first entry. */
export const NOTHING_AUDITED: Audited = { n: 0, hash: Buffer.from(FIRST_HASH).toString('hex'), last: [] };

type Editable = Pick<CampaignState, 'campaign' | 'queue' | 'held' | 'runsHeld' | 'benches' | 'acknowledged'>;

/** What a person can change of a campaign, as one hash. */
export function digestOfCampaign({
  campaign,
  queue,
  held,
  runsHeld,
  benches,
  acknowledged,
}: Editable): string {
  return sha256([campaign, queue, held, runsHeld, benches, acknowledged]).toString('hex');
}

function sha256(content: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest();
}

type Written = Omit<AuditEntry, 'n' | 'hash'>;

function hashOf(
  before: string,
  n: number,
  { utc, by, what, because, change, refused, ...own }: Written,
): string {
  const content = [utc, by, what, because, change, refused, own.before, own.after];
  return chained(Buffer.from(before, 'hex'), 'audit', n, sha256(content)).toString('hex');
}

function added(audited: Audited, entry: Written): Audited {
  const n = audited.n + 1;
  const hash = hashOf(audited.hash, n, entry);
  return { n, hash, last: [{ ...entry, n, hash }] };
}

/** The trail with an edit; `after`: what it made, undefined where it was refused. */
export function withEdit(
  state: CampaignState,
  { by, because, change }: Edit,
  after: Editable | { readonly refused: string },
  now_ms: number,
): Audited {
  const before = digestOfCampaign(state);
  const isRefused = 'refused' in after;
  return added(state.audited, {
    utc: new Date(now_ms).toISOString(),
    by,
    what: change.do,
    because,
    // As it is read again: what is not said has no place in it.
    change: JSON.parse(JSON.stringify(change)) as AuditEntry['change'],
    refused: isRefused ? after.refused : null,
    before,
    after: isRefused ? before : digestOfCampaign(after),
  });
}

/** The trail of a campaign that begins. */
export function withBegin(state: Editable, file: string, by: string | null, now_ms: number): Audited {
  const digest_ = digestOfCampaign(state);
  return added(NOTHING_AUDITED, {
    utc: new Date(now_ms).toISOString(),
    by,
    what: 'begin',
    because: file,
    change: null,
    refused: null,
    before: digest_,
    after: digest_,
  });
}

/** What a look at a trail has found. */
export interface AuditReview {
  readonly entries: readonly AuditEntry[];
  /** Each line that is not as it was written: where, and what. Empty: nothing was changed since. */
  readonly found: readonly string[];
}

/**
 * Goes along the lines of a trail. Each is held against the line before it as that says it is, so that a change shows at
 * its own line only; `until`: what the state of the campaign says the trail comes to.
 */
export function reviewAudit(lines: readonly string[], until: Pick<Audited, 'n' | 'hash'>): AuditReview {
  const entries: AuditEntry[] = [];
  const found: string[] = [];
  let before: Pick<Audited, 'n' | 'hash'> = NOTHING_AUDITED;
  const seen = new Set<number>();
  for (const [i, line] of lines.entries()) {
    const at = `line ${i + 1}`;
    const entry = entryIn(line);
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
    else if (hashOf(before.hash, n, entry) !== hash)
      found.push(`${at}: entry ${n} is not what was written, or was put in`);
    before = { n, hash };
  }
  if (before.n < until.n) found.push(`${missingText(before.n + 1, until.n)} at the end`);
  else if (before.n > until.n) found.push(`the campaign knows of ${until.n} entries, there are more`);
  else if (before.hash !== until.hash)
    found.push(`entry ${until.n} is not the last one that the campaign knows`);
  return { entries, found };
}

function missingText(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}

function entryIn(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
