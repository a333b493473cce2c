import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from './constants.ts';

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
 * Lets dt_s pass at a plating reserve (potential of the solid over the electrolyte behind the film, V): moves
 * metal between plated and dead and returns the current density into the metal, A per m2 of particle surface
 * (negative while it dissolves), mean over the step. `most_A_per_m2` bounds the plating by what the cell's own
 * current can feed. Dissolving is integrated exactly, so the metal never falls below zero.
 */
export function stepPlating(
  state: Plated,
  parameters: PlatingParameters,
  reserve_V: number,
  salt_mol_per_m3: number,
  most_A_per_m2: number,
  filmRatio_1: number,
  specificSurface_per_m: number,
  temperature_K: number,
  dt_s: number,
): number {
  const perVolt = FARADAY_C_PER_MOL / (GAS_CONSTANT_J_PER_MOL_K * temperature_K);
  const bounded_V = Math.max(-1, Math.min(1, reserve_V));
  const { rate_m_per_s, transfer_1 } = parameters;
  const plating = rate_m_per_s * salt_mol_per_m3 * Math.exp(-transfer_1 * perVolt * bounded_V);
  const gain = specificSurface_per_m * Math.min(plating, Math.max(0, most_A_per_m2) / FARADAY_C_PER_MOL);
  const loss_per_s = specificSurface_per_m * rate_m_per_s * Math.exp((1 - transfer_1) * perVolt * bounded_V);
  const stripped = state.plated_mol_per_m3 * Math.exp(-loss_per_s * dt_s);
  const end = stripped - (gain / loss_per_s) * Math.expm1(-loss_per_s * dt_s);
  const current = (FARADAY_C_PER_MOL * (end - state.plated_mol_per_m3)) / (specificSurface_per_m * dt_s);
  // A thin film keeps less metal in contact: the decay scales with start over present thickness.
  const dying = end * -Math.expm1(-parameters.decay_per_s * filmRatio_1 * dt_s);
  state.plated_mol_per_m3 = end - dying;
  state.dead_mol_per_m3 += dying;
  return current;
}
