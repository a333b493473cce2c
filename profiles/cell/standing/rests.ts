import type { Accuracy } from '../../../drivers/contract/device.ts';
import type { CellFacts, RecordedRun, RecordedSeries } from '../../recorded-run.ts';
import { holding } from '../../series-parts.ts';
import { REPEATABILITY_FRAC, wanderOf } from '../../uncertainty/repeatability.ts';

/** When a cell rests, and what its meters show meanwhile: their zero. */

/** A stretch of the record in which no current was meant to flow, run time. */
export interface Rest {
  readonly from_s: number;
  readonly to_s: number;
}

/** Mean current below C/300: the cell rests (default; a C/250 test still counts as flowing). */
export const REST_PER_H = 1 / 300;
/** A single reading above C/50 is never one of a rest; where the set point says 0, the mean may reach this, too. */
export const QUIET_PER_H = 1 / 50;
/** The mean is taken over so many readings before and after, and never across a step of the current. */
const AROUND = 10;
/** A step is a change of the mean from so many readings to the next ones by this part of C/300, and of their scatter. */
const STEP_READINGS = 5;
const STEP_FRAC = 0.5;
const STEP_SCATTER = 4;

/** Rests by what was asked and what was measured, in order. `current` holds usable readings only. */
export function restsOf(run: RecordedRun, cell: CellFacts, current: RecordedSeries): Rest[] {
  const { t_s, value } = current;
  const rest_A = cell.capacity_Ah * REST_PER_H;
  const quiet_A = cell.capacity_Ah * QUIET_PER_H;
  const meant = restMeant(run);
  const sums = new Float64Array(value.length + 1);
  for (let i = 0; i < value.length; i++) {
    sums[i + 1] = sums[i] + Math.max(-quiet_A, Math.min(quiet_A, value[i]));
  }
  const steps = stepsOf(value, rest_A, quiet_A);
  const isLarge = (i: number): boolean => Math.abs(value[i]) >= quiet_A;
  let nextStep = 0;
  // The last row up to here, and the first from here on, with more than a rest has.
  let [largeBefore, largeAfter] = [-1, -1];
  const rests: Rest[] = [];
  let from = -1;
  for (let i = 0; i <= value.length; i++) {
    while (nextStep < steps.length && steps[nextStep] <= i) nextStep++;
    if (i < value.length && isLarge(i)) largeBefore = i;
    if (largeAfter < i)
      for (largeAfter = i; largeAfter < value.length && !isLarge(largeAfter); ) largeAfter++;
    if (i < value.length && isQuiet(i)) {
      if (from < 0) from = i;
      continue;
    }
    if (from >= 0 && i - 1 > from) rests.push({ from_s: t_s[from], to_s: t_s[i - 1] });
    from = -1;
  }
  return rests;

  /** Size of the mean on the other side of a step, A; infinity where there is none. */
  function beside(step: number, way: 1 | -1): number {
    if (step === 0 || step === value.length) return Number.POSITIVE_INFINITY;
    return Math.abs(sums[step + way * STEP_READINGS] - sums[step]) / STEP_READINGS;
  }

  function isQuiet(i: number): boolean {
    if (isLarge(i)) return false;
    const asked = meant(t_s[i]);
    if (asked !== undefined) return asked;
    const [left, right] = [steps[nextStep - 1] ?? 0, steps[nextStep] ?? value.length];
    const a = Math.max(left, largeBefore + 1, i - AROUND);
    const b = Math.min(right, largeAfter, i + AROUND + 1);
    const mean_A = Math.abs((sums[b] - sums[a]) / (b - a));
    // A step beyond a charge or discharge says nothing of this side of it.
    const [before_A, after_A] = [
      left > largeBefore ? beside(left, -1) : Number.POSITIVE_INFINITY,
      right <= largeAfter ? beside(right, 1) : Number.POSITIVE_INFINITY,
    ];
    return mean_A < rest_A && mean_A < Math.min(before_A, after_A) + STEP_FRAC * rest_A;
  }
}

/**
 * Rows at which a small current steps to another one, rising: where the means of the readings before and after differ most,
 * and by more than their scatter explains. Between a rest and C/250 no single reading tells.
 */
function stepsOf(value: Float64Array, rest_A: number, quiet_A: number): number[] {
  const found: number[] = [];
  let best = { row: -1, size: 0 };
  for (let i = STEP_READINGS; i + STEP_READINGS <= value.length; i++) {
    const size = stepAt(value, i, rest_A, quiet_A);
    if (best.row >= 0 && (size === 0 || i - best.row > STEP_READINGS)) {
      found.push(best.row);
      best = { row: -1, size: 0 };
    }
    if (size > best.size) best = { row: i, size };
  }
  if (best.row >= 0) found.push(best.row);
  return found;
}

