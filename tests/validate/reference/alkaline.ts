/** Frozen measured points of alkaline stacks: current densities in mA/cm2 (Ulleberg, de Groot, Sakas), voltages per cell in V. */

/** Measured points of one temperature and pressure. */
export interface MeasuredCurve {
  readonly temperature_degC: number;
  readonly pressure_bar: number;
  /** mA/cm2, V. */
  readonly points: readonly (readonly [number, number])[];
}

/** 26 kW stack at 7 bar, digitised (Ulleberg, Int. J. Hydrogen Energy 28 (2003) 21). */
export const ULLEBERG: readonly MeasuredCurve[] = [
  {
    temperature_degC: 40,
    pressure_bar: 7,
    points: [
      [40.2, 1.6653],
      [56.8, 1.7094],
      [74.4, 1.7406],
      [94.6, 1.7747],
      [119.1, 1.8116],
      [135.1, 1.8343],
      [157, 1.8584],
    ],
  },
  {
    temperature_degC: 50,
    pressure_bar: 7,
    points: [
      [39, 1.6183],
      [54.9, 1.6524],
      [67, 1.6823],
      [91.1, 1.7235],
      [106.5, 1.7419],
      [128.7, 1.7717],
      [163.3, 1.8086],
      [199.9, 1.8554],
    ],
  },
  {
    temperature_degC: 60,
    pressure_bar: 7,
    points: [
      [41.7, 1.5842],
      [53.1, 1.6126],
      [68.4, 1.641],
      [82.4, 1.6666],
      [105.6, 1.6921],
      [122.3, 1.7219],
      [145.5, 1.7531],
      [170.6, 1.7801],
    ],
  },
  {
    temperature_degC: 70,
    pressure_bar: 7,
    points: [
      [42.1, 1.5457],
      [60.7, 1.5784],
      [76.3, 1.6068],
      [86.5, 1.6238],
      [119.8, 1.665],
      [134.5, 1.6962],
      [162.3, 1.7218],
      [167.5, 1.7246],
    ],
  },
  {
    temperature_degC: 80,
    pressure_bar: 7,
    points: [
      [113, 1.618],
      [127.7, 1.6351],
      [140.8, 1.6521],
      [150.9, 1.6634],
      [154.2, 1.6677],
    ],
  },
];

/** Faradaic efficiency at 80 degC, mA/cm2: 1 (Ulleberg 2003, f1 250 mA2/cm4, f2 0.96). */
export const ULLEBERG_FARADAY_80 = [
  [20, 0.591],
  [40, 0.83],
  [60, 0.898],
  [100, 0.937],
  [200, 0.954],
  [300, 0.957],
] as const;

const SANCHEZ_DENSITIES = [150, 200, 250, 300, 350, 400, 450, 500] as const;

function sanchez(temperature_degC: number, cell_V: readonly number[]): MeasuredCurve {
  return {
    temperature_degC,
    pressure_bar: 7,
    points: SANCHEZ_DENSITIES.map((i, k) => [i, cell_V[k] ?? Number.NaN]),
  };
}

/**
 * 15 kW stack of 12 x 1000 cm2 (Sanchez et al., Int. J. Hydrogen Energy 43 (2018) 20332). The file with the points
 * does not state the pressure; 7 bar fits best of 5..9 bar.
 */
export const SANCHEZ: readonly MeasuredCurve[] = [
  sanchez(75, [1.7771, 1.8248, 1.8686, 1.9144, 1.9621, 2.0021, 2.0498, 2.086]),
  sanchez(65, [1.8095, 1.8686, 1.9201, 1.9659, 2.0097, 2.0593, 2.0974, 2.1375]),
  sanchez(55, [1.8553, 1.9163, 1.9754, 2.025, 2.0688, 2.1108, 2.1489, 2.1871]),
];

/** Faradaic efficiency of the same stack from its published formula: degC, A/m2, 1. */
export const SANCHEZ_FARADAY = [
  [75, 500, 0.474],
  [75, 1000, 0.765],
  [75, 2000, 0.904],
  [75, 3000, 0.935],
  [75, 5000, 0.952],
  [60, 500, 0.443],
  [60, 1000, 0.751],
  [60, 2000, 0.909],
  [60, 3000, 0.946],
  [60, 5000, 0.966],
] as const;

