import type { RecordedRun, RecordedStep } from '../../recorded-run.ts';
import { indexAt } from '../../series-parts.ts';

/** When a condition was seen at the end of a step, and what flowed meanwhile. */

/** Rows that tell how far apart a run looks at its conditions, and the current at the end of a step. */
const LAST_ROWS = 5;

/**
 * Amount (Ah of the current, Wh of the power) that hangs on when a condition was seen, k = 2, about its mean: it is looked at
 * once a reading, so that it may have come true anywhere since the one before, evenly, at what flowed at the end. 0 where
 * the step ended by its time.
 */
export function endU95(run: RecordedRun, step: RecordedStep, role: string): number {
  return step.ended === 'condition' ? seenU95(run, step.end_s, role) : 0;
}

/** The same of whatever a condition ended at `end_s`, run time. */
export function seenU95(run: RecordedRun, end_s: number, role: string): number {
  const { t_s, value } = run.series(role);
  const last = indexAt(t_s, end_s - 1e-6) - 1;
  const first = Math.max(0, last - LAST_ROWS);
  if (last <= first) return 0;
  const apart_s = ((t_s[last] - t_s[first]) / (last - first)) * run.timeFactor;
  return (Math.abs(value[last]) * apart_s) / Math.sqrt(3) / 3600 || 0;
}
