import { joinedTo_s, joinIn } from './joins.ts';
import { type RecordedRun, type RecordedSeries, sameRun } from './recorded-run.ts';
import { partsOf, readingsOf, windowOf } from './series-parts.ts';

/** Means, integrals and fits over a recorded series. Values that are not usable are NaN and never count. */

/**
 * A value summed up over time by trapezoids, e.g. A into A s, W into J; what the record does not cover is
 * counted, not guessed.
 */
export interface Integral {
  /** Value times seconds of the record. */
  readonly sum: number;
  readonly covered_s: number;
  /** Time without usable values, that the integral does not cover. */
  readonly gap_s: number;
  readonly samples: number;
  /** How far it may be off for what the value did between two readings, k = 2. */
  readonly steps: number;
}

const joinLimits = new WeakMap<RecordedSeries, number>();

/**
 * Longest distance between two usable samples that is still joined by a trapezoid: three usual sample times; of a thinned
 * record what the rules in force between two times join, too.
 */
export function joinLimit_s(series: RecordedSeries, from_s?: number, to_s?: number): number {
  if (series.joins !== undefined && from_s !== undefined && to_s !== undefined)
    return joinIn(series, series.joins, from_s, to_s);
  const known = joinLimits.get(series);
  if (known !== undefined) return known;
  const count = readingsOf(series);
  if (count < 2) return 0;
  const steps = new Float64Array(Math.min(count - 1, 501));
  const stride = Math.max(1, Math.floor((count - 1) / steps.length));
  let [first, next, last_s] = [0, 0, Number.NaN];
  for (const { t_s } of partsOf(series)) {
    // Reading k is k - first in this part; the one before it may lie in the part before.
    for (let k = next * stride + 1; next < steps.length && k - first < t_s.length; k = next * stride + 1) {
      steps[next++] = t_s[k - first] - (k === first ? last_s : t_s[k - first - 1]);
    }
    first += t_s.length;
    last_s = t_s[t_s.length - 1];
    if (next === steps.length) break;
  }
  steps.sort();
  const limit_s = Math.max(3 * steps[steps.length >> 1], series.join_s ?? 0);
  joinLimits.set(series, limit_s);
  return limit_s;
}

/**
 * Between two readings the value steps anywhere, evenly: a twelfth of its change squared. Where rows were thinned by rule it
 * may also have come and gone between them: as readings that do not hang together, a half.
 */
const STEPS = { whole: 1 / 12, thinned: 1 / 2 } as const;

/**
 * How far apart the rules of a thinned record join two rows anywhere in a window, s, where nothing bounds what the value did
 * between them; 0: all rows were kept there, or whenever it moved.
 */
export function thinnedTo_s(series: RecordedSeries, from_s: number, to_s: number): number {
  return series.isBounded === true ? 0 : joinedTo_s(series, from_s, to_s);
}

/** The farthest that two readings of a window lie apart and are still joined, at `most_s`, s; 0: none are. */
export function longestJoined_s(
  series: RecordedSeries,
  from_s: number,
  to_s: number,
  most_s: number,
): number {
  let longest_s = 0;
  let last_s = Number.NaN;
  for (const { t_s } of partsOf(series, from_s, to_s))
    for (let i = 0; i < t_s.length; i++) {
      const dt_s = t_s[i] - last_s;
      if (dt_s > longest_s && dt_s <= most_s) longest_s = dt_s;
      last_s = t_s[i];
    }
  return longest_s;
}

/** Trapezoid over from_s..to_s of `map(value)`; gaps are left out and counted. */
export function integrate(
  series: RecordedSeries,
  from_s: number,
  to_s: number,
  map: (value: number, t_s: number) => number = v => v,
): Integral {
  const join_s = joinLimit_s(series, from_s, to_s);
  const share = thinnedTo_s(series, from_s, to_s) > 0 ? STEPS.thinned : STEPS.whole;
  let sum = 0;
  let squares = 0;
  let covered_s = 0;
  let samples = 0;
  let last_t = Number.NaN;
  let last_v = Number.NaN;
  for (const { t_s: t, value } of partsOf(series, from_s, to_s)) {
    for (let i = 0; i < t.length; i++) {
      if (Number.isNaN(value[i])) continue;
      const v = map(value[i], t[i]);
      if (Number.isNaN(v)) continue;
      samples++;
      const dt = t[i] - last_t;
      if (dt <= join_s) {
        sum += 0.5 * (v + last_v) * dt;
        squares += ((v - last_v) * dt) ** 2;
        covered_s += dt;
      }
      last_t = t[i];
      last_v = v;
    }
  }
  const gap_s = gapOf(to_s - from_s, covered_s, join_s);
  return { sum, covered_s, gap_s, samples, steps: 2 * Math.sqrt(share * squares) };
}

/** The ends of a window lie between samples: less than one joinable step at each end is no gap. */
function gapOf(window_s: number, covered_s: number, join_s: number): number {
  const gap_s = window_s - covered_s;
  return gap_s <= 2 * join_s ? 0 : gap_s;
}

/**
 * Mean and standard deviation (n - 1) of the usable samples of a window, in the unit of the series. NaN
 * mean: there were none.
 */
export interface Mean {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

/** Mean and standard deviation of the usable samples in a window; NaN mean if there are none. */
export function meanOf(series: RecordedSeries, from_s: number, to_s: number): Mean {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const { value } of partsOf(series, from_s, to_s)) {
    for (const v of value) {
      if (Number.isNaN(v)) continue;
      count++;
      const delta = v - mean;
      mean += delta / count;
      squares += delta * (v - mean);
    }
  }
  if (count === 0) return { mean: Number.NaN, deviation: Number.NaN, count };
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, count };
}

