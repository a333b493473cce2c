import { columnOf, type FitData } from './fit-data.ts';
import { type FitPlant, type FitProblem, rigAt } from './problem.ts';

/**
 * Impedance over frequency, after `settle_s` at the operating point of `at`. Each point counts by the part of its
 * modulus (B. A. Boukamp, Solid State Ionics 20 (1986) 31), so that small arcs are not lost beside large ones.
 */
export function spectrumProblem(plant: FitPlant, data: FitData, settle_s: number): FitProblem {
  const frequency_Hz = columnOf(data, 'frequency_Hz');
  const re_Ohm = columnOf(data, 're_Ohm');
  const im_Ohm = columnOf(data, 'im_Ohm');
  const x = frequency_Hz.map(f => Math.log10(f));
  const weight = re_Ohm.map((re, i) => 1 / Math.max(Math.hypot(re, im_Ohm[i]), Number.MIN_VALUE));
  return {
    kind: 'impedance spectrum',
    xLabel: 'log10 of frequency in Hz',
    groups: [
      { label: 'Re Z', unit: 'Ohm', x, measured: re_Ohm, weight },
      { label: 'Im Z', unit: 'Ohm', x, measured: im_Ohm, weight },
    ],
    difference_frac: 1e-4,
    fall_frac: 1e-9,
    predict(parameters, out) {
      const rig = rigAt(plant, parameters);
      rig.advanceTo(settle_s);
      const spectrum = rig.impedance(frequency_Hz);
      out.set(spectrum.re_Ohm);
      out.set(spectrum.im_Ohm, frequency_Hz.length);
    },
  };
}
