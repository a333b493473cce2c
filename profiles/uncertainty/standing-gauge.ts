import type { RecordedRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';

/**
 * A gauge that repeats itself to the last digit: what it shows may be old. Coarse digits repeat themselves on a true plateau,
 * a quiet voltmeter where a cell comes to rest, a slow analyser between two of its own measurements; none of these is meant.
 * So a stretch is one only where the same gauge was noisy over several of its digits until then: noise does not end. A gauge
 * that shows 0 may be at the end of its range. An analyser behind a volume of gas comes to rest slowly, too: one that
 * stops in the middle of its way stands.
 */

/** So many equal readings or more, over this part of the window, and so many times what was usual before. */
const SAME_READINGS = 30;
const SAME_FRAC = 0.5;
export const BEYOND_USUAL = 4;
/** So many readings before it show the noise, with so many changes of its way, of so many of the least steps in the mean. */
export const NOISE_READINGS = 60;
const LEAST_REVERSALS = 10;
const NOISE_STEPS = 1.5;
/** An analyser on its way: the last three steps go one way, each of so many of the least, the last of this part of the first. */
const WAY_STEPS = 3;
const WAY_FRAC = 0.5;
/** Differences below this part of a reading are of the arithmetic. */
const DUST_FRAC = 1e-9;
/** So long before the window it may have begun to stand, s of life. */
const BEFORE_S = 43_200;

/** Run times, s, of a mean. */
interface Meant {
  readonly from_s: number;
  readonly to_s: number;
}

/** Why a mean over this window is none: its gauge stood still in it. Undefined where nothing tells that it did. */
export function standingGauge(run: RecordedRun, role: string, window: Meant): string | undefined {
  return standing(run, role, window, noisyStretch);
}

/** The same of an analyser of gas. */
export function standingAnalyser(run: RecordedRun, role: string, window: Meant): string | undefined {
  return standing(run, role, window, (value, end) => (isOnItsWay(value, end) ? 1 : noisyStretch(value, end)));
}

/**
 * Why a change over this window is not known: its gauge stood still in it, whatever it did before. Digits so coarse that
 * they hide the change prove no more than an old reading.
 */
export function hiddenChange(run: RecordedRun, role: string, window: Meant): string | undefined {
  const old = standingGauge(run, role, window);
  const found = old === undefined ? longestStretch(run, role, window) : undefined;
  return found === undefined
    ? old
    : `${role} repeats ${found.shown} to the last digit in ${found.readings} readings, which hides any change (wait longer, or read more digits)`;
}

function standing(
  run: RecordedRun,
  role: string,
  window: Meant,
  usualBefore: (value: Float64Array, end: number) => number | undefined,
): string | undefined {
  const found = longestStretch(run, role, window);
  if (found === undefined || found.shown === 0) return undefined;
  const { value, begin, shown, readings } = found;
  const usual = usualBefore(value, begin);
  if (usual === undefined || readings < BEYOND_USUAL * usual) return undefined;
  return `${role} repeats ${shown} to the last digit in ${readings} readings, and moved from one to the next before: it may be no reading of this time`;
}

/** Equal readings that take most of a window: what they show, and where they begin in the readings. */
interface Stretch {
  readonly value: Float64Array;
  readonly begin: number;
  readonly shown: number;
  readonly readings: number;
}

/** The longest of a window, if it takes most of it; what it showed just before is there, too. */
function longestStretch(run: RecordedRun, role: string, { from_s, to_s }: Meant): Stretch | undefined {
  const { t_s, value } = windowOf(run.series(role), from_s - BEFORE_S / run.timeFactor, to_s);
  let [begin, longest_s, readings] = [0, 0, 0];
  // From the end: what ended before the window is none of it.
  for (let last = value.length - 1; last >= 0 && t_s[last] >= from_s; ) {
    let first = last;
    while (first > 0 && value[first - 1] === value[last]) first--;
    const inside_s = t_s[last] - Math.max(from_s, t_s[first]);
    if (inside_s > longest_s) [begin, longest_s, readings] = [first, inside_s, last - first + 1];
    last = first - 1;
  }
  if (readings < SAME_READINGS || longest_s < SAME_FRAC * (to_s - from_s)) return undefined;
  return { value, begin, shown: value[begin], readings };
}

/**
 * Longest run of equal readings just before one of them, where these are noisy over several digits: also about a way that
 * they go, which rounding alone bends by one digit from reading to reading. Else undefined.
 */
export function noisyStretch(value: Float64Array, end: number): number | undefined {
  const from = Math.max(1, end - NOISE_READINGS);
  let [same, longest, reversals, sum, least] = [1, 1, 0, 0, Number.POSITIVE_INFINITY];
  let [before, bends] = [0, 0];
  for (let i = from; i < end; i++) {
    const step = value[i] - value[i - 1];
    same = step === 0 ? same + 1 : 1;
    longest = Math.max(longest, same);
    if (step === 0 || Number.isNaN(step)) continue;
    least = Math.min(least, Math.abs(step));
    if (step * before < 0) {
      reversals++;
      sum += Math.abs(step);
    }
    before = step;
  }
  if (reversals >= LEAST_REVERSALS && sum >= NOISE_STEPS * least * reversals) return longest;
  for (let i = from + 1; i < end; i++)
    if (Math.abs(value[i] - 2 * value[i - 1] + value[i - 2]) > NOISE_STEPS * least) bends++;
  return reversals >= LEAST_REVERSALS && 2 * bends > end - from - 1 ? longest : undefined;
}

/** True if the readings up to one of them, which it repeats, moved one way and were not about to end it. */
function isOnItsWay(value: Float64Array, end: number): boolean {
  if (end < NOISE_READINGS / 2) return false;
  let least = Number.POSITIVE_INFINITY;
  const dust = DUST_FRAC * Math.abs(value[end]);
  let before = Number.NaN;
  for (let i = end - NOISE_READINGS / 2 + 1; i <= end; i++) {
    const step = value[i] - value[i - 1];
    // What steps differ by shows a digit that they are all larger than.
    for (const size of [Math.abs(step), Math.abs(step - before)])
      if (size > dust && size < least) least = size;
    before = step;
  }
  const steps = [end - 2, end - 1, end].map(i => value[i] - value[i - 1]);
  return (
    steps.every(step => step * steps[0] > 0 && Math.abs(step) >= WAY_STEPS * least) &&
    Math.abs(steps[2]) >= WAY_FRAC * Math.abs(steps[0])
  );
}
