import type { Flow } from '../flow.ts';

/** What straight lines between readings add where a current falls along a bent curve: a taper at a voltage limit. */

/** From one step to the next the fall slows down, but by no more than this: otherwise the current stepped. */
const LEAST_SLOWER = 0.05;
/** A fall that slows down by less from one step to the next is straight. */
const BENT = 0.99;
/** Where it slows down by more than this from one step to the next, a step there is not ruled out. */
const SURELY_BENT = 0.3;
/** How well the bend is known by its neighbours, as a part of it, k = 2: at its ends only one side tells. Basis default. */
const KNOWN_FRAC = 0.5;

/** Before a corner the current stands, to so much of its first fall; so evenly rows must stand behind it. */
const FLAT_FRAC = 0.05;
const EVEN_FRAC = 0.1;

/** A fall by more than this part of the value, behind one that rose by no more than so much of it, begins with a corner. */
const FALL_FRAC = 0.05;
const STOOD_FRAC = 0.25;

/**
 * What lies above the straight line across a corner, where a constant current goes over into a taper between two rows: the
 * exponential through the three rows behind it, back to where it meets the constant. Value times s; undefined where
 * it meets it before the first row.
 */
function overCorner(of: {
  readonly level: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly h_s: number;
  readonly from_s: number;
}): number | undefined {
  const { level, first, second, third, h_s, from_s } = of;
  const q = (second - third) / (first - second);
  const size = (first - second) / (1 - q);
  const floor = first - size;
  const tau_s = -h_s / Math.log(q);
  const taper_s = tau_s * Math.log((level - floor) / size);
  if (!(taper_s < from_s)) return undefined;
  const area = level * (from_s - taper_s) + floor * taper_s + tau_s * (level - floor - size);
  return Math.max(0, area - ((level + first) / 2) * from_s);
}

/** How far a straight line lies above an exponential that falls over `x` time constants, in its fall times its length. */
function aboveCurve(x: number): number {
  // Series below: the difference of two large numbers is none there.
  return x < 0.01 ? x / 12 : 1 / (2 * Math.tanh(x / 2)) - 1 / x;
}

/** A step between two rows of a flow, as it enters its sums. */
export interface BendRows {
  readonly t_s: Float64Array;
  /** Value at a row less the zero. */
  readonly at: (row: number) => number;
  /** 1 where a row and the one before it are joined by a straight line: no gap, rest, leap or set point between them. */
  readonly joined: Uint8Array;
  readonly timeFactor: number;
  /** Most that the straight line between a row and the one before it may be off, value times s, where rows were left out; else 0. */
  readonly open: Float64Array;
  /** Where a counter told the amount of a step: how well, k = 2; else NaN. */
  readonly told: Float64Array;
}

/**
 * Takes from the sums of a flow what the straight lines lie above a falling, bent curve: an exponential over any floor with the
 * time constant that the slopes on both sides tell. Between these rows no step is looked for any more.
 */
