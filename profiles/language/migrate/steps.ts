import type { Place } from '../../../drivers/contract/explain.ts';
import { nearest } from '../../../drivers/contract/explain.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { callOf, OLD_METHODS } from './calls.ts';
import type { Channel } from './channel.ts';
import { followingOf, followOf } from './follow.ts';
import type { OldAfter, OldCondition, OldOwn, OldStep } from './old-file.ts';
import { boundOf, drivenName, type NewStep, setsOf, textOf, tidy } from './words.ts';

/** What goes along while the steps of a file are written anew. */
export interface Migrating {
  /** The channel that is told its mode by a number; undefined: the bench's output stays as it was set. */
  readonly channel: Channel | undefined;
  /** Something that a person should look at: version 2 does not do quite the same. */
  warn(place: Place, text: string): void;
  /** @throws FileError with the line */
  fail(place: Place, text: string): never;
  /** A load series is followed by this name. */
  follows(source: string): void;
  /** The remarks that stand at a step, to stand before a new one. */
  remark(place: Place, at: NewStep): void;
}

/** Steps of version 2 that do what these of version 1 did, in their order. */
export function migrateSteps(steps: readonly OldStep[], place: Place, to: Migrating): NewStep[] {
  const done: NewStep[] = [];
  let unplaced: Place[] = [];
  let name: string | undefined;
  for (const [i, step] of steps.entries()) {
    const at = [...place, i];
    const made = stepsOf(step, at, to);
    unplaced.push(at);
    // Set points of a channel are part of the step that then waits: it gets their name.
    if (made.length === 0) name ??= step.name;
    const [first] = made;
    if (first === undefined) continue;
    if (first['name'] === undefined && name !== undefined) first['name'] = name;
    name = undefined;
    for (const of of unplaced) to.remark(of, first);
    unplaced = [];
    done.push(...made);
  }
  return done;
}

function stepsOf(step: OldStep, at: Place, to: Migrating): NewStep[] {
  const made = bareStepsOf(step, at, to);
  const last = made.at(-1);
  if (step.name !== undefined && last !== undefined) last['name'] = step.name;
  if (step.tags !== undefined) for (const one of made) one['tags'] = step.tags;
  return made.map(inOrder);
}

/** The kind and its neighbours, what it is called, what ends it. */
const FIRST = ['set', 'ramp', 'follow', 'repeat', 'each', 'call', 'with', 'if', 'rest', 'wait'];
const ELECTRICAL = ['cc', 'cv', 'cp', 'cr', 'cccv'];

function inOrder(step: NewStep): NewStep {
  const rank = (key: string): number =>
    FIRST.includes(key) || ELECTRICAL.includes(key) ? 0 : key === 'name' ? 1 : key === 'steps' ? 3 : 2;
  return Object.fromEntries(Object.entries(step).sort(([a], [b]) => rank(a) - rank(b)));
}

function bareStepsOf(step: OldStep, at: Place, to: Migrating): NewStep[] {
  const { hold, ramp, set, waitUntil, follow, sweep, pressurise, depressurise, purge, call, repeat } = step;
  if (repeat !== undefined) return [repeatOf(repeat, at, to)];
  if (call !== undefined) return [calledStep(call, at, to)];
  if (set !== undefined) return setOf(set, to);
  if (hold !== undefined) return holdOf(hold, at, to);
  if (waitUntil !== undefined) {
    const { all, timeout_s, onTimeout } = waitUntil;
    return [waitOf(all, timeout_s, onTimeout, at, to)];
  }
  if (ramp !== undefined) return rampOf(ramp, at, to);
  if (follow !== undefined) {
    to.follows(follow.source);
    return [followOf(follow)];
  }
  if (sweep !== undefined) return [sweepOf(sweep, at, to)];
  if (pressurise !== undefined) return [pressureOf(pressurise, true)];
  if (depressurise !== undefined) return [pressureOf(depressurise, false)];
  return purge === undefined ? [] : [purgeOf(purge, at, to)];
}

function setOf(sets: OldOwn<'set'>, { channel }: Migrating): NewStep[] {
  const others = channel === undefined ? sets : channel.take(sets);
  return Object.keys(others).length === 0 ? [] : [{ set: setsOf(others) }];
}

function holdOf(own: OldOwn<'hold'>, at: Place, to: Migrating): NewStep[] {
  const before = own.set === undefined ? [] : setOf(own.set, to);
  const wait = waitOf(own.until ?? [], own.for_s, own.onTimeout, at, to);
  if (own.average_s !== undefined) wait['average_s'] = own.average_s;
  return [...before, wait];
}

function waitOf(
  until: readonly OldCondition[],
  bound_s: number,
  after: OldAfter,
  at: Place,
  { channel, fail }: Migrating,
): NewStep {
  const unknown = channel?.unknownMode();
  if (unknown !== undefined) {
    const text = `${channel?.name}.modeSet_count is ${unknown} here, expected the bench to name it: --bench BENCH with output: { modes: { ... } }`;
    fail(at, text);
  }
  const kind = channel?.step(until) ?? { wait: {} };
  const ends = until.length === 0 ? { for_s: bound_s } : { until: textOf(until), ...boundOf(bound_s, after) };
  return { ...kind, ...ends };
}

function rampOf(own: OldOwn<'ramp'>, at: Place, { channel, warn }: Migrating): NewStep[] {
  const { role, to, rate_per_s, rate_per_min, timeout_s } = own;
  const way = rate_per_min === undefined ? { per_s: rate_per_s ?? 0 } : { per_min: rate_per_min };
  const bound = timeout_s === undefined ? {} : { within_s: timeout_s, otherwise: 'trip' };
  if (channel?.has(role) !== true) return [{ ramp: { [drivenName(role)]: to, ...way }, ...bound }];
  channel.take({ [role]: to });
  const name = drivenName(role).slice(channel.name.length + 1);
  if (!/^(current|voltage|power)_/.test(name)) {
    warn(at, `the ramp of ${role} is left out: version 2 goes to a ${name} at once`);
    return [];
  }
  return [{ ramp: { [name]: to, ...way }, ...bound }];
}

