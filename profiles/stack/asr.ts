import { fitLine } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { REPEATABILITY_FRAC, wanderOf } from '../uncertainty/repeatability.ts';
import { student95 } from '../uncertainty/student.ts';
import type { MeasuredPoint } from './curve.ts';

/** Area-specific resistance: the slope of a polarisation curve over a named range of current densities. */

/** Range of current densities that counts for the ASR, A/cm2; a curve that ends lower has its upper part instead. */
const ASR_RANGE = [0.5, 1.5] as const;
const ASR_UPPER_PART = 0.4;
/** Currents that differ, by a part of the range, which a slope takes: two say nothing of how far it is a line. */
const ASR_LEAST_CURRENTS = 3;
const APART_FRAC = 0.05;

/** A point as the slope needs it; `middle_s` run time, `random_V` k = 2. */
export type AsrPoint = Pick<
  MeasuredPoint,
  'leg' | 'current_A' | 'cellVoltage_V' | 'random_V' | 'middle_s' | 'temperature_degC'
>;

/** Area-specific resistance of a curve, and the current densities it was read from. */
export interface Asr {
  readonly value_mOhm_cm2: number;
  readonly u95_mOhm_cm2: number;
  /** Measured current densities, A/cm2. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** Temperatures of these points, degC; NaN without usable ones. */
  readonly least_degC: number;
  readonly most_degC: number;
  /** Slope of the temperature over the current density, as the voltage's, K per A/cm2; NaN without usable ones. */
  readonly warming_K_cm2_per_A: number;
  /** How far its points lie apart in time, run s. */
  readonly each_s: number;
}

/**
 * Least-squares slope of the cell voltage over the measured current density, both legs: 0.5 to 1.5 A/cm2, or the upper
 * part of a curve that does not reach 1 A/cm2 (alkaline). Uncertainty k = 2: scatter of the points, repeatability and gains of
 * both meters. That a curve is bent makes its slope depend on the range, which is stated with it; it is no uncertainty.
 * Undefined with fewer than three different currents or without a spread of them.
 */
export function asrOf(run: StackRun, points: readonly AsrPoint[]): Asr | undefined {
  const all = points
    .map(p => ({ ...p, j: p.current_A / run.stack.activeArea_cm2 }))
    .sort((a, b) => a.j - b.j);
  const top = all.at(-1)?.j ?? 0;
  const [low, high] = top >= (ASR_RANGE[0] + ASR_RANGE[1]) / 2 ? ASR_RANGE : [ASR_UPPER_PART * top, top];
  // Points that lie on a bound by their set point lie a little beside it by measured current.
  const slack = 0.01 * (high - low);
  const inside = all.filter(({ j }) => j >= low - slack && j <= high + slack);
  const line = fitLine(
    inside.map(p => p.j),
    inside.map(p => p.cellVoltage_V),
  );
  const spread = (inside.at(-1)?.j ?? 0) - (inside[0]?.j ?? 0);
  const currents: number[] = [];
  for (const { j } of inside)
    if (j - (currents.at(-1) ?? Number.NEGATIVE_INFINITY) >= APART_FRAC * (high - low)) currents.push(j);
  if (line === undefined || currents.length < ASR_LEAST_CURRENTS || spread < 0.2 * (high - low))
    return undefined;
  const mean_j = inside.reduce((sum, p) => sum + p.j, 0) / inside.length;
  const squares = inside.reduce((sum, p) => sum + (p.j - mean_j) ** 2, 0);
  const weights = inside.map(p => (p.j - mean_j) / squares);
  const [voltage, current] = [run.accuracy('stack.voltage_V'), run.accuracy('stack.current_A')];
  const wander = (amplitude: (p: AsrPoint & { j: number }) => number): number =>
    REPEATABILITY_FRAC *
    finite(
      wanderOf(
        inside.map((p, i) => {
          const at_s = p.middle_s * run.timeFactor;
          return { from_s: at_s, to_s: at_s, weight: weights[i] * amplitude(p) };
        }),
      ),
    );
  const { cells, activeArea_cm2 } = run.stack;
  const u95 = Math.hypot(
    scatterOfSlope(inside, weights),
    wander(p => (p.cellVoltage_V * voltage.reading_pct) / 100),
    wander(() => voltage.abs / cells),
    wander(p => (line.slope * p.j * current.reading_pct) / 100),
    wander(() => (line.slope * current.abs) / activeArea_cm2),
    (line.slope * finite(Math.hypot(voltage.reading_pct, current.reading_pct))) / 100,
  );
  return {
    value_mOhm_cm2: line.slope * 1000,
    u95_mOhm_cm2: u95 * 1000,
    from: inside[0].j,
    to: inside[inside.length - 1].j,
    points: inside.length,
    least_degC: Math.min(...inside.map(p => p.temperature_degC)),
    most_degC: Math.max(...inside.map(p => p.temperature_degC)),
    warming_K_cm2_per_A: inside.reduce((sum, p, i) => sum + weights[i] * p.temperature_degC, 0),
    each_s: run.timeFactor * eachOf(points.map(p => p.middle_s)),
  };
}