export function takeBends(flow: Flow, { t_s, at, joined, timeFactor, open, told }: BendRows): void {
  /** By what its fall slows down at a row, 1/s: of an exponential 1/tau. NaN where it does not fall along a bent curve. */
  const curvature = (row: number): number => {
    if (row < 1 || row + 1 >= t_s.length || joined[row] === 0 || joined[row + 1] === 0) return Number.NaN;
    const [a, b, c] = [at(row - 1), at(row), at(row + 1)];
    if (!(a * b > 0 && b * c > 0 && Math.abs(a) > Math.abs(b) && Math.abs(b) > Math.abs(c)))
      return Number.NaN;
    const [before_s, after_s] = [t_s[row] - t_s[row - 1], t_s[row + 1] - t_s[row]];
    const [fall, next] = [Math.abs(b - a) / before_s, Math.abs(c - b) / after_s];
    return next < BENT * fall && next >= LEAST_SLOWER * fall
      ? (2 * Math.log(fall / next)) / (before_s + after_s)
      : Number.NaN;
  };
  /** The rows behind a fall tell where it began: bent on, and evenly apart. */
  const isPlaced = (row: number): boolean => {
    if (row + 2 >= t_s.length || Number.isNaN(curvature(row + 1))) return false;
    const [h_s, next_s] = [t_s[row + 1] - t_s[row], t_s[row + 2] - t_s[row + 1]];
    return Math.abs(next_s - h_s) <= EVEN_FRAC * h_s;
  };
  const isBehindTwo = (row: number): boolean => row >= 2 && joined[row - 1] === 1 && joined[row] === 1;
  const sizesAt = (row: number, from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, k) => Math.abs(at(row + from + k)));
  const cornerAt = (row: number): number | undefined => {
    if (!isBehindTwo(row) || !isPlaced(row)) return undefined;
    const [early, level, first, second, third] = sizesAt(row, -2, 2);
    if (!(Math.abs(early - level) <= FLAT_FRAC * (level - first))) return undefined;
    const [h_s, from_s] = [t_s[row + 1] - t_s[row], t_s[row] - t_s[row - 1]];
    return overCorner({ level, first, second, third, h_s, from_s });
  };
  /** The triangle above the straight line across a corner that the rows behind do not place; 0 where there is none. */
  const triangleAt = (row: number): number => {
    if (!isBehindTwo(row) || isPlaced(row) || Number.isNaN(curvature(row))) return 0;
    const [early, level, first] = sizesAt(row, -2, 0);
    const fall = level - first;
    // A value that fell before has its corner there.
    const isCorner =
      fall > FALL_FRAC * level && early - level <= FLAT_FRAC * fall && level - early <= STOOD_FRAC * fall;
    return isCorner ? (fall * (t_s[row] - t_s[row - 1])) / 2 : 0;
  };
  /**
   * Rows that were left out by a rule hide the same part of the same curve each time: what they leave open adds up, it does not
   * average out. Of a curve that bends one way it is no more than the triangle between its line and those of its neighbours.
   */
  const leftOpen = (row: number): number => {
    if (!(row >= 2 && row + 1 < t_s.length && joined[row - 1] === 1 && joined[row + 1] === 1))
      return open[row];
    const slope = (k: number): number => (at(k) - at(k - 1)) / (t_s[k] - t_s[k - 1]);
    const here = slope(row);
    const [before, after] = [here - slope(row - 1), slope(row + 1) - here];
    if (!(before * after > 0)) return open[row];
    const triangle = ((t_s[row] - t_s[row - 1]) ** 2 * before * after) / (2 * Math.abs(before + after));
    return Math.min(open[row], triangle);
  };
  const taken = { into: 0, out: 0 };
  const known = { into: 0, out: 0 };
  let steps = 0;
  let variance = 0;
  let left = Number.NaN;
  for (let i = 1; i < t_s.length; i++) {
    const right = curvature(i);
    const both = [left, right].filter(Number.isFinite);
    left = right;
    const step = flow.variance[i] - variance;
    variance = flow.variance[i];
    const corner = cornerAt(i);
    const triangle = triangleAt(i);
    if (!Number.isNaN(told[i])) known[at(i) + at(i - 1) > 0 ? 'into' : 'out'] += told[i];
    else if (corner !== undefined) {
      const amount = (corner * timeFactor) / 3600;
      const way = at(i) > 0 ? 'into' : 'out';
      taken[way] -= amount;
      known[way] += Math.max(KNOWN_FRAC * amount, (open[i] * timeFactor) / 3600);
      if (open[i] === 0) steps += step;
    } else if (triangle > 0) {
      // It fell somewhere between the first moment and the last: half of the triangle, known to the other half.
      const half = (triangle * timeFactor) / 7200;
      const way = at(i) > 0 ? 'into' : 'out';
      taken[way] -= half;
      known[way] += Math.max(half, (open[i] * timeFactor) / 3600);
    } else if (joined[i] === 1 && both.length > 0 && i > 1 && joined[i - 1] === 1) {
      const h_s = t_s[i] - t_s[i - 1];
      const [a, b] = [at(i - 1), at(i)];
      const mean = both.reduce((sum, v) => sum + v, 0) / both.length;
      const amount = (aboveCurve(mean * h_s) * Math.abs(a - b) * h_s * timeFactor) / 3600;
      const way = b > 0 ? 'into' : 'out';
      taken[way] += amount;
      known[way] += KNOWN_FRAC * amount;
      if (mean * h_s > -Math.log(SURELY_BENT)) steps += step;
    } else if (open[i] > 0)
      known[at(i) + at(i - 1) > 0 ? 'into' : 'out'] += (leftOpen(i) * timeFactor) / 3600;
    else steps += step;
    flow.into[i] -= taken.into;
    flow.out[i] -= taken.out;
    flow.bendInto[i] = known.into;
    flow.bendOut[i] = known.out;
    flow.variance[i] = steps;
  }
}
