import { ZERO_DEGC_K } from './constants.ts';
import { saturationPressure_bar } from './pem-cell.ts';

/** Properties of aqueous KOH and of the diaphragm soaked with it. `koh_frac` is the mass fraction, 0..0.45. */

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
export function lyeMolality_mol_per_kg(koh_frac: number): number {
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

/** Activity of water in the lye, 0..1: Balej 1985. */
export function lyeWaterActivity(temperature_K: number, koh_frac: number): number {
  const m = lyeMolality_mol_per_kg(koh_frac);
  return 10 ** (-0.02255 * m + 1.434e-3 * m * m + (1.38 * m - 0.9254 * m * m) / inRange(temperature_K));
}

const ZIRFON_DEGC = [19, 30, 39, 50, 59, 70, 80];
const ZIRFON_OHM_CM2 = [0.28, 0.26, 0.21, 0.18, 0.17, 0.14, 0.13];

/** Resistance of a 500 um Zirfon diaphragm in 30 wt% KOH, Ohm cm2: Vermeiren et al. (measured, 19..80 degC). */
export function zirfonResistance_Ohm_cm2(temperature_K: number): number {
  const t = temperature_K - ZERO_DEGC_K;
  const last = ZIRFON_DEGC.length - 1;
  let k = 1;
  while (k < last && t > ZIRFON_DEGC[k]) k++;
  const part = (t - ZIRFON_DEGC[k - 1]) / (ZIRFON_DEGC[k] - ZIRFON_DEGC[k - 1]);
  const inside = Math.min(1, Math.max(0, part));
  return ZIRFON_OHM_CM2[k - 1] + (ZIRFON_OHM_CM2[k] - ZIRFON_OHM_CM2[k - 1]) * inside;
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