/** H2 in O2 of the same stack from its published correlation: degC, bar, A/m2, vol%; two digits. */
export const SANCHEZ_HTO = [
  [60, 7, 500, 1.9],
  [60, 7, 1000, 1.4],
  [60, 7, 2000, 1.0],
  [60, 7, 3000, 0.8],
  [60, 7, 5000, 0.7],
  [75, 7, 500, 1.7],
  [75, 7, 1000, 1.5],
  [75, 7, 2000, 1.1],
  [75, 7, 3000, 0.9],
  [75, 7, 5000, 0.7],
  [75, 9, 500, 1.8],
  [75, 9, 1000, 1.5],
  [75, 9, 2000, 1.2],
  [75, 9, 3000, 1.0],
  [75, 9, 5000, 0.8],
] as const;

const DE_GROOT_DENSITIES = [19, 95, 146, 210, 348, 468, 595, 723] as const;

function deGroot(temperature_degC: number, cell_V: readonly number[]): MeasuredCurve {
  return {
    temperature_degC,
    pressure_bar: 30,
    points: DE_GROOT_DENSITIES.map((i, k) => [i, cell_V[k] ?? Number.NaN]),
  };
}

/** Zero-gap stack of 20 Nm3/h (de Groot et al., Int. J. Hydrogen Energy 47 (2022) 34773). */
export const DE_GROOT_30_BAR: readonly MeasuredCurve[] = [
  deGroot(70, [1.471, 1.584, 1.619, 1.66, 1.737, 1.813, 1.866, 1.921]),
  deGroot(60, [1.494, 1.608, 1.649, 1.69, 1.785, 1.857, 1.917, 1.968]),
  deGroot(50, [1.506, 1.624, 1.666, 1.71, 1.815, 1.885, 1.955, 2.01]),
];

/** The same stack at 10 bar: not used for the fit. */
export const DE_GROOT_10_BAR: MeasuredCurve = {
  temperature_degC: 50,
  pressure_bar: 10,
  points: [
    [19, 1.493],
    [95, 1.606],
    [144, 1.653],
    [356, 1.793],
    [472, 1.871],
    [595, 1.936],
  ],
};

/** 3 MW plant at 16 bar (Sakas et al., Int. J. Hydrogen Energy 47 (2022) 4328). */
export const SAKAS: readonly MeasuredCurve[] = [
  {
    temperature_degC: 70,
    pressure_bar: 16,
    points: [
      [68, 1.6052],
      [113, 1.6808],
      [136, 1.7282],
      [170, 1.7685],
      [204, 1.8046],
      [238, 1.8368],
      [273, 1.8663],
      [307, 1.8861],
      [341, 1.9166],
    ],
  },
  {
    temperature_degC: 61,
    pressure_bar: 16,
    points: [
      [186, 1.8366],
      [228, 1.8858],
      [270, 1.929],
      [312, 1.9698],
      [341, 1.9947],
    ],
  },
];

/**
 * Pressurising runs of a 160-cell stack in the field, from its log of one afternoon (Università Politecnica delle
 * Marche, published with the AEC-Modelling data): start, length, rise of pressure, H2 made meanwhile, and the gas
 * volume that follows if nothing leaves.
 */
export const FIELD_PRESSURISING = [
  { start: '14:48', length_s: 360, rise_bar: 3.9, h2_mol: 8.82, volume_L: 60 },
  { start: '14:57', length_s: 360, rise_bar: 4.31, h2_mol: 9.24, volume_L: 57 },
  { start: '15:06', length_s: 360, rise_bar: 3.97, h2_mol: 9.17, volume_L: 61 },
  { start: '15:28', length_s: 360, rise_bar: 4.55, h2_mol: 9.46, volume_L: 55 },
  { start: '17:18', length_s: 360, rise_bar: 4.36, h2_mol: 8.98, volume_L: 55 },
  { start: '17:31', length_s: 180, rise_bar: 3.47, h2_mol: 5.29, volume_L: 40 },
  { start: '17:55', length_s: 480, rise_bar: 4.46, h2_mol: 11.4, volume_L: 68 },
  { start: '18:22', length_s: 300, rise_bar: 4.52, h2_mol: 7.39, volume_L: 43 },
  { start: '18:43', length_s: 300, rise_bar: 4.48, h2_mol: 6.36, volume_L: 38 },
] as const;

/** Pressure of the run of 15:28, bar, minute by minute. */
export const FIELD_RUN_1528_BAR = [0.09, 0.23, 1.21, 1.84, 2.34, 3.34, 4.64] as const;
