import { unitOf } from '../../drivers/contract/units.ts';
import type { RecordedRun, Subject } from '../recorded-run.ts';
import { heldAt, partsOf } from '../series-parts.ts';
import { BEYOND_USUAL, NOISE_READINGS, noisyStretch } from './standing-gauge.ts';

/**
 * Stretches of a record in which an instrument shows its last word and nothing new: readings that are none. Told by the rows
 * alone, so that a record that was thinned, cut off or imported has them, too; and by what the run itself has told.
 */

/** Readings of one role that repeat each other to the last digit and are no readings of their time. */
export interface StandingStretch {
  readonly role: string;
  /** Times of the first of them, which may be one, and of the last, s. */
  readonly from_s: number;
  readonly to_s: number;
  readonly readings: number;
  /** In words: what it repeats, how often, and what speaks against it. */
  readonly said: string;
}

/** The stretches of a role, and by how much to move readings so that everything that looks at them sees it. */
export interface Standing {
  readonly stretches: readonly StandingStretch[];
  readonly beyond: number;
}

/** So many equal readings or more, where the rows alone tell it. */
const LEAST_READINGS = 60;
/** Quantities of gauges: they scatter whatever the load is. */
const GAUGE_UNIT = /_(degC|barg|bara|bar|MPa|vol_pct|NL_per_min|L_per_min|uS_per_cm)$/;
/** What the current makes: it cannot stay the same to the last digit where the current moves. */
const BY_CURRENT: Readonly<Record<string, MadeByCurrent>> = {
  'cell.negativePotential_V': { current: 'cell.current_A' },
  'cell.positivePotential_V': { current: 'cell.current_A' },
  'cell.voltage_V': {
    current: 'cell.current_A',
    held: ['cell.voltageSet_V'],
    heldInCharge: ['cell.voltageMaxSet_V'],
    heldInDischarge: ['cell.voltageMinSet_V'],
  },
  'cell.power_W': { current: 'cell.current_A', held: ['cell.powerSet_W'] },
  'stack.power_W': { current: 'stack.current_A', held: ['stack.powerSet_W'] },
  'stack.voltage_V': { current: 'stack.current_A', held: ['stack.voltageSet_V'] },
};
/** Where a reading comes from, and the set points that may hold it: none, where nothing drives it by itself. */
interface MadeByCurrent {
  readonly current: string;
  readonly held?: readonly string[];
  readonly heldInCharge?: readonly string[];
  readonly heldInDischarge?: readonly string[];
}
/** The current has moved by this part of the largest of the subject, in so many readings; the less where digits are fine. */
const MOVED_FRAC = { fine: 0.01, coarse: 0.5 } as const;
const MOVED_READINGS = 8;
/** A set point holds its reading within this part of it. */
const HELD_FRAC = 0.011;
/** Hydrogen permeates whenever there is load: an analyser whose zero is not far off cannot show none for so long, s of life. */
const H2_IN_O2 = 'o2.h2_vol_pct';
const LOADED_FRAC = 0.1;
const NO_HYDROGEN_S = 300;
/** Its zero is not far off: it has shown a little of this part of its declared accuracy or less. */
const LITTLE_FRAC = 0.2;

/** Equal readings in a row, and those before them, oldest first (NaN: none). */
interface Repeat {
  readonly value: number;
  readonly from_s: number;
  readonly to_s: number;
  readonly readings: number;
  /** Laid out where it is asked for; good until the next stretch. */
  before(): Float64Array;
}

/** Finds them; readings that are not usable are passed over. */
export function standingOf(run: RecordedRun, role: string): Standing {
  const isGauge = GAUGE_UNIT.test(role);
  if (!isGauge && BY_CURRENT[role] === undefined) return NONE;
  const told = (run.sameFigures ?? []).filter(one => one.role === role && one.usual_readings !== undefined);
  const found: StandingStretch[] = [];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let little = Number.POSITIVE_INFINITY;
  const end = (repeat: Repeat): void => {
    const { value, from_s, to_s, readings } = repeat;
    const wasTold = told.some(one => one.value === value && one.from_s <= to_s && one.from_s >= from_s - 1);
    const why = wasTold
      ? 'it was noisy before'
      : readings < LEAST_READINGS
        ? undefined
        : isGauge
          ? (tooQuiet(repeat, role) ?? noHydrogen(run, role, repeat, little))
          : unmoved(run, role, repeat);
    if (why === undefined) return;
    const said = `${role} repeats ${Number(value.toPrecision(6))} to the last digit in ${readings} readings from ${from_s.toFixed(0)} s on, and ${why}: it may be no reading of that time`;
    found.push({ role, from_s, to_s, readings, said });
  };
  const see = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
    if (value > 0 && value < little) little = value;
  };
  // What was told of is shorter where the record was thinned.
  findRepeats(run, role, told.length > 0 ? 2 : LEAST_READINGS, { see, end });
  const { abs } = run.accuracy(role);
  const beyond = 2 * (high - low) + 10 * (Number.isFinite(abs) ? abs : 0) + 1e-3 * Math.abs(high);
  return found.length === 0 ? NONE : { stretches: found, beyond };
}

const NONE: Standing = { stretches: [], beyond: 0 };

