import type { RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import type { Rest } from './standing/rests.ts';

/**
 * Parts of a charge or discharge that ran at clearly different rates: 1C to the lower voltage, a rest, C/10 for what is left.
 * A taper at a voltage limit, a pulse and a load profile are no parts.
 */

/** A step of the current: by this part of it, and the changes before and behind it are smaller by this factor. */
const STEP_FRAC = 0.15;
const STEP_ALONE = 3;
/** A shorter stretch is a pulse, life s; nor do so few readings make a part. */
const LEAST_S = 60;
const LEAST_READINGS = 5;
/** Rates that differ by less than this part of the larger are no clearly different ones. */
const ALIKE_FRAC = 0.2;
/** A part of less than this of the whole that is not the rest of it at a lower rate is a pulse. */
const PULSE_FRAC = 0.05;
/** What is less than this of the whole says nothing: the tail of a switch, a meter's zero. */
const LEAST_FRAC = 0.003;
/** The parts hold at least this of the whole, and there are at most so many: otherwise it is a load profile. */
const HELD_FRAC = 0.9;
const MOST_PARTS = 8;

/** A stretch at one rate: run times of the last row before it and of its last row; size of its mean current, A. */
export interface RatePart {
  readonly from_s: number;
  readonly to_s: number;
  readonly current_A: number;
  /** Current times life time, A s. */
  readonly charge_As: number;
}

/** Which half-cycle: run times, and its direction (1 charge, -1 discharge). */
export interface HalfWindow extends Rest {
  readonly sign: 1 | -1;
}

/** Two parts or more in order, or none: it ran at one rate, or at no steady ones. `current` as recorded, A. */
export function ratePartsOf(
  current: RecordedSeries,
  rests: readonly Rest[],
  half: HalfWindow,
  timeFactor: number,
): RatePart[] {
  const stretches = stretchesOf(flowing(current, rests, half), half, timeFactor);
  const whole_As = stretches.reduce((sum, s) => sum + s.charge_As, 0);
  const long = stretches.filter(
    s => s.readings >= LEAST_READINGS && (s.to_s - s.from_s) * timeFactor >= LEAST_S,
  );
  const held_As = long.reduce((sum, s) => sum + s.charge_As, 0);
  if (held_As < HELD_FRAC * whole_As) return [];
  const parts = withoutPulses(together(long), whole_As);
  return parts.length < 2 || parts.length > MOST_PARTS ? [] : parts;
}

interface Stretch extends RatePart {
  readonly readings: number;
}

/** Sizes of the current a half's way, A, at its rows with a usable one; 0 in rests and where it goes the other way. */
function flowing(
  { t_s, value }: RecordedSeries,
  rests: readonly Rest[],
  { from_s, to_s, sign }: HalfWindow,
): { readonly t_s: readonly number[]; readonly size: readonly number[] } {
  const times: number[] = [];
  const size: number[] = [];
  const end = indexAt(t_s, to_s + 1e-9);
  let k = 0;
  for (let i = indexAt(t_s, from_s - 1e-9); i < end; i++) {
    if (Number.isNaN(value[i])) continue;
    while (k < rests.length && rests[k].to_s < t_s[i]) k++;
    const isRest = k < rests.length && t_s[i] >= rests[k].from_s;
    times.push(t_s[i]);
    size.push(isRest ? 0 : Math.max(0, sign * value[i]));
  }
  return { t_s: times, size };
}

/** Stretches in which current flows, cut where it pauses and where it steps. */
function stretchesOf(
  { t_s, size }: ReturnType<typeof flowing>,
  { from_s }: HalfWindow,
  timeFactor: number,
): Stretch[] {
  const change = (k: number, rows = 1): number => Math.abs(size[k] - size[k - rows]);
  // Alone: the changes before and behind are smaller. A row may show the mean of before and after.
  const isStepOver = (k: number, rows: number): boolean => {
    const step = change(k, rows);
    const isLarge = step > STEP_FRAC * Math.max(size[k], size[k - rows]);
    return isLarge && !(STEP_ALONE * change(k - rows) > step) && !(STEP_ALONE * change(k + 1) > step);
  };
  const isStep = (k: number): boolean => isStepOver(k, 1) || isStepOver(k + 1, 2);
  const found: Stretch[] = [];
  for (let k = 0; k < size.length; k++) {
    if (size[k] === 0) continue;
    const begin = k;
    let [charge_As, flow_s] = [0, 0];
    for (k++; k < size.length && size[k] > 0 && !isStep(k); k++) {
      const dt_s = (t_s[k] - t_s[k - 1]) * timeFactor;
      charge_As += ((size[k] + size[k - 1]) / 2) * dt_s;
      flow_s += dt_s;
    }
    found.push({
      from_s: Math.max(from_s, t_s[Math.max(0, begin - 1)]),
      to_s: t_s[k - 1],
      current_A: flow_s > 0 ? charge_As / flow_s : size[begin],
      charge_As,
      readings: k - begin,
    });
    k--;
  }
  return found;
}

/** Neighbours at like rates as one. */
function together(stretches: readonly RatePart[]): RatePart[] {
  const parts: RatePart[] = [];
  for (const stretch of stretches) {
    const last = parts.at(-1);
    if (last !== undefined && areAlike(last, stretch)) parts[parts.length - 1] = joined(last, stretch);
    else parts.push(stretch);
  }
  return parts;
}

/** Without next to nothing, and without short parts at the begin, between two alike, and at the end if it is at a higher rate than what was before. */
function withoutPulses(parts: readonly RatePart[], whole_As: number): RatePart[] {
  const isPulse = (part: RatePart, i: number): boolean => {
    if (part.charge_As >= PULSE_FRAC * whole_As) return false;
    const [before, after] = [parts[i - 1], parts[i + 1]];
    if (part.charge_As < LEAST_FRAC * whole_As) return true;
    if (before === undefined) return true;
    return after === undefined ? part.current_A > before.current_A : areAlike(before, after);
  };
  const kept = parts.filter((part, i) => !isPulse(part, i));
  const last = parts.at(-1);
  const first = kept.at(0);
  if (kept.length === parts.length || first === undefined || last === undefined) return together(kept);
  return together([{ ...first, from_s: parts[0].from_s }, ...kept.slice(1)]);
}

function areAlike(a: RatePart, b: RatePart): boolean {
  return Math.abs(a.current_A - b.current_A) <= ALIKE_FRAC * Math.max(a.current_A, b.current_A);
}

function joined(a: RatePart, b: RatePart): RatePart {
  const charge_As = a.charge_As + b.charge_As;
  const seconds = a.charge_As / a.current_A + b.charge_As / b.current_A;
  return { from_s: a.from_s, to_s: b.to_s, current_A: charge_As / seconds, charge_As };
}
