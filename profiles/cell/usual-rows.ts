import { joinLimit_s } from '../record-math.ts';
import type { RecordedSeries, RowJoins } from '../recorded-run.ts';

/** How far apart the rows of a record usually stand: what is a gap, and what the recorder's own way. */

/** Rows at most so many usual steps apart are joined. */
const JOINED = 3;
/** Where more than this part of the steps is longer, the recorder writes on change or at several rates ... */
const RARE_FRAC = 0.05;
/** ... and what is longer than so many times its long steps is a gap. */
const LONG = 1.5;
/** So many steps are looked at, spread over the record. */
const LOOKED_AT = 2000;

/** Run times, s. */
export interface UsualRows {
  /** Longest step between two usable rows that is joined. */
  readonly join_s: number;
  /** How far apart rows stand where the recorder writes none steadily, but where something changes; 0: it writes steadily. */
  readonly apart_s: number;
  /** Longest step that is joined across a leap of the value: by how the leaps of this record are written. */
  readonly leap_s: number;
  /** Where the rules of a method say it time by time: they do. */
  readonly joins?: RowJoins;
}

/** A value that changes by this part of itself leaps. */
const LEAP_FRAC = 0.5;
/** So much of the leaps tells how this record writes them. */
const WRITTEN_FRAC = 0.75;

/** True if a value goes by a leap from one reading to the next. */
export function isLeap(a: number, b: number): boolean {
  return Math.abs(b - a) > LEAP_FRAC * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * How far apart the rows at leaps from or to at least `least` stand, as a rule: the step that three
 * quarters of them do not exceed, s; NaN
 * without a leap. A recorder that writes rows where something changes writes all its leaps alike.
 */
function leapStep_s({ t_s, value }: RecordedSeries, least: number): number {
  const steps: number[] = [];
  for (let i = 1; i < t_s.length; i++) {
    const [a, b] = [value[i - 1], value[i]];
    if (isLeap(a, b) && Math.abs(b - a) >= least) steps.push(t_s[i] - t_s[i - 1]);
  }
  return steps.sort((a, b) => a - b)[Math.floor(WRITTEN_FRAC * (steps.length - 1))] ?? Number.NaN;
}

/**
 * Steady: the longest step that is joined is three usual ones, `apart_s` 0. Cyclers also write a row where something
 * changes, or pulses each 0.1 s and rests each 10 s: then `join_s` goes by the longer steps, which `apart_s` names. Smaller
 * changes than `least` (unit of the series) are no leaps.
 */
export function usualRows(series: RecordedSeries, least = 0): UsualRows {
  // Thinned by rule: the rule tells what is no gap.
  if (series.join_s !== undefined) {
    const join_s = joinLimit_s(series);
    const joins = series.joins === undefined ? {} : { joins: series.joins };
    return { join_s, apart_s: 0, leap_s: join_s, ...joins };
  }
  const { t_s } = series;
  const count = t_s.length - 1;
  if (count < 1) return { join_s: 0, apart_s: 0, leap_s: 0 };
  const steps = new Float64Array(Math.min(count, LOOKED_AT));
  for (let k = 0; k < steps.length; k++) {
    const i = Math.floor((k * count) / steps.length);
    steps[k] = t_s[i + 1] - t_s[i];
  }
  steps.sort();
  const usual_s = steps[steps.length >> 1];
  const long_s = steps[Math.floor((1 - RARE_FRAC) * (steps.length - 1))];
  const steady_s = JOINED * usual_s;
  if (long_s <= steady_s) return { join_s: steady_s, apart_s: 0, leap_s: steady_s };
  const join_s = LONG * long_s;
  const leap_s = JOINED * Math.max(usual_s, leapStep_s(series, least));
  return { join_s, apart_s: long_s, leap_s: Number.isNaN(leap_s) ? join_s : Math.min(join_s, leap_s) };
}
