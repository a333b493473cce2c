import { GAS_CONSTANT_J_PER_MOL_K } from './constants.ts';

/** Arrhenius factor from the reference temperature to this one. */
export function arrhenius(activation_J_per_mol: number, reference_K: number, temperature_K: number): number {
  return Math.exp((activation_J_per_mol / GAS_CONSTANT_J_PER_MOL_K) * (1 / reference_K - 1 / temperature_K));
}
