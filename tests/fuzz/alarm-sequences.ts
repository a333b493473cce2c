import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../../drivers/contract/random.ts';
import { type AlarmBench, alarmBench, LOW, TRIP, WARN } from '../support/alarm-bench.ts';

/**
 * Random frames and what people say to alarms, against a plain model of what must hold: no trip is lost and none cleared
 * without acknowledgement and all clear, whatever is shelved; what the interlocks do is the same whether anything is
 * shelved or not; and the record tells of every time that one rose.
 */

type Step =
  | { readonly is: 'one' | 'two'; readonly value: number }
  | { readonly is: 'acknowledge'; readonly id: string | undefined }
  | { readonly is: 'shelve'; readonly id: string; readonly for_s: number }
  | { readonly is: 'unshelve'; readonly id: string };

/** What must be so of one alarm. */
interface Must {
  isThere: boolean;
  isLatched: boolean;
  isSeen: boolean;
  /** A warning that went before anybody saw it. */
  isReturned: boolean;
  until_s: number;
  fired: number;
}

const SPECS = [WARN, TRIP, LOW];
const LONGEST_S = 8 * 3600;

function randomStep(random: Random): Step {
  const below = (most: number): number => Math.floor(random.uniform() * most);
  const { id } = SPECS[below(SPECS.length)];
  const what = below(10);
  if (what < 4) return { is: 'one', value: [5, 15, 25, Number.NaN][below(4)] };
  if (what < 6) return { is: 'two', value: [0.5, 2, Number.NaN][below(3)] };
  if (what < 8) return { is: 'acknowledge', id: below(2) === 0 ? undefined : id };
  if (what === 8) return { is: 'shelve', id, for_s: [30, 600, 0, 1e6][below(4)] };
  return { is: 'unshelve', id };
}

/** Carries out `n` random steps. Returns the first thing that does not hold; undefined: all holds. */
export function runSequence(n: number, random: Random): string | undefined {
  const bench = alarmBench();
  const unshelved = alarmBench();
  const musts = new Map<string, Must>(
    SPECS.map(({ id }) => [
      id,
      { isThere: false, isLatched: false, isSeen: false, isReturned: false, until_s: 0, fired: 0 },
    ]),
  );
  let t_s = 0;
  // From one that chatters all the time to one that hardly ever does.
  const pace_s = 40 * random.uniform() ** 3;
  for (let i = 0; i < n; i++) {
    t_s += random.uniform() < 0.02 ? 700 : pace_s * random.uniform();
    const step = randomStep(random);
    for (const [id, must] of musts) expected(id, must, step, t_s);
    for (const one of [bench, unshelved]) {
      one.at(t_s);
      if (one === bench || (step.is !== 'shelve' && step.is !== 'unshelve')) carryOut(one, step);
      one.tick();
    }
    const wrong = wrongIn(bench, unshelved, musts, t_s);
    if (wrong !== undefined) return `step ${i} (${JSON.stringify(step)}) at ${t_s} s: ${wrong}`;
  }
  bench.at(t_s);
  bench.book.settle();
  return wrongInRecord(bench, musts);
}

function carryOut({ locks, book, one, two }: AlarmBench, step: Step): void {
  switch (step.is) {
    case 'one':
      one(step.value);
      return;
    case 'two':
      two(step.value);
      return;
    case 'acknowledge':
      book.acknowledge(step.id, 'somebody');
      locks.acknowledge(step.id);
      return;
    case 'shelve':
      book.shelve({ id: step.id, for_s: step.for_s, by: 'somebody', reason: 'a test' });
      return;
    case 'unshelve':
      book.unshelve(step.id, 'somebody');
  }
}

function expected(id: string, must: Must, step: Step, t_s: number): void {
  // What is shelved comes back with the tick after its time, which is that of this step or later.
  if (step.is === 'one' || step.is === 'two') {
    if ((step.is === 'two') !== (id === LOW.id)) {
      seenBack(must, t_s);
      return;
    }
    const { value } = step;
    const isOver = Number.isNaN(value) || (id === LOW.id ? value < 1 : value > (id === TRIP.id ? 20 : 10));
    if (isOver && !must.isThere) {
      must.fired++;
      must.isLatched = id !== WARN.id;
      must.isSeen = false;
      must.isReturned = false;
    }
    if (!isOver && must.isThere) {
      if (must.isSeen) must.isLatched = false;
      else if (id === WARN.id) must.isReturned = must.until_s === 0;
    }
    must.isThere = isOver;
  } else if (step.is === 'acknowledge' && (step.id === undefined || step.id === id)) {
    must.isReturned = false;
    if (must.isThere) must.isSeen = true;
    else must.isLatched = false;
  } else if (step.is === 'shelve' && step.id === id && id === WARN.id) {
    if (step.for_s > 0 && step.for_s <= LONGEST_S) must.until_s = t_s + step.for_s;
  } else if (step.is === 'unshelve' && step.id === id) must.until_s = 0;
  seenBack(must, t_s);
}

function seenBack(must: Must, t_s: number): void {
  if (t_s >= must.until_s) must.until_s = 0;
}

function stateBy({ isThere, isLatched, isSeen, isReturned, until_s }: Must): string {
  if (until_s > 0) return 'shelved';
  if (isThere) return isSeen ? 'acknowledged' : 'unacknowledged';
  if (isLatched) return 'latched';
  return isReturned ? 'returned' : 'normal';
}

function wrongIn(
  { book, locks, done }: AlarmBench,
  unshelved: AlarmBench,
  musts: ReadonlyMap<string, Must>,
  t_s: number,
): string | undefined {
  const standing = book.standing().map(alarm => alarm.id);
  const blocking = locks.blocking();
  for (const [id, must] of musts) {
    const state = book.stateOf(id);
    if (state !== stateBy(must)) return `${id} is ${state}, expected ${stateBy(must)}`;
    if (standing.includes(id) !== (state !== 'normal')) return `${id} is ${state}: the list disagrees`;
    if (id !== WARN.id && blocking.includes(id) !== (must.isThere || must.isLatched))
      return `${id} blocks: ${blocking.includes(id)}`;
  }
  const firsts = book.standing().filter(alarm => alarm.isFirstOut && alarm.reaction !== 'warn');
  if (firsts.length > 1) return `${firsts.length} came first`;
  if (!isDeepStrictEqual(done, unshelved.done)) return 'shelving changed what the interlocks do';
  if (!isDeepStrictEqual(blocking, unshelved.locks.blocking())) return 'shelving changed what blocks';
  return Number.isFinite(t_s) ? undefined : 'no time';
}

function wrongInRecord({ events }: AlarmBench, musts: ReadonlyMap<string, Must>): string | undefined {
  for (const [id, must] of musts) {
    const own = events.filter(
      event => event.data !== undefined && 'id' in event.data && event.data.id === id,
    );
    const rose = own.reduce(
      (sum, event) => sum + (event.kind === 'alarm' ? 1 : event.kind === 'chatter' ? event.data.count : 0),
      0,
    );
    if (rose !== must.fired) return `${id} rose ${must.fired} times, the record says ${rose}`;
    const last = own.findLast(({ kind }) => kind === 'alarm' || kind === 'clear');
    if (must.fired > 0 && (last?.kind === 'alarm') !== must.isThere) return `${id} ends with ${last?.kind}`;
  }
  return undefined;
}
