/** Least squares under noise that hangs together in x. */

/** Pairs as they are fitted: single readings, or means of blocks. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Readings in each point, relative to the mean. */
  readonly weight: Float64Array;
  /** Where each point's readings begin, and over how much of x they are spread; 0 for a single reading. */
  readonly start: Float64Array;
  readonly width: number;
}

/** One generalised least squares fit: slope with its error, and how well its noise explains the scatter (ln). */
export interface Whitened {
  readonly slope: number;
  readonly error: number;
  readonly freedom: number;
  readonly logML: number;
  readonly logREML: number;
}

/**
 * Generalised least squares for noise of unit variance: a part `share` independent, the rest with this correlation time
 * (Kalman filter over unequal steps, the same for y and for each column; column 1 is the slope).
 */
export function whitened(
  points: Points,
  columns: readonly Float64Array[],
  correlation: number,
  share: number,
): Whitened {
  const n = points.x.length;
  const p = columns.length;
  const state = new Float64Array(p + 1);
  const normal = new Float64Array((p + 1) * (p + 1));
  const row = new Float64Array(p + 1);
  const noise = correlatedBlock(points.width, correlation);
  let variance = 1;
  let logF = 0;
  for (let i = 0; i < n; i++) {
    if (i > 0 && correlation > 0) {
      const gap = points.start[i] - points.start[i - 1] - points.width;
      const kept = Math.exp(-Math.max(0, gap) / correlation);
      for (let k = 0; k <= p; k++) state[k] *= kept;
      variance = kept * kept * variance + 1 - kept * kept;
    }
    // The mean over a block, and where the noise stands at its end.
    const f = (1 - share) * (noise.c * noise.c * variance + noise.q22) + share / points.weight[i] + 1e-12;
    const gain = ((1 - share) * (noise.a * variance * noise.c + noise.q12)) / f;
    const scale = 1 / Math.sqrt(f);
    for (let k = 0; k <= p; k++) {
      const innovation = (k < p ? columns[k][i] : points.y[i]) - noise.c * state[k];
      row[k] = innovation * scale;
      state[k] = noise.a * state[k] + gain * innovation;
    }
    variance = noise.a * noise.a * variance + noise.q11 - (gain * gain * f) / (1 - share || 1);
    logF += Math.log(f);
    for (let a = 0; a <= p; a++) for (let b = 0; b <= a; b++) normal[a * (p + 1) + b] += row[a] * row[b];
  }
  return solved(normal, p, n, logF);
}

/**
 * Noise of unit variance and exponential correlation (Ornstein-Uhlenbeck) over a block: what is left of it at the end
 * (a), how the block's mean follows from its beginning (c), and the variances that come on the way.
 */
function correlatedBlock(
  width: number,
  correlation: number,
): {
  readonly a: number;
  readonly c: number;
  readonly q11: number;
  readonly q12: number;
  readonly q22: number;
} {
  if (correlation === 0) return { a: 0, c: 0, q11: 1, q12: 0, q22: 0 };
  if (width === 0) return { a: 1, c: 1, q11: 0, q12: 0, q22: 0 };
  const h = width / correlation;
  const a = Math.exp(-h);
  const c = (1 - a) / h;
  return {
    a,
    c,
    q11: 1 - a * a,
    q12: (1 - a) ** 2 / h,
    // 2h - 3 + 4a - a^2 loses all digits for small h: its series is 2h^3/3.
    q22: h < 1e-3 ? (2 / 3) * h : (2 * h - 3 + 4 * a - a * a) / (h * h),
  };
}

/** Cholesky of the normal matrix with y as its last column: coefficients, their error, likelihoods. */
function solved(normal: Float64Array, p: number, n: number, logF: number): Whitened {
  const m = p + 1;
  let logDet = 0;
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = normal[a * m + b];
      for (let k = 0; k < b; k++) sum -= normal[a * m + k] * normal[b * m + k];
      normal[a * m + b] = a === b ? Math.sqrt(Math.max(sum, 1e-300)) : sum / normal[b * m + b];
    }
    if (a < p) logDet += 2 * Math.log(normal[a * m + a]);
  }
  const rest = normal[p * m + p] ** 2;
  const freedom = Math.max(1, n - p);
  // Back substitution: coefficients, and the row of the inverse that belongs to the slope.
  const solve = (right: (a: number) => number): Float64Array => {
    const out = new Float64Array(p);
    for (let a = p - 1; a >= 0; a--) {
      let sum = right(a);
      for (let k = a + 1; k < p; k++) sum -= normal[k * m + a] * out[k];
      out[a] = sum / normal[a * m + a];
    }
    return out;
  };
  const forward = new Float64Array(p);
  for (let a = 0; a < p; a++) {
    let sum = a === 1 ? 1 : 0;
    for (let k = 0; k < a; k++) sum -= normal[a * m + k] * forward[k];
    forward[a] = sum / normal[a * m + a];
  }
  const inverse = forward.reduce((sum, v) => sum + v * v, 0);
  return {
    slope: solve(a => normal[p * m + a])[1],
    error: Math.sqrt((rest / freedom) * inverse),
    freedom,
    logML: -0.5 * logF - 0.5 * n * Math.log(rest / n),
    logREML: -0.5 * logF - 0.5 * logDet - 0.5 * freedom * Math.log(rest),
  };
}
