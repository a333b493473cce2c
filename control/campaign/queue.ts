import { z } from 'zod';
import { named } from '../named.ts';
import type { Cut } from './after-cut.ts';
import type { Campaign, CampaignRule, CampaignRun } from './campaign-file.ts';
import type { Rule } from './rules.ts';
import type { Window } from './windows.ts';

/**
 * The queue of a campaign: what became of each run so far and what still waits, as JSON. Pure: every change is a new
 * state, the time arrives as an input. What is over stays as it is; a retry or a repeat is an item of its own.
 */

const moment_ms = z.number().nullable();

export const itemSchema = z.strictObject({
  /** Its own name: `curve`, of several `curve-2`, tried again `curve-1b`, `curve-2b`: no run can be called so. */
  id: z.string(),
  run: z.string(),
  /** The how-manieth of this run, from 1. */
  time: z.number().int().min(1),
  /** From 1; more: the attempt before did not complete. */
  attempt: z.number().int().min(1),
  state: z.enum(['waiting', 'running', 'completed', 'failed', 'skipped']),
  /** Why it failed or was skipped; what a rule decided after it. */
  reason: z.string(),
  begun_ms: moment_ms,
  over_ms: moment_ms,
  /** It ended because the whole campaign was stopped: it is done once more, and that is no retry. */
  interrupted: z.boolean().default(false),
  /** When it was cut off with its program; one that waits or runs with it goes on in its own record. */
  cut_ms: moment_ms.default(null),
  /** How often it has gone on after a cut. */
  resumed: z.number().int().min(0).default(0),
  /** A person took this one time of a run out: the run is judged without it. */
  removed: z.literal(true).exactOptional(),
  /** What it returned, by full name; null where a value is not known. Empty until it is over. */
  values: z.record(z.string(), z.number().nullable()),
});
/** One run in the queue. */
export type QueueItem = Readonly<z.output<typeof itemSchema>>;

export const queueSchema = z.strictObject({
  campaign: z.string(),
  version: z.literal(1),
  items: z.array(itemSchema).readonly(),
  /** How often each rule that repeats has done so, by `RUN.NUMBER`. */
  repeats: z.record(z.string(), z.number().int()),
  /** Runs that a rule or a failure has ended, and why: nothing of them is put in the queue any more. */
  ended: z
    .array(z.strictObject({ run: z.string(), reason: z.string() }))
    .readonly()
    .default([]),
});
/** The queue as it stands. */
export type Queue = Readonly<z.output<typeof queueSchema>>;

/** How a run ended. */
export interface RunEnd {
  readonly isCompleted: boolean;
  /** Whether its figures meet what its method asks; undefined: it asks nothing, or it is undecided. */
  readonly isPassed: boolean | undefined;
  /** Why it did not complete. */
  readonly reason: string;
  /** What its method returned, by its names; NaN where it is not known. */
  readonly returned: Readonly<Record<string, number>>;
  /** Who ended it, where somebody did: what a person has stopped is not tried again; with the campaign: it is. */
  readonly stoppedBy?: 'person' | 'campaign';
  /** Its program was gone before its end. */
  readonly cut?: Cut;
}

/** The rules of each run, checked. */
export type Rules = ReadonlyMap<string, readonly (CampaignRule & { readonly condition: Rule })[]>;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** One time of a run, one attempt: waiting. */
export function itemOf({ run, times }: CampaignRun, time: number, attempt: number): QueueItem {
  const number = times > 1 || time > 1 || attempt > 1 ? `-${time}` : '';
  const letter = attempt > 1 ? (LETTERS[attempt - 1] ?? `x${attempt}`) : '';
  return {
    id: `${run}${number}${letter}`,
    run,
    time,
    attempt,
    state: 'waiting',
    reason: '',
    begun_ms: null,
    over_ms: null,
    interrupted: false,
    cut_ms: null,
    resumed: 0,
    values: {},
  };
}

/** A run as it stands in the queue: an item for each of its times. */
export function itemsOf(run: CampaignRun): QueueItem[] {
  return Array.from({ length: run.times }, (_, i) => itemOf(run, i + 1, 1));
}

/** All runs of a campaign, waiting. */
export function newQueue(campaign: Campaign): Queue {
  const items = campaign.runs.flatMap(itemsOf);
  return { campaign: campaign.campaign, version: 1, items, repeats: {}, ended: [] };
}

/** The run of an item in the file. @throws RangeError where the queue is of another campaign */
export function runOf({ runs }: Campaign, { run }: { readonly run: string }): CampaignRun {
  const found = runs.find(one => one.run === run);
  if (found === undefined) throw new RangeError(`the campaign has no run "${run}"`);
  return found;
}

/** In which times of day a run may begin; undefined: in all. @throws RangeError where the queue is of another campaign */
export function windowOf({ windows }: Campaign, { window }: Pick<CampaignRun, 'window'>): Window | undefined {
  const times = window === undefined ? undefined : named(windows, window);
  if (window !== undefined && times === undefined)
    throw new RangeError(`the campaign has no window "${window}"`);
  return times;
}

/** The queue with another state of an item. */
export function changed(queue: Queue, id: string, change: Partial<QueueItem>): Queue {
  return { ...queue, items: queue.items.map(item => (item.id === id ? { ...item, ...change } : item)) };
}

/** Whether a name is that of its run, or its own: no run can be called like an item of another one. */
export function isNamed({ id, run }: QueueItem, name: string): boolean {
  return run === name || id === name;
}

/** An item that was cut off and goes on: its place on the bench is still its own. */
export function isCutOff({ state, cut_ms }: QueueItem): boolean {
  return state === 'waiting' && cut_ms !== null;
}

/** @throws RangeError where the queue has none of that name */
export function itemIn({ items }: Queue, id: string): QueueItem {
  const found = items.find(one => one.id === id);
  if (found === undefined) throw new RangeError(`${id} is not in the queue`);
  return found;
}

/** An item that waited has begun, or goes on. */
export function begun(queue: Queue, id: string, now_ms: number): Queue {
  const item = itemIn(queue, id);
  if (isCutOff(item)) return changed(queue, id, { state: 'running', resumed: item.resumed + 1 });
  return changed(queue, id, { state: 'running', begun_ms: now_ms });
}

/** An item was to begin and did not: nothing of it has happened, it waits again. */
export function notBegun(queue: Queue, id: string): Queue {
  const { cut_ms, resumed } = itemIn(queue, id);
  if (cut_ms !== null) return changed(queue, id, { state: 'waiting', resumed: resumed - 1 });
  return changed(queue, id, { state: 'waiting', begun_ms: null });
}

/** An item that waited is not done; one that was cut off does not go on. */
export function notDone(item: QueueItem, reason: string): QueueItem {
  if (!isCutOff(item)) return { ...item, state: 'skipped', reason };
  return { ...item, state: 'failed', reason: `${item.reason}; ${reason}`, over_ms: item.cut_ms };
}

/** An item that waited is not done. */
export function skipped(queue: Queue, id: string, reason: string): Queue {
  return { ...queue, items: queue.items.map(item => (item.id === id ? notDone(item, reason) : item)) };
}
