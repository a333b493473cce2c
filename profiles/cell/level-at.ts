import type { RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import type { Rest } from './standing/rests.ts';

/** What a reading was at a moment, by a curve through the readings around it, and how well that is known. */

/** A bent curve needs so many readings at least. */
export const LEAST_BENT = 6;
/** Readings that lie about their curve with more than this times the variance of the noise are not all noise. */
const BEYOND_NOISE = 3;

/** A value at a moment, unit of the series; `u95` k = 2. */
export interface Level {
  readonly value: number;
  readonly u95: number;
  /** Last usable reading, and how far before the moment the first one lies, run time s. */
  readonly last: number;
  readonly reach_s: number;
}

/**
 * Variance of single readings by how far each lies from the line between its neighbours: a bend or a drift that goes on over
 * several readings is no noise. NaN with fewer than three usable ones; the last `most` of the window count.
 */
export function noiseVariance(
  { t_s, value }: RecordedSeries,
  { from_s, to_s }: Rest,
  most: number,
): { readonly variance: number; readonly count: number } {
  const end = indexAt(t_s, to_s + 1e-9);
  const begin = Math.max(indexAt(t_s, from_s + 1e-9), end - most);
  let [sum, count] = [0, 0];
  for (let i = begin + 1; i + 1 < end; i++) {
    const w = (t_s[i] - t_s[i - 1]) / (t_s[i + 1] - t_s[i - 1]);
    const off = value[i] - (1 - w) * value[i - 1] - w * value[i + 1];
    if (Number.isNaN(off)) continue;
    sum += off ** 2 / (1 + w ** 2 + (1 - w) ** 2);
    count++;
  }
  return { variance: count === 0 ? Number.NaN : sum / count, count };
}

/**
 * Value at `at_s` by the last `most` readings of a window: a parabola where `isBent` and there are six or more, else a
 * straight line. Uncertain by the noise of a reading as `variance` says, or by their scatter about the curve where that
 * is clearly more or no noise is known. Undefined with fewer than three usable readings.
 */
export function levelAt(
  { t_s, value }: RecordedSeries,
  { from_s, to_s }: Rest,
  at_s: number,
  how: { readonly isBent: boolean; readonly most: number; readonly variance: number },
): Level | undefined {
  const end = indexAt(t_s, to_s + 1e-9);
  const rows: number[] = [];
  for (let i = end - 1; i >= 0 && t_s[i] >= from_s - 1e-9 && rows.length < how.most; i--)
    if (!Number.isNaN(value[i])) rows.unshift(i);
  if (rows.length < 3) return undefined;
  const x = rows.map(i => t_s[i] - at_s);
  const y = rows.map(i => value[i]);
  const degree = how.isBent && rows.length >= LEAST_BENT ? 2 : 1;
  const fit = fitted(x, y, degree);
  if (fit === undefined) return undefined;
  const scatter = fit.squares / (rows.length - degree - 1);
  const isNoise = scatter <= BEYOND_NOISE * how.variance;
  return {
    value: fit.value,
    u95: 2 * Math.sqrt((isNoise ? how.variance : scatter) * fit.leverage),
    last: y[y.length - 1],
    reach_s: -x[0],
  };
}

/**
 * Least squares by polynomials that are orthogonal over x: value at x = 0, its variance in that of a reading, and the
 * squares left. Undefined where x does not carry the degree.
 */
function fitted(
  x: readonly number[],
  y: readonly number[],
  degree: number,
): { readonly value: number; readonly leverage: number; readonly squares: number } | undefined {
  const rest = [...y];
  let [value, leverage] = [0, 0];
  // Each polynomial at the readings, and at x = 0.
  let before = { at: x.map(() => 0), zero: 0, norm: 1 };
  let now = { at: x.map(() => 1), zero: 1, norm: x.length };
  for (let k = 0; ; k++) {
    const factor = dot(now.at, rest) / now.norm;
    value += factor * now.zero;
    leverage += now.zero ** 2 / now.norm;
    now.at.forEach((p, i) => {
      rest[i] -= factor * p;
    });
    if (k === degree) return { value, leverage, squares: dot(rest, rest) };
    const middle =
      dot(
        now.at.map((p, i) => p * x[i]),
        now.at,
      ) / now.norm;
    const back = k === 0 ? 0 : now.norm / before.norm;
    const at = now.at.map((p, i) => (x[i] - middle) * p - back * before.at[i]);
    const next = { at, zero: -middle * now.zero - back * before.zero, norm: dot(at, at) };
    if (!(next.norm > 0)) return undefined;
    [before, now] = [now, next];
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i], 0);
}
