/** Natural constants (CODATA 2018) and the reference states of the plant. */

/** Faraday constant, C/mol. */
export const FARADAY_C_PER_MOL = 96485.33212;
/** Molar gas constant, J/(mol K). */
export const GAS_CONSTANT_J_PER_MOL_K = 8.314462618;
/** 0 degC in K. */
export const ZERO_DEGC_K = 273.15;
/** Ambient and normal pressure, bar absolute. */
export const AMBIENT_BARA = 1.01325;
/** Part of dry air that is O2. */
export const AIR_O2_FRAC = 0.2095;
/** Molar volume of an ideal gas at 0 degC and 1.01325 bar, NL/mol. */
export const MOLAR_VOLUME_NL_PER_MOL = 22.413969;
/** Higher heating value of H2 over 2F: the voltage at which a cell makes no heat, V (25 degC, liquid water). */
export const THERMONEUTRAL_V = 1.4813;

/** Liquid water, L/mol. */
export const WATER_L_PER_MOL = 0.018015;

/** Smallest partial pressure in a Nernst term, bar: below, a gas counts as this trace of it. */
export const TRACE_BAR = 1e-6;
