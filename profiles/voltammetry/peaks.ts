import { student95 } from '../least-squares/student-t.ts';
import { type LocalFit, localFit, slopeAt, valueAt } from '../spectrum/local-fit.ts';

/**
 * Peaks of a voltammogram: in a sweep upwards the most prominent maximum of the current (anodic), downwards the most
 * prominent minimum (cathodic). Of the current itself: no line is drawn under it.
 */

/** One sweep of a voltammogram, from one potential where it turns to the next. */
export interface Branch {
  /** Up in potential: anodic. */
  readonly isRising: boolean;
  readonly set_V: readonly number[];
  readonly voltage_V: readonly number[];
  readonly current_A: readonly number[];
}

/** Where a peak is; `u95` is what the points tell of it (scatter and shape), without the instrument's accuracy. */
export interface Peak {
  readonly voltage_V: number;
  readonly voltageU95_V: number;
  readonly current_A: number;
  readonly currentU95_A: number;
}

/** The branches of a curve in the order in which they were swept; a point at which it turns belongs to the one before. */
export function branchesOf(curve: {
  readonly voltageSet_V: ArrayLike<number>;
  readonly voltage_V: ArrayLike<number>;
  readonly current_A: ArrayLike<number>;
}): readonly Branch[] {
  const { voltageSet_V, voltage_V, current_A } = curve;
  const branches: { isRising: boolean; set_V: number[]; voltage_V: number[]; current_A: number[] }[] = [];
  for (let i = 1; i < voltageSet_V.length; i++) {
    const way_V = voltageSet_V[i] - voltageSet_V[i - 1];
    if (way_V === 0) continue;
    let now = branches.at(-1);
    if (now?.isRising !== way_V > 0) {
      now = { isRising: way_V > 0, set_V: [], voltage_V: [], current_A: [] };
      branches.push(now);
    }
    now.set_V.push(voltageSet_V[i]);
    now.voltage_V.push(voltage_V[i]);
    now.current_A.push(current_A[i]);
  }
  return branches;
}

/** A branch of fewer points shows no peak. */
const LEAST_POINTS = 12;
/** So far above both its sides, in standard deviations of a point: scatter alone makes none that high in 10,000 points. */
const PROMINENT = 8;
/** ... and this part of the whole range of the current in it. */
const PROMINENT_FRAC = 0.005;
/** The peak is laid through the points within this part of its height above the higher side. */
const TOP_FRAC = 0.3;
const LEAST_TOP = 9;

/** The peak of a branch, or why there is none. */
export function peakOf({
  isRising,
  set_V,
  voltage_V,
  current_A,
}: Branch): Peak | { readonly missing: string } {
  const n = set_V.length;
  const sweep = isRising ? 'upwards' : 'downwards';
  if (n < LEAST_POINTS) return { missing: `${n} points ${sweep}, a peak needs ${LEAST_POINTS}` };
  const sign = isRising ? 1 : -1;
  const raw = current_A.map(v => sign * v);
  const y = smoothed(raw, Math.max(1, Math.round(n / 200)));
  const noise = scatterOf(raw);
  const range = Math.max(...y) - Math.min(...y);
  const found = mostProminent(y);
  const least = Math.max(PROMINENT * noise, PROMINENT_FRAC * range);
  if (found === undefined || !(found.prominence > least)) return { missing: noPeak(y, sweep) };
  const [from, to] = topOf(y, found);
  const x = set_V.slice(from, to);
  const top = raw.slice(from, to);
  const [fine, plain] = [4, 3].map(degree => apexOf(localFit(x, top, degree), set_V[found.at]));
  if (fine === undefined || plain === undefined)
    return { missing: `the top of the peak ${sweep} has no shape` };
  const { fit, at_V } = fine;
  const curvature = (slopeAt(fit, at_V + 1e-4) - slopeAt(fit, at_V - 1e-4)) / 2e-4;
  const t = student95(fit.freedom);
  const beside_V = mean(voltage_V.slice(from, to).map((v, i) => v - x[i]));
  return {
    voltage_V: at_V + beside_V,
    voltageU95_V: Math.hypot(
      (t * fit.deviation * Math.sqrt(fit.slopeLeverage(at_V))) / Math.abs(curvature),
      at_V - plain.at_V,
    ),
    current_A: sign * valueAt(fit, at_V),
    currentU95_A: Math.hypot(
      t * fit.deviation * Math.sqrt(fit.leverage(at_V)),
      valueAt(fit, at_V) - valueAt(plain.fit, plain.at_V),
    ),
  };
}

function noPeak(y: readonly number[], sweep: string): string {
  const tenth = Math.max(1, Math.floor(y.length / 10));
  const [begin, end] = [mean(y.slice(0, tenth)), mean(y.slice(-tenth))];
  return `no peak in the sweep ${sweep}: the current is ${end > begin ? 'largest at its end' : 'largest at its begin'}`;
}

/** The maximum that stands highest above the higher of its two sides; undefined: there is none inside. */
function mostProminent(
  y: readonly number[],
): { readonly at: number; readonly prominence: number } | undefined {
  let best: { at: number; prominence: number } | undefined;
  for (let i = 1; i < y.length - 1; i++) {
    if (!(y[i] > y[i - 1] && y[i] >= y[i + 1])) continue;
    const left = lowestTowards(y, i, -1);
    const right = lowestTowards(y, i, 1);
    const prominence = y[i] - Math.max(left, right);
    if (best === undefined || prominence > best.prominence) best = { at: i, prominence };
  }
  return best;
}

/** Lowest value on one side until something is higher. */
function lowestTowards(y: readonly number[], from: number, step: number): number {
  let low = y[from];
  for (let i = from + step; i >= 0 && i < y.length && y[i] <= y[from]; i += step) low = Math.min(low, y[i]);
  return low;
}

/** Places of the top of a peak: from, and behind its last. */
function topOf(
  y: readonly number[],
  { at, prominence }: { readonly at: number; readonly prominence: number },
): readonly [number, number] {
  const floor = y[at] - TOP_FRAC * prominence;
  let [from, to] = [at, at + 1];
  while (from > 0 && (y[from - 1] >= floor || to - from < LEAST_TOP / 2)) from--;
  while (to < y.length && (y[to] >= floor || to - at < LEAST_TOP / 2)) to++;
  return [from, to];
}

/** The maximum of a curve near a place; undefined: it has none. */
function apexOf(fit: LocalFit, near: number): { readonly fit: LocalFit; readonly at_V: number } | undefined {
  let at_V = near;
  for (let n = 0; n < 50; n++) {
    const curvature = (slopeAt(fit, at_V + 1e-4) - slopeAt(fit, at_V - 1e-4)) / 2e-4;
    if (!(curvature < 0)) return undefined;
    const step = -slopeAt(fit, at_V) / curvature;
    at_V += step;
    if (Math.abs(step) < 1e-9) return { fit, at_V };
  }
  return undefined;
}

/** Mean over `half` points to either side. */
function smoothed(y: readonly number[], half: number): readonly number[] {
  return y.map((_, i) => mean(y.slice(Math.max(0, i - half), i + half + 1)));
}

/** Standard deviation of a point, from second differences: a smooth course leaves none. */
function scatterOf(y: readonly number[]): number {
  const second = y
    .slice(2)
    .map((v, i) => Math.abs(v - 2 * y[i + 1] + y[i]))
    .sort((a, b) => a - b);
  return (1.4826 * second[Math.floor(second.length / 2)]) / Math.sqrt(6);
}

const mean = (all: readonly number[]): number => all.reduce((sum, v) => sum + v, 0) / all.length;
