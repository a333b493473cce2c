import type { ImpedanceData } from './lin-kk.ts';
import { solveNonNegative } from './nnls.ts';

/**
 * Distribution of relaxation times: Z = R + j w L + integral of gamma(ln tau) / (1 + j w tau) d ln tau with gamma >= 0, by
 * Tikhonov's regularisation of its first derivative (M. Saccoccio, T. H. Wan, C. Chen, F. Ciucci, Electrochim. Acta 147
 * (2014) 470). As much is smoothed as the noise allows: up to the residual that hardly any smoothing leaves (discrepancy
 * principle, V. A. Morozov, Sov. Math. Dokl. 7 (1966) 414). It holds for spectra that obey the Kramers-Kronig relations and end in a resistance at low
 * frequencies: a blocking electrode's capacitance is none of its times.
 */

/** A distribution. Resistances in the unit of Z, gamma in the same by natural logarithm of tau. */
export interface Distribution {
  readonly tau_s: Float64Array;
  readonly gamma: Float64Array;
  /** Resistance at highest frequencies. */
  readonly ohmic: number;
  readonly inductance_H: number;
  /** Weight of the smoothing that was chosen, of Z over its polarisation resistance. */
  readonly lambda: number;
  /** Area under gamma: all processes together. */
  readonly polarisation: number;
  readonly peaks: readonly DistributionPeak[];
  /** Measured minus distribution over the largest |Z|, rms of both parts. */
  readonly rms_frac: number;
}

/** A process: where gamma has a maximum, and its area up to the minima beside it. */
export interface DistributionPeak {
  readonly tau_s: number;
  readonly frequency_Hz: number;
  readonly resistance: number;
  readonly height: number;
}

/** Times lie so densely, from a third of the fastest to three times the slowest that was measured. */
const PER_DECADE = 12;
const BEYOND = 3;
/** Weights that are tried. */
const LAMBDAS = Array.from({ length: 11 }, (_, i) => 10 ** (-6 + i / 2));
/** Residuals within this factor are the same. */
const NEARLY = 1.03;
/** A maximum counts that stands out by this part of the highest one, with this part of the whole area. */
const PEAK_FRAC = 0.02;
const AREA_FRAC = 0.02;
/** Fewer points do not say how much to smooth. */
export const DRT_LEAST_POINTS = 12;

/** Two figures stand before gamma: R, and L in units of the fastest time times the scale. */
const HEAD = 2;

/** What follows from the frequencies alone. */
interface Equations {
  /** Row by row: real parts, then imaginary ones. */
  readonly a: Float64Array;
  /** Its square, n x n. */
  readonly normal: Float64Array;
  readonly points: number;
  readonly figures: number;
  /** Smoothing, n x n. */
  readonly smooth: Float64Array;
  readonly tau_s: Float64Array;
  /** Between two times, of ln tau. */
  readonly step: number;
}

/** How much is smoothed. */
export interface Smoothing {
  /** Its weight; chosen by the rule unless given. */
  readonly lambda?: number;
  /** Known noise of each part of Z, rms, in its unit; what hardly any smoothing leaves counts as noise anyway. */
  readonly noise?: number;
}

/** Works it out. @throws RangeError with fewer than DRT_LEAST_POINTS points, or without any polarisation */
export function distributionOf(data: ImpedanceData): Distribution {
  return distributionsAt(data.frequency_Hz)(data);
}

/**
 * Distributions of spectra at the same frequencies, `re` and `im` in their order. @throws RangeError with fewer than DRT_LEAST_POINTS points; without any polarisation
 */
export function distributionsAt(
  frequency_Hz: Float64Array,
): (z: Pick<ImpedanceData, 're' | 'im'>, by?: Smoothing) => Distribution {
  const points = frequency_Hz.length;
  if (points < DRT_LEAST_POINTS)
    throw new RangeError(`${points} points, expected ${DRT_LEAST_POINTS} at least for relaxation times`);
  const equations = equationsOf(frequency_Hz);
  return ({ re, im }, by) => distribution(equations, re, im, by ?? {});
}

function distribution(
  equations: Equations,
  re: Float64Array,
  im: Float64Array,
  { lambda: given, noise = 0 }: Smoothing,
): Distribution {
  const { points, tau_s, step } = equations;
  const scale = Math.max(...re) - Math.min(...re);
  if (!(scale > 0)) throw new RangeError('the real part is the same at all frequencies: nothing relaxes');
  const b = new Float64Array(2 * points);
  for (let i = 0; i < points; i++) {
    b[i] = re[i] / scale;
    b[points + i] = im[i] / scale;
  }
  const lambda = given ?? smoothingOf(equations, b, noise / scale);
  const x = solved(equations, b, lambda);
  const gamma = x.subarray(HEAD).map(v => v * scale);
  const most = Math.max(...re.map((v, i) => Math.hypot(v, im[i])));
  return {
    tau_s,
    gamma,
    ohmic: x[0] * scale,
    inductance_H: x[1] * scale * tau_s[0],
    lambda,
    polarisation: area(gamma, 0, gamma.length - 1, step),
    peaks: peaksOf(tau_s, gamma, step),
    rms_frac: (residual(equations, b, x) * scale) / most,
  };
}