/** Shows each value that differs from the one before, and each stretch of so many equal readings or more, in order. */
function findRepeats(
  run: RecordedRun,
  role: string,
  least: number,
  { see, end }: { see(value: number): void; end(repeat: Repeat): void },
): void {
  const recent = new Float64Array(NOISE_READINGS).fill(Number.NaN);
  const laid = new Float64Array(NOISE_READINGS);
  let place = 0;
  let value = Number.NaN;
  let from_s = 0;
  let to_s = 0;
  let readings = 0;
  const before = (): Float64Array => {
    for (let i = 0; i < NOISE_READINGS; i++) laid[i] = recent[(place + i) % NOISE_READINGS];
    return laid;
  };
  for (const { t_s, value: values } of partsOf(run.series(role))) {
    for (let i = 0; i < values.length; i++) {
      const next = values[i];
      if (next === value) {
        readings++;
        to_s = t_s[i];
        continue;
      }
      if (Number.isNaN(next)) continue;
      if (readings >= least) end({ value, from_s, to_s, readings, before });
      for (let n = Math.min(readings, NOISE_READINGS); n > 0; n--) {
        recent[place] = value;
        place = place + 1 === NOISE_READINGS ? 0 : place + 1;
      }
      value = next;
      from_s = to_s = t_s[i];
      readings = 1;
      see(next);
    }
  }
  if (readings >= least) end({ value, from_s, to_s, readings, before });
}

/** It was noisy and is not any more. One that shows nothing, or one end of its scale, may be beyond it. */
function tooQuiet({ value, readings, before }: Repeat, role: string): string | undefined {
  if (value === 0 || (value === 100 && unitOf(role)?.endsWith('pct') === true)) return undefined;
  const usual = noisyStretch(before(), NOISE_READINGS);
  if (usual === undefined || readings < BEYOND_USUAL * usual) return undefined;
  return usual === 1
    ? 'moved from one to the next before'
    : `in ${usual} in a row at most before, being noisy`;
}

/** The current that makes it moved meanwhile, where no set point held it. */
function unmoved(
  run: RecordedRun,
  role: string,
  { value, from_s, to_s, readings, before }: Repeat,
): string | undefined {
  const { current, held, heldInCharge = [], heldInDischarge = [] } = BY_CURRENT[role];
  const sets = (of: readonly string[]) => of.map(set => run.asked(set)).filter(set => set.t_s.length > 0);
  const both = sets(held ?? []);
  const [charging, discharging] = [heldInCharge, heldInDischarge].map(sets);
  // Of a record without set points (read from a file) nobody knows what was held.
  if (held !== undefined && sets([current.replace('_A', 'Set_A')]).length + both.length === 0)
    return undefined;
  const usual = noisyStretch(before(), NOISE_READINGS);
  if (usual !== undefined && readings < BEYOND_USUAL * usual) return undefined;
  const least_A = largestCurrent_A(run.subject) * (usual === undefined ? MOVED_FRAC.coarse : MOVED_FRAC.fine);
  const isHeld = (t_s: number, current_A: number): boolean =>
    [...both, ...(current_A < 0 ? discharging : charging)].some(set => {
      const set_to = heldAt(set, t_s);
      return Math.abs(value - set_to) <= HELD_FRAC * Math.abs(set_to);
    });
  let [first_A, most_A, count] = [Number.NaN, 0, 0];
  for (const part of partsOf(run.series(current), from_s, to_s))
    for (const [i, current_A] of part.value.entries()) {
      if (Number.isNaN(first_A)) first_A = current_A;
      const moved_A = Math.abs(current_A - first_A);
      if (!(moved_A >= least_A) || isHeld(part.t_s[i], current_A)) continue;
      count++;
      most_A = Math.max(most_A, moved_A);
    }
  return count < MOVED_READINGS
    ? undefined
    : `the current moved by ${Number(most_A.toPrecision(3))} A meanwhile`;
}

function largestCurrent_A(subject: Subject): number {
  return subject.kind === 'stack'
    ? subject.currentNominal_A
    : subject.kind === 'cell'
      ? subject.currentMax_A
      : Number.POSITIVE_INFINITY;
}

/** Nothing at all under load, of an analyser of H2 in O2 whose zero is not so far off that it could hide what permeates. */
function noHydrogen(
  run: RecordedRun,
  role: string,
  { value, from_s, to_s }: Repeat,
  little: number,
): string | undefined {
  if (role !== H2_IN_O2 || value !== 0 || run.subject.kind !== 'stack') return undefined;
  if (!(little <= LITTLE_FRAC * run.accuracy(role).abs)) return undefined;
  const loaded_A = LOADED_FRAC * run.subject.currentNominal_A;
  let [loaded_s, last_s] = [0, Number.NaN];
  for (const part of partsOf(run.series('stack.current_A'), from_s, to_s))
    for (let i = 0; i < part.t_s.length; i++) {
      const dt_s = part.t_s[i] - last_s;
      if (part.value[i] >= loaded_A && dt_s > 0) loaded_s += dt_s;
      last_s = part.t_s[i];
    }
  if (loaded_s * run.timeFactor < NO_HYDROGEN_S) return undefined;
  return `the stack carried load for ${(loaded_s * run.timeFactor).toFixed(0)} s of it, while hydrogen permeates`;
}
