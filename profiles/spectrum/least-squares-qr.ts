/**
 * Least squares without normal equations: Householder reflections (A. S. Householder, J. ACM 5 (1958) 339), each
 * column scaled to length 1. `a` row by row, m x n with m >= n; a column that the others explain gets the weight 0.
 */
export function leastSquaresQr(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const m = b.length;
  const q = a.slice();
  const right = b.slice();
  const length = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += q[i * n + k] ** 2;
    length[k] = Math.sqrt(sum) || 1;
    for (let i = 0; i < m; i++) q[i * n + k] /= length[k];
  }
  const diagonal = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let i = k; i < m; i++) sum += q[i * n + k] ** 2;
    const norm = Math.sqrt(sum);
    if (norm < DEPENDENT) continue;
    const pivot = q[k * n + k] > 0 ? -norm : norm;
    diagonal[k] = pivot;
    q[k * n + k] -= pivot;
    const half = -pivot * q[k * n + k];
    for (let j = k + 1; j < n; j++) reflect(q, m, n, k, half, q, n, j);
    reflect(q, m, n, k, half, right, 1, 0);
  }
  const x = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    if (diagonal[k] === 0) continue;
    let sum = right[k];
    for (let j = k + 1; j < n; j++) sum -= q[k * n + j] * x[j];
    x[k] = sum / diagonal[k];
  }
  return x.map((value, k) => value / length[k]);
}

const DEPENDENT = 1e-13;

/** Reflects column j of `to` (width w) at the vector in column k of `q`. */
function reflect(
  q: Float64Array,
  m: number,
  n: number,
  k: number,
  half: number,
  to: Float64Array,
  w: number,
  j: number,
): void {
  let dot = 0;
  for (let i = k; i < m; i++) dot += q[i * n + k] * to[i * w + j];
  const factor = dot / half;
  for (let i = k; i < m; i++) to[i * w + j] -= factor * q[i * n + k];
}