/** How much the readings from row i on differ from those before, A; 0 if that is no step between small currents. */
function stepAt(value: Float64Array, i: number, rest_A: number, quiet_A: number): number {
  let [before, after, squares] = [0, 0, 0];
  for (let k = 1; k <= STEP_READINGS; k++) {
    const [a, b] = [value[i - k], value[i + k - 1]];
    if (!(Math.abs(a) < quiet_A) || !(Math.abs(b) < quiet_A)) return 0;
    before += a;
    after += b;
    squares += a * a + b * b;
  }
  const size = Math.abs(after - before) / STEP_READINGS;
  const spread2 = Math.max(0, squares - (before ** 2 + after ** 2) / STEP_READINGS) / (2 * STEP_READINGS - 2);
  const scatter = Math.sqrt((2 * spread2) / STEP_READINGS);
  return size > Math.max(STEP_FRAC * rest_A, STEP_SCATTER * scatter) ? size : 0;
}

/**
 * What the set points say of a time (to be asked in rising order): true for output off, rest, or current control at
 * 0 A; false for any other order; undefined where nothing tells the mode.
 */
function restMeant(run: RecordedRun): (t_s: number) => boolean | undefined {
  const output = holding(run.asked('cell.outputSet_on'));
  const mode = holding(run.asked('cell.modeSet_count'));
  const current = holding(run.asked('cell.currentSet_A'));
  return t_s => {
    const [isOn, mode_count, current_A] = [output(t_s), mode(t_s), current(t_s)];
    if (isOn === 0 || mode_count === 0) return true;
    if (Number.isNaN(mode_count)) return undefined;
    if (mode_count === 1) return Number.isNaN(current_A) ? undefined : current_A === 0;
    return false;
  };
}

/** Steps within rests: true if both times lie in the same rest. To be asked in rising order. */
export function inRest(rests: readonly Rest[]): (from_s: number, to_s: number) => boolean {
  let k = 0;
  return (from_s, to_s) => {
    while (k < rests.length && rests[k].to_s < to_s) k++;
    return k < rests.length && from_s >= rests[k].from_s;
  };
}

/** Mean reading in rests, unit of the series; `rest_s` of run time. */
export interface Zero {
  readonly value: number;
  readonly rest_s: number;
  readonly rests: number;
  /** How far it wandered from rest to rest (k = 2; 0 with a single one), and how well noise lets the mean be known. */
  readonly spread: number;
  /** Of the means of its rests. */
  readonly lowest: number;
  readonly highest: number;
  readonly noise: number;
  /** The rests it was measured in, run times. */
  readonly windows: readonly Rest[];
}

/**
 * How well the measured zero stands for a window of the run, k = 2, unit of the series: as far as the zero wandered from rest to
 * rest, at least as far as it repeats itself, and the noise of the readings.
 */
export function zeroOverU95(
  run: RecordedRun,
  zero: Zero,
  accuracy: Accuracy,
  { from_s, to_s }: Rest,
): number {
  const rests = zero.windows.map(rest => ({ ...rest, weight: -(rest.to_s - rest.from_s) / zero.rest_s }));
  const windows = [...rests, { from_s, to_s, weight: 1 }].map(({ from_s: a, to_s: b, weight }) => ({
    from_s: a * run.timeFactor,
    to_s: b * run.timeFactor,
    weight,
  }));
  return Math.hypot(Math.max(zero.spread, REPEATABILITY_FRAC * accuracy.abs) * wanderOf(windows), zero.noise);
}

/** A shorter rest says nothing of the zero, s. */
const LEAST_REST_S = 60;
/** The ends of a rest belong to the switching: so many readings are left out. */
const EDGE = 2;
/** A single rest is cut in so many parts to see how well its mean stands; of fewer readings each is one. */
const PARTS = 8;
const LEAST_READINGS = 5;

/** The zero of a meter, from all rests of at least a minute; undefined if there is none. */
export function zeroOf(series: RecordedSeries, rests: readonly Rest[]): Zero | undefined {
  const { t_s, value } = series;
  const means: number[] = [];
  const weights: number[] = [];
  const windows: Rest[] = [];
  let inner: number[] = [];
  let noise2 = 0;
  let i = 0;
  for (const { from_s, to_s } of rests) {
    while (i < t_s.length && t_s[i] < from_s) i++;
    const begin = i;
    while (i < t_s.length && t_s[i] <= to_s) i++;
    const [a, b] = [begin + EDGE, i - EDGE];
    if (to_s - from_s < LEAST_REST_S || b - a < LEAST_READINGS) continue;
    means.push(meanBetween(value, a, b));
    weights.push(to_s - from_s);
    windows.push({ from_s, to_s });
    const parts = Math.min(PARTS, b - a);
    const part = (b - a) / parts;
    inner = Array.from({ length: parts }, (_, k) =>
      meanBetween(value, Math.floor(a + k * part), Math.floor(a + (k + 1) * part)),
    );
    noise2 += ((to_s - from_s) * deviation(inner)) ** 2 / parts;
  }
  if (means.length === 0) return undefined;
  const rest_s = weights.reduce((sum, w) => sum + w, 0);
  const zero = means.reduce((sum, m, k) => sum + m * weights[k], 0) / rest_s;
  const noise = (2 * Math.sqrt(noise2)) / rest_s;
  const range = { lowest: Math.min(...means), highest: Math.max(...means) };
  const spread = means.length > 1 ? 2 * deviation(means) : 0;
  return { value: zero, rest_s, rests: means.length, spread, noise, windows, ...range };
}

function meanBetween(value: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let i = a; i < b; i++) sum += value[i];
  return sum / (b - a);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
}
