import { unitOf } from '../../../drivers/contract/units.ts';
import type { InterlockSpec } from '../bench.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Do gates and trips keep what is under test within what it is made for, and the gate below its own trip?
 *
 * | of | gate (what may be set) | trip |
 * |---|---|---|
 * | pressure of a stack or vessel | at most `pressureMax_barg` | at most `pressureMax_barg`: the relief valve stands there |
 * | current of a stack | at most 1.2 x nominal | at most 1.2 x nominal |
 * | current of a cell | at most `currentMax_A`, either sign | at most 1.1 x that: the cycler's own overshoot |
 * | voltage of a cell | `voltageMin_V`..`voltageMax_V` | at most 0.1 V beyond: the overshoot of the regulation |
 *
 * And every gate stands on the good side of the trips of the same reading: else a method that keeps to the gate trips.
 */
export function* beyondMaximum(facts: Facts): Iterable<Objection> {
  yield* gatesBeyond(facts);
  yield* tripsBeyond(facts);
  yield* gatesBeyondTrips(facts);
}

/** Room above the nominal current of a stack, and of a trip above the highest current of a cell. */
const STACK_OVERLOAD = 1.2;
const CELL_OVERSHOOT = 1.1;
/** A cell's voltage may be so far beyond its sheet before it trips, V. */
const VOLTAGE_OVERSHOOT_V = 0.1;
/** Sums of decimal figures are not exact. */
const ROUNDING = 1e-9;

interface Bounds {
  readonly low: number;
  readonly high: number;
  /** Where they come from, for the message. */
  readonly of: string;
}

/** Gas sides of a stack, parts of a vessel: what is set or read there presses on it. */
const GAS_SIDE = /^(cathode|anode|h2|o2|n2|stack|tank|sample|vessel)\./;

/** What a quantity of the device under test may be; `isTrip` with the room that a trip has. Undefined: nothing is known. */
function boundsOf(
  { bench: { stack, cell, vessel } }: Facts,
  unit: string | undefined,
  isTrip: boolean,
): Bounds | undefined {
  if (stack !== undefined) {
    const { pressureMax_barg: p, currentNominal_A: i } = stack;
    if (unit === 'barg') return { low: Number.NEGATIVE_INFINITY, high: p, of: `stack.pressureMax_barg ${p}` };
    const high = rounded(STACK_OVERLOAD * i);
    return unit === 'A'
      ? { low: -high, high, of: `${STACK_OVERLOAD} x stack.currentNominal_A ${i}` }
      : undefined;
  }
  if (vessel !== undefined) {
    const { pressureMax_barg: p } = vessel;
    return unit === 'barg'
      ? { low: Number.NEGATIVE_INFINITY, high: p, of: `vessel.pressureMax_barg ${p}` }
      : undefined;
  }
  if (cell === undefined) return undefined;
  if (unit === 'A') {
    const high = rounded((isTrip ? CELL_OVERSHOOT : 1) * cell.currentMax_A);
    const of = `${isTrip ? `${CELL_OVERSHOOT} x ` : ''}cell.currentMax_A ${cell.currentMax_A}`;
    return { low: -high, high, of };
  }
  if (unit !== 'V') return undefined;
  const room = isTrip ? VOLTAGE_OVERSHOOT_V : 0;
  const of = `cell.voltageMin_V ${cell.voltageMin_V} and voltageMax_V ${cell.voltageMax_V}${isTrip ? `, ${room} V beyond at most` : ''}`;
  return { low: rounded(cell.voltageMin_V - room), high: rounded(cell.voltageMax_V + room), of };
}

function rounded(value: number): number {
  return Number(value.toPrecision(9));
}

function* gatesBeyond(facts: Facts): Iterable<Objection> {
  const power = facts.power.map(p => p.id);
  for (const [role, { device }] of facts.reach.settable) {
    const unit = unitOf(role);
    const isOfSubject = unit === 'barg' ? GAS_SIDE.test(role) : power.includes(device);
    const bounds = isOfSubject ? boundsOf(facts, unit, false) : undefined;
    if (bounds === undefined) continue;
    const limit = facts.bench.limits[role];
    const entry = ['limits', role];
    for (const key of ['min', 'max'] as const) {
      if (isWithin(limit[key], bounds)) continue;
      const text = `${limit[key]} ${unit} is beyond what is under test (${bounds.of}), expected ${rangeText(bounds)}`;
      yield { check: 'gate-beyond-maximum', entry, place: [...entry, key], text };
    }
  }
}

function* tripsBeyond(facts: Facts): Iterable<Objection> {
  for (const [i, interlock] of facts.bench.interlocks.entries()) {
    if (interlock.kind !== 'threshold') continue;
    const { role, trips, limit } = interlock;
    const unit = unitOf(role);
    const isOfSubject =
      unit === 'barg' ? GAS_SIDE.test(role) : /^(stack\.current|cell\.(current|voltage))/.test(role);
    const bounds = isOfSubject ? boundsOf(facts, unit, true) : undefined;
    if (bounds === undefined) continue;
    const isBeyond = trips === '>' ? limit > bounds.high + ROUNDING : limit < bounds.low - ROUNDING;
    if (!isBeyond) continue;
    const entry = ['interlocks', i];
    const text = `${limit} ${unit} is beyond what is under test (${bounds.of}), expected ${trips === '>' ? `<= ${bounds.high}` : `>= ${bounds.low}`}`;
    yield { check: 'trip-beyond-maximum', entry, place: [...entry, 'limit'], text };
  }
}

/** Armed whenever something can be set. */
const ARMED = ['always', 'running', 'load'];

function* gatesBeyondTrips(facts: Facts): Iterable<Objection> {
  for (const role of facts.reach.settable.keys()) {
    // `stack.currentSet_A` sets what `stack.current_A` reads.
    const reading = role.replace(/Set_(?=[A-Za-z_]+$)/, '_');
    const { min, max } = facts.bench.limits[role];
    const entry = ['limits', role];
    const ends = facts.bench.interlocks.filter(
      (l): l is Extract<InterlockSpec, { kind: 'threshold' }> =>
        l.kind === 'threshold' &&
        l.role === reading &&
        (l.reaction === 'trip' || l.reaction === 'stop') &&
        ARMED.includes(l.armed),
    );
    for (const [key, trips] of [
      ['max', '>'],
      ['min', '<'],
    ] as const) {
      const of = ends.find(l => l.trips === trips && (trips === '>' ? max >= l.limit : min <= l.limit));
      // Where the output is off nothing flows, and such a trip is armed under load only.
      if (of === undefined || (trips === '<' && min === 0)) continue;
      const text = `${key === 'max' ? max : min} may be set although ${of.id} trips at ${of.limit} ${unitOf(role)}, expected ${trips === '>' ? '<' : '>'} ${of.limit}`;
      yield { check: 'gate-beyond-trip', entry, place: [...entry, key], text };
    }
  }
}

function isWithin(value: number, { low, high }: Bounds): boolean {
  return value >= low - ROUNDING && value <= high + ROUNDING;
}

function rangeText({ low, high }: Bounds): string {
  return Number.isFinite(low) ? `${low}..${high}` : `<= ${high}`;
}
