import { z } from 'zod';
import { type AfterCutWay, type Cut, wayAfterCut } from './after-cut.ts';
import type { Campaign, CampaignRule, CampaignRun } from './campaign-file.ts';
import type { Rule, RuleValues } from './rules.ts';

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

function itemOf({ run, times }: CampaignRun, time: number, attempt: number): QueueItem {
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
  return { campaign: campaign.campaign, version: 1, items, repeats: {} };
}

/** The run of an item in the file. @throws RangeError where the queue is of another campaign */
export function runOf({ runs }: Campaign, { run }: { readonly run: string }): CampaignRun {
  const found = runs.find(one => one.run === run);
  if (found === undefined) throw new RangeError(`the campaign has no run "${run}"`);
  return found;
}

function changed(queue: Queue, id: string, change: Partial<QueueItem>): Queue {
  return { ...queue, items: queue.items.map(item => (item.id === id ? { ...item, ...change } : item)) };
}

/** An item that was cut off and goes on: its place on the bench is still its own. */
export function isCutOff({ state, cut_ms }: QueueItem): boolean {
  return state === 'waiting' && cut_ms !== null;
}

function itemIn({ items }: Queue, id: string): QueueItem {
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

/** What `after_cut` makes of an end; undefined: it was not cut off. */
export function afterCutOf(
  campaign: Campaign,
  { items }: Queue,
  { run, time, resumed }: QueueItem,
  { cut }: RunEnd,
): AfterCutWay | undefined {
  if (cut === undefined) return undefined;
  const anew = items.filter(one => one.run === run && one.time === time && isDoneAnew(one)).length;
  return wayAfterCut(runOf(campaign, { run }).after_cut, cut, { resumed, anew });
}

/** It was cut off, and done once more for that: no retry. */
const isDoneAnew = ({ state, cut_ms }: QueueItem): boolean => state === 'failed' && cut_ms !== null;

/** A run is over: what it returned is kept, what its rules or its failure decide is done to the queue. */
export function over(
  campaign: Campaign,
  rules: Rules,
  queue: Queue,
  id: string,
  end: RunEnd,
  now_ms: number,
): Queue {
  const item = itemIn(queue, id);
  if (item.state !== 'running') throw new RangeError(`${id} is not running`);
  const way = afterCutOf(campaign, queue, item, end);
  if (way === 'goes on' || way === 'goes on, held')
    return changed(queue, id, { state: 'waiting', cut_ms: now_ms, reason: end.reason });
  const values = valuesOf(item.run, end);
  const closed: Partial<QueueItem> = { over_ms: now_ms, values, cut_ms: null, reason: '' };
  if (way === 'anew' || way === 'anew, held') {
    const failed: Partial<QueueItem> = { ...closed, state: 'failed', reason: end.reason, cut_ms: now_ms };
    return triedAgain(campaign, changed(queue, id, failed), item);
  }
  if (!end.isCompleted) {
    const interrupted = end.stoppedBy === 'campaign';
    const failed = changed(queue, id, { ...closed, state: 'failed', reason: end.reason, interrupted });
    if (interrupted) return triedAgain(campaign, failed, item);
    return afterFailure(campaign, failed, item, end.stoppedBy === undefined);
  }
  const done = changed(queue, id, { ...closed, state: 'completed' });
  const own = rules.get(item.run) ?? [];
  const known = knownIn(done);
  for (const [i, rule] of own.entries()) {
    const holds = rule.condition.holds(known);
    if (holds === undefined) {
      const reason = `"${rule.if}" cannot be decided: ${missingIn(rule.condition, known)} has no value`;
      return afterFailure(campaign, changed(done, id, { state: 'failed', reason }), item, false);
    }
    if (holds) return decided(campaign, done, item, rule, `${item.run}.${i}`);
  }
  return done;
}

function valuesOf(run: string, { isCompleted, isPassed, returned }: RunEnd): QueueItem['values'] {
  const values: Record<string, number | null> = {
    [`${run}.completed_on`]: isCompleted ? 1 : 0,
    [`${run}.passed_on`]: isPassed === undefined ? null : isPassed ? 1 : 0,
  };
  for (const [name, value] of Object.entries(returned))
    values[`${run}.${name}`] = Number.isFinite(value) ? value : null;
  return values;
}

/** What is known by now: of each run what its last one that is over returned. */
function knownIn({ items }: Queue): RuleValues {
  const known = new Map<string, number>();
  const over = items.filter(item => item.over_ms !== null);
  for (const { run, values } of over.sort((a, b) => (a.over_ms ?? 0) - (b.over_ms ?? 0))) {
    // What it gave before is not what it gave the last time.
    for (const name of known.keys()) if (name.startsWith(`${run}.`)) known.delete(name);
    for (const [name, value] of Object.entries(values)) known.set(name, value ?? Number.NaN);
  }
  return known;
}

function missingIn({ names }: Rule, known: RuleValues): string {
  return names.filter(one => Number.isNaN(known.get(one) ?? Number.NaN)).join(', ');
}

function afterFailure(campaign: Campaign, queue: Queue, item: QueueItem, mayRetry: boolean): Queue {
  const { on_failure } = runOf(campaign, item);
  if (typeof on_failure === 'object' && mayRetry && failures(queue, item) <= on_failure.retry)
    return triedAgain(campaign, queue, item);
  const then = typeof on_failure === 'object' ? on_failure.otherwise : on_failure;
  if (then === 'skip') return queue;
  return skippedWhere(queue, () => true, `all was stopped: ${item.id} did not complete`);
}

/** How often it did not complete by itself. */
function failures({ items }: Queue, { run, time }: QueueItem): number {
  return items.filter(
    one =>
      one.run === run && one.time === time && one.state === 'failed' && !one.interrupted && !isDoneAnew(one),
  ).length;
}

function triedAgain(campaign: Campaign, queue: Queue, item: QueueItem): Queue {
  return insertedBehind(queue, item.id, [itemOf(runOf(campaign, item), item.time, item.attempt + 1)]);
}

function decided(
  campaign: Campaign,
  queue: Queue,
  item: QueueItem,
  { repeat, skip, end, because, at_most, if: text }: CampaignRule,
  key: string,
): Queue {
  const reason = `${because} (${item.id}: ${text})`;
  if (end === 'campaign') return skippedWhere(queue, () => true, reason);
  if (end === 'subject') {
    const own = runOf(campaign, item);
    const isSame = ({ bench, subject }: CampaignRun): boolean =>
      (bench ?? campaign.bench) === (own.bench ?? campaign.bench) && subject === own.subject;
    return skippedWhere(queue, other => isSame(runOf(campaign, other)), reason);
  }
  if (skip !== undefined) return skippedWhere(queue, other => skip.includes(other.run), reason);
  const count = queue.repeats[key] ?? 0;
  if (count >= at_most)
    return changed(queue, item.id, { reason: `${reason}: done ${at_most} times already, not again` });
  const more = (repeat ?? []).map(run => {
    const last = Math.max(...queue.items.filter(other => other.run === run).map(other => other.time));
    return itemOf(runOf(campaign, { run }), last + 1, 1);
  });
  const told = changed(queue, item.id, { reason: `${reason}: ${more.map(({ id }) => id).join(', ')}` });
  return {
    ...insertedBehind(told, item.id, more),
    repeats: { ...queue.repeats, [key]: count + 1 },
  };
}

function insertedBehind(queue: Queue, id: string, more: readonly QueueItem[]): Queue {
  const at = queue.items.findIndex(item => item.id === id) + 1;
  return { ...queue, items: [...queue.items.slice(0, at), ...more, ...queue.items.slice(at)] };
}

function skippedWhere(queue: Queue, isMeant: (item: QueueItem) => boolean, reason: string): Queue {
  const items = queue.items.map(item =>
    item.state === 'waiting' && isMeant(item) ? notDone(item, reason) : item,
  );
  return { ...queue, items };
}
