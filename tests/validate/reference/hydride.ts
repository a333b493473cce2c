/**
 * Hydride references. LaNi5: isotherms of Luo et al., J. Alloys Compd. (1998), doi:10.1016/S0925-8388(97)00536-7, as
 * digitised in PurdueH2Lab/MetalHydrideToolbox; mass of H over mass of the hydride, %, and bar absolute. H2: check values
 * of Lemmon, Huber, Leachman, doi:10.6028/jres.113.028.
 */

/** One branch of a measured isotherm: [content %, pressure bara]. */
export interface Isotherm {
  readonly temperature_K: number;
  readonly branch: 'absorption' | 'desorption';
  readonly points: readonly (readonly [content_pct: number, pressure_bara: number])[];
}

/** LaNi5, 273..323 K. */
export const LANI5_ISOTHERMS: readonly Isotherm[] = [
  {
    temperature_K: 273,
    branch: 'absorption',
    points: [
      [0.052, 0.139],
      [0.076, 0.343],
      [0.12, 0.748],
      [0.204, 0.747],
      [0.283, 0.77],
      [0.45, 0.734],
      [0.652, 0.755],
      [0.837, 0.754],
      [1.025, 0.729],
      [1.246, 0.716],
      [1.277, 0.727],
      [1.409, 1.089],
      [1.446, 2.065],
      [1.467, 3.916],
    ],
  },
  {
    temperature_K: 273,
    branch: 'desorption',
    points: [
      [0.043, 0.128],
      [0.095, 0.388],
      [0.107, 0.447],
      [0.217, 0.556],
      [0.516, 0.571],
      [0.804, 0.543],
      [0.988, 0.509],
      [1.194, 0.524],
      [1.353, 0.566],
      [1.417, 1.056],
      [1.458, 2.651],
    ],
  },
  {
    temperature_K: 298,
    branch: 'absorption',
    points: [
      [0.076, 0.861],
      [0.101, 1.97],
      [0.144, 2.231],
      [0.287, 2.193],
      [0.493, 2.188],
      [0.887, 2.178],
      [1.223, 2.204],
      [1.386, 2.653],
      [1.429, 4.438],
      [1.448, 6.256],
      [1.46, 8.682],
    ],
  },
  {
    temperature_K: 298,
    branch: 'desorption',
    points: [
      [0.054, 0.284],
      [0.064, 0.44],
      [0.101, 1.292],
      [0.223, 1.791],
      [0.419, 1.732],
      [0.65, 1.783],
      [0.838, 1.724],
      [1.036, 1.747],
      [1.244, 1.827],
      [1.357, 1.912],
      [1.417, 3.681],
    ],
  },
  {
    temperature_K: 323,
    branch: 'absorption',
    points: [
      [0.066, 0.946],
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured pressure
      [0.085, 2.303],
      [0.115, 3.735],
      [0.173, 4.867],
      [0.208, 5.777],
      [0.435, 5.945],
      [0.67, 6.117],
      [0.949, 6.098],
      [1.308, 6.774],
      [1.378, 7.79],
      [1.392, 9.541],
      [1.423, 14.77],
      [1.44, 22.86],
    ],
  },
  {
    temperature_K: 323,
    branch: 'desorption',
    points: [
      [0.07, 0.64],
      [0.093, 1.822],
      [0.159, 3.347],
      [0.223, 4.293],
      [0.505, 4.347],
      [0.792, 4.685],
      [1.159, 4.665],
      [1.359, 6.666],
      [1.411, 12.63],
    ],
  },
];

/** Compressibility of H2: [temperature K, pressure MPa, Z]. */
export const H2_CHECKS: readonly (readonly [temperature_K: number, pressure_MPa: number, z: number])[] = [
  [200, 1, 1.0067545],
  [300, 10, 1.0598528],
  [400, 50, 1.2430476],
  [500, 200, 1.7446163],
];
