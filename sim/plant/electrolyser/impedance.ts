import type { Spectrum } from '../parts/model.ts';

/** The mean cell for a small change of the current at its present state, per cm2 of active area. */
export interface SmallSignal {
  /** In series: membrane, contacts, and what ageing has added to them. */
  readonly ohmic_Ohm_cm2: number;
  /** Charge transfer of the active area that is left, beside its double layer. */
  readonly chargeTransfer_Ohm_cm2: number;
  readonly doubleLayer_F_per_cm2: number;
  /** Transport through the porous layers of an aged cell, which follows the current with this time constant, s. */
  readonly transport_Ohm_cm2: number;
  readonly transport_s: number;
}

/**
 * Impedance of cells in series: leads, ohmic part, the charge transfer beside the double layer, and transport,
 * Z = j w L + n (R + R_ct || 1 / (j w C) + R_t / (1 + j w t)); gas and heat are taken as at rest, so it holds above some
 * 0.1 Hz. Frequencies in Hz (> 0), area in cm2, Z in Ohm.
 */
export function seriesImpedance(
  frequencies_Hz: Float64Array,
  cells: number,
  inductance_H: number,
  activeArea_cm2: number,
  cell: SmallSignal,
): Spectrum {
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  const perCell = cells / activeArea_cm2;
  const arcs = [
    [cell.chargeTransfer_Ohm_cm2, cell.chargeTransfer_Ohm_cm2 * cell.doubleLayer_F_per_cm2],
    [cell.transport_Ohm_cm2, cell.transport_s],
  ];
  frequencies_Hz.forEach((frequency_Hz, i) => {
    if (!(frequency_Hz > 0)) throw new RangeError(`frequency ${frequency_Hz} Hz: expected above 0`);
    const omega = 2 * Math.PI * frequency_Hz;
    re_Ohm[i] = perCell * cell.ohmic_Ohm_cm2;
    im_Ohm[i] = omega * inductance_H;
    for (const [size_Ohm_cm2, time_s] of arcs) {
      const x = omega * time_s;
      re_Ohm[i] += (perCell * size_Ohm_cm2) / (1 + x * x);
      im_Ohm[i] -= (perCell * size_Ohm_cm2 * x) / (1 + x * x);
    }
  });
  return { re_Ohm, im_Ohm };
}
