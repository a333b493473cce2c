import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { joinLimit_s, type Mean, meanOf } from '../record-math.ts';
import type { RecordedStep, StackRun } from '../recorded-run.ts';
import { readingNoise } from '../uncertainty/reading-noise.ts';
import { REPEATABILITY_FRAC } from '../uncertainty/repeatability.ts';

const PART_OF_WINDOW = 0.2;
const NOT_HELD = 'the voltage was not held';

/** Gain of the current at constant voltage (%) and time there (h); window_s: of the method, s of life. */
export function conditioningFigures(
  run: StackRun,
  hold: RecordedStep | undefined,
  window_s: number,
): KpiValue[] {
  const long_s = hold === undefined ? 0 : hold.end_s - hold.start_s;
  const part_s = Math.min((PART_OF_WINDOW * window_s) / run.timeFactor, PART_OF_WINDOW * long_s);
  const end_s = hold?.end_s ?? 0;
  const start_s = (hold?.start_s ?? 0) + part_s;
  const role = 'stack.current_A';
  const first = meanOf(run.series(role), start_s, start_s + part_s);
  const last = meanOf(run.series(role), end_s - part_s, end_s);
  const { reading_pct, abs } = run.accuracy(role);
  const ratio = last.mean / first.mean;
  // Both are means of their windows: what moved within one is no error of it. The gain of one meter cancels, its zero not.
  const scatter = (from_s: number, { mean, count }: Mean): number =>
    (2 * readingNoise(run.series(role), from_s, from_s + part_s)) / Math.sqrt(count) / mean;
  const meter = REPEATABILITY_FRAC * Math.hypot(reading_pct / 100, abs / first.mean) * Math.SQRT2;
  const zero = ((ratio - 1) * abs) / first.mean;
  const poll_h = ((joinLimit_s(run.series(role), start_s, end_s) / 3) * run.timeFactor) / 3600;
  return [
    kpi({
      id: 'current-gain',
      value: hold === undefined ? null : 100 * (ratio - 1),
      unit: 'pct',
      u95:
        100 *
        Math.hypot(ratio * Math.hypot(scatter(start_s, first), scatter(end_s - part_s, last), meter), zero),
      definition: `Mean current of the last ${(part_s * run.timeFactor).toFixed(0)} s at the voltage over that of as long a time after the first ${(part_s * run.timeFactor).toFixed(0)} s, less one. Not temperature-corrected.`,
      basis: 'default',
      missing:
        hold === undefined ? NOT_HELD : whyLacking(run, [role], 'no usable current at both ends of the hold'),
    }),
    kpi({
      id: 'conditioning-time',
      value: hold === undefined ? null : (long_s * run.timeFactor) / 3600,
      unit: 'h',
      u95: 2 * poll_h,
      definition: `Time at the voltage; ended by: ${hold?.reason ?? 'nothing'}.`,
      basis: 'default',
      missing: NOT_HELD,
    }),
  ];
}