function equationsOf(frequency_Hz: Float64Array): Equations {
  const points = frequency_Hz.length;
  const fastest_s = 1 / (2 * Math.PI * Math.max(...frequency_Hz) * BEYOND);
  const slowest_s = BEYOND / (2 * Math.PI * Math.min(...frequency_Hz));
  const count = Math.ceil(PER_DECADE * Math.log10(slowest_s / fastest_s)) + 1;
  const step = Math.log(slowest_s / fastest_s) / (count - 1);
  const tau_s = Float64Array.from({ length: count }, (_, k) => fastest_s * Math.exp(k * step));
  const figures = HEAD + count;
  const a = new Float64Array(2 * points * figures);
  for (let i = 0; i < points; i++) {
    const w = 2 * Math.PI * frequency_Hz[i];
    const [real, imaginary] = [i * figures, (points + i) * figures];
    a[real] = 1;
    a[imaginary + 1] = w * tau_s[0];
    for (let k = 0; k < count; k++) {
      const wt = w * tau_s[k];
      const weight = (step * (k === 0 || k === count - 1 ? 0.5 : 1)) / (1 + wt * wt);
      a[real + HEAD + k] = weight;
      a[imaginary + HEAD + k] = -wt * weight;
    }
  }
  const smooth = new Float64Array(figures * figures);
  for (let k = HEAD; k + 1 < figures; k++) {
    smooth[k * figures + k] += 1 / step;
    smooth[(k + 1) * figures + k + 1] += 1 / step;
    smooth[k * figures + k + 1] -= 1 / step;
    smooth[(k + 1) * figures + k] -= 1 / step;
  }
  return { a, normal: squareOf(a, figures), points, figures, smooth, tau_s, step };
}

function squareOf(a: Float64Array, figures: number): Float64Array {
  const square = new Float64Array(figures * figures);
  for (let at = 0; at < a.length; at += figures)
    for (let i = 0; i < figures; i++) {
      if (a[at + i] === 0) continue;
      for (let j = 0; j < figures; j++) square[i * figures + j] += a[at + i] * a[at + j];
    }
  return square;
}

function solved(
  { a, normal, points, figures, smooth }: Equations,
  b: Float64Array,
  lambda: number,
): Float64Array {
  const h = smooth.map((v, k) => lambda * v + normal[k]);
  const g = new Float64Array(figures);
  for (let row = 0; row < 2 * points; row++)
    for (let i = 0; i < figures; i++) g[i] += a[row * figures + i] * b[row];
  // An inductance that is not there must not stand in the way.
  for (let i = 0; i < figures; i++) h[i * figures + i] += 1e-12 * (h[i * figures + i] + 1);
  return solveNonNegative(h, g);
}

/**
 * The most smoothing that leaves no more than the noise that is known of, or than the least smoothing does: what it leaves
 * beyond that is no noise.
 */
function smoothingOf(equations: Equations, b: Float64Array, noise: number): number {
  const left = LAMBDAS.map(lambda => residual(equations, b, solved(equations, b, lambda)));
  return LAMBDAS[left.findLastIndex(rms => rms <= Math.max(NEARLY * left[0], noise))];
}

/** Measured minus distribution, rms of both parts, over the scale. */
function residual({ a, points, figures }: Equations, b: Float64Array, x: Float64Array): number {
  let squares = 0;
  for (let row = 0; row < 2 * points; row++) {
    let sum = -b[row];
    for (let j = 0; j < figures; j++) sum += a[row * figures + j] * x[j];
    squares += sum * sum;
  }
  return Math.sqrt(squares / (2 * points));
}

/** Trapezoids over ln tau. */
function area(gamma: Float64Array, from: number, to: number, step: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += 0.5 * (gamma[k] + gamma[k + 1]) * step;
  return sum;
}

function peaksOf(tau_s: Float64Array, gamma: Float64Array, step: number): DistributionPeak[] {
  const last = gamma.length - 1;
  const highest = gamma.reduce((most, v) => Math.max(most, v), 0);
  const whole = area(gamma, 0, last, step);
  const found: DistributionPeak[] = [];
  let from = 0;
  while (from < last) {
    let top = from;
    while (top < last && gamma[top + 1] >= gamma[top]) top++;
    let to = top;
    while (to < last && gamma[to + 1] <= gamma[to]) to++;
    const resistance = area(gamma, from, to, step);
    if (to > from && gamma[top] > PEAK_FRAC * highest && resistance > AREA_FRAC * whole) {
      const at_s = topOf(tau_s, gamma, top, step);
      found.push({
        tau_s: at_s,
        frequency_Hz: 1 / (2 * Math.PI * at_s),
        resistance,
        height: gamma[top],
      });
    }
    from = Math.max(to, from + 1);
  }
  return found;
}

/** Where the parabola through a maximum and its neighbours is highest. */
function topOf(tau_s: Float64Array, gamma: Float64Array, k: number, step: number): number {
  if (k === 0 || k === gamma.length - 1) return tau_s[k];
  const [a, b, c] = [gamma[k - 1], gamma[k], gamma[k + 1]];
  const bend = a - 2 * b + c;
  return bend === 0 ? tau_s[k] : tau_s[k] * Math.exp((step * 0.5 * (a - c)) / bend);
}
