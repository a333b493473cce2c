/** Constants of water electrolysis, and what follows from Faraday's law. SI and CODATA 2018 unless said. */

/** Charge of a mole of electrons, C/mol (CODATA 2018, exact since the SI of 2019). */
export const FARADAY_C_PER_MOL = 96485.33212;
/** Molar mass of H2, g/mol (IUPAC). */
const H2_G_PER_MOL = 2.01588;
/** Molar volume of an ideal gas at 0 degC and 1.01325 bar, L/mol (CODATA 2018). */
const MOLAR_VOLUME_NL = 22.41396954;
/** Standard atmosphere, bar. */
export const ATMOSPHERE_BAR = 1.01325;
export const ZERO_DEGC_K = 273.15;

/** Voltage equivalent of the heat of combustion of H2 at 25 degC: dH/2F with 285.83 (HHV) and 241.82 (LHV) kJ/mol. */
export const HHV_V = 1.4812;
export const LHV_V = 1.2531;

/** H2 by Faraday, g per A.h of one cell: 0.03761. */
export const H2_G_PER_AH = (3600 * H2_G_PER_MOL) / (2 * FARADAY_C_PER_MOL);
/** Mass of a normal litre of H2, g. */
export const H2_G_PER_NL = H2_G_PER_MOL / MOLAR_VOLUME_NL;
/** Specific energy per volt of cell voltage at 100 % Faradaic efficiency, kWh/kg: 26.59. */
export const KWH_PER_KG_PER_V = 1 / H2_G_PER_AH;

/** Specific DC energy, kWh/kg, at a cell voltage. */
export function specificEnergy_kWh_per_kg(cellVoltage_V: number, faradaicEfficiency = 1): number {
  return (KWH_PER_KG_PER_V * cellVoltage_V) / faradaicEfficiency;
}

/** Voltage efficiency (0..1) at a cell voltage, on the higher and the lower heating value. */
export function voltageEfficiency(cellVoltage_V: number): { readonly hhv: number; readonly lhv: number } {
  return { hhv: HHV_V / cellVoltage_V, lhv: LHV_V / cellVoltage_V };
}

/** The largest content of a gas is the largest mean over so long, life s: the largest of many readings is mostly noise. */
export const PEAK_S = 10;
