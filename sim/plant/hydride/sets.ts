import { declare } from '../parts/declared.ts';
import type { DeclaredParameter } from '../parts/model.ts';

/** One alloy with its figures, and where they were measured. */
export interface HydrideSet {
  readonly name: string;
  readonly about: string;
  readonly validity_degC: readonly [low: number, high: number];
  readonly declared: readonly DeclaredParameter[];
}

const LUO =
  'Luo et al., J. Alloys Compd. (1998), doi:10.1016/S0925-8388(97)00536-7, with the van ’t Hoff lines that ' +
  'PurdueH2Lab/MetalHydrideToolbox fitted to it';
const ENDS =
  'fitted here to the isotherms of Luo et al. 1998 at 273, 298 and 323 K (digitised in that toolbox)';
const TOOLBOX = 'LaNi5 entries of PurdueH2Lab/MetalHydrideToolbox';
const RATES =
  'figures usual in models of LaNi5 tanks since Mayer, Groll, Supper, J. Less-Common Met. 131 (1987) 235';

/** LaNi5, activated powder. */
const LANI5: HydrideSet = {
  name: 'lani5',
  about:
    'LaNi5: plateaus measured from 248 to 323 K, beyond that by van ’t Hoff; rates recalled, not measured on one sample.',
  validity_degC: [-25, 50],
  declared: [
    declare('absorption_kJ_per_mol', -31.17, [-120, -5], 0.5, 'sourced', LUO),
    declare('absorption_J_per_mol_K', -111.4, [-200, -50], 1.5, 'sourced', LUO),
    declare('desorption_kJ_per_mol', -32.15, [-120, -5], 0.5, 'sourced', LUO),
    declare('desorption_J_per_mol_K', -112.8, [-200, -50], 1.5, 'sourced', LUO),
    declare('plateauSlope_1', 0.02, [0, 5], 0.05, 'sourced', ENDS),
    declare('poorEnd_frac', 0.0427, [0, 0.3], 0.005, 'sourced', ENDS),
    declare('poorEndPower_1', 2.17, [0.5, 6], 0.3, 'sourced', ENDS),
    declare('fullEnd_frac', 0.1063, [0, 0.3], 0.01, 'sourced', ENDS),
    declare('fullEndPower_1', 3.45, [0.5, 6], 0.5, 'sourced', ENDS),
    declare('capacity_pct', 1.61, [0.1, 20], 0.02, 'sourced', `${ENDS}; at 9 bar and 25 degC 1.46`),
    declare('absorptionRate_per_s', 59.187, [0, 1e12], 20, 'recalled', RATES),
    declare('absorptionActivation_kJ_per_mol', 21.18, [0, 250], 2, 'recalled', RATES),
    declare('desorptionRate_per_s', 9.57, [0, 1e13], 3, 'recalled', RATES),
    declare('desorptionActivation_kJ_per_mol', 16.42, [0, 250], 2, 'recalled', RATES),
    declare('density_kg_per_m3', 8300, [500, 20_000], 100, 'sourced', TOOLBOX),
    declare('heat_J_per_kg_K', 390, [100, 5000], 30, 'sourced', `${TOOLBOX}: 355..419`),
  ],
};

/** All alloys; the first is the default. */
export const HYDRIDE_SETS: readonly HydrideSet[] = [LANI5];
