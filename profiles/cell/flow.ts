import type { RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';

/** Sums of what flowed into a cell and out of it, row by row. */

/** What flowed both ways up to each row, and how that is known. Rests do not count. */
export interface Flow {
  readonly t_s: Float64Array;
  /** Running sums at each row: A h or W h, life time; both rise. */
  readonly into: Float64Array;
  readonly out: Float64Array;
  /** Running time with flow, of it with flow out, and without readings, life s. */
  readonly flow_s: Float64Array;
  readonly out_s: Float64Array;
  readonly gap_s: Float64Array;
  /** Running amount that may have been missed in gaps, either way, at the larger value of both sides. */
  readonly unseen: Float64Array;
  /** Running variance of the sums: where between two rows a step of the value lies. */
  readonly variance: Float64Array;
  /** Running uncertainty (k = 2) of what was taken off between rows for the bend of a taper, in and out. */
  readonly bendInto: Float64Array;
  readonly bendOut: Float64Array;
  /** Size of the value at the first and the last row, per hour of life: what goes on unseen before and after. */
  readonly ends: readonly [first: number, last: number];
}

/** Readings that are numbers and not larger than `most`. The series itself if that is all of them. */
export function usable(series: RecordedSeries, most: number): RecordedSeries {
  const isUsable = (v: number): boolean => Math.abs(v) <= most;
  let count = 0;
  for (const v of series.value) if (isUsable(v)) count++;
  if (count === series.value.length) return series;
  const kept = { t_s: new Float64Array(count), value: new Float64Array(count) };
  let n = 0;
  for (let i = 0; i < series.value.length; i++) {
    if (!isUsable(series.value[i])) continue;
    kept.t_s[n] = series.t_s[i];
    kept.value[n++] = series.value[i];
  }
  return kept;
}

/** A flow of nothing at these times. */
export function emptyFlow(t_s: Float64Array, ends: Flow['ends'] = [0, 0]): Flow {
  const column = (): Float64Array => new Float64Array(t_s.length);
  return {
    t_s,
    into: column(),
    out: column(),
    flow_s: column(),
    out_s: column(),
    gap_s: column(),
    unseen: column(),
    variance: column(),
    bendInto: column(),
    bendOut: column(),
    ends,
  };
}

/** Row that stands for a time: the last one at or before it, the first for earlier times. */
export function rowAt(t_s: Float64Array, time_s: number): number {
  return Math.max(0, indexAt(t_s, time_s + 1e-9) - 1);
}
