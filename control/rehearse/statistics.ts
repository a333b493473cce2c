/** Small statistics of a Monte Carlo. */

/** 97.5 % quantile of the normal distribution: a two-sided interval of 95 %. */
const Z95 = 1.959963984540054;

/**
 * Share k of n with its 95 % interval by Wilson's score (J. Am. Stat. Assoc. 22 (1927) 209): right for few runs and for
 * shares near 0 and 1. Without runs 0 with 0..1: nothing is known.
 */
export function wilson(k: number, n: number): { probability: number; low: number; high: number } {
  if (n === 0) return { probability: 0, low: 0, high: 1 };
  const p = k / n;
  const z2 = Z95 ** 2;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    probability: p,
    low: k === 0 ? 0 : Math.max(0, middle - half),
    high: k === n ? 1 : Math.min(1, middle + half),
  };
}

/** 5, 50 and 95 % quantiles, linear between the values (Hyndman and Fan's type 7). NaN for none. */
export function quantilesOf(values: readonly number[]): { p5: number; p50: number; p95: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number): number => {
    const place = p * (sorted.length - 1);
    const below = Math.floor(place);
    const next = sorted[Math.min(sorted.length - 1, below + 1)];
    return sorted[below] + (place - below) * (next - sorted[below]);
  };
  return sorted.length === 0
    ? { p5: Number.NaN, p50: Number.NaN, p95: Number.NaN }
    : { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

/** Spearman's rank correlation, -1..1; ties share their mean rank. NaN where one side does not vary. */
export function correlation(x: readonly number[], y: readonly number[]): number {
  const a = ranks(x);
  const b = ranks(y);
  const mean = (a.length - 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < a.length; i++) {
    xy += (a[i] - mean) * (b[i] - mean);
    xx += (a[i] - mean) ** 2;
    yy += (b[i] - mean) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to++;
    for (let i = from; i <= to; i++) result[order[i]] = (from + to) / 2;
    from = to + 1;
  }
  return result;
}
