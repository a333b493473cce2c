import type { Campaign, CampaignRun } from './campaign-file.ts';
import { type Need, type NeedsOf, needsOf, Taken } from './needs.ts';
import { isCutOff, type Queue, type QueueItem, runOf, windowOf } from './queue.ts';
import { type Opening, openingAt } from './windows.ts';

/** Which runs of a campaign may begin now, and what the others wait for. Pure. */

/** What an item waits for. */
export type Waits =
  | { readonly id: string; readonly for: 'run'; readonly run: string }
  | { readonly id: string; readonly for: 'window'; readonly window: string; readonly opening: Opening }
  /** A person holds it, or must look first. */
  | { readonly id: string; readonly for: 'person'; readonly what: string; readonly reason: string }
  /** Its bench, its channel, a resource or a set point is taken by another item. */
  | { readonly id: string; readonly for: Need['for']; readonly what: string; readonly by: string };

/** What keeps an item from beginning, beside the queue itself: what is held, and why. */
export type HeldBy = (item: QueueItem) => { readonly what: string; readonly reason: string } | undefined;

/** What can be done at a moment. */
export interface Choice {
  readonly begin: readonly QueueItem[];
  /** Can never begin any more, with the reason. */
  readonly skip: readonly { readonly id: string; readonly reason: string }[];
  readonly waits: readonly Waits[];
  /** When the next window opens for something that waits for nothing else; null: there is none. */
  readonly opens_ms: number | null;
}

/** Of the runs that come before: all completed, one will never be, or some are still to come. */
type Before = { readonly is: 'done' | 'open' | 'never'; readonly run: string };
const DONE: Before = { is: 'done', run: '' };

/**
 * What may begin at `now_ms`: the highest priority first, then the order of the queue. A bench carries one run at a time, or one
 * a channel; a resource belongs to one run, a set point that channels share to those that ask for one value. What is needed is taken all at once, so that nothing can wait in a circle. A run that was cut
 * off keeps what it had until it goes on, which it does before any other; it waits for no window and no run again.
 */
export function choose(
  campaign: Campaign,
  queue: Queue,
  now_ms: number,
  heldBy: HeldBy = () => undefined,
  needs: NeedsOf = item => needsOf(campaign, item),
): Choice {
  const taken = new Taken();
  for (const item of queue.items)
    if (item.state === 'running' || isCutOff(item)) taken.take(item.id, needs(item));
  const begin: QueueItem[] = [];
  const skip: { id: string; reason: string }[] = [];
  const waits: Waits[] = [];
  let opens_ms: number | null = null;
  for (const item of inOrder(campaign, queue)) {
    const run = runOf(campaign, item);
    const before = isCutOff(item) ? DONE : beforeOf(campaign, queue, item);
    if (before.is === 'never') {
      skip.push({ id: item.id, reason: `it comes after ${before.run}, which did not complete` });
      continue;
    }
    if (before.is === 'open') {
      waits.push({ id: item.id, for: 'run', run: before.run });
      continue;
    }
    const kept = heldBy(item);
    if (kept !== undefined) {
      waits.push({ id: item.id, for: 'person', ...kept });
      continue;
    }
    const window = isCutOff(item) ? undefined : run.window;
    const times = windowOf(campaign, { window });
    const opening = times === undefined ? undefined : openingAt(times, campaign.zone, now_ms);
    if (window !== undefined && opening !== undefined && opening.from_ms > now_ms) {
      waits.push({ id: item.id, for: 'window', window, opening });
      opens_ms = Math.min(opens_ms ?? opening.from_ms, opening.from_ms);
      continue;
    }
    const own = needs(item);
    const against = taken.against(item.id, own);
    if (against !== undefined) {
      const { need, by } = against;
      waits.push({ id: item.id, for: need.for, what: need.what, by });
      continue;
    }
    // One that was cut off has had its own all the time.
    if (!isCutOff(item)) taken.take(item.id, own);
    begin.push(item);
  }
  return { begin, skip, waits, opens_ms };
}

function inOrder(campaign: Campaign, { items }: Queue): QueueItem[] {
  const waiting = items.filter(({ state }) => state === 'waiting');
  // A stable sort: those of one priority stay in the order of the queue.
  return waiting.sort(
    (a, b) =>
      Number(isCutOff(b)) - Number(isCutOff(a)) || runOf(campaign, b).priority - runOf(campaign, a).priority,
  );
}

function beforeOf(campaign: Campaign, queue: Queue, item: QueueItem): Before {
  const run: CampaignRun = runOf(campaign, item);
  for (const other of run.after) {
    const is = completed(queue, other, Number.POSITIVE_INFINITY);
    if (is !== 'done') return { is, run: other };
  }
  // What a rule has done once more comes after its earlier times, whatever became of them.
  if (item.time > run.times) return { is: isOverBelow(queue, item) ? 'done' : 'open', run: item.run };
  return { is: completed(queue, item.run, item.time), run: item.run };
}

function isOverBelow({ items }: Queue, { run, time }: QueueItem): boolean {
  const earlier = items.filter(other => other.run === run && other.time < time);
  return earlier.every(({ state }) => state !== 'waiting' && state !== 'running');
}

/** Whether all of a run below this time completed: of each the last attempt counts. */
function completed({ items }: Queue, run: string, below: number): Before['is'] {
  const last = new Map<number, QueueItem>();
  const own = items.filter(item => item.run === run);
  // One time that a person took out is missed by nobody, as long as anything of the run is left.
  if (own.length > 0 && own.every(({ removed = false }) => removed)) return 'never';
  for (const item of own) {
    if (item.time >= below || item.removed === true) continue;
    const known = last.get(item.time);
    if (known === undefined || item.attempt > known.attempt) last.set(item.time, item);
  }
  const states = [...last.values()].map(({ state }) => state);
  if (states.some(state => state === 'failed' || state === 'skipped')) return 'never';
  return states.every(state => state === 'completed') ? 'done' : 'open';
}
