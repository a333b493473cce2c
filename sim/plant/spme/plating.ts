import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';

/**
 * Lithium plating on the negative particles, partly reversible: plated metal dissolves again when the electrode rises
 * above 0 V, and what stays too long loses contact (dead). After O'Kane et al., Phys. Chem. Chem. Phys. 24 (2022) 7909.
 */
export interface PlatingParameters {
  readonly rate_m_per_s: number;
  /** Cathodic transfer coefficient; the stripping takes the rest to 1. */
  readonly transfer_1: number;
  readonly decay_per_s: number;
}

/** O'Kane 2022; basis sourced. */
export const PLATING: PlatingParameters = { rate_m_per_s: 1e-9, transfer_1: 0.65, decay_per_s: 1e-6 };

/** Metal on the negative particles, mol per m3 of electrode. */
export interface Plated {
  plated_mol_per_m3: number;
  dead_mol_per_m3: number;
}

/**
 * Current density into the metal over the next dt_s, A per m2 of particle surface, negative while metal dissolves, at a
 * plating reserve (potential of the solid over the electrolyte behind the film, V). Dissolving is integrated
 * exactly, so no more dissolves than there is.
 */
export function platingCurrent_A_per_m2(
  state: Readonly<Plated>,
  parameters: PlatingParameters,
  reserve_V: number,
  salt_mol_per_m3: number,
  specificSurface_per_m: number,
  temperature_K: number,
  dt_s: number,
): number {
  const perVolt = FARADAY_C_PER_MOL / (GAS_CONSTANT_J_PER_MOL_K * temperature_K);
  const bounded_V = Math.max(-1, Math.min(1, reserve_V));
  const { rate_m_per_s, transfer_1 } = parameters;
  const plating = rate_m_per_s * salt_mol_per_m3 * Math.exp(-transfer_1 * perVolt * bounded_V);
  const loss_per_s = specificSurface_per_m * rate_m_per_s * Math.exp((1 - transfer_1) * perVolt * bounded_V);
  const gone = -Math.expm1(-loss_per_s * dt_s);
  const change = (plating * specificSurface_per_m) / loss_per_s - state.plated_mol_per_m3;
  return (FARADAY_C_PER_MOL * change * gone) / (specificSurface_per_m * dt_s);
}

/**
 * Books the current density of the step that has been taken, and lets metal lose contact; `filmRatio_1` is the film's
 * thickness at the start over that of now (a thicker film keeps more metal in contact).
 */
export function bookPlating(
  state: Plated,
  parameters: PlatingParameters,
  current_A_per_m2: number,
  filmRatio_1: number,
  specificSurface_per_m: number,
  dt_s: number,
): void {
  const made = (current_A_per_m2 * specificSurface_per_m * dt_s) / FARADAY_C_PER_MOL;
  const plated = Math.max(0, state.plated_mol_per_m3 + made);
  const dying = plated * -Math.expm1(-parameters.decay_per_s * filmRatio_1 * dt_s);
  state.plated_mol_per_m3 = plated - dying;
  state.dead_mol_per_m3 += dying;
}
