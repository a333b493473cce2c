import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';

/** Gas on one side of the membrane, partial pressures in bar. `o2_bar` with H2 is that of their equilibrium. */
export interface EmfGas {
  readonly h2_bar: number;
  readonly o2_bar: number;
  readonly steam_bar: number;
}

/** What carries charge through the membrane. */
export interface EmfMembrane {
  /** Part of the ionic current that protons carry; the rest is oxide ions. */
  readonly protonShare_frac: number;
  /** Conductivity of holes over that of ions at 600 degC, 0.21 bar O2 and 0.03 bar steam, and how it grows. */
  readonly holeRatio_1: number;
  readonly holeActivation_J_per_mol: number;
  /** Holes go with pO2^(1/4) pH2O^-n: 0 = steam does not count, 1/2 = much hydrated. */
  readonly steamPower_1: number;
}

const REFERENCE_K = 873.15;
const REFERENCE_O2_BAR = 0.21;
const REFERENCE_STEAM_BAR = 0.03;
/** Traces that are always there: leaks, desorption. bar. */
const LEAST_BAR = 1e-6;
/** Simpson's rule along the gradient; closed form met within 1 uV. */
const PIECES = 40;

/** RT/F, V. */
export function thermal_V(temperature_K: number): number {
  return (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
}

/** Standard voltage of H2 + 1/2 O2 = steam, V: the line that Vollestad et al. 2019 use, 1.253 - 2.4516e-4 T. */
export function standard_V(temperature_K: number): number {
  return 1.253 - 2.4516e-4 * temperature_K;
}

/** ln of the oxygen pressure (bar): what is there, or what steam and H2 make. */
export function oxygenLn(gas: EmfGas, temperature_K: number): number {
  if (gas.h2_bar <= LEAST_BAR) return Math.log(Math.max(LEAST_BAR, gas.o2_bar));
  const k = (2 * standard_V(temperature_K)) / thermal_V(temperature_K);
  const ratio = Math.log(Math.max(LEAST_BAR, gas.steam_bar)) - Math.log(gas.h2_bar);
  return 2 * (ratio - k);
}

const steamLn = (gas: EmfGas): number => Math.log(Math.max(LEAST_BAR, gas.steam_bar));

/**
 * Voltage of the gases if only ions moved, V: (RT/4F) ln(pO2 II / I) - h (RT/2F) ln(pH2O II / I), with h the part that
 * protons carry. II is the positive (steam and oxygen) side. h = 1 is the Nernst voltage of H2 pressures, h = 0 that of
 * oxygen pressures.
 */
export function ionicNernst_V(
  membrane: EmfMembrane,
  positive: EmfGas,
  negative: EmfGas,
  temperature_K: number,
): number {
  const v = thermal_V(temperature_K);
  const oxygen = oxygenLn(positive, temperature_K) - oxygenLn(negative, temperature_K);
  const steam = steamLn(positive) - steamLn(negative);
  return (v / 4) * oxygen - membrane.protonShare_frac * (v / 2) * steam;
}

/**
 * Mean of the ionic transport number along the gradient, 0..1: 1/(1 + r pO2^(1/4) pH2O^-n) with both logarithms going
 * straight from one side to the other. Where only oxygen differs it is the closed form
 * E = E_N - (RT/F) ln[(1 + r pO2_II^(1/4)) / (1 + r pO2_I^(1/4))].
 */
export function meanIonic_frac(
  membrane: EmfMembrane,
  positive: EmfGas,
  negative: EmfGas,
  temperature_K: number,
): number {
  const warm =
    (membrane.holeActivation_J_per_mol / GAS_CONSTANT_J_PER_MOL_K) * (1 / REFERENCE_K - 1 / temperature_K);
  const at = Math.log(Math.max(1e-300, membrane.holeRatio_1)) + warm - Math.log(REFERENCE_O2_BAR) / 4;
  const from = [oxygenLn(negative, temperature_K), steamLn(negative)] as const;
  const to = [oxygenLn(positive, temperature_K), steamLn(positive)] as const;
  const reference = Math.log(REFERENCE_STEAM_BAR);
  let sum = 0;
  for (let k = 0; k <= PIECES; k++) {
    const s = k / PIECES;
    const o2 = from[0] + s * (to[0] - from[0]);
    const steam = from[1] + s * (to[1] - from[1]);
    const holes = Math.exp(Math.min(300, at + o2 / 4 - membrane.steamPower_1 * (steam - reference)));
    const weight = k === 0 || k === PIECES ? 1 : k % 2 === 1 ? 4 : 2;
    sum += weight / (1 + holes);
  }
  return sum / (3 * PIECES);
}
