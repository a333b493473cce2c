import { unitOf } from '../../../drivers/contract/units.ts';
import type { SafeStep } from '../bench.ts';
import { effectsOf, type Facts } from './facts.ts';
import type { Objection } from './objection.ts';
import { emptiness } from './safe-proofs.ts';

/** A side counts as vented below this, barg, or below this part of the pressure that it may have. */
const VENTED_BARG = 1;
const VENTED_OF_TOP = 0.1;

/**
 * Do the lines of the safe state lead where they should?
 *
 * - A value outside the gate's own limits would be refused of a method: it is a slip here, too.
 * - A set point at which the reading of the same name would exceed a limit that is always armed leads out of one alarm
 *   into the next: a heater that goes on, a sweep that presses.
 * - A vent ends where nothing trips any more, can reach its end, and reaches it in its time from the highest pressure.
 * - A gas outlet is shut only when the measured current makes no gas any more (`when`): a stack whose supply could not
 *   be switched off would press itself up behind a shut valve.
 */
export function* safeLinesAstray(facts: Facts): Iterable<Objection> {
  for (const [i, step] of facts.bench.safeState.steps.entries()) {
    const entry = ['safeState', 'steps', i];
    if ('set' in step) {
      yield* beyondGate(facts, step, entry);
      yield* beyondLimit(facts, step, entry);
    }
    if ('vent' in step) yield* ventAstray(facts, step, entry);
    else yield* outletShut(facts, step, entry);
  }
}

type Entry = Objection['entry'];

/** Less than this from the highest pressure to the end of the vent is a jump, s: membranes and seals bear no such thing. */
const JUMP_S = 10;

function* beyondGate(
  { bench }: Facts,
  step: Extract<SafeStep, { set: string }>,
  entry: Entry,
): Iterable<Objection> {
  const { min, max } = bench.limits[step.set];
  if (step.to >= min && step.to <= max) return;
  const text = `sets ${step.set} to ${step.to}, beyond the limits of this bench, expected ${min}..${max} ${unitOf(step.set)}`;
  yield { check: 'safe-line-beyond-gate', entry, place: [...entry, 'to'], text };
}

function* beyondLimit(
  { bench }: Facts,
  step: Extract<SafeStep, { set: string }>,
  entry: Entry,
): Iterable<Objection> {
  // That it lies beyond the gate has been said.
  if (step.to > bench.limits[step.set].max || step.to < bench.limits[step.set].min) return;
  const reading = step.set.replace(/Set_(?=[^_]*(_per_[^_]*)?$)/, '_');
  for (const limit of bench.interlocks) {
    if (limit.kind !== 'threshold' || limit.role !== reading || limit.armed !== 'always') continue;
    const isBeyond = limit.trips === '>' ? step.to >= limit.limit : step.to <= limit.limit;
    if (!isBeyond) continue;
    const text = `sets ${step.set} to ${step.to}, where ${limit.id} (${limit.reaction}, ${reading} ${limit.trips} ${limit.limit}) stands, expected a value short of it`;
    yield { check: 'safe-line-beyond-limit', entry, place: [...entry, 'to'], text };
    return;
  }
}

function* ventAstray(
  { bench }: Facts,
  step: Extract<SafeStep, { vent: string }>,
  entry: Entry,
): Iterable<Objection> {
  const { vent, role, below, rate_bar_per_min, within_s } = step;
  const { min, max } = bench.limits[vent];
  const trips = bench.interlocks.flatMap(interlock =>
    interlock.kind === 'threshold' && interlock.role === role && interlock.trips === '>'
      ? [interlock.limit]
      : [],
  );
  const top = Math.min(
    max,
    (bench.stack ?? bench.vessel)?.pressureMax_barg ?? Number.POSITIVE_INFINITY,
    ...trips,
  );
  const most = Number(Math.max(VENTED_BARG, VENTED_OF_TOP * top).toPrecision(3));
  if (below > most && below < top) {
    const text = `${below} ${unitOf(role)} is not vented, expected at most ${most}`;
    yield { check: 'vent-astray', entry, place: [...entry, 'below'], text };
  }
  if (below >= top || below <= min) {
    const text = `a vent that ends below ${below} ${unitOf(role)} ${below <= min ? 'never ends' : 'vents nothing'}, expected more than ${min} and well below ${top}`;
    yield { check: 'vent-astray', entry, place: [...entry, 'below'], text };
    return;
  }
  const [side] = vent.split('.');
  if (role.split('.')[0] !== side) {
    const text = `${role} does not show what ${vent} lets off, expected a pressure of ${side}`;
    yield { check: 'vent-astray', entry, place: [...entry, 'role'], text };
  }
  const from = (bench.stack ?? bench.vessel)?.pressureMax_barg ?? max;
  const needed_s = ((from - below) / rate_bar_per_min) * 60;
  const slowest = bench.interlocks.flatMap(l =>
    l.kind === 'rate' && l.role === role ? [l.limit_per_min] : [],
  );
  const fastest = Math.min(...slowest, ((from - below) / JUMP_S) * 60);
  if (rate_bar_per_min > fastest) {
    const why = slowest.includes(fastest) ? 'faster than its own rate interlock lets it' : 'a jump';
    const text = `${rate_bar_per_min} bar/min is ${why}, expected at most ${Number(fastest.toPrecision(3))}`;
    yield { check: 'vent-astray', entry, place: [...entry, 'rate_bar_per_min'], text };
  }
  if (needed_s > within_s) {
    const text = `${rate_bar_per_min} bar/min takes ${Math.ceil(needed_s)} s from ${from} to ${below} barg, longer than the line's ${within_s} s, expected more time or a faster vent`;
    yield { check: 'vent-astray', entry, place: [...entry, 'within_s'], text };
  }
}

/** The way out of the gas that the stack makes: `h2.outletValveSet_on`. */
const OUTLET = /outletValve(Set)?_on$/i;

function* outletShut(
  facts: Facts,
  step: Exclude<SafeStep, { vent: string }>,
  entry: Entry,
): Iterable<Objection> {
  const { when } = step;
  if (when !== undefined) {
    const text = emptiness(facts, when);
    if (text !== undefined) {
      yield { check: 'when-says-nothing', entry, place: [...entry, 'when', 'limit'], text };
      return;
    }
  }
  const shut = effectsOf(facts, step).find(e => e.value === 0 && OUTLET.test(e.name));
  const role = 'set' in step ? step.set : '';
  const isShut = shut !== undefined || ('set' in step && step.to === 0 && OUTLET.test(role));
  if (!isShut || facts.bench.stack === undefined) return;
  const isOnCurrent = when !== undefined && unitOf(when.role) === 'A' && when.is === '<';
  if (isOnCurrent) return;
  const name = 'set' in step ? role : `${step.device}.${shut?.name}`;
  const current = [...facts.reach.measured.keys()].find(r => unitOf(r) === 'A') ?? 'stack.current_A';
  const text = `shuts the gas outlet (${name}) whatever current flows, expected when: { role: ${current}, is: '<', limit: ... } on it`;
  yield { check: 'outlet-shut-under-current', entry, place: entry, text };
}
