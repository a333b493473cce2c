import type { Campaign } from './campaign-file.ts';
import { type Choice, choose, type Waits } from './choose.ts';
import { type NeedsOf, needsOf } from './needs.ts';
import { over } from './over.ts';
import { begun, newQueue, type Queue, type QueueItem, type Rules, type RunEnd, skipped } from './queue.ts';

/** A whole campaign in virtual time: when each run begins and ends, what it waits for, what its results decide. */

/** A run that was rehearsed. */
export interface Rehearsed extends RunEnd {
  readonly duration_s: number;
}

/** What an item waited for, and from when. */
export interface Waited {
  readonly from_ms: number;
  readonly until_ms: number;
  readonly what: Waits;
}

/** What came out. */
export interface CampaignCourse<R extends Rehearsed> {
  readonly begin_ms: number;
  readonly end_ms: number;
  readonly queue: Queue;
  /** By item. */
  readonly runs: ReadonlyMap<string, R>;
  readonly waited: ReadonlyMap<string, readonly Waited[]>;
}

/**
 * Goes through a campaign from `begin_ms` (UTC) on. `rehearse` is asked for each run that begins, one after the other;
 * where several go on at a time, each takes its own duration.
 */
export async function courseOf<R extends Rehearsed>(
  campaign: Campaign,
  rules: Rules,
  begin_ms: number,
  rehearse: (item: QueueItem, begin_ms: number) => Promise<R>,
  needs: NeedsOf = item => needsOf(campaign, item),
): Promise<CampaignCourse<R>> {
  let queue = newQueue(campaign);
  let now_ms = begin_ms;
  const runs = new Map<string, R>();
  const ends = new Map<string, number>();
  const waited = new Map<string, Waited[]>();
  for (;;) {
    const choice = choose(campaign, queue, now_ms, undefined, needs);
    for (const { id, reason } of choice.skip) queue = skipped(queue, id, reason);
    for (const item of choice.begin) {
      queue = begun(queue, item.id, now_ms);
      const run = await rehearse(item, now_ms);
      runs.set(item.id, run);
      ends.set(item.id, now_ms + 1000 * run.duration_s);
    }
    // What was skipped or has begun may decide over others: nothing is waited for before that is seen.
    if (choice.skip.length > 0 || choice.begin.length > 0) continue;
    const [next] = [...ends].sort(([, a], [, b]) => a - b);
    const until_ms = Math.min(
      next?.[1] ?? Number.POSITIVE_INFINITY,
      choice.opens_ms ?? Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(until_ms)) break;
    note(waited, choice, now_ms, until_ms);
    now_ms = until_ms;
    if (next !== undefined && next[1] <= now_ms) {
      const [id] = next;
      const end = runs.get(id);
      ends.delete(id);
      if (end !== undefined) queue = over(campaign, rules, queue, id, end, now_ms);
    }
  }
  return { begin_ms, end_ms: now_ms, queue, runs, waited };
}

function note(waited: Map<string, Waited[]>, { waits }: Choice, from_ms: number, until_ms: number): void {
  for (const what of waits) {
    const all = waited.get(what.id) ?? [];
    const last = all.at(-1);
    if (last !== undefined && last.until_ms === from_ms && isSame(last.what, what))
      all[all.length - 1] = { ...last, until_ms };
    else if (until_ms > from_ms) all.push({ from_ms, until_ms, what });
    waited.set(what.id, all);
  }
}

const isSame = (a: Waits, b: Waits): boolean => JSON.stringify(a) === JSON.stringify(b);
