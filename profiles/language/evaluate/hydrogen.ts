import { GAS_CONSTANT, ZERO_CELSIUS_K } from '../units/table.ts';

/**
 * Hydrogen as a real gas: Lemmon, Huber, Leachman, Revised standardized equation for hydrogen gas densities for fuel
 * consumption applications, J. Res. Natl. Inst. Stand. Technol. 113 (2008) 341, doi:10.6028/jres.113.028, table 1.
 * Z = 1 + sum a (100 K / T)^b (p / 1 MPa)^c, within 0.15 % from 150 to 1000 K up to 200 MPa.
 */
const A = [
  0.0588846, -0.06136111, -0.002650473, 0.002731125, 0.001802374, -0.001150707, 0.9588528e-4, -0.110904e-6,
  0.1264403e-9,
];
const B = [1.325, 1.87, 2.5, 2.8, 2.938, 3.14, 3.37, 3.75, 4];
const C = [1, 1, 2, 2, 2.42, 2.63, 3, 4, 5];

const COLDEST_K = 150;
const HOTTEST_K = 1000;
const HIGHEST_MPA = 200;
const MPA_PER_BAR = 0.1;

/** Compressibility factor of hydrogen at T in K and p in MPa; NaN outside the range of the equation. */
export function hydrogenCompressibility(temperature_K: number, pressure_MPa: number): number {
  const isInside =
    temperature_K >= COLDEST_K &&
    temperature_K <= HOTTEST_K &&
    pressure_MPa >= 0 &&
    pressure_MPa <= HIGHEST_MPA;
  if (!isInside) return Number.NaN;
  let z = 1;
  for (let k = 0; k < A.length; k++) z += A[k] * (100 / temperature_K) ** B[k] * pressure_MPa ** C[k];
  return z;
}

/** Amount of hydrogen, mol, in a volume at an absolute pressure; NaN outside the range of the equation. */
export function hydrogenAmount_mol(
  pressure_bara: number,
  temperature_degC: number,
  volume_L: number,
): number {
  const temperature_K = temperature_degC + ZERO_CELSIUS_K;
  const z = hydrogenCompressibility(temperature_K, pressure_bara * MPA_PER_BAR);
  // bar L is 100 J.
  return (pressure_bara * volume_L * 100) / (z * GAS_CONSTANT * temperature_K);
}
