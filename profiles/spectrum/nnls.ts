/**
 * Least squares with figures that cannot be negative: x >= 0 that minimises x' H x / 2 - g' x with H positive definite, by
 * block principal pivoting (J. Kim, H. Park, SIAM J. Sci. Comput. 33 (2011) 3261): all figures that are on the wrong side
 * change it at once, and one by one where that does not come to an end.
 */

/** `h` row by row, n x n, symmetric. @throws RangeError where h is not positive definite */
export function solveNonNegative(h: Float64Array, g: Float64Array): Float64Array {
  const n = g.length;
  const isFree = new Uint8Array(n).fill(1);
  const x = new Float64Array(n);
  const slope = new Float64Array(n);
  let fewest = n + 1;
  let patience = PATIENCE;
  for (let round = 0; round < MOST_ROUNDS * n; round++) {
    solveFree(h, g, isFree, x);
    const wrong: number[] = [];
    const tiny = 1e-12 * largest(x);
    for (let i = 0; i < n; i++) {
      if (isFree[i] === 1) {
        if (x[i] < -tiny) wrong.push(i);
        continue;
      }
      let sum = -g[i];
      for (let j = 0; j < n; j++) sum += h[i * n + j] * x[j];
      slope[i] = sum;
      if (sum < -1e-12 * Math.abs(g[i])) wrong.push(i);
    }
    if (wrong.length === 0) break;
    if (wrong.length < fewest) {
      fewest = wrong.length;
      patience = PATIENCE;
    } else patience--;
    // Murty's rule: the last one alone cannot go round in a circle.
    for (const i of patience >= 0 ? wrong : wrong.slice(-1)) isFree[i] = isFree[i] === 1 ? 0 : 1;
  }
  return x.map(v => Math.max(0, v));
}

const PATIENCE = 3;
const MOST_ROUNDS = 20;

function largest(x: Float64Array): number {
  return x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

/** The free figures alone, by Cholesky; the others are 0. */
function solveFree(h: Float64Array, g: Float64Array, isFree: Uint8Array, x: Float64Array): void {
  const n = g.length;
  const free: number[] = [];
  for (let i = 0; i < n; i++) if (isFree[i] === 1) free.push(i);
  const m = free.length;
  const l = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = h[free[i] * n + free[j]];
      for (let k = 0; k < j; k++) sum -= l[i * m + k] * l[j * m + k];
      if (i !== j) l[i * m + j] = sum / l[j * m + j];
      else if (sum > 0) l[i * m + i] = Math.sqrt(sum);
      else throw new RangeError('the figures of a least squares problem cannot be told apart');
    }
  }
  const y = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let sum = g[free[i]];
    for (let k = 0; k < i; k++) sum -= l[i * m + k] * y[k];
    y[i] = sum / l[i * m + i];
  }
  x.fill(0);
  for (let i = m - 1; i >= 0; i--) {
    let sum = y[i];
    for (let k = i + 1; k < m; k++) sum -= l[k * m + i] * x[free[k]];
    x[free[i]] = sum / l[i * m + i];
  }
}
