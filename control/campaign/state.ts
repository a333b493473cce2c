import { z } from 'zod';
import { hashInTrail, NO_TRAIL, reviewTrail, type TrailEnd } from '../record/seal/trail.ts';
import {
  auditedSchema,
  digestSchema,
  NOTHING_AUDITED,
  type Reviewed,
  reviewedUntil,
  withBegin,
} from './audit.ts';
import { campaignSchema } from './campaign-file.ts';
import { isCutOff, type Queue, queueSchema } from './queue.ts';

/**
 * All that is known of a campaign that is carried out, as JSON: the campaign as it stands by now, its queue, what runs in
 * which process, and what waits for a person. Pure: every change is a new state together with what there is to tell of it.
 */

const moment_ms = z.number();
const run = z.string();
const bench = z.string();

/** Somebody's word. */
export const wordSchema = z.strictObject({
  by: z.string(),
  because: z.string(),
  utc_ms: moment_ms,
});
export type Word = Readonly<z.output<typeof wordSchema>>;

/** What is told of a campaign; a line each in its log. */
export const campaignEventSchema = z.strictObject({
  /** From 1, without a gap. */
  n: z.number().int().min(1),
  utc: z.iso.datetime(),
  kind: z.enum([
    'supervised',
    'begun',
    'takenUp',
    'notBegun',
    'cutOff',
    'resumed',
    'ended',
    'decided',
    'queued',
    'skipped',
    'benchHeld',
    'edited',
    'editRefused',
    'stopping',
    'stopped',
    'over',
  ]),
  /** The run in the queue that it is about; null: the whole. */
  id: z.string().nullable(),
  text: z.string(),
  /** Who wanted it, where a person did. */
  by: z.string().nullable(),
  /** The chain up to and with this line; empty: it was not chained yet. */
  hash: z.string().default(''),
});
export type CampaignEvent = Readonly<z.output<typeof campaignEventSchema>>;

/** A run that has begun: where, and the process that carries it. */
export const carriedSchema = z.strictObject({
  /** Folder of the run, inside that of the campaign. */
  dir: z.string(),
  seed: z.number().int(),
  /** What the carrier knows it by; null: it has not been let go yet. */
  handle: z.json(),
  /** A person has asked for its end. */
  stop: wordSchema.nullable(),
});
export type Carried = Readonly<z.output<typeof carriedSchema>>;

export const CAMPAIGN_MODES = ['rehearsal', 'wire', 'bench'] as const;

/** How its runs are begun. */
const settingsSchema = z.strictObject({
  mode: z.enum(CAMPAIGN_MODES),
  seed: z.number().int(),
  minutes: z.number().nullable(),
  pace: z.number().nullable(),
  operator: z.string().nullable(),
  /** How long each run takes by the campaign's rehearsal, s; of one that is not in it nothing is known. */
  planned_s: z.record(run, z.number()),
});
export type CampaignSettings = Readonly<z.output<typeof settingsSchema>>;

export const campaignStateSchema = z.strictObject({
  schema: z.literal('cellbench/campaign-state'),
  version: z.literal(1),
  /** The campaign's file: what it names lies relative to it. */
  file: z.string(),
  settings: settingsSchema,
  campaign: campaignSchema,
  queue: queueSchema,
  /** By item: each that has begun. */
  carried: z.record(z.string(), carriedSchema),
  /** Benches whose subjects may be under way at a time: each of these is a channel. */
  channels: z.array(bench).default([]),
  /** Benches, or channels of them, that somebody has to look at, with the reason. */
  benches: z.record(bench, z.string()),
  /** The newest word that somebody has looked at it. */
  acknowledged: z.record(bench, wordSchema),
  /** Runs, and the whole, that a person holds back. */
  runsHeld: z.record(run, wordSchema),
  held: wordSchema.nullable(),
  /** Edits that have been answered: each is taken once. */
  edits: z.array(z.string()),
  begunUtc: z.iso.datetime(),
  is: z.enum(['under way', 'stopped', 'over']),
  /** What the last change told. What of it is missing in the log is written there at the next start. */
  last: z.array(campaignEventSchema),
  /** The trail of who did what. */
  audited: auditedSchema.default(NOTHING_AUDITED),
  /** Number of the last event, and the chain up to and with it. */
  n: z.number().int().min(0),
  hash: digestSchema.default(NO_TRAIL.hash),
});
/** A campaign that is carried out. */
export type CampaignState = Readonly<z.output<typeof campaignStateSchema>>;

