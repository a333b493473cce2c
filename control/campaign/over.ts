import { named } from '../named.ts';
import { type AfterCutWay, wayAfterCut } from './after-cut.ts';
import type { Campaign, CampaignRule, CampaignRun } from './campaign-file.ts';
import {
  changed,
  itemIn,
  itemOf,
  notDone,
  type Queue,
  type QueueItem,
  type Rules,
  type RunEnd,
  runOf,
} from './queue.ts';
import type { Rule, RuleValues } from './rules.ts';

/** What the end of a run makes of the queue: what it returned, what its rules or its failure decide. Pure. */

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
  const { reason } = itemIn(queue, item.id);
  const told = changed(queue, item.id, { reason: `${reason}; all is stopped` });
  return endedFor(campaign.runs, told, `all was stopped: ${item.id} did not complete`);
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

/** Does what a rule says. What was decided stands at the run that decided, whatever follows from it. */
function decided(campaign: Campaign, queue: Queue, item: QueueItem, rule: CampaignRule, key: string): Queue {
  const { repeat = [], skip, end, because, at_most, if: text } = rule;
  const reason = `${because} (${item.id}: ${text})`;
  const told = (what: string): Queue => changed(queue, item.id, { reason: `${reason}: ${what}` });
  if (end === 'campaign') return endedFor(campaign.runs, told('nothing more is run'), reason);
  if (end === 'subject') {
    const own = runOf(campaign, item);
    const same = campaign.runs.filter(
      ({ bench, subject }) =>
        (bench ?? campaign.bench) === (own.bench ?? campaign.bench) && subject === own.subject,
    );
    return endedFor(same, told('nothing more is run with this subject'), reason);
  }
  if (skip !== undefined) {
    const left = queue.items.filter(({ run, state }) => state === 'waiting' && skip.includes(run));
    if (left.length === 0) return told(`nothing of ${skip.join(', ')} is left to skip`);
    const names = left.map(({ id }) => id).join(', ');
    return skippedOf(skip, told(`${names} ${left.length === 1 ? 'is' : 'are'} not run`), reason);
  }
  const count = named(queue.repeats, key) ?? 0;
  if (count >= at_most) return told(`done ${at_most} times already, not again`);
  const more = repeat.map(run => {
    const last = Math.max(...queue.items.filter(other => other.run === run).map(other => other.time));
    return itemOf(runOf(campaign, { run }), last + 1, 1);
  });
  return {
    ...insertedBehind(told(more.map(({ id }) => id).join(', ')), item.id, more),
    repeats: { ...queue.repeats, [key]: count + 1 },
  };
}

/** The one way into a queue that is carried out: what has been ended is not done, whoever asks for it. */
function insertedBehind(queue: Queue, id: string, more: readonly QueueItem[]): Queue {
  const at = queue.items.findIndex(item => item.id === id) + 1;
  const placed = more.map(item => {
    const end = queue.ended.find(({ run }) => run === item.run);
    return end === undefined ? item : notDone(item, end.reason);
  });
  return { ...queue, items: [...queue.items.slice(0, at), ...placed, ...queue.items.slice(at)] };
}

/** What waits of these runs is not done, and what would be put in the queue of them is not either. */
function endedFor(runs: readonly CampaignRun[], queue: Queue, reason: string): Queue {
  const known = new Set(queue.ended.map(({ run }) => run));
  const fresh = runs.flatMap(({ run }) => (known.has(run) ? [] : [{ run, reason }]));
  const names = runs.map(({ run }) => run);
  return skippedOf(names, { ...queue, ended: [...queue.ended, ...fresh] }, reason);
}

function skippedOf(runs: readonly string[], queue: Queue, reason: string): Queue {
  const items = queue.items.map(item =>
    item.state === 'waiting' && runs.includes(item.run) ? notDone(item, reason) : item,
  );
  return { ...queue, items };
}