/** Up to a point the load is the sweep's; then it is dwelt on, and its last part is a point of the curve. */
function sweepOf(own: OldOwn<'sweep'>, at: Place, to: Migrating): NewStep {
  const { role, values, rate_per_s, dwell_s, average_s, stopAbove, minCurrentPerBar_A } = own;
  const point = `point_${unitOf(role) ?? ''}`;
  if (to.channel?.has(role) === true)
    to.fail(
      at,
      'a sweep over the channel of a cycler cannot be migrated, expected each with cc written by hand',
    );
  const exits =
    stopAbove === undefined ? {} : { exits: [whenThen(`${stopAbove.role} > ${stopAbove.limit}`, 'leave')] };
  const dwell = { wait: {}, for_s: dwell_s, average_s, ...exits };
  const least_A = tidy(0.98 * minCurrentPerBar_A);
  if (minCurrentPerBar_A > 0)
    to.warn(
      at,
      `the least load is ${least_A} A_per_bar where minCurrentPerBar_A was ${minCurrentPerBar_A}: version 1 took 2 % less than was written`,
    );
  const least = `${point} >= ${least_A} A_per_bar * cathode.pressure_bara`;
  return {
    each: { [point]: values },
    steps: [
      { ramp: { [drivenName(role)]: point, per_s: rate_per_s } },
      minCurrentPerBar_A > 0 ? branch(least, [dwell]) : dwell,
    ],
  };
}

/** Arrived when the pressure that is measured is as close as this, bar. */
const ARRIVED_BAR = 0.2;

function pressureOf(own: OldOwn<'pressurise'>, isUp: boolean): NewStep {
  const { to_barg, rate_bar_per_min, holdEvery_bar, hold_s, timeout_s, onTimeout } = own;
  const pauses = holdEvery_bar > 0 && hold_s > 0 ? { pause_every: holdEvery_bar, pause_s: hold_s } : {};
  const least = own.minCurrentPerBar_A > 0;
  const current = `${own.currentRole} >= ${own.minCurrentPerBar_A} A_per_bar * ${own.pressureRole.replace(/_barg$/, '_bara')}`;
  const gate = `${own.h2InO2Role} <= ${own.h2InO2Gate_vol_pct}${least ? ` and ${current}` : ''}`;
  const bound = {
    within_s: timeout_s,
    ...(onTimeout === 'stop' ? {} : { otherwise: onTimeout === 'continue' ? 'next' : 'trip' }),
  };
  const ramp = { [drivenName(own.setRole)]: to_barg, per_min: rate_bar_per_min, ...pauses };
  return {
    steps: [
      { ramp, ...(isUp ? { gate } : {}), ...bound },
      { wait: {}, until: `abs(${own.pressureRole} - ${to_barg}) <= ${ARRIVED_BAR}`, ...bound },
    ],
  };
}

function purgeOf(own: OldOwn<'purge'>, at: Place, to: Migrating): NewStep {
  const { for_s, set, until, extra_s, onTimeout } = own;
  const opened = Object.keys(set).filter(role => set[role] !== 0);
  const closed = Object.fromEntries(opened.map(role => [role, 0]));
  return {
    steps: [
      ...setOf(set, to),
      waitOf([], for_s, 'continue', at, to),
      ...(until === undefined ? [] : [waitOf(until, extra_s, onTimeout, at, to)]),
      ...setOf(closed, to),
    ],
  };
}

function repeatOf(own: NonNullable<OldStep['repeat']>, at: Place, to: Migrating): NewStep {
  const inside = [...at, 'repeat', 'steps'];
  const steps = migrateSteps(own.steps, inside, to);
  // What stands at the channel when a round begins must be the same for every round.
  const standing = to.channel?.standing();
  const again = { ...to, remark: () => {}, warn: () => {} };
  const second = own.times > 1 ? migrateSteps(own.steps, inside, again) : steps;
  if (JSON.stringify(steps) !== JSON.stringify(second) || to.channel?.standing() !== standing)
    to.fail(
      at,
      'the second round does not begin as the first one did, expected its set points in the repeat',
    );
  if (steps.length === 0)
    to.fail(at, 'nothing of this repeat is left: it only sets the channel, expected a step that takes time');
  return { repeat: { times: own.times }, steps };
}

function calledStep(call: NonNullable<OldStep['call']>, at: Place, to: Migrating): NewStep {
  if (call.method === 'load-following') {
    const { step, source } = followingOf(call.with);
    to.follows(source);
    return step;
  }
  const made = callOf(call.method, call.with);
  if (made === undefined) {
    const near = nearest(call.method, OLD_METHODS);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return to.fail([...at, 'call', 'method'], `"${call.method}" is no method of version 1${hint}`);
  }
  for (const text of made.changed) to.warn([...at, 'call', 'with'], text);
  for (const key of made.lost)
    to.warn([...at, 'call', 'with'], `${key} is left out: ${call.method} takes it from the bench file`);
  return { ...made.step };
}

// Built of pairs: an object written with `then` looks like a promise.
function whenThen(when: string, target: string): NewStep {
  return Object.fromEntries([
    ['when', when],
    ['then', target],
  ]);
}

function branch(condition: string, steps: readonly NewStep[]): NewStep {
  return Object.fromEntries([
    ['if', condition],
    ['then', steps],
  ]);
}
