import type { RecordedSeries } from './recorded-run.ts';

/**
 * The ways to go through a recorded series that may be longer than memory should hold: part by part, in order of time. A
 * series of arrays alone is one part.
 */

/** Readings of one role that follow each other: run times, s, rising, and values in the role's unit (NaN: not usable). */
export interface SeriesPart {
  readonly t_s: Float64Array;
  readonly value: Float64Array;
}

/** A series as it lies in its record: each part is read when it is asked for. */
export interface SeriesParts {
  /** How many parts there are. None is empty. */
  readonly count: number;
  /** Readings in all of them. */
  readonly readings: number;
  /** Run time of the first reading of a part, s. */
  startsAt_s(part: number): number;
  part(part: number): SeriesPart;
}

/** Times that are no further apart are the same, s. */
export const SAME_TIME_S = 1e-9;

/** First index with t >= t_s. */
export function indexAt(t: Float64Array, t_s: number): number {
  let low = 0;
  let high = t.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle] < t_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of readings of a series, usable or not. */
export function readingsOf(series: RecordedSeries): number {
  return series.parts?.readings ?? series.t_s.length;
}

/** The parts of a series from from_s up to and including to_s, cut to that; none is empty. */
export function* partsOf(
  series: RecordedSeries,
  from_s = Number.NEGATIVE_INFINITY,
  to_s = Number.POSITIVE_INFINITY,
): Generator<SeriesPart> {
  const { parts } = series;
  if (parts === undefined) {
    const cut = cutTo(series, from_s, to_s);
    if (cut.t_s.length > 0) yield cut;
    return;
  }
  for (let i = partBefore(parts, from_s); i < parts.count; i++) {
    if (parts.startsAt_s(i) > to_s + SAME_TIME_S) return;
    const cut = cutTo(parts.part(i), from_s, to_s);
    if (cut.t_s.length > 0) yield cut;
  }
}

/** The readings from from_s up to and including to_s as arrays. Ask for windows that memory can hold. */
export function windowOf(series: RecordedSeries, from_s: number, to_s: number): SeriesPart {
  const found = [...partsOf(series, from_s, to_s)];
  if (found.length === 1) return found[0];
  const readings = found.reduce((sum, part) => sum + part.t_s.length, 0);
  const [t_s, value] = [new Float64Array(readings), new Float64Array(readings)];
  let n = 0;
  for (const part of found) {
    t_s.set(part.t_s, n);
    value.set(part.value, n);
    n += part.t_s.length;
  }
  return { t_s, value };
}

/** Newest value at or before a time (a setpoint holds until the next one); NaN before the first. */
export function heldAt(series: RecordedSeries, t_s: number): number {
  const { parts } = series;
  if (parts?.count === 0) return Number.NaN;
  const { t_s: t, value } = parts === undefined ? series : parts.part(partBefore(parts, t_s + SAME_TIME_S));
  const i = indexAt(t, t_s + SAME_TIME_S) - 1;
  return i < 0 ? Number.NaN : value[i];
}

/** As `heldAt`, for times that rise from call to call: it goes on from where it stands instead of searching. */
export function holding(series: RecordedSeries): (t_s: number) => number {
  let coming: Iterator<SeriesPart> | undefined;
  let part: SeriesPart | undefined;
  let next = 0;
  let held = Number.NaN;
  return t_s => {
    const until_s = t_s + SAME_TIME_S;
    if (coming === undefined) {
      held = heldAt(series, t_s);
      coming = partsOf(series, until_s);
      part = coming.next().value;
    }
    while (part !== undefined && part.t_s[next] < until_s) {
      held = part.value[next++];
      if (next < part.t_s.length) continue;
      part = coming.next().value;
      next = 0;
    }
    return held;
  };
}

function cutTo({ t_s, value }: SeriesPart, from_s: number, to_s: number): SeriesPart {
  const begin = indexAt(t_s, from_s);
  const end = to_s === Number.POSITIVE_INFINITY ? t_s.length : indexAt(t_s, to_s + SAME_TIME_S);
  if (begin === 0 && end === t_s.length) return { t_s, value };
  return { t_s: t_s.subarray(begin, end), value: value.subarray(begin, end) };
}

/** The last part that starts before a time, or the first. */
function partBefore(parts: SeriesParts, t_s: number): number {
  let low = 0;
  let high = parts.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts.startsAt_s(middle) < t_s) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
