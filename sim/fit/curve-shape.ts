import type { FitEstimates } from '../../profiles/least-squares/estimate.ts';
import { studentBeyond } from '../../profiles/least-squares/student-t.ts';
import type { FitProblem } from './problem.ts';

/**
 * What the residuals of a polarisation curve say, which has too few points for a test of their order: one point that lies
 * off what the others make (externally studentised residual), or a bend that no parameter of the model can follow (gain
 * of an additional term). N. R. Draper, H. Smith, Applied Regression Analysis, 3rd ed. (Wiley 1998), chapters 8 and 2.
 */

/** Chance that it is none, over all points and all shapes together. */
const CHANCE = 0.01;
/** Smaller is no matter, V a cell. */
const LEAST_OUTLIER_V = 0.005;
const LEAST_BEND_V = 0.001;
/** A point that alone decides a figure cannot be told from an outlier. */
const LEVERAGE_MOST = 0.95;
const DIFFERENCE = 1e-4;
/** Over the part of the largest current: even bends, and one that begins late as transport's does. */
const SHAPES: readonly ((part: number) => number)[] = [
  u => u ** 2,
  u => u ** 4,
  u => Math.max(0, u - 0.6) ** 2,
  u => Math.max(0, u - 0.75) ** 2,
];

/** Warnings of a fitted curve; empty where the residuals are noise, or so small that they do not matter. */
export function shapeWarnings(
  problem: FitProblem,
  { estimates }: FitEstimates,
  fixed: Readonly<Record<string, number>>,
  cells: number,
): string[] {
  const [{ x, measured, weight, label, unit }] = problem.groups;
  const n = x.length;
  const values = { ...fixed, ...Object.fromEntries(estimates.map(e => [e.name, e.value])) };
  const predicted = (of: Readonly<Record<string, number>>): Float64Array => {
    const out = new Float64Array(n);
    problem.predict(of, out);
    return out;
  };
  const model = predicted(values);
  const basis: Float64Array[] = [];
  for (const { name, value, state } of estimates) {
    if (state !== 'fitted') continue;
    const step = DIFFERENCE * Math.abs(value) || DIFFERENCE;
    const moved = predicted({ ...values, [name]: value + step });
    const own = apartFrom(
      moved.map((v, i) => ((v - model[i]) / step) * weight[i]),
      basis,
    );
    if (own !== undefined) basis.push(own);
  }
  const left = n - basis.length - 1;
  if (left < 2) return [];
  const scale = label.startsWith('stack') ? cells : 1;
  const residual = without(
    measured.map((m, i) => (m - model[i]) * weight[i]),
    basis,
  );
  const sum = dot(residual, residual);
  let worst = { i: -1, chance: CHANCE, off: 0, gain: 0 };
  for (let i = 0; i < n; i++) {
    const leverage = basis.reduce((total, q) => total + q[i] ** 2, 0);
    if (leverage > LEVERAGE_MOST) continue;
    const rest = Math.max(sum - residual[i] ** 2 / (1 - leverage), 1e-12 * sum) / left;
    const chance = n * studentBeyond(Math.abs(residual[i]) / Math.sqrt(rest * (1 - leverage)), left);
    const off = residual[i] / (1 - leverage) / weight[i];
    if (chance < worst.chance && Math.abs(off) > LEAST_OUTLIER_V * scale)
      worst = { i, chance, off, gain: residual[i] ** 2 / (1 - leverage) };
  }
  const most = x.reduce((a, b) => Math.max(a, b));
  let bend = { gain: 0, bend_V: 0 };
  for (const shape of SHAPES) {
    const own = apartFrom(
      x.map((i, k) => shape(i / most) * weight[k]),
      basis,
    );
    if (own === undefined) continue;
    const gain = dot(own, residual);
    const t = Math.abs(gain) / Math.sqrt(Math.max(sum - gain ** 2, 1e-12 * sum) / left);
    const bend_V = own.reduce((largest, v, i) => Math.max(largest, Math.abs((gain * v) / weight[i])), 0);
    if (SHAPES.length * studentBeyond(t, left) < CHANCE && bend_V > LEAST_BEND_V * scale)
      if (gain ** 2 > bend.gain) bend = { gain: gain ** 2, bend_V };
  }
  // Both say the same of a point at an end; what explains more of the residuals is named.
  if (bend.gain > worst.gain)
    return [
      `the measured ${label} bends away from the model (${mV(bend.bend_V)} of it no parameter can follow): a loss that the model has not, such as transport at high current, is in the fitted figures, and their intervals do not cover it`,
    ];
  if (worst.i >= 0)
    return [
      `the point at ${short(x[worst.i])} A (${short(measured[worst.i])} ${unit}) lies ${mV(worst.off)} off what the others make: a slip of the reading? All figures and their intervals bear it`,
    ];
  return [];
}

/** What of a column is at right angles to the basis, of length 1; undefined where hardly anything is. */
function apartFrom(column: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const own = without(without(column, basis), basis);
  const length = Math.sqrt(dot(own, own));
  return length > 1e-6 * Math.sqrt(dot(column, column)) ? own.map(v => v / length) : undefined;
}

function without(column: Float64Array, basis: readonly Float64Array[]): Float64Array {
  return basis.reduce((rest, q) => {
    const part = dot(rest, q);
    return rest.map((v, i) => v - part * q[i]);
  }, column);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i], 0);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
const mV = (volts: number): string => `${Number((1000 * Math.abs(volts)).toPrecision(2))} mV`;