/** What is to be told, before it has its number and its time. */
export type Told = Pick<CampaignEvent, 'kind' | 'text'> & Partial<Pick<CampaignEvent, 'id' | 'by'>>;

/** The state with a change and what is told of it. */
export function changedTo(
  state: CampaignState,
  change: Partial<CampaignState>,
  events: readonly Told[],
  now_ms: number,
): CampaignState {
  const utc = new Date(now_ms).toISOString();
  const last: CampaignEvent[] = [];
  let { n, hash } = state;
  for (const one of events) {
    const told = { id: null, by: null, ...one, utc };
    n++;
    hash = hashOfEvent(hash, n, told);
    last.push({ ...told, n, hash });
  }
  const audited = change.audited ?? { ...state.audited, last: [] };
  return { ...state, ...change, audited, last, n, hash };
}

function hashOfEvent(
  before: string,
  n: number,
  { utc, kind, id, text, by }: Omit<CampaignEvent, 'n' | 'hash'>,
): string {
  return hashInTrail(before, n, ['event', utc, kind, id, text, by]);
}

/** Looks along the lines of what was told; `until`: what the state of the campaign says they come to. */
export function reviewEvents(lines: readonly string[], until: TrailEnd): Reviewed<CampaignEvent> {
  return reviewedUntil(reviewTrail(lines, { entryIn, hashOf: hashOfEvent }), until);
}

function entryIn(line: string): CampaignEvent | undefined {
  try {
    return campaignEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What a change of the queue tells: what is new in it, what is not done any more, what was decided after a run. */
export function toldOf(before: Queue, after: Queue): Told[] {
  const known = new Map(before.items.map(item => [item.id, item]));
  const told: Told[] = [];
  for (const item of after.items) {
    const { id, state, reason } = item;
    const was = known.get(id);
    if (was === undefined && state === 'waiting')
      told.push({ kind: 'queued', id, text: `${id} is put in the queue` });
    else if (was === item || was?.state === state) continue;
    else if (isCutOff(item)) told.push({ kind: 'cutOff', id, text: `${id} is to go on: ${reason}` });
    else if (state === 'skipped') told.push({ kind: 'skipped', id, text: `${id} is not run: ${reason}` });
    else if (state === 'failed') told.push({ kind: 'ended', id, text: `${id} did not complete: ${reason}` });
    else if (state === 'completed') {
      const values = Object.entries(item.values).map(([name, value]) => `${name} ${value ?? 'not known'}`);
      told.push({ kind: 'ended', id, text: `${id} completed: ${values.join(', ')}` });
      if (reason !== '') told.push({ kind: 'decided', id, text: reason });
    }
  }
  return told;
}

/** A campaign that begins. */
export function newCampaign(
  about: Pick<CampaignState, 'file' | 'settings' | 'campaign' | 'queue'>,
  now_ms: number,
  channels: readonly string[] = [],
): CampaignState {
  const nobody = { benches: {}, acknowledged: {}, runsHeld: {}, held: null };
  return {
    schema: 'cellbench/campaign-state',
    version: 1,
    ...about,
    channels: [...channels],
    carried: {},
    ...nobody,
    audited: withBegin({ ...about, ...nobody }, about.file, about.settings.operator, now_ms),
    edits: [],
    begunUtc: new Date(now_ms).toISOString(),
    is: 'under way',
    last: [],
    ...NO_TRAIL,
  };
}
