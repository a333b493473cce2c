import { seededRandom } from '../../drivers/contract/random.ts';
import { type Circuit, parseCircuit } from '../../profiles/spectrum/circuit.ts';
import type { ImpedanceData } from '../../profiles/spectrum/lin-kk.ts';

/** Made-up spectra whose truth is known. */

/** Frequencies from the highest down, so many a decade, Hz. */
export function frequencies(high_Hz: number, low_Hz: number, perDecade: number): Float64Array {
  const count = Math.round(perDecade * Math.log10(high_Hz / low_Hz)) + 1;
  return Float64Array.from({ length: count }, (_, k) => high_Hz * 10 ** (-k / perDecade));
}

/** How a made-up spectrum is spoilt. */
export interface Flaws {
  readonly seed?: number;
  /** Standard deviation of each part, part of the modulus. */
  readonly noise_frac?: number;
  /** By so much every resistance has risen at the last point, in proportion to the points measured. */
  readonly drift_frac?: number;
}

/** Z of a circuit with these figures. */
export function madeSpectrum(
  circuit: Circuit,
  values: ArrayLike<number>,
  frequency_Hz: Float64Array,
  { seed = 1, noise_frac = 0, drift_frac = 0 }: Flaws = {},
): ImpedanceData {
  const random = seededRandom(seed);
  const z = Array.from(frequency_Hz, (f, i) => {
    const grown = 1 + (drift_frac * i) / (frequency_Hz.length - 1);
    const now = Float64Array.from(circuit.figures, (figure, k) =>
      figure.role === 'resistance' && figure.name !== 'R0' ? values[k] * grown : values[k],
    );
    const { re, im } = circuit.impedance(2 * Math.PI * f, now);
    const sigma = noise_frac * Math.hypot(re, im);
    return [re + sigma * random.gauss(), im + sigma * random.gauss()];
  });
  return {
    frequency_Hz,
    re: Float64Array.from(z, ([re]) => re),
    im: Float64Array.from(z, ([, im]) => im),
  };
}

/** Circuits that the fit is tried with. */
export const FAMILY = [
  'R0-CPE1',
  'R0-p(R1,CPE1)',
  'L0-R0-p(R1,C1)',
  'L0-R0-p(R1,CPE1)-W1',
  'L0-R0-p(R1,CPE1)-Ws1',
  'L0-R0-p(R1,CPE1)-Wo1',
  'R0-p(R1-W1,CPE1)',
  'L0-R0-p(R1,CPE1)-p(R2,CPE2)',
  'L0-R0-p(R1,CPE1)-p(R2,CPE2)-Wo1',
] as const;

/**
 * Figures for a circuit of the family that 100 kHz to 10 mHz show: arcs at some 500 Hz and 5 Hz, diffusion of some
 * seconds, of any size between a milliohm and a hundred ohm.
 */
export function drawnFigures(circuit: Circuit, seed: number): Float64Array {
  const random = seededRandom(1000 + seed);
  const between = (low: number, high: number): number => low * (high / low) ** random.uniform();
  const size = between(1e-3, 100);
  const r1 = size * between(0.3, 1);
  const r2 = size * between(0.3, 1);
  const n1 = 0.75 + 0.2 * random.uniform();
  const n2 = 0.75 + 0.2 * random.uniform();
  const tau1_s = between(1e-4, 1e-3);
  const figures: Readonly<Record<string, number>> = {
    L0: (size * between(0.1, 0.5)) / (2 * Math.PI * 1e5),
    R0: size * between(0.3, 1),
    R1: r1,
    R2: r2,
    C1: tau1_s / r1,
    'CPE1.Q': tau1_s ** n1 / r1,
    'CPE1.n': n1,
    'CPE2.Q': between(1e-2, 1e-1) ** n2 / r2,
    'CPE2.n': n2,
    W1: size * between(0.1, 1),
    'Ws1.R': size * between(0.3, 1),
    'Ws1.tau': between(1, 5),
    'Wo1.R': size * between(0.3, 1),
    'Wo1.tau': between(1, 5),
  };
  return Float64Array.from(circuit.figures, figure => figures[figure.name]);
}

/** A drawn spectrum of the family, 100 kHz to 10 mHz, ten points a decade. */
export function familySpectrum(
  text: string,
  seed: number,
  flaws: Flaws,
): { readonly circuit: Circuit; readonly truth: Float64Array; readonly data: ImpedanceData } {
  const circuit = parseCircuit(text);
  const truth = drawnFigures(circuit, seed);
  return {
    circuit,
    truth,
    data: madeSpectrum(circuit, truth, frequencies(1e5, 0.01, 10), { seed, ...flaws }),
  };
}

/** As a file would have it. */
export function spectrumCsv(
  { frequency_Hz, re, im }: ImpedanceData,
  header = 'frequency_Hz,re_Ohm,im_Ohm',
): string {
  return [header, ...Array.from(frequency_Hz, (f, i) => `${f},${re[i]},${im[i]}`)].join('\n');
}
