import {
  type FreeParameter,
  jacobianOf,
  type LeastSquaresOptions,
  leastSquares,
  normalEquations,
  type Residuals,
  scaleOf,
  solveSymmetric,
} from './levenberg-marquardt.ts';
import { student95 } from './student-t.ts';

/** A parameter that may be fitted. `u`: what is known of it beforehand (k = 1), decides who gives way to whom. */
export interface Candidate extends FreeParameter {
  readonly u: number;
}

/** What the data say of one parameter. */
export interface Estimate {
  readonly name: string;
  readonly value: number;
  /** Standard uncertainty (k = 1) from the residuals, same unit; NaN unless fitted. */
  readonly u: number;
  /** 95 % confidence interval (Student t); lopsided where the parameter was fitted on a log scale. */
  readonly low95: number;
  readonly high95: number;
  /** atBound: the data pull further than the declared bound. undetermined: left at its declared value. */
  readonly state: 'fitted' | 'atBound' | 'undetermined';
}

/** A fit with its statistics. Uncertainties take the residuals as independent and the model as true. */
export interface FitEstimates {
  /** In the order of the candidates. */
  readonly estimates: readonly Estimate[];
  /** Names and correlation matrix (row by row) of the fitted ones. */
  readonly fitted: readonly string[];
  readonly correlation: Float64Array;
  /** Model minus measured, weighted. */
  readonly residuals: Float64Array;
  readonly degreesOfFreedom: number;
  readonly iterations: number;
  /** What a reader must know before using a figure; empty if nothing. */
  readonly warnings: readonly string[];
}

/** How the search goes, and which pairs may be correlated without a word. */
export interface EstimateOptions extends LeastSquaresOptions {
  mayGoTogether?(a: string, b: string): boolean;
}

/** A column this much smaller than the largest moves nothing. */
const NO_EFFECT = 1e-9;
/** Square of the part of a column that the others do not explain: below, it is the same as they. */
const SAME_AS_OTHERS = 1e-8;
/** An interval wider than this part of the bounds says no more than the bounds do. */
const NOTHING_LEARNT = 1;
const STRONG_CORRELATION = 0.98;
const NOT_RANDOM = 0.5;
/** Residuals so small, part of the largest value, are those of the search and of printed digits. */
export const EXACT_FRAC = 1e-6;

/**
 * Fits the candidates that the data can determine: those without effect, those that do the same as others (the one
 * known better beforehand gives way) and those whose interval would be wider than their bounds stay at their start.
 * @throws RangeError with fewer points than parameters, or a model that is not finite at the start
 */
