import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  hashInTrail,
  missingText,
  NO_TRAIL,
  reviewTrail,
  type TrailEnd,
  type TrailReview,
} from '../record/seal/trail.ts';
import type { Edit } from './edits.ts';
import type { CampaignState } from './state.ts';

/**
 * Who did what in a campaign: its begin, every edit and every word of a person, chained as the seals of a record are, so
 * that what is changed, taken out, put in or moved later shows at its line. Pure.
 */

/** SHA-256, hexadecimal. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

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
  before: digestSchema,
  after: digestSchema,
  /** The chain up to and with this line. */
  hash: digestSchema,
});
/** One line of `audit.jsonl`. */
export type AuditEntry = Readonly<z.output<typeof auditEntrySchema>>;

export const auditedSchema = z.strictObject({
  /** Of the last entry: what `audit.jsonl` must come to. */
  n: z.number().int().min(0),
  hash: digestSchema,
  /** What the last change added; what of it is missing in the file is written there at the next start. */
  last: z.array(auditEntrySchema),
});
/** How far the trail of a campaign goes. */
export type Audited = Readonly<z.output<typeof auditedSchema>>;

/** Before the first entry. */
export const NOTHING_AUDITED: Audited = { ...NO_TRAIL, last: [] };

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
  const content = [campaign, queue, held, runsHeld, benches, acknowledged];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

type Written = Omit<AuditEntry, 'n' | 'hash'>;

function hashOf(
  before: string,
  n: number,
  { utc, by, what, because, change, refused, ...own }: Written,
): string {
  return hashInTrail(before, n, [utc, by, what, because, change, refused, own.before, own.after]);
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

/** What a look at lines that are chained has found. */
export interface Reviewed<E> {
  readonly entries: readonly E[];
  /** Each line that is not as it was written: where, and what. Empty: nothing was changed since. */
  readonly found: readonly string[];
}

/** Looks along a trail; `until`: what the state of the campaign says it comes to. */
export function reviewAudit(lines: readonly string[], until: TrailEnd): Reviewed<AuditEntry> {
  return reviewedUntil(reviewTrail(lines, { entryIn, hashOf }), until);
}

/** With what is missing at the end of a trail, or too much there. */
export function reviewedUntil<E extends TrailEnd>(
  { entries, found, end }: TrailReview<E>,
  until: TrailEnd,
): Reviewed<E> {
  const more: string[] = [];
  if (end.n < until.n) more.push(`${missingText(end.n + 1, until.n)} at the end`);
  else if (end.n > until.n) more.push(`the campaign knows of ${until.n} entries, there are more`);
  else if (end.hash !== until.hash) more.push(`entry ${until.n} is not the last one that the campaign knows`);
  return { entries, found: [...found, ...more] };
}

function entryIn(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
