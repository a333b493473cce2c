import type { Spectrum } from '../parts/model.ts';

/**
 * Impedance of cells in series: leads and ohmic part, then the charge transfer beside the double layer,
 * Z = j w L + R + n (R_ct || 1 / (j w C)); gas and heat are taken as at rest, so it holds above some 0.1 Hz.
 * `ohmic_Ohm` of the whole stack, the rest of one cell. Frequencies in Hz (> 0), Z in Ohm.
 */
export function seriesImpedance(
  frequencies_Hz: Float64Array,
  cells: number,
  inductance_H: number,
  ohmic_Ohm: number,
  chargeTransfer_Ohm: number,
  doubleLayer_F: number,
): Spectrum {
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  frequencies_Hz.forEach((frequency_Hz, i) => {
    if (!(frequency_Hz > 0)) throw new RangeError(`frequency ${frequency_Hz} Hz: expected above 0`);
    const omega = 2 * Math.PI * frequency_Hz;
    const x = omega * chargeTransfer_Ohm * doubleLayer_F;
    re_Ohm[i] = ohmic_Ohm + (cells * chargeTransfer_Ohm) / (1 + x * x);
    im_Ohm[i] = omega * inductance_H - (cells * chargeTransfer_Ohm * x) / (1 + x * x);
  });
  return { re_Ohm, im_Ohm };
}
