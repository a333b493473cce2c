import { z } from 'zod';
import type { ChannelShown } from '../contract/channel-shown.ts';
import { named } from '../named.ts';
import type { Choice, Waits } from './choose.ts';
import { runHeld } from './held.ts';
import { stationOf } from './needs.ts';
import { type QueueItem, runOf } from './queue.ts';
import { CAMPAIGN_MODES, type CampaignState, type Word } from './state.ts';
import { utcOf } from './windows.ts';

/**
 * What a campaign that is carried out says of itself, as `campaign.json` in its folder has it. Times: UTC, or s; null where
 * there is no value.
 */

const figure = z.number();

/** Who holds something, why, and since when. */
const heldSchema = z.strictObject({ by: z.string(), because: z.string(), sinceUtc: z.string() });

const carriedRunSchema = z.strictObject({
  id: z.string(),
  run: z.string(),
  bench: z.string(),
  subject: z.string().nullable(),
  state: z.enum(['completed', 'failed', 'skipped', 'waiting', 'running']),
  /** Why it failed or was skipped; what a rule decided after it. */
  reason: z.string(),
  beginUtc: z.string().nullable(),
  endUtc: z.string().nullable(),
  /** Of one that goes on, by the campaign's rehearsal; null: it was not rehearsed. */
  expectedEndUtc: z.string().nullable(),
  /** Of one that is over. */
  duration_s: figure.nullable(),
  /** How often it went on in its record after it was cut off. */
  resumed: figure,
  /** Folder of its record, relative to this file; null: it has not begun. */
  dir: z.string().nullable(),
  /** What its method returned, by `RUN.NAME_unit`; null where a value is not known. */
  values: z.record(z.string(), figure.nullable()),
  /** Of one that waits: for what; null: for nothing, or it does not wait. */
  waitsFor: z.string().nullable(),
  /** Runs that come before it. */
  after: z.array(z.string()).default([]),
  /** Of one that waits: a person holds it back, by the name `what` (its run, or this time of it alone); null: nobody does. */
  held: heldSchema.extend({ what: z.string() }).nullable().default(null),
});

export const carriedCourseSchema = z.strictObject({
  schema: z.literal('cellbench/campaign'),
  version: z.literal(1),
  campaign: z.string(),
  /** The campaign's file. */
  file: z.string(),
  mode: z.enum(CAMPAIGN_MODES),
  is: z.enum(['under way', 'stopped', 'over']),
  begunUtc: z.string(),
  updatedUtc: z.string(),
  /** A person holds the whole campaign: nothing more begins; null: nobody does. */
  held: heldSchema.nullable().default(null),
  runs: z.array(carriedRunSchema),
  /** Each bench, or each channel of it: why nothing begins on it until somebody has looked; null: nothing stands against it. */
  benches: z.array(z.strictObject({ bench: z.string(), held: z.string().nullable(), busy_s: figure })),
  counts: z.strictObject({
    completed: figure,
    failed: figure,
    skipped: figure,
    waiting: figure,
    running: figure,
  }),
});
/** The course of a campaign that is carried out. */
export type CarriedCourse = z.output<typeof carriedCourseSchema>;

/** A bench with several subjects, each on a channel of its own. */
export interface ChannelsOfBench {
  /** As the campaign names it. */
  readonly bench: string;
  /** In the order of the bench file: the first is channel 1. */
  readonly subjects: readonly string[];
}

/** What the page of a campaign shows at one moment. */
export interface CampaignShown {
  readonly course: CarriedCourse;
  readonly benches: readonly ChannelsOfBench[];
  /** Runs under way that have a live page now. */
  readonly withPage: readonly string[];
  /** What the runs under way say of their channels, by run; without those that do not answer. */
  readonly readings: Readonly<Record<string, ChannelShown>>;
  /** Runs under way whose process is there and does not answer: when it did so last, UTC. */
  readonly silent: Readonly<Record<string, string>>;
}

/** Puts it together. `waits`: what was found to wait when that was looked at last. */
export function carriedCourseOf(
  state: CampaignState,
  waits: readonly Waits[],
  now_ms: number,
): CarriedCourse {
  const { campaign, queue, carried, settings } = state;
  const waitOf = new Map(waits.map(one => [one.id, waitText(one)]));
  const runs = queue.items.map((item): CarriedCourse['runs'][number] => {
    const { bench = campaign.bench, subject = null, after } = runOf(campaign, item);
    const { id, run, begun_ms, over_ms, values, reason } = item;
    const duration_s = begun_ms === null || over_ms === null ? null : (over_ms - begun_ms) / 1000;
    const planned_s = named(settings.planned_s, run) ?? null;
    const isGoing = item.state === 'running' && begun_ms !== null && planned_s !== null;
    return {
      id,
      run,
      bench,
      subject,
      state: item.state,
      reason,
      beginUtc: utcOf(begun_ms),
      endUtc: utcOf(over_ms),
      expectedEndUtc: isGoing ? utcOf(begun_ms + 1000 * planned_s) : null,
      duration_s,
      resumed: item.resumed,
      dir: begun_ms === null ? null : (named(carried, id)?.dir ?? null),
      values,
      waitsFor: item.state === 'waiting' ? (waitOf.get(id) ?? null) : null,
      after,
      held: item.state === 'waiting' ? runHeldIn(state, item) : null,
    };
  });
  const channels = new Set(state.channels);
  const stations = runs.map(run => stationOf(campaign, run, channels));
  const count = (is: string): number => runs.filter(one => one.state === is).length;
  const isHeld = new Map(waits.flatMap(one => (one.for === 'person' ? [[one.what, one.reason]] : [])));
  return {
    schema: 'cellbench/campaign',
    version: 1,
    campaign: campaign.campaign,
    file: state.file,
    mode: settings.mode,
    is: state.is,
    begunUtc: state.begunUtc,
    updatedUtc: new Date(now_ms).toISOString(),
    held: state.held === null ? null : heldOf(state.held),
    runs,
    benches: [...new Set(stations)].map(bench => ({
      bench,
      held: isHeld.get(bench) ?? named(state.benches, bench) ?? null,
      busy_s: runs
        .filter((_, i) => stations[i] === bench)
        .reduce((sum, { duration_s }) => sum + (duration_s ?? 0), 0),
    })),
    counts: {
      completed: count('completed'),
      failed: count('failed'),
      skipped: count('skipped'),
      waiting: count('waiting'),
      running: count('running'),
    },
  };
}

function heldOf({ by, because, utc_ms }: Word): z.output<typeof heldSchema> {
  return { by, because, sinceUtc: new Date(utc_ms).toISOString() };
}

function runHeldIn({ runsHeld }: CampaignState, item: QueueItem): CarriedCourse['runs'][number]['held'] {
  const word = runHeld(runsHeld, item);
  return word === undefined ? null : { what: word.what, ...heldOf(word) };
}

/** In words: what an item waits for. */
export function waitText(waits: Choice['waits'][number]): string {
  switch (waits.for) {
    case 'run':
      return `run ${waits.run}`;
    case 'window':
      return `window ${waits.window}, ${utcOf(waits.opening.from_ms)}`;
    case 'person':
      return `a person: ${waits.reason}`;
    default:
      return `${waits.for} ${waits.what} (${waits.by})`;
  }
}
