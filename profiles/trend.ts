import { symmetricBound } from './student.ts';
import { fitLine } from './record-math.ts';
import { strongestPeriod, waves } from './trend-period.ts';

/**
 * A slope with an uncertainty that holds where the scatter about the line hangs together in time: noise of a sensor
 * (white), of a process (any correlation time) and a thermostat's swing (a period). Which of these it is, is not known
 * beforehand: all are tried, each counts by how well it explains the scatter (restricted likelihood; each period costs
 * three parameters by the Bayesian information criterion, Schwarz 1978), and the interval is that of their mixture.
 */

/** Slope of y over x with intercept at x = 0; `u95` holds the true slope in 95 % of repetitions. */
export interface Trend {
  readonly slope: number;
  readonly intercept: number;
  readonly u95: number;
  /** Usable pairs. */
  readonly count: number;
  /** Correlation time that explains the scatter best, unit of x; 0: independent. */
  readonly correlation: number;
  /** Periods that were taken out, unit of x. */
  readonly periods: readonly number[];
}

/** Long records are averaged to so many blocks first: a slope lives on long times. */
const BLOCKS = 160;
/** Correlation times that are tried, from a block to a part of the record, and the share of independent noise beside. */
const TIMES = 9;
const LONGEST_PART = 0.5;
const INDEPENDENT_SHARES = [0, 0.4, 0.8];
export const P = { white: 1, shares: [1/3, 1/3, 1/3], cost: 1.5, longest: 0.5 };
const MOST_PERIODS = 3;
/** Fewer blocks cannot tell a period from chance. */
const LEAST_FOR_PERIOD = 24;

interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Readings in each point, relative to the mean. */
  readonly weight: Float64Array;
  /** Where each point's readings begin, and over how much of x they are spread; 0 for a single reading. */
  readonly start: Float64Array;
  readonly width: number;
}

/** Fits a straight line to usable pairs; undefined with fewer than three or without spread in x. x must rise. */
export function fitTrend(x: ArrayLike<number>, y: ArrayLike<number>): Trend | undefined {
  const line = fitLine(x, y);
  if (line === undefined) return undefined;
  const points = blocksOf(x, y, line.slope, line.intercept);
  const n = points.x.length;
  if (n < 3) return undefined;
  const scale = points.y.reduce((sum, v) => Math.max(sum, Math.abs(v)), 0);
  const reach = Math.max(1, Math.abs(line.intercept), Math.abs(line.slope * (points.x[n - 1] - points.x[0])));
  if (scale <= 1e-13 * reach)
    return { slope: line.slope, intercept: line.intercept, u95: 0, count: line.count, correlation: 0, periods: [] };
  const candidates = allFits(points);
  const best = candidates.reduce((a, b) => (b.weight > a.weight ? b : a));
  const sum = candidates.reduce((total, c) => total + c.weight, 0);
  const slope = candidates.reduce((total, c) => total + c.weight * c.slope, 0) / sum;
  const meanX = points.x.reduce((total, v) => total + v, 0) / n;
  const u95 = symmetricBound(
    candidates
      .filter(c => c.weight > 1e-6 * best.weight)
      .map(c => ({ weight: c.weight, offset: c.slope - slope, scale: c.error, freedom: c.freedom })),
    0.95,
  );
  return {
    slope: line.slope + slope,
    intercept: line.intercept - slope * meanX,
    u95,
    count: line.count,
    correlation: best.correlation,
    periods: best.periods,
  };
}

/** Means over equal parts of x, of what is left of y beside a line. */
function blocksOf(x: ArrayLike<number>, y: ArrayLike<number>, slope: number, intercept: number): Points {
  const at: number[] = [];
  const rest: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    at.push(x[i]);
    rest.push(y[i] - intercept - slope * x[i]);
  }
  if (at.length <= BLOCKS)
    return {
      x: Float64Array.from(at),
      y: Float64Array.from(rest),
      weight: new Float64Array(at.length).fill(1),
      start: Float64Array.from(at),
      width: 0,
    };
  const [low, high] = [at[0], at[at.length - 1]];
  const sums = [new Float64Array(BLOCKS), new Float64Array(BLOCKS), new Float64Array(BLOCKS)];
  for (let i = 0; i < at.length; i++) {
    const block = Math.min(BLOCKS - 1, Math.floor(((at[i] - low) / (high - low)) * BLOCKS));
    sums[0][block] += at[i];
    sums[1][block] += rest[i];
    sums[2][block]++;
  }
  const filled = [...sums[2].keys()].filter(block => sums[2][block] > 0);
  const mean = at.length / filled.length;
  const width = (high - low) / BLOCKS;
  return {
    start: Float64Array.from(filled, block => low + block * width),
    width,
    x: Float64Array.from(filled, block => sums[0][block] / sums[2][block]),
    y: Float64Array.from(filled, block => sums[1][block] / sums[2][block]),
    weight: Float64Array.from(filled, block => sums[2][block] / mean),
  };
}

interface Fit {
  readonly slope: number;
  readonly error: number;
  readonly freedom: number;
  readonly weight: number;
  readonly correlation: number;
  readonly periods: readonly number[];
}

/** Every noise with no, one, two ... periods; weights are relative. */
function allFits(points: Points): Fit[] {
  const n = points.x.length;
  const span = points.x[n - 1] - points.x[0];
  const meanX = points.x.reduce((total, v) => total + v, 0) / n;
  const columns: Float64Array[] = [new Float64Array(n).fill(1), points.x.map(v => v - meanX)];
  const times = [0];
  const shortest = span / n / 2;
  for (let k = 0; k < TIMES; k++) {
    times.push(shortest * ((P.longest * span) / shortest) ** (k / (TIMES - 1)));
  }
  const found: (Omit<Fit, 'weight'> & { logWeight: number })[] = [];
  const periods: number[] = [];
  for (;;) {
    const fits = times.flatMap(correlation =>
      (correlation === 0 ? [1] : INDEPENDENT_SHARES).map(share => ({
        correlation,
        ...whitened(points, columns, correlation, share),
        prior: correlation === 0 ? P.white : (P.shares[INDEPENDENT_SHARES.indexOf(share)]),
      })),
    );
    const mostML = Math.max(...fits.map(f => f.logML));
    const mostREML = Math.max(...fits.map(f => f.logREML));
    const cost = P.cost * periods.length * Math.log(n);
    for (const fit of fits) {
      const logWeight = Math.log(fit.prior) + fit.logREML - mostREML + mostML - cost;
      const { slope, error, freedom, correlation } = fit;
      found.push({ slope, error, freedom, correlation, periods: [...periods], logWeight });
    }
    if (periods.length === MOST_PERIODS || n < LEAST_FOR_PERIOD) break;
    const period = strongestPeriod(points.x, points.y, columns);
    if (period === undefined) break;
    periods.push(period);
    columns.push(...waves(points.x, period));
  }
  const most = Math.max(...found.map(f => f.logWeight));
  return found.map(({ logWeight, ...fit }) => ({ ...fit, weight: Math.exp(logWeight - most) }));
}

interface Whitened {
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
function whitened(points: Points, columns: readonly Float64Array[], correlation: number, share: number): Whitened {
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
): { readonly a: number; readonly c: number; readonly q11: number; readonly q12: number; readonly q22: number } {
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
