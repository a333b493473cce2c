import { z } from 'zod';
import { type ChainReview, digestSchema, NO_CHAIN, nextInChain, reviewChain, sha256 } from './chain.ts';
import type { Edit } from './edits.ts';
import type { CampaignState } from './state.ts';

/**
 * Who did what in a campaign: its begin, every edit and every word of a person, chained as the seals of a record are, so
 * that what is changed, taken out, put in or moved later shows at its line. Pure.
 */

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
export const NOTHING_AUDITED: Audited = { n: 0, hash: NO_CHAIN.hash, last: [] };

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

type Written = Omit<AuditEntry, 'n' | 'hash'>;

const contentOf = ({ utc, by, what, because, change, refused, before, after }: Written): unknown => [
  utc,
  by,
  what,
  because,
  change,
  refused,
  before,
  after,
];
const CHAIN = { what: 'audit', words: ['entry', 'entries'], schema: auditEntrySchema, contentOf } as const;

function added(audited: Audited, entry: Written): Audited {
  const { n, hash } = nextInChain(audited, CHAIN.what, contentOf(entry));
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

/** Goes along the lines of a trail; `until`: what the state of the campaign says it comes to. */
export function reviewAudit(
  lines: readonly string[],
  until: Pick<Audited, 'n' | 'hash'>,
): ChainReview<AuditEntry> {
  return reviewChain(lines, until, CHAIN);
}
