/**
 * Parameter sets of PEM cells, as data. `basis` says how far a figure may be trusted:
 * sourced = read in the named source (or fitted to data read there), recalled = known, not looked up,
 * default = chosen here.
 */
export type ParameterBasis = 'sourced' | 'recalled' | 'default';

/**
 * Kinetics and resistance of one cell: V = U_rev(T) + Nernst + b(T) asinh(i / 2 i0(T)) / ln 10 + ASR(T) i.
 * b is proportional to T (constant transfer coefficient); i0 and ASR follow Arrhenius from `reference_K`.
 */
export interface CellParameters {
  readonly name: string;
  readonly reference_K: number;
  /** Tafel slope at the reference temperature, V per decade. */
  readonly tafelSlope_V: number;
  /** Exchange current density at the reference temperature, A/cm2. */
  readonly exchange_A_per_cm2: number;
  readonly exchangeActivation_J_per_mol: number;
  /** Area-specific resistance (membrane, contacts) at the reference temperature, Ohm cm2. */
  readonly asr_Ohm_cm2: number;
  readonly asrActivation_J_per_mol: number;
  /** Wet thickness of the membrane that the fitted resistance contains, cm. */
  readonly membrane_cm: number;
  /** Protonic conductivity of that membrane at a temperature (K), S/cm; Nafion full of liquid water if not said. */
  readonly membraneConductivity_S_per_cm?: (temperature_K: number) => number;
  /** Temperatures for which the set was fitted, degC. */
  readonly valid_degC: readonly [number, number];
  readonly basis: ParameterBasis;
  readonly source: string;
}

/** Fitted to 30 points at 30, 60 and 80 degC, 1 bar; rmse 6.4 mV. The stack of the example bench uses it. */
export const IROX_N115: CellParameters = {
  name: 'IrOx anode, Nafion 115',
  reference_K: 353.15,
  tafelSlope_V: 0.082,
  exchange_A_per_cm2: 2.85e-5,
  exchangeActivation_J_per_mol: 36_400,
  asr_Ohm_cm2: 0.11,
  asrActivation_J_per_mol: 11_400,
  membrane_cm: 0.0161,
  valid_degC: [30, 80],
  basis: 'sourced',
  source:
    'fit to literature points (IrOx on Nafion 115) collected in the PEM electrolyser database of Ding et al.',
};

/** One temperature only: the activation energies are zero, so it is not to be used away from it. */
export const BENDER_N117_60: CellParameters = {
  name: 'round robin, Nafion 117, 60 degC',
  reference_K: 333.15,
  tafelSlope_V: 0.0539,
  exchange_A_per_cm2: 10 ** -6.65,
  exchangeActivation_J_per_mol: 0,
  asr_Ohm_cm2: 0.224,
  asrActivation_J_per_mol: 0,
  membrane_cm: 0.02,
  valid_degC: [60, 60],
  basis: 'sourced',
  source: 'fit (rmse 0.6 mV) to Bender et al., Int. J. Hydrogen Energy 44 (2019) 9174, round robin',
};

export const BENDER_N117_80: CellParameters = {
  name: 'round robin, Nafion 117, 80 degC',
  reference_K: 353.15,
  tafelSlope_V: 0.0644,
  exchange_A_per_cm2: 10 ** -5.46,
  exchangeActivation_J_per_mol: 0,
  asr_Ohm_cm2: 0.185,
  asrActivation_J_per_mol: 0,
  membrane_cm: 0.02,
  valid_degC: [80, 80],
  basis: 'sourced',
  source: 'fit (rmse 1.1 mV) to Bender et al., Int. J. Hydrogen Energy 44 (2019) 9174, round robin',
};

/**
 * 46 kW stack of 60 x 290 cm2, 20..55.8 degC, 15..35 bar. eta = RT / (2 alpha F) asinh(i / 2 i0), alpha 0.7353;
 * conductivity 10.31 S/m at 25 degC over 178 um.
 */
export const GINER_46_KW: CellParameters = {
  name: 'Giner 46 kW stack, Nafion 117',
  reference_K: 298.15,
  tafelSlope_V: (Math.LN10 * 8.314462618 * 298.15) / (2 * 0.7353 * 96485.33212),
  exchange_A_per_cm2: 1.08e-8,
  exchangeActivation_J_per_mol: 52_994,
  asr_Ohm_cm2: 0.0178 / 0.1031,
  asrActivation_J_per_mol: 10_536,
  membrane_cm: 0.02,
  valid_degC: [20, 60],
  basis: 'sourced',
  source:
    'Espinosa-Lopez et al., Renewable Energy 119 (2018) 160; TransiEnt library BaseElectrolyzerL2Specification',
};

/** Fitted to 42 points at 30..90 degC; rmse 8.2 mV. */
export const IRRU_AQUIVION: CellParameters = {
  name: 'IrRu anode, Aquivion 120 um',
  reference_K: 353.15,
  tafelSlope_V: 0.0895,
  exchange_A_per_cm2: 3.7e-4,
  exchangeActivation_J_per_mol: 46_700,
  asr_Ohm_cm2: 0.105,
  asrActivation_J_per_mol: 6_700,
  membrane_cm: 0.012,
  valid_degC: [30, 90],
  basis: 'sourced',
  source:
    'fit to literature points (IrRu on Aquivion) collected in the PEM electrolyser database of Ding et al.',
};

