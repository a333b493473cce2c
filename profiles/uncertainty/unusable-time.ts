import type { RecordedSeries } from '../recorded-run.ts';

/**
 * How much of a window a role had no usable reading. A lowest or highest value of what is left of a record with bad rows is
 * none of the window: the worst may have been where nobody saw it.
 */

/** More of a window than this without a usable reading: what needs the whole of it has no value. */
export const MOST_UNUSABLE_FRAC = 0.05;
/** Readings further apart than so many times as usual have lost some between them. */
const LOST = 3;
/** Fewer readings do not tell what is usual. */
const FEW = 5;

/** Part of the window from start_s to end_s without a usable reading, 0..1; of none at all 1. */
export function unusableIn({ t_s, value }: RecordedSeries, start_s: number, end_s: number): number {
  const usable: number[] = [];
  for (let k = 0; k < t_s.length && t_s[k] <= end_s; k++)
    if (t_s[k] >= start_s && Number.isFinite(value[k])) usable.push(t_s[k]);
  if (usable.length === 0 || !(end_s > start_s)) return 1;
  const edges = [start_s, ...usable, end_s];
  const apart = edges.slice(1).map((t, i) => t - edges[i]);
  const between = apart.slice(1, -1).toSorted((a, b) => a - b);
  // The lower quarter: a window may have lost half of its rows.
  const usual_s = usable.length < FEW ? end_s - start_s : between[between.length >> 2];
  const lost_s = apart.reduce((sum, gap_s) => sum + (gap_s > LOST * usual_s ? gap_s - usual_s : 0), 0);
  return Math.min(1, lost_s / (end_s - start_s));
}

/** Why a figure of a whole window has no value; empty: it has one. `part`: as `unusableIn`; `where`: in its charge. */
export function whyNotWhole(part: number, role: string, where: string): string {
  if (!(part > MOST_UNUSABLE_FRAC)) return '';
  const [found, most] = [part, MOST_UNUSABLE_FRAC].map(one => Number((100 * one).toPrecision(2)));
  return `${found} % of the time ${where} had no usable ${role}, expected ${most} % at most`;
}

/** What a figure of a whole window says of the little that it did not see; empty: it saw all. */
export function notSeenNote(part: number, where: string): string {
  return part > 0 ? ` ${Number((100 * part).toPrecision(2))} % of the time ${where} was not seen.` : '';
}
