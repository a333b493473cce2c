import { joinLimit_s } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { partsOf } from '../series-parts.ts';
import { told } from '../told.ts';
import { MOST_UNUSABLE_FRAC } from './unusable-time.ts';

/**
 * What went on flowing when a run ended because nobody heard its instrument any more: from the last usable reading to the
 * first one behind the end, or to the end of the record, nobody saw it.
 */
export interface LostFlow {
  /** Last usable reading, and the next one, run time, s. */
  readonly from_s: number;
  readonly to_s: number;
  /** There was a next one. */
  readonly isSeenAgain: boolean;
  /** What was read last, with its sign, or what was set behind that if it is larger; in the unit of the role. */
  readonly level: number;
  /** So much flowed at the most, without its sign: level times s of run time. */
  readonly most: number;
}

/**
 * What nobody saw flow behind a window that ends with the last phase; undefined for any other window, where readings went on,
 * and where nothing flowed by the last of them. `set`: the role that sets it, where one does.
 */
export function lostFlow(
  run: RecordedRun,
  role: string,
  start_s: number,
  end_s: number,
  set?: string,
): LostFlow | undefined {
  if (!(end_s >= Math.max(0, ...run.phases.map(phase => phase.end_s)))) return undefined;
  const series = run.series(role);
  let [from_s, level] = [Number.NaN, Number.NaN];
  for (const { t_s, value } of partsOf(series, start_s, end_s)) {
    const last = value.findLastIndex(one => !Number.isNaN(one));
    if (last >= 0) [from_s, level] = [t_s[last], value[last]];
  }
  if (Number.isNaN(from_s)) return undefined;
  let [to_s, isSeenAgain] = [end_s, false];
  for (const { t_s, value } of partsOf(series, end_s, Number.POSITIVE_INFINITY)) {
    const next = value.findIndex((one, i) => t_s[i] > end_s && !Number.isNaN(one));
    isSeenAgain = next >= 0;
    to_s = t_s[isSeenAgain ? next : t_s.length - 1] ?? to_s;
    if (isSeenAgain) break;
  }
  if (!(to_s > end_s) || to_s - from_s <= joinLimit_s(series, start_s, to_s)) return undefined;
  if (set !== undefined) {
    const { t_s, value } = run.asked(set);
    for (let i = 0; i < t_s.length; i++)
      if (t_s[i] >= from_s && t_s[i] <= to_s && Math.abs(value[i]) > Math.abs(level)) level = value[i];
  }
  if (Math.abs(level) <= run.accuracy(role).abs || level === 0) return undefined;
  return { from_s, to_s, isSeenAgain, level, most: Math.abs(level) * (to_s - from_s) };
}

/** Gaps of a window with what nobody saw at its end, s of run time; `gap_s`: those that its integral tells. */
export function gapWith(lost: LostFlow | undefined, gap_s: number, end_s: number): number {
  if (lost === undefined) return gap_s;
  return gap_s + lost.to_s - (gap_s > 0 ? end_s : lost.from_s);
}

/** What a figure says of it: `most` of it in the figure's words, `unit` of what was read; empty: nothing was lost. */
export function lostText(lost: LostFlow | undefined, unit: string, most: string): string {
  if (lost === undefined) return '';
  const until = `${lost.to_s.toFixed(1)} s, ${lost.isSeenAgain ? 'when it was read again' : 'the end of the record'}`;
  return ` From ${lost.from_s.toFixed(1)} s on nobody saw what flowed: at ${told(Math.abs(lost.level), unit)} until ${until}, it is up to ${most} more.`;
}

/** Why a figure has no value because of it; empty: it has one. `most` and `counted` in one unit. */
export function whyLost(most: number, counted: number): string {
  return most > MOST_UNUSABLE_FRAC * Math.abs(counted)
    ? `more than ${100 * MOST_UNUSABLE_FRAC} % of it may be missing`
    : '';
}

/** What was lost of what flows into a cell, or out of it: current is positive into it. */
export function lostOn(lost: LostFlow | undefined, way: 'into' | 'out'): LostFlow | undefined {
  return lost !== undefined && lost.level > 0 === (way === 'into') ? lost : undefined;
}

/** Gaps (s of life) and what may be missing in them (Ah, Wh) with what nobody saw at the end of a window. */
export function withLost<T extends { readonly gap_s: number; readonly unseen: number }>(
  seen: T,
  lost: LostFlow | undefined,
  end_s: number,
  timeFactor: number,
): T {
  if (lost === undefined) return seen;
  const gap_s = gapWith(lost, seen.gap_s / timeFactor, end_s) * timeFactor;
  return { ...seen, gap_s, unseen: seen.unseen + (lost.most * timeFactor) / 3600 };
}