export function estimate(
  candidates: readonly Candidate[],
  residuals: (values: Readonly<Record<string, number>>, out: Float64Array) => void,
  points: number,
  options: EstimateOptions = {},
): FitEstimates {
  const values: Record<string, number> = Object.fromEntries(candidates.map(c => [c.name, c.start]));
  let free: Candidate[] = [...candidates];
  const under = (some: readonly Candidate[]): Residuals => {
    const at = { ...values };
    return (moved, out) => {
      some.forEach((c, k) => {
        at[c.name] = moved[k];
      });
      residuals(at, out);
    };
  };
  const starts = (): Float64Array => Float64Array.from(free, c => c.start);
  const first = jacobianOf(free, starts(), under(free), points, options.difference_frac);
  free = free.filter((_, k) => !withoutOwnEffect(first, free).has(k));
  const warnings: string[] = [];
  // Without those that gave way the search goes on from where it was.
  const reached = new Map<Candidate, number>();
  for (;;) {
    if (points <= free.length) {
      throw new RangeError(
        `${points} points for ${free.length} parameters (${free.map(c => c.name).join(', ')}), expected more points`,
      );
    }
    const found = leastSquares(
      free.map(c => ({ ...c, start: reached.get(c) ?? c.start })),
      under(free),
      points,
      options,
    );
    free.forEach((c, k) => {
      reached.set(c, found.values[k]);
    });
    const inside = free.filter((c, k) => found.values[k] > c.low && found.values[k] < c.high);
    const jacobian = columnsOf(found.jacobian, free, inside);
    const useless = withoutOwnEffect(jacobian, inside);
    const degreesOfFreedom = points - free.length;
    const variance = found.residuals.reduce((sum, r) => sum + r * r, 0) / degreesOfFreedom;
    const covariance =
      useless.size > 0
        ? undefined
        : inverse(normalEquations(jacobian, found.residuals, inside.length).normal);
    const t95 = student95(degreesOfFreedom);
    const wide_1 = inside.map((_, k) =>
      covariance === undefined
        ? Number.POSITIVE_INFINITY
        : t95 * Math.sqrt(variance * covariance[k * inside.length + k]),
    );
    const widest = wide_1.indexOf(Math.max(...wide_1));
    // At a bound: a parameter that could as well stand at the other one has not been pulled, it has drifted there.
    const drifted = free.filter(
      (c, k) =>
        !inside.includes(c) &&
        t95 * Math.sqrt(variance) > NOTHING_LEARNT * columnNorm(found.jacobian, free.length, k),
    );
    if (useless.size > 0 || drifted.length > 0 || wide_1[widest] > NOTHING_LEARNT) {
      const least = useless.size > 0 ? inside.filter((_, k) => useless.has(k)) : [inside[widest]];
      const leaves = drifted.length > 0 ? drifted : least;
      free = free.filter(c => !leaves.includes(c));
      continue;
    }
    if (!found.converged) warnings.push(`not converged after ${found.iterations} iterations`);
    const estimates = candidates.map((c): Estimate => {
      const at = free.indexOf(c);
      if (at < 0)
        return {
          name: c.name,
          value: c.start,
          u: Number.NaN,
          low95: Number.NaN,
          high95: Number.NaN,
          state: 'undetermined',
        };
      const value = found.values[at];
      const k = inside.indexOf(c);
      if (k < 0 || covariance === undefined)
        return {
          name: c.name,
          value,
          u: Number.NaN,
          low95: Number.NaN,
          high95: Number.NaN,
          state: 'atBound',
        };
      const scale = scaleOf(c);
      const u_1 = Math.sqrt(variance * covariance[k * inside.length + k]);
      const slope = scale.slope(value);
      const factor = Math.exp((slope / value) * t95 * u_1);
      return {
        name: c.name,
        value,
        u: slope * u_1,
        low95: scale.isLog ? value / factor : value - slope * t95 * u_1,
        high95: scale.isLog ? value * factor : value + slope * t95 * u_1,
        state: 'fitted',
      };
    });
    const fitted = inside.map(c => c.name);
    const correlation = correlationOf(covariance ?? new Float64Array(), fitted.length);
    return {
      estimates,
      fitted,
      correlation,
      residuals: found.residuals,
      degreesOfFreedom,
      iterations: found.iterations,
      warnings: [...warnings, ...warningsOf(estimates, fitted, correlation, options)],
    };
  }
}

function warningsOf(
  estimates: readonly Estimate[],
  fitted: readonly string[],
  correlation: Float64Array,
  options: EstimateOptions,
): string[] {
  const warnings: string[] = [];
  for (const { name, value, state } of estimates) {
    if (state === 'atBound')
      warnings.push(
        `${name} ended at its bound ${Number(value.toPrecision(6))}: the data pull further, no interval`,
      );
  }
  fitted.forEach((a, i) => {
    fitted.forEach((b, j) => {
      const r = correlation[i * fitted.length + j];
      if (j < i && Math.abs(r) > STRONG_CORRELATION && options.mayGoTogether?.(a, b) !== true)
        warnings.push(
          `${b} and ${a} go together (correlation ${r.toFixed(3)}): only their combination is well known`,
        );
    });
  });
  return warnings;
}

