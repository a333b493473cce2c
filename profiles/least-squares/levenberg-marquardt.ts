/**
 * Least squares with bounds: K. Levenberg, Q. Appl. Math. 2 (1944) 164; D. W. Marquardt, J. SIAM 11 (1963) 431.
 * Works in scaled coordinates: each parameter runs from 0 at its lower to 1 at its upper bound, on a log scale
 * where the bounds are positive and more than a factor of 10 apart. Derivatives are central differences. A
 * parameter that presses against its bound is held there for the step and let go when the slope turns.
 */

/** One parameter that may move. `start` within low..high, low < high, all finite. */
export interface FreeParameter {
  readonly name: string;
  readonly start: number;
  readonly low: number;
  readonly high: number;
}

/** Writes model minus measured (weighted) for these parameter values; NaN where the model cannot go there. */
export type Residuals = (values: Float64Array, out: Float64Array) => void;

/** How the search goes; both have defaults. */
export interface LeastSquaresOptions {
  /** Step of the finite differences, part of the way from bound to bound. */
  readonly difference_frac?: number;
  readonly iterationsMax?: number;
  /** The search is over when the sum of squares has fallen twice running by no more than this part. */
  readonly fall_frac?: number;
}

/** Where the search ended. `jacobian` is that of the residuals by the scaled coordinates, row by row. */
export interface LeastSquares {
  readonly values: Float64Array;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  readonly sumSquares: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** From scaled coordinate to value, and back. */
export interface Scale {
  readonly isLog: boolean;
  toValue(z: number): number;
  toScaled(value: number): number;
  /** d value / d scaled coordinate at a value. */
  slope(value: number): number;
}

const DIFFERENCE_FRAC = 1e-5;
const ITERATIONS_MAX = 200;
const DAMPING_START = 1e-3;
const DAMPING_MAX = 1e12;
const FALL_FRAC = 1e-14;
/** A step so short is none: the search is over too. */
const NO_STEP = 1e-10;
const LOG_SPAN = 10;

/** Scaled coordinate of a parameter. */
export function scaleOf({ low, high }: Pick<FreeParameter, 'low' | 'high'>): Scale {
  const isLog = low > 0 && high / low > LOG_SPAN;
  const from = isLog ? Math.log(low) : low;
  const span = (isLog ? Math.log(high) : high) - from;
  return {
    isLog,
    // The ends exactly: a bound must be recognised as such.
    toValue: z => (z <= 0 ? low : z >= 1 ? high : isLog ? Math.exp(from + span * z) : from + span * z),
    toScaled: value => ((isLog ? Math.log(value) : value) - from) / span,
    slope: value => (isLog ? span * value : span),
  };
}

/** Jacobian by central differences (one-sided at a bound), row by row. */
export function jacobianOf(
  parameters: readonly FreeParameter[],
  values: Float64Array,
  residuals: Residuals,
  points: number,
  difference_frac = DIFFERENCE_FRAC,
): Float64Array {
  const p = parameters.length;
  const jacobian = new Float64Array(points * p);
  const above = new Float64Array(points);
  const below = new Float64Array(points);
  const at = values.slice();
  for (let k = 0; k < p; k++) {
    const scale = scaleOf(parameters[k]);
    const z = scale.toScaled(values[k]);
    let high = Math.min(1, z + difference_frac);
    let low = Math.max(0, z - difference_frac);
    at[k] = scale.toValue(high);
    residuals(at, above);
    at[k] = scale.toValue(low);
    residuals(at, below);
    // Where the model cannot go, the difference is taken from this side.
    if (!allFinite(above) || !allFinite(below)) {
      const side = allFinite(above) ? below : above;
      residuals(values, side);
      if (side === below) low = z;
      else high = z;
    }
    at[k] = values[k];
    for (let i = 0; i < points; i++) jacobian[i * p + k] = (above[i] - below[i]) / (high - low);
  }
  return jacobian;
}

/**
 * Searches the values with the least sum of squared residuals, from `start` on. The model must be defined at the
 * start; anywhere else NaN only turns the step down.
 * @throws RangeError where the residuals at the start are not finite
 */
export function leastSquares(
  parameters: readonly FreeParameter[],
  residuals: Residuals,
  points: number,
  options: LeastSquaresOptions = {},
): LeastSquares {
  const p = parameters.length;
  const scales = parameters.map(scaleOf);
  const z = Float64Array.from(parameters, (q, k) => Math.min(1, Math.max(0, scales[k].toScaled(q.start))));
  const values = z.map((at, k) => scales[k].toValue(at));
  const trialZ = new Float64Array(p);
  const trial = new Float64Array(p);
  const here = new Float64Array(points);
  const there = new Float64Array(points);
  residuals(values, here);
  if (!allFinite(here)) throw new RangeError('the model gives no finite value at the start of the fit');
  let sumSquares = dot(here, here);
  let damping = DAMPING_START;
  let converged = false;
  let wasSmall = false;
  let iterations = 0;
  let jacobian = jacobianOf(parameters, values, residuals, points, options.difference_frac);
  const most = options.iterationsMax ?? ITERATIONS_MAX;
  const largest = new Float64Array(p);
  while (!converged && iterations < most && p > 0) {
    iterations++;
    const { normal, gradient } = normalEquations(jacobian, here, p);
    for (let k = 0; k < p; k++) largest[k] = Math.max(largest[k], normal[k * p + k]);
    const floor = 1e-14 * Math.max(...largest) || 1;
    const isHeld = z.map((at, k) => ((at <= 0 && gradient[k] > 0) || (at >= 1 && gradient[k] < 0) ? 1 : 0));
    let accepted = false;
    let growth = 10;
    while (!accepted && damping < DAMPING_MAX) {
      const damped = normal.slice();
      const right = gradient.map(g => -g);
      for (let k = 0; k < p; k++) {
        damped[k * p + k] += damping * Math.max(largest[k], floor);
        if (isHeld[k] === 0) continue;
        for (let j = 0; j < p; j++) {
          damped[k * p + j] = 0;
          damped[j * p + k] = 0;
        }
        damped[k * p + k] = 1;
        right[k] = 0;
      }
      const step = solveSymmetric(damped, right);
      let moved = 0;
      for (let k = 0; k < p; k++) {
        trialZ[k] = Math.min(1, Math.max(0, z[k] + (step === undefined ? 0 : step[k])));
        moved = Math.max(moved, Math.abs(trialZ[k] - z[k]));
        trial[k] = scales[k].toValue(trialZ[k]);
      }
      if (step !== undefined && moved < NO_STEP) {
        converged = true;
        break;
      }
      if (step !== undefined) residuals(trial, there);
      const next = step !== undefined && allFinite(there) ? dot(there, there) : Number.POSITIVE_INFINITY;
      if (next < sumSquares) {
        accepted = true;
        const isSmall = sumSquares - next <= (options.fall_frac ?? FALL_FRAC) * sumSquares;
        converged = isSmall && wasSmall;
        wasSmall = isSmall;
        sumSquares = next;
        z.set(trialZ);
        values.set(trial);
        here.set(there);
        damping = Math.max(1e-15, damping / 10);
      } else {
        // Faster and faster: a sum that no short step lowers either is soon known for the least.
        damping *= growth;
        growth *= 10;
      }
    }
    // No smaller sum in any direction: this is the least within rounding.
    if (!accepted) converged = true;
    else jacobian = jacobianOf(parameters, values, residuals, points, options.difference_frac);
  }
  return { values, residuals: here, jacobian, sumSquares, iterations, converged };
}

/** J'J and J'r. */
export function normalEquations(
  jacobian: Float64Array,
  residuals: Float64Array,
  p: number,
): { readonly normal: Float64Array; readonly gradient: Float64Array } {
  const normal = new Float64Array(p * p);
  const gradient = new Float64Array(p);
  for (let i = 0; i < residuals.length; i++) {
    for (let k = 0; k < p; k++) {
      const slope = jacobian[i * p + k];
      gradient[k] += slope * residuals[i];
      for (let j = 0; j <= k; j++) normal[k * p + j] += slope * jacobian[i * p + j];
    }
  }
  for (let k = 0; k < p; k++) for (let j = 0; j < k; j++) normal[j * p + k] = normal[k * p + j];
  return { normal, gradient };
}

/** Solves A x = b, A symmetric and positive definite (Cholesky); undefined where it is not. */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const p = b.length;
  const l = new Float64Array(p * p);
  for (let k = 0; k < p; k++) {
    for (let j = 0; j <= k; j++) {
      let sum = a[k * p + j];
      for (let m = 0; m < j; m++) sum -= l[k * p + m] * l[j * p + m];
      if (k !== j) l[k * p + j] = sum / l[j * p + j];
      else if (sum > 0) l[k * p + k] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const x = b.slice();
  for (let k = 0; k < p; k++) {
    for (let m = 0; m < k; m++) x[k] -= l[k * p + m] * x[m];
    x[k] /= l[k * p + k];
  }
  for (let k = p - 1; k >= 0; k--) {
    for (let m = k + 1; m < p; m++) x[k] -= l[m * p + k] * x[m];
    x[k] /= l[k * p + k];
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function allFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
