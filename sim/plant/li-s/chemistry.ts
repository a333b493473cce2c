import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import { ATOM_G_PER_C, ELECTRONS, type LiSParameters, SULFUR_G_PER_MOL } from './parameters.ts';

/** Places of the species in the state: dissolved S8, S4, S2, S and precipitated Sp, g each. */
export const SPECIES = { s8: 0, s4: 1, s2: 2, s: 3, sp: 4, count: 5 } as const;

/** Volts per e-fold of the two Nernst potentials (RT/4F). */
export function nernstSlope_V(temperature_K: number): number {
  return (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (ELECTRONS * FARADAY_C_PER_MOL);
}

/** Upper plateau: S8 + 4e -> 2 S4; equation 2a of Marinescu 2016 with masses for concentrations. */
export function upperPotential_V(p: LiSParameters, slope_V: number, s8_g: number, s4_g: number): number {
  const molar = (16 * SULFUR_G_PER_MOL * p.electrolyte_L) / 8;
  return p.upper_V + slope_V * (Math.log(molar * s8_g) - 2 * Math.log(s4_g));
}

/** Lower plateau: S4 + 4e -> S2 + 2 S; equation 2b. */
export function lowerPotential_V(
  p: LiSParameters,
  slope_V: number,
  s4_g: number,
  s2_g: number,
  s_g: number,
): number {
  const molar = (2 * SULFUR_G_PER_MOL ** 2 * p.electrolyte_L ** 2) / 4;
  return p.lower_V + slope_V * (Math.log(molar * s4_g) - Math.log(s2_g) - 2 * Math.log(s_g));
}

/** Current of one reaction at its overvoltage, A, positive on discharge; equations 5 and 6. */
export function reactionCurrent_A(exchange_A: number, slope_V: number, overvoltage_V: number): number {
  return -2 * exchange_A * Math.sinh(overvoltage_V / (2 * slope_V));
}

/** Precipitation per gram of precipitate and gram above saturation, 1/(g s). */
export function precipitationRate(p: LiSParameters): number {
  return p.precipitation_per_s / (p.electrolyte_L * p.precipitateDensity_g_per_L);
}

/** Equations 8a-e: change of the species, g/s, at these reaction currents (discharge positive). */
export function changeOfSpecies(
  p: LiSParameters,
  shuttle_per_s: number,
  x: Float64Array,
  upper_A: number,
  lower_A: number,
  into: Float64Array,
): void {
  const shuttle = shuttle_per_s * x[SPECIES.s8];
  const precipitation = precipitationRate(p) * x[SPECIES.sp] * (x[SPECIES.s] - p.saturation_g);
  into[SPECIES.s8] = -8 * ATOM_G_PER_C * upper_A - shuttle;
  into[SPECIES.s4] = 8 * ATOM_G_PER_C * upper_A + shuttle - 4 * ATOM_G_PER_C * lower_A;
  into[SPECIES.s2] = 2 * ATOM_G_PER_C * lower_A;
  into[SPECIES.s] = 2 * ATOM_G_PER_C * lower_A - precipitation;
  into[SPECIES.sp] = precipitation;
}

/** What can still be drawn, Ah: three steps of four electrons from S8, one from S4. */
export function remaining_Ah(x: Float64Array): number {
  return (3 * x[SPECIES.s8]) / (8 * ATOM_G_PER_C * 3600) + x[SPECIES.s4] / (4 * ATOM_G_PER_C * 3600);
}
