import { ZERO_DEGC_K } from '../parts/constants.ts';
import { saturationPressure_bar } from '../pem/cell.ts';

/** Properties of aqueous KOH. `koh_frac` is the mass fraction, 0..0.45. */

const KOH_KG_PER_MOL = 0.0561056;
/** Where the correlations still give sensible figures, K; outside, the nearest is taken. */
const COLDEST_K = 263.15;
const HOTTEST_K = 473.15;

function inRange(temperature_K: number): number {
  return Math.min(HOTTEST_K, Math.max(COLDEST_K, temperature_K));
}

/** Density of the lye, kg/m3; 0..100 degC (correlation used by Gilliam et al., IJHE 32 (2007) 359). */
export function lyeDensity_kg_per_m3(temperature_K: number, koh_frac: number): number {
  const t = inRange(temperature_K) - ZERO_DEGC_K;
  return (-0.0032 * t * t - 0.1108 * t + 1001.7) * Math.exp(0.86 * koh_frac);
}

/** Amount of KOH per volume of lye, mol/L. */
export function lyeMolarity_mol_per_L(temperature_K: number, koh_frac: number): number {
  return (koh_frac * lyeDensity_kg_per_m3(temperature_K, koh_frac)) / (1000 * KOH_KG_PER_MOL);
}

/** Amount of KOH per mass of water, mol/kg. */
function lyeMolality_mol_per_kg(koh_frac: number): number {
  return koh_frac / (1 - koh_frac) / KOH_KG_PER_MOL;
}

/** Conductivity, S/cm, of KOH of a molarity (0..12 mol/L), 0..100 degC: Gilliam et al., IJHE 32 (2007) 359. */
export function kohConductivity_S_per_cm(temperature_K: number, molarity_mol_per_L: number): number {
  const m = molarity_mol_per_L;
  const t = inRange(temperature_K);
  const kappa =
    -2.041 * m -
    0.0028 * m * m +
    0.005332 * m * t +
    (207.2 * m) / t +
    0.001043 * m * m * m -
    3e-7 * m * m * t * t;
  return Math.max(0, kappa);
}

/** Vapour pressure of water over the lye, bar: Balej, Int. J. Hydrogen Energy 10 (1985) 233; 0..18 mol/kg. */
export function lyeVapour_bar(temperature_K: number, koh_frac: number): number {
  const m = lyeMolality_mol_per_kg(koh_frac);
  const a = -0.01508 * m - 1.6788e-3 * m * m + 2.25887e-5 * m * m * m;
  // Some public codes write 1.26062e-3 for the first coefficient.
  const b = 1 - 1.2062e-3 * m + 5.6024e-4 * m * m - 7.8228e-6 * m * m * m;
  return 10 ** (a + b * Math.log10(saturationPressure_bar(inRange(temperature_K))));
}

const H2_SOLUBILITY_MOL_PER_L_BAR = 7.6e-4;
/** Salting out of H2 by KOH, L/mol (recalled; Setschenow, about 0.13 at 25..80 degC). */
const SETSCHENOW_L_PER_MOL = 0.13;

/**
 * H2 dissolved in the lye, mol/(L bar): that of water (7.4e-4..7.8e-4 between 25 and 80 degC, so one figure), salted
 * out. Basis recalled.
 */
export function h2Solubility_mol_per_L_bar(molarity_mol_per_L: number): number {
  return H2_SOLUBILITY_MOL_PER_L_BAR * 10 ** (-SETSCHENOW_L_PER_MOL * molarity_mol_per_L);
}
