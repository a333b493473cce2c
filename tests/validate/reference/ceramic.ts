/**
 * Proton-ceramic cell, steady state at given protonic current densities: an own solver of the one-dimensional
 * membrane model of Vøllestad et al., Nature Materials 18 (2019) 752, with the parameters that BattMo uses. No
 * measured polarisation stands behind it. `points`: protonic current density and total current density A/cm2, cell
 * voltage V, faradaic efficiency 1.
 */
export const CERAMIC_TABLE: readonly {
  readonly temperature_degC: number;
  readonly pressure_bar: number;
  readonly points: readonly (readonly [
    protonic: number,
    total: number,
    cell_V: number,
    faradaic_1: number,
  ])[];
}[] = [
  {
    temperature_degC: 500,
    pressure_bar: 1,
    points: [
      [0.05, 0.055, 1.126, 0.913],
      [0.1, 0.11, 1.195, 0.907],
      [0.2, 0.235, 1.313, 0.851],
      [0.5, 0.882, 1.595, 0.567],
      [1, 5.5, 2.0, 0.18],
    ],
  },
  {
    temperature_degC: 500,
    pressure_bar: 10,
    points: [
      [0.05, 0.053, 1.142, 0.948],
      [0.1, 0.104, 1.193, 0.96],
      [0.2, 0.21, 1.286, 0.952],
      [0.5, 0.582, 1.518, 0.859],
      [1, 1.91, 1.853, 0.523],
    ],
  },
  {
    temperature_degC: 550,
    pressure_bar: 10,
    points: [
      [0.05, 0.056, 1.109, 0.892],
      [0.1, 0.108, 1.141, 0.926],
      [0.2, 0.214, 1.204, 0.934],
      [0.5, 0.568, 1.379, 0.88],
      [1, 1.6, 1.651, 0.627],
    ],
  },
  {
    temperature_degC: 600,
    pressure_bar: 1,
    points: [
      [0.05, 0.077, 1.056, 0.649],
      [0.1, 0.137, 1.091, 0.732],
      [0.2, 0.265, 1.159, 0.754],
      [0.5, 0.804, 1.355, 0.622],
      [1, 3.5, 1.673, 0.286],
    ],
  },
  {
    temperature_degC: 600,
    pressure_bar: 10,
    points: [
      [0.05, 0.064, 1.088, 0.775],
      [0.1, 0.118, 1.11, 0.851],
      [0.2, 0.226, 1.155, 0.886],
      [0.5, 0.58, 1.287, 0.863],
      [1, 1.48, 1.509, 0.676],
    ],
  },
];
