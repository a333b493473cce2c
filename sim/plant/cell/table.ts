/** A curve through given points. */
export interface CellTable {
  at(x: number): number;
  slope(x: number): number;
}

/**
 * Cubic through rising x that overshoots no point (Fritsch and Carlson 1980, slopes of Fritsch and Butland 1984);
 * outside the points the end value holds. Smooth, so that a voltage solved on it has no kinks.
 * @throws RangeError when there are fewer than two points, or x does not rise.
 */
export function cellTable(x: readonly number[], y: readonly number[]): CellTable {
  const n = x.length;
  if (n < 2 || y.length !== n || x.some((v, i) => i > 0 && !(v > x[i - 1])))
    throw new RangeError(`table of ${n} x and ${y.length} y, expected at least 2 of each, x rising`);
  const xs = Float64Array.from(x);
  const ys = Float64Array.from(y);
  const slopes = new Float64Array(n);
  const secant = (i: number): number => (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]);
  for (let i = 1; i < n - 1; i++) {
    const before = secant(i - 1);
    const after = secant(i);
    if (before * after <= 0) continue;
    const widthBefore = xs[i] - xs[i - 1];
    const widthAfter = xs[i + 1] - xs[i];
    const first = 2 * widthAfter + widthBefore;
    const second = widthAfter + 2 * widthBefore;
    slopes[i] = (first + second) / (first / before + second / after);
  }
  slopes[0] = secant(0);
  slopes[n - 1] = secant(n - 2);

  let last = 0;
  function intervalOf(at: number): number {
    // Steps move little: the last interval is nearly always the right one.
    while (last > 0 && at < xs[last]) last--;
    while (last < n - 2 && at >= xs[last + 1]) last++;
    return last;
  }

  return {
    at(value) {
      if (!(value > xs[0])) return ys[0];
      if (value >= xs[n - 1]) return ys[n - 1];
      const i = intervalOf(value);
      const h = xs[i + 1] - xs[i];
      const t = (value - xs[i]) / h;
      const u = 1 - t;
      return (
        u * u * ((1 + 2 * t) * ys[i] + t * h * slopes[i]) +
        t * t * ((3 - 2 * t) * ys[i + 1] - u * h * slopes[i + 1])
      );
    },
    slope(value) {
      if (value < xs[0] || value > xs[n - 1]) return 0;
      const i = intervalOf(value);
      const h = xs[i + 1] - xs[i];
      const t = (value - xs[i]) / h;
      return (
        (6 * t * (1 - t) * (ys[i + 1] - ys[i])) / h +
        (1 - t) * (1 - 3 * t) * slopes[i] +
        t * (3 * t - 2) * slopes[i + 1]
      );
    },
  };
}