/** Neighbouring residuals that resemble each other show an error of the model: the intervals are too narrow then. */
function resemblance(residuals: Float64Array): number {
  const mean = residuals.reduce((sum, r) => sum + r, 0) / residuals.length;
  let together = 0;
  let alone = 0;
  for (let i = 0; i < residuals.length; i++) {
    alone += (residuals[i] - mean) ** 2;
    if (i > 0) together += (residuals[i] - mean) * (residuals[i - 1] - mean);
  }
  return alone > 0 ? together / alone : 0;
}

/** Whether neighbouring residuals resemble each other too much for independent errors. */
export function isNotRandom(residuals: Float64Array): boolean {
  // Below 10 points the lag-1 correlation says nothing.
  return residuals.length >= 10 && resemblance(residuals) > NOT_RANDOM;
}

/** Candidates that move nothing, or nothing that those with more to learn do not move (pivoted Cholesky). */
function withoutOwnEffect(jacobian: Float64Array, candidates: readonly Candidate[]): Set<number> {
  const p = candidates.length;
  const { normal } = normalEquations(jacobian, new Float64Array(p === 0 ? 0 : jacobian.length / p), p);
  const norm = candidates.map((_, k) => Math.sqrt(normal[k * p + k]));
  const most = Math.max(0, ...norm);
  const useless = new Set<number>();
  candidates.forEach((_, k) => {
    if (!(norm[k] > NO_EFFECT * most)) useless.add(k);
  });
  // By how much the residuals move when a parameter moves by what is unknown of it beforehand.
  const weight = candidates.map(
    (c, k) => (norm[k] * (c.u > 0 ? c.u : c.high - c.low)) / scaleOf(c).slope(c.start),
  );
  const chosen: Float64Array[] = [];
  const rest = candidates.map((_, k) =>
    Float64Array.from({ length: p }, (_x, j) => normal[k * p + j] / (norm[k] * norm[j])),
  );
  const left = candidates.map((_, k) => k).filter(k => !useless.has(k));
  while (left.length > 0) {
    const k = left.reduce((a, b) => (weight[b] > weight[a] ? b : a));
    left.splice(left.indexOf(k), 1);
    const own = rest[k].slice();
    for (const row of chosen) for (let j = 0; j < p; j++) own[j] -= row[k] * row[j];
    if (!(own[k] > SAME_AS_OTHERS)) useless.add(k);
    else chosen.push(own.map(v => v / Math.sqrt(own[k])));
  }
  return useless;
}

function columnNorm(jacobian: Float64Array, p: number, k: number): number {
  let sum = 0;
  for (let i = k; i < jacobian.length; i += p) sum += jacobian[i] ** 2;
  return Math.sqrt(sum);
}

function columnsOf(
  jacobian: Float64Array,
  all: readonly Candidate[],
  some: readonly Candidate[],
): Float64Array {
  if (some.length === all.length) return jacobian;
  const rows = jacobian.length / all.length;
  const at = some.map(c => all.indexOf(c));
  return Float64Array.from(
    { length: rows * some.length },
    (_, i) => jacobian[Math.floor(i / some.length) * all.length + at[i % some.length]],
  );
}

function inverse(a: Float64Array): Float64Array | undefined {
  const p = Math.sqrt(a.length);
  // Scaled to a diagonal of 1, so that no pivot is lost to the size of another.
  const d = Float64Array.from({ length: p }, (_, k) => Math.sqrt(a[k * p + k]));
  const scaled = a.map((v, i) => v / (d[Math.floor(i / p)] * d[i % p]));
  const result = new Float64Array(p * p);
  for (let k = 0; k < p; k++) {
    const column = solveSymmetric(
      scaled,
      Float64Array.from({ length: p }, (_, j) => (j === k ? 1 : 0)),
    );
    if (column === undefined) return undefined;
    for (let j = 0; j < p; j++) result[j * p + k] = column[j] / (d[j] * d[k]);
  }
  return result;
}

function correlationOf(covariance: Float64Array, p: number): Float64Array {
  return covariance.map(
    (v, i) => v / Math.sqrt(covariance[Math.floor(i / p) * (p + 1)] * covariance[(i % p) * (p + 1)]),
  );
}