const BERNT_2018 = 'Bernt et al., J. Electrochem. Soc. 165 (2018) F305';

/** One temperature only. */
export const BERNT_N212_HIGH_80: CellParameters = {
  name: 'Nafion 212, 1.62 mg Ir/cm2, 80 degC',
  reference_K: 353.15,
  tafelSlope_V: 0.054,
  exchange_A_per_cm2: 10 ** -6.22,
  exchangeActivation_J_per_mol: 0,
  asr_Ohm_cm2: 0.065,
  asrActivation_J_per_mol: 0,
  membrane_cm: 0.0065,
  valid_degC: [80, 80],
  basis: 'sourced',
  source: `fit (rmse 4.4 mV) to ${BERNT_2018}`,
};

/** One temperature only. */
export const BERNT_N212_LOW_80: CellParameters = {
  name: 'Nafion 212, 0.2 mg Ir/cm2, 80 degC',
  reference_K: 353.15,
  tafelSlope_V: 0.0706,
  exchange_A_per_cm2: 10 ** -6.4,
  exchangeActivation_J_per_mol: 0,
  asr_Ohm_cm2: 0.1,
  asrActivation_J_per_mol: 0,
  membrane_cm: 0.0065,
  valid_degC: [80, 80],
  basis: 'sourced',
  source: `fit (rmse 7.4 mV) to ${BERNT_2018}`,
};

/**
 * The cell of the open NREL model at 40 and 60 degC, fitted with this law (rmse 0.02 mV, 14 points). That model has no
 * entropy in its reversible voltage and two Tafel slopes of 16 and 66 mV: its 2.33 V at 2 A/cm2 and 60 degC lie far above
 * the published cells. For comparison of shapes and of ageing, not of volts.
 */
export const NREL_LIKE: CellParameters = {
  name: 'NREL open model',
  reference_K: 333.15,
  tafelSlope_V: 0.165188,
  exchange_A_per_cm2: 10 ** -3.679696,
  exchangeActivation_J_per_mol: -9611,
  asr_Ohm_cm2: 0.240193,
  asrActivation_J_per_mol: 11_621,
  membrane_cm: 0.03,
  valid_degC: [40, 60],
  basis: 'sourced',
  source: 'fit to the PEM cell of the open model "electrolyzer" (National Renewable Energy Laboratory, 2023)',
};

/** Gas permeation through the wet membrane. */
export interface MembraneParameters {
  readonly name: string;
  /** Wet thickness, cm. */
  readonly thickness_cm: number;
  readonly reference_K: number;
  /** Permeabilities at the reference temperature, mol/(cm s bar). */
  readonly h2Permeability: number;
  readonly o2Permeability: number;
  readonly activation_J_per_mol: number;
  /** Supersaturation at the electrodes as a local rise of pressure, bar cm2/A. */
  readonly h2Supersaturation: number;
  readonly o2Supersaturation: number;
  /** Part of the permeated H2 that the anode oxidises (0..1): it never reaches the gas. */
  readonly anodeOxidised_frac: number;
  /** Part of the permeated O2 that the cathode's platinum turns into water (0..1). */
  readonly cathodeRecombined_frac: number;
  readonly basis: ParameterBasis;
  readonly source: string;
}

/** Isothermal set at 80 degC, nothing recombines: the model table of SimSES. */
export const SCHALENBACH_80: Omit<MembraneParameters, 'thickness_cm'> = {
  name: 'wet Nafion, 80 degC',
  reference_K: 353.15,
  h2Permeability: 4.65e-11,
  o2Permeability: 2.0e-11,
  activation_J_per_mol: 0,
  h2Supersaturation: 2.4,
  o2Supersaturation: 2.8,
  anodeOxidised_frac: 0,
  cathodeRecombined_frac: 0,
  basis: 'sourced',
  source: 'Schalenbach et al., Int. J. Hydrogen Energy 38 (2013) 14921, as used by SimSES',
};

/**
 * Nafion 115, swollen to 161 um. Permeability: Arrhenius through 2.98e-11 (60 degC) and 4.43e-11 (80 degC) of
 * Goshtasbi et al. 2020 at a water volume fraction of 0.4. That 15 % of the permeated H2 is oxidised at the anode
 * is chosen here; Gawas et al. 2025 (10.1039/d5ee00048c) show that a part is, at 10..30 barg.
 */
export const N115_MEMBRANE: MembraneParameters = {
  name: 'Nafion 115, wet',
  thickness_cm: 0.0161,
  reference_K: 353.15,
  h2Permeability: 4.43e-11,
  o2Permeability: 2.0e-11,
  activation_J_per_mol: 19_400,
  h2Supersaturation: 2.4,
  o2Supersaturation: 2.8,
  anodeOxidised_frac: 0.15,
  cathodeRecombined_frac: 0.95,
  basis: 'default',
  source:
    'Goshtasbi et al., J. Electrochem. Soc. 167 (2020) 024518; Schalenbach 2013; recombined parts chosen here',
};

/** The same membrane material in another wet thickness, cm. */
export function nafion(name: string, thickness_cm: number): MembraneParameters {
  return { ...N115_MEMBRANE, name, thickness_cm };
}
