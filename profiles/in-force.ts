import type { RecordedSeries } from './recorded-run.ts';
import { indexAt } from './series-parts.ts';

/**
 * What a load profile wanted at the moment that a reading shows. A demand is written down at a control tick; the stack
 * draws by it once the set point that follows from it has been applied, and readings show it from the next one on.
 * Compared with the reading of its own tick, each demand would be held against what the one before it had brought.
 */

/** Times that are no further apart are the same, s. */
const SAME_S = 1e-9;

/**
 * The demands of a phase with the times at which they came into force: when the first set point after them was applied,
 * or, where none was before the next demand (nothing had to change), at once, for a reading of that very time, too.
 * `applied`: of the role that the profile sets.
 */
export function inForce(
  demands: RecordedSeries,
  applied: RecordedSeries,
  from_s: number,
  to_s: number,
): RecordedSeries {
  const first = indexAt(demands.t_s, from_s);
  const t_s = demands.t_s.slice(first, indexAt(demands.t_s, to_s + 1e-9));
  const value = demands.value.slice(first, first + t_s.length);
  let k = indexAt(applied.t_s, from_s);
  for (let i = 0; i < t_s.length; i++) {
    while (k < applied.t_s.length && applied.t_s[k] < t_s[i]) k++;
    const next_s = i + 1 < t_s.length ? t_s[i + 1] : Infinity;
    const isSet = k < applied.t_s.length && applied.t_s[k] < next_s;
    t_s[i] = isSet ? applied.t_s[k] : t_s[i] - 2 * SAME_S;
  }
  return { t_s, value };
}

/**
 * The last value before a time, for times that rise from call to call; NaN before the first. What changes at the very
 * time of a reading is not in it: readings are taken before a control tick sets anything.
 */
export function before(series: RecordedSeries): (t_s: number) => number {
  const { t_s: t, value } = series;
  let next = 0;
  return t_s => {
    while (next < t.length && t[next] < t_s - SAME_S) next++;
    return next === 0 ? Number.NaN : value[next - 1];
  };
}
