import { GAS_CONSTANT_J_PER_MOL_K } from './constants.ts';

/**
 * Normal hydrogen as a real gas: Lemmon, Huber, Leachman, J. Res. Natl. Inst. Stand. Technol. 113 (2008) 341,
 * doi:10.6028/jres.113.028. Declared there to be within 0.01 % from 220 to 1000 K up to 70 MPa.
 */

/** Molar mass of H2, g/mol, as in that paper. */
export const H2_G_PER_MOL = 2.01588;
/** Heat capacity of H2 at constant pressure near room temperature, J/(mol K); recalled. */
export const H2_CP_J_PER_MOL_K = 28.8;

const A = [
  0.0588846, -0.06136111, -0.002650473, 0.002731125, 0.001802374, -0.001150707, 0.9588528e-4, -0.110904e-6,
  0.1264403e-9,
] as const;
const B = [1.325, 1.87, 2.5, 2.8, 2.938, 3.14, 3.37, 3.75, 4] as const;
const C = [1, 1, 2, 2, 2.42, 2.63, 3, 4, 5] as const;

const BAR_PER_MPA = 10;
const J_PER_BAR_L = 100;
// Beyond the range of the equation the gas counts as at its edge: finite at any input.
const LEAST_K = 200;
const MOST_K = 1500;
const MOST_BARA = 2000;
const ROUNDS = 40;
const SAME_FRAC = 1e-13;

/** Compressibility factor of H2 (1 = ideal); pressure in bar absolute. */
export function h2Compressibility(temperature_K: number, pressure_bara: number): number {
  const t = 100 / Math.min(MOST_K, Math.max(LEAST_K, temperature_K));
  const p = Math.min(MOST_BARA, Math.max(0, pressure_bara)) / BAR_PER_MPA;
  let z = 1;
  for (let k = 0; k < A.length; k++) z += A[k] * t ** B[k] * p ** C[k];
  return z;
}

/** H2 in a volume at this pressure and temperature, mol. */
export function h2InVolume_mol(pressure_bara: number, temperature_K: number, volume_L: number): number {
  const z = h2Compressibility(temperature_K, pressure_bara);
  return (pressure_bara * volume_L * J_PER_BAR_L) / (z * GAS_CONSTANT_J_PER_MOL_K * temperature_K);
}

/** Pressure of so much H2 in a volume, bar absolute: `h2InVolume_mol` turned round, to rounding. */
export function h2Pressure_bara(h2_mol: number, temperature_K: number, volume_L: number): number {
  const ideal = (h2_mol * GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (volume_L * J_PER_BAR_L);
  if (!(ideal > 0)) return 0;
  let p = ideal;
  for (let k = 0; k < ROUNDS; k++) {
    // Z grows slowly with p, so that putting it in again comes nearer each time.
    const next = ideal * h2Compressibility(temperature_K, p);
    const isSame = Math.abs(next - p) <= SAME_FRAC * p;
    p = next;
    if (isSame) break;
  }
  return p;
}
