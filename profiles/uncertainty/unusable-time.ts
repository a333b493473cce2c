import { joinBetween } from '../joins.ts';
import type { RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';

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

/**
 * Part of the window from start_s to end_s without a usable reading, 0..1; of none at all 1. Of a thinned record what its rules
 * have left out is not lost: whatever was read went into what they kept.
 */
export function unusableIn(series: RecordedSeries, start_s: number, end_s: number): number {
  const { t_s, value } = windowOf(series, start_s, end_s);
  const usable = [...t_s].filter((_, k) => Number.isFinite(value[k]));
  if (usable.length === 0 || !(end_s > start_s)) return 1;
  const edges = [start_s, ...usable, end_s];
  const apart = edges.slice(1).map((t, i) => t - edges[i]);
  const between = apart.slice(1, -1).toSorted((a, b) => a - b);
  // The lower quarter: a window may have lost half of its rows.
  const usual_s = usable.length < FEW ? end_s - start_s : between[between.length >> 2];
  const { joins, join_s = 0 } = series;
  const byRule_s = joins === undefined ? join_s : joinBetween(joins, start_s, end_s);
  const most_s = Math.max(LOST * usual_s, byRule_s);
  const lost_s = apart.reduce((sum, gap_s) => sum + (gap_s > most_s ? gap_s - usual_s : 0), 0);
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

/** The same of a whole record: its phases, and what came behind the last of them. */
export function unusableInRun(run: RecordedRun, role: string): number {
  const series = run.series(role);
  const end_s = Math.max(0, ...run.phases.map(phase => phase.end_s));
  const behind = windowOf(series, end_s, Number.POSITIVE_INFINITY).t_s.at(-1) ?? end_s;
  const windows = [...run.phases, { start_s: end_s, end_s: behind }].filter(one => one.end_s > one.start_s);
  const [lost_s, all_s] = windows.reduce(
    ([lost, all], one) => {
      const long_s = one.end_s - one.start_s;
      return [lost + long_s * unusableIn(series, one.start_s, one.end_s), all + long_s];
    },
    [0, 0],
  );
  return all_s > 0 ? lost_s / all_s : 0;
}
