import { meanOf, randomOfMean } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { declaredAt } from '../uncertainty/repeatability.ts';
import type { Stretch } from './stretch.ts';

/** Averages of a role over the windows of a part. */

/** A window, run times. */
export interface Averaged {
  readonly from_s: number;
  readonly to_s: number;
}

/** The averaged windows of a part in order of time. */
export function windowsOf(run: RecordedRun, of: Stretch): readonly Averaged[] {
  return run.points.filter(({ from_s, to_s }) => from_s >= of.start_s - 1e-6 && to_s <= of.end_s + 1e-6);
}

/** A mean with what it may be wrong by, k = 2, unit of the role. */
export interface Reading {
  readonly mean: number;
  readonly u95: number;
}

/**
 * Mean of a role over a window: uncertainty from the declared accuracy, the scatter, and what it still moved within
 * the window (difference of both halves). NaN without usable readings.
 */
export function readingOver(run: RecordedRun, role: string, { from_s, to_s }: Averaged): Reading {
  const series = run.series(role);
  const { mean } = meanOf(series, from_s, to_s);
  const middle_s = (from_s + to_s) / 2;
  const moved = meanOf(series, middle_s, to_s).mean - meanOf(series, from_s, middle_s).mean;
  const u95 = Math.hypot(
    declaredAt(run.accuracy(role), mean),
    randomOfMean(series, from_s, to_s),
    Number.isFinite(moved) ? moved : 0,
  );
  return { mean, u95 };
}