/** Time from one point to the next, as most of them lie apart (median). */
function eachOf(times_s: readonly number[]): number {
  const sorted = times_s.toSorted((a, b) => a - b);
  const ways = sorted.slice(1).map((at_s, i) => at_s - sorted[i]);
  return ways.toSorted((a, b) => a - b)[Math.floor(ways.length / 2)] ?? Number.NaN;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/**
 * What the scatter of the points makes of the slope, k = 2: about a + b ln j + r j + c T, each leg with an offset and a slope of
 * its own, where there are points enough to tell (three more than that has figures), else about the line itself; at least what
 * the readings scatter.
 */
function scatterOfSlope(points: readonly (AsrPoint & { j: number })[], weights: readonly number[]): number {
  const own = Math.hypot(...points.map((p, i) => weights[i] * p.random_V));
  const legs = new Set(points.map(p => p.leg)).size;
  const side = (p: AsrPoint): number => (p.leg === 'up' ? 1 : -1);
  const columns = [points.map(() => 1), points.map(p => p.j), points.map(p => Math.log(p.j))];
  if (legs > 1)
    columns.push(
      points.map(side),
      points.map(p => side(p) * p.j),
    );
  if (points.length - columns.length < 3) columns.splice(2);
  const freedom = points.length - columns.length;
  const rest = residualOf(
    points.map(p => p.cellVoltage_V),
    columns,
  );
  return Math.max(
    own,
    student95(freedom) * Math.hypot(...weights) * (Math.hypot(...rest) / Math.sqrt(freedom)),
  );
}

/** What is left of y beside all combinations of the columns (Gram-Schmidt, each twice for rounding). */
function residualOf(y: readonly number[], columns: readonly (readonly number[])[]): number[] {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, v, i) => sum + v * b[i], 0);
  const basis: number[][] = [];
  const beside = (v: readonly number[]): number[] => {
    let left = [...v];
    for (const b of [...basis, ...basis]) {
      const part = dot(left, b);
      left = left.map((value, i) => value - part * b[i]);
    }
    return left;
  };
  for (const column of columns) {
    const left = beside(column);
    const norm = Math.hypot(...left);
    if (norm > 1e-9 * Math.hypot(...column)) basis.push(left.map(v => v / norm));
  }
  return beside(y);
}

/** What an ASR is, in words; without one, what it would be. */
export function asrText(asr: Asr | undefined): string {
  const what = 'Slope dU/dj of the cell voltage, both legs, by measured current';
  return asr === undefined
    ? `${what}.`
    : `${what}, over ${asr.from.toPrecision(3)} to ${asr.to.toPrecision(3)} A/cm2 (${asr.points} points); U = stack voltage / cells. Not temperature-corrected${warmth(asr)}. Uncertainty from scatter of the points, repeatability and gains of both meters; that the curve is bent belongs to the range.`;
}

/** From this on the temperature of the points tells that it follows the current, K over the range. */
const WARMED_K = 0.2;

function warmth({ least_degC, most_degC, warming_K_cm2_per_A, each_s, from, to }: Asr): string {
  if (!Number.isFinite(most_degC - least_degC)) return ', and no usable temperature to judge it';
  const was = `: the stack was at ${least_degC.toFixed(1)} to ${most_degC.toFixed(1)} degC, a point each ${Number(each_s.toPrecision(3))} s`;
  if (Math.abs(warming_K_cm2_per_A) * (to - from) < WARMED_K) return was;
  const along = `went along with the current by ${warming_K_cm2_per_A.toPrecision(2)} K per A/cm2`;
  return `${was}. Its temperature ${along} at these dwells: at others the slope is another, which is no uncertainty of this one`;
}

/** Why a curve has no ASR. */
export const NO_ASR = 'fewer than three different currents from 40 % of the largest up';
