import type { Spectrum } from '../parts/model.ts';
import {
  changeOfSpecies,
  lowerPotential_V,
  reactionCurrent_A,
  SPECIES,
  upperPotential_V,
} from './chemistry.ts';
import type { LiSParameters } from './parameters.ts';

const N = SPECIES.count;
// Steps of the numerical derivatives: the cube root of the machine's precision, for central differences.
const STEP_FRAC = 1e-5;
const STEP_V = 1e-6;

/**
 * Impedance of the Li-S equations at species x and voltage V: derivatives by central differences of the very rates
 * that step, then j omega dx = A dx + B dV and dI = -(C dx + D dV) for each frequency. At constant temperature and
 * shuttle coefficient. High frequencies end at the charge transfer, for the model has no double layer.
 */
export function liSImpedance(
  p: LiSParameters,
  slope_V: number,
  shuttle_per_s: number,
  x: Float64Array,
  voltage_V: number,
  frequencies_Hz: Float64Array,
): Spectrum {
  const changed = Float64Array.from(x);
  const above = new Float64Array(N + 1);
  const below = new Float64Array(N + 1);

  /** Rates of the species and, last, the discharge current. */
  function rates(atVoltage_V: number, into: Float64Array): void {
    const upper_A = reactionCurrent_A(
      p.upperExchange_A_per_m2 * p.area_m2,
      slope_V,
      atVoltage_V - upperPotential_V(p, slope_V, changed[SPECIES.s8], changed[SPECIES.s4]),
    );
    const lower_A = reactionCurrent_A(
      p.lowerExchange_A_per_m2 * p.area_m2,
      slope_V,
      atVoltage_V -
        lowerPotential_V(p, slope_V, changed[SPECIES.s4], changed[SPECIES.s2], changed[SPECIES.s]),
    );
    changeOfSpecies(p, shuttle_per_s, changed, upper_A, lower_A, into);
    into[N] = upper_A + lower_A;
  }

  // Column j of `jacobian`: derivative of rates and current by species j, the last one by the voltage.
  const jacobian = new Float64Array((N + 1) * (N + 1));
  for (let j = 0; j <= N; j++) {
    const step = j < N ? STEP_FRAC * x[j] : STEP_V;
    if (j < N) changed[j] = x[j] + step;
    rates(j < N ? voltage_V : voltage_V + step, above);
    if (j < N) changed[j] = x[j] - step;
    rates(j < N ? voltage_V : voltage_V - step, below);
    if (j < N) changed[j] = x[j];
    for (let i = 0; i <= N; i++) jacobian[i * (N + 1) + j] = (above[i] - below[i]) / (2 * step);
  }

  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  const re = new Float64Array(N * (N + 1));
  const im = new Float64Array(N * (N + 1));
  for (let k = 0; k < frequencies_Hz.length; k++) {
    const omega = 2 * Math.PI * frequencies_Hz[k];
    for (let i = 0; i < N; i++)
      for (let j = 0; j <= N; j++) {
        const a = jacobian[i * (N + 1) + j];
        re[i * (N + 1) + j] = j < N ? -a : a;
        im[i * (N + 1) + j] = j === i ? omega : 0;
      }
    solveInPlace(re, im);
    // Discharge current per volt; the current of the contract is positive on charge.
    let admittanceRe = -jacobian[N * (N + 1) + N];
    let admittanceIm = 0;
    for (let i = 0; i < N; i++) {
      admittanceRe -= jacobian[N * (N + 1) + i] * re[i * (N + 1) + N];
      admittanceIm -= jacobian[N * (N + 1) + i] * im[i * (N + 1) + N];
    }
    const square = admittanceRe ** 2 + admittanceIm ** 2;
    re_Ohm[k] = admittanceRe / square;
    im_Ohm[k] = -admittanceIm / square;
  }
  return { re_Ohm, im_Ohm };
}

/** Gauss-Jordan with pivoting on N rows of N + 1 complex numbers; the answer is left in the last column. */
function solveInPlace(re: Float64Array, im: Float64Array): void {
  const width = N + 1;
  for (let c = 0; c < N; c++) {
    let pivot = c;
    for (let r = c + 1; r < N; r++)
      if (
        Math.hypot(re[r * width + c], im[r * width + c]) >
        Math.hypot(re[pivot * width + c], im[pivot * width + c])
      )
        pivot = r;
    const pr = re[pivot * width + c];
    const pi = im[pivot * width + c];
    const square = pr * pr + pi * pi;
    for (let j = c; j < width; j++) {
      const a = pivot * width + j;
      const b = c * width + j;
      const ar = (re[a] * pr + im[a] * pi) / square;
      const ai = (im[a] * pr - re[a] * pi) / square;
      re[a] = re[b];
      im[a] = im[b];
      re[b] = ar;
      im[b] = ai;
    }
    for (let r = 0; r < N; r++) {
      if (r === c) continue;
      const fr = re[r * width + c];
      const fi = im[r * width + c];
      if (fr === 0 && fi === 0) continue;
      for (let j = c; j < width; j++) {
        const ar = re[c * width + j];
        const ai = im[c * width + j];
        re[r * width + j] -= fr * ar - fi * ai;
        im[r * width + j] -= fr * ai + fi * ar;
      }
    }
  }
}
