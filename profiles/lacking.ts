import type { RecordedRun } from './recorded-run.ts';
import { readingsOf } from './series-parts.ts';

/**
 * Why a figure is not there: the first of the roles that it is read from which this bench does not have, or which was never
 * read; what else it lacks where all of them were.
 */
export function whyLacking(run: RecordedRun, roles: readonly string[], otherwise: string): string {
  const lacking = roles.find(role => readingsOf(run.series(role)) === 0);
  if (lacking === undefined) return otherwise;
  return run.measures?.(lacking) === false
    ? `this bench has no ${lacking}`
    : `the record has no reading of ${lacking}`;
}
