/** A polynomial laid through some neighbouring points. */

/** The polynomial: coefficients of (x - centre), lowest first, and the scatter of the points about it. */
export interface LocalFit {
  readonly centre: number;
  readonly coefficients: readonly number[];
  /** Standard deviation of a point about it; NaN where it goes through all of them. */
  readonly deviation: number;
  readonly freedom: number;
  /** Variance of the value at x over that of a point. */
  leverage(x: number): number;
  /** Variance of the slope at x over that of a point. */
  slopeLeverage(x: number): number;
}

/** Fits y over x by least squares; as many points as coefficients at the least. */
export function localFit(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): LocalFit {
  const n = x.length;
  const p = Math.min(degree, n - 1) + 1;
  const centre = Array.from(x).reduce((sum, v) => sum + v, 0) / n;
  const rows = Array.from(x, v => powers(v - centre, p));
  const normal = Array.from({ length: p }, (_, i) =>
    Array.from({ length: p }, (_n, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
  const right = Array.from({ length: p }, (_, i) => rows.reduce((sum, row, k) => sum + row[i] * y[k], 0));
  const coefficients = solved(normal, right);
  const squares = rows.reduce((sum, row, k) => sum + (y[k] - dot(row, coefficients)) ** 2, 0);
  const freedom = n - p;
  return {
    centre,
    coefficients,
    deviation: freedom > 0 ? Math.sqrt(squares / freedom) : Number.NaN,
    freedom,
    leverage(at) {
      const row = powers(at - centre, p);
      return dot(row, solved(normal, row));
    },
    slopeLeverage(at) {
      const row = Array.from({ length: p }, (_, k) => (k === 0 ? 0 : k * (at - centre) ** (k - 1)));
      return dot(row, solved(normal, row));
    },
  };
}

/** Its value at x. */
export function valueAt({ centre, coefficients }: LocalFit, x: number): number {
  return dot(powers(x - centre, coefficients.length), coefficients);
}

/** Its slope at x. */
export function slopeAt({ centre, coefficients }: LocalFit, x: number): number {
  return coefficients.reduce((sum, c, k) => (k === 0 ? sum : sum + k * c * (x - centre) ** (k - 1)), 0);
}

const powers = (x: number, count: number): number[] => Array.from({ length: count }, (_, k) => x ** k);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

/** Gauss with pivots; few unknowns. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const a = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < n; i++) {
    const pivot = a
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(a[best][i]) ? i + k : best), i);
    [a[i], a[pivot]] = [a[pivot], a[i]];
    for (let k = i + 1; k < n; k++) {
      const factor = a[k][i] / a[i][i];
      for (let j = i; j <= n; j++) a[k][j] -= factor * a[i][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = a[i][n];
    for (let j = i + 1; j < n; j++) sum -= a[i][j] * x[j];
    x[i] = sum / a[i][i];
  }
  return x;
}
