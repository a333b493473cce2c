import { arrhenius } from '../parts/arrhenius.ts';
import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';

/**
 * Growth of the film (SEI) on the negative particles: lithium that goes into it is lost for good. Forms after
 * Single, Horstmann, Latz, ChemSusChem 11 (2018) 1950 (solvent diffusion) and Ramadass et al., J. Electrochem.
 * Soc. 151 (2004) A196 (reaction limited).
 */
export interface SeiParameters {
  readonly molarVolume_m3_per_mol: number;
  readonly start_m: number;
  readonly resistivity_Ohm_m: number;
  readonly solventDiffusivity_m2_per_s: number;
  readonly solvent_mol_per_m3: number;
  readonly exchange_A_per_m2: number;
  readonly potential_V: number;
  readonly activation_J_per_mol: number;
  /**
   * Share of the potential of the solid that drives the solvent-diffusion form, 0 as in PyBaMM: growth times
   * exp(-share F (potential - reference)/RT).
   */
  readonly potentialShare_1: number;
  readonly reference_V: number;
  readonly lithiumPerSei_1: number;
}

/** Figures that PyBaMM uses with Chen2020, there after Yang 2017 and Safari 2009; basis sourced. */
export const SEI: SeiParameters = {
  molarVolume_m3_per_mol: 9.585e-5,
  start_m: 5e-9,
  resistivity_Ohm_m: 2e5,
  solventDiffusivity_m2_per_s: 2.5e-22,
  solvent_mol_per_m3: 2636,
  exchange_A_per_m2: 1.5e-7,
  potential_V: 0.4,
  activation_J_per_mol: 0,
  potentialShare_1: 0,
  reference_V: 0.13,
  lithiumPerSei_1: 2,
};

/** What limits the growth. */
export type SeiGrowth = 'solvent-diffusion' | 'reaction';

const REFERENCE_K = 298.15;

/**
 * Current density that goes into the film, A per m2 of particle surface, >= 0. `interface_V` is the potential of
 * the solid over the electrolyte behind the film.
 */
export function seiCurrent_A_per_m2(
  parameters: SeiParameters,
  growth: SeiGrowth,
  thickness_m: number,
  interface_V: number,
  temperature_K: number,
): number {
  const activation = arrhenius(parameters.activation_J_per_mol, REFERENCE_K, temperature_K);
  if (growth === 'solvent-diffusion') {
    const { solventDiffusivity_m2_per_s, solvent_mol_per_m3 } = parameters;
    const { potentialShare_1, reference_V } = parameters;
    const over_V = Math.max(-0.2, interface_V) - reference_V;
    const driven_1 =
      potentialShare_1 === 0
        ? 1
        : Math.exp(
            (-potentialShare_1 * FARADAY_C_PER_MOL * over_V) / (GAS_CONSTANT_J_PER_MOL_K * temperature_K),
          );
    const flux = activation * driven_1 * solventDiffusivity_m2_per_s * solvent_mol_per_m3;
    return (flux * FARADAY_C_PER_MOL) / thickness_m;
  }
  // Symmetric transfer; an electrode below -0.2 V (overcharge: other reactions then) does not drive it further.
  const drive_V = Math.min(parameters.potential_V - interface_V, parameters.potential_V + 0.2);
  const halfThermal_per_V = FARADAY_C_PER_MOL / (2 * GAS_CONSTANT_J_PER_MOL_K * temperature_K);
  return activation * parameters.exchange_A_per_m2 * Math.exp(halfThermal_per_V * drive_V);
}

/** Thickness after dt_s at a current density into the film, m. */
export function seiThickness_m(
  parameters: SeiParameters,
  thickness_m: number,
  current_A_per_m2: number,
  dt_s: number,
): number {
  const perCharge_m3_per_C =
    parameters.molarVolume_m3_per_mol / (parameters.lithiumPerSei_1 * FARADAY_C_PER_MOL);
  return thickness_m + perCharge_m3_per_C * current_A_per_m2 * dt_s;
}