/**
 * How well the mean of a window is known from its own scatter, k = 2, unit of the series. Readings that hang together count
 * for less: effective number n (1 - r) / (1 + r) with the correlation r of neighbours about a line, corrected for its
 * bias in short windows (Kendall 1954). NaN without usable samples, 0 with one or two.
 */
export function randomOfMean(series: RecordedSeries, from_s: number, to_s: number): number {
  const { t_s, value } = windowOf(series, from_s, to_s);
  const line = fitLine(t_s, value);
  if (line === undefined) return meanOf(series, from_s, to_s).count === 0 ? Number.NaN : 0;
  let squares = 0;
  let products = 0;
  let before = 0;
  for (let i = 0; i < t_s.length; i++) {
    if (Number.isNaN(value[i])) continue;
    const rest = value[i] - line.intercept - line.slope * t_s[i];
    squares += rest * rest;
    products += rest * before;
    before = rest;
  }
  if (squares === 0) return 0;
  const n = line.count;
  const r = products / squares;
  // About a line, white readings show -2/n instead of 0.
  const unbiased = Math.min(0.98, Math.max(0, (n * r + 2) / Math.max(1, n - 4)));
  return 2 * Math.sqrt((squares / (n - 2) / n) * ((1 + unbiased) / (1 - unbiased)));
}

/** The largest mean of a window, in the unit of the series, and the run time of its middle. */
export interface Largest {
  readonly value: number;
  readonly t_s: number;
}

/**
 * Largest mean over `over_s` of a window, and the middle of it: the largest of many readings is mostly their noise. Where a
 * window is shorter, the mean of all of it. Undefined without a usable value.
 */
export function largestMeanOf(
  series: RecordedSeries,
  from_s: number,
  to_s: number,
  over_s: number,
): Largest | undefined {
  let best: Largest | undefined;
  let all: Largest | undefined;
  let [begin_s, sum, count] = [Number.NaN, 0, 0];
  // The readings of the last over_s, from place `first` on.
  let [times, values, first]: [number[], number[], number] = [[], [], 0];
  for (const { t_s, value } of partsOf(series, from_s, to_s)) {
    if (Number.isNaN(begin_s)) begin_s = t_s[0];
    [times, values, first] = [times.slice(first), values.slice(first), 0];
    for (let i = 0; i < t_s.length; i++) {
      times.push(t_s[i]);
      values.push(value[i]);
      if (Number.isNaN(value[i])) continue;
      sum += value[i];
      count++;
      for (; t_s[i] - times[first] > over_s; first++) {
        if (Number.isNaN(values[first])) continue;
        sum -= values[first];
        count--;
      }
      const isWhole = t_s[i] - begin_s > over_s;
      if (isWhole && best !== undefined && !(sum / count > best.value)) continue;
      const here = { value: sum / count, t_s: (times[first] + t_s[i]) / 2 };
      if (isWhole) best = here;
      else all = here;
    }
  }
  return best ?? all;
}

/** A straight line through measured pairs, y = slope x + intercept, in the units of y over x. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard error of the slope (scatter about the line). */
  readonly slopeError: number;
  readonly count: number;
}

/** Least squares line through the usable pairs; undefined with fewer than three or without spread in x. */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): Line | undefined {
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    count++;
    meanX += (x[i] - meanX) / count;
    meanY += (y[i] - meanY) / count;
  }
  if (count < 3) return undefined;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    xx += (x[i] - meanX) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
    yy += (y[i] - meanY) ** 2;
  }
  if (xx === 0) return undefined;
  const slope = xy / xx;
  const rest = Math.max(0, yy - slope * xy);
  return { slope, intercept: meanY - slope * meanX, slopeError: Math.sqrt(rest / (count - 2) / xx), count };
}

/** The record behind each run that fetches its series once, and the series that were fetched so far. */
const fetched = new WeakMap<
  RecordedRun,
  { readonly run: RecordedRun; readonly series: ReadonlyMap<string, RecordedSeries> }
>();

/**
 * The same run with each series fetched only once: the journal behind it is not free. One that is such a run already is
 * itself: whoever evaluates a record in several parts takes it once for all of them.
 */
export function fetchedOnce(run: RecordedRun): RecordedRun {
  if (fetched.has(run)) return run;
  const series = new Map<string, RecordedSeries>();
  const asked = new Map<string, RecordedSeries>();
  const once =
    (kept: Map<string, RecordedSeries>, fetch: (role: string) => RecordedSeries) =>
    (role: string): RecordedSeries => {
      const found = kept.get(role) ?? fetch(role);
      kept.set(role, found);
      return found;
    };
  const own: RecordedRun = {
    ...sameRun(run),
    series: once(series, role => run.series(role)),
    asked: once(asked, role => run.asked(role)),
  };
  fetched.set(own, { run, series });
  return own;
}

/** The record behind a run that fetches its series once; of any other that itself. */
export function recordBehind(run: RecordedRun): RecordedRun {
  return fetched.get(run)?.run ?? run;
}

/** Roles whose series somebody has asked a run for that fetches them once. */
export function fetchedRoles(run: RecordedRun): readonly string[] {
  return [...(fetched.get(run)?.series.keys() ?? [])];
}
