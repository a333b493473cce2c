/**
 * Frozen figures for PEM cells. Current densities in A/cm2 of active area, voltages in V, 1 bar on both sides unless
 * said. The points stand in the PEM electrolyser database of Ding et al.; where it prolongs a curve by equal steps
 * beyond the last measured point, the prolonged points are left out here.
 */

/** A polarisation curve: density at each voltage. */
export interface Polarisation {
  readonly name: string;
  readonly temperature_degC: number;
  readonly voltages_V: readonly number[];
  readonly densities_A_per_cm2: readonly number[];
  readonly source: string;
}

const SIX_V = [1.5, 1.6, 1.7, 1.8, 1.9, 2.0] as const;

/** Reversible voltage at standard pressure, degC: V (LeRoy et al., J. Electrochem. Soc. 127 (1980) 1954). */
export const REVERSIBLE_V = [
  [25, 1.2291],
  [40, 1.2165],
  [60, 1.1999],
  [80, 1.1834],
  [100, 1.1671],
] as const;

/** Saturation pressure of water, degC: bar (Buck, J. Appl. Meteorol. 20 (1981) 1527). */
export const SATURATION_BAR = [
  [25, 0.0317],
  [40, 0.0738],
  [60, 0.1995],
  [80, 0.474],
] as const;

/** Conductivity of Nafion, degC, water per acid group: S/cm (Springer et al. 1991); three digits. */
export const SPRINGER_S_PER_CM = [
  [80, 14, 0.124],
  [80, 20, 0.18],
  [80, 22, 0.199],
  [80, 25, 0.227],
  [60, 14, 0.1],
  [60, 20, 0.145],
  [60, 22, 0.16],
  [60, 25, 0.183],
  [25, 14, 0.064],
  [25, 20, 0.093],
  [25, 22, 0.103],
  [25, 25, 0.117],
] as const;

/** Hydrogen of 1 A in 1 cell: z F and the molar volume at 0 degC, 1.01325 bar (CODATA 2018). */
export const H2_PER_A_MOL_PER_S = 1 / (2 * 96485.33212);

const BENDER = 'Bender et al., Int. J. Hydrogen Energy 44 (2019) 9174: round robin, Nafion 117, 25 cm2';

export const BENDER_60: Polarisation = {
  name: 'round robin, N117, 60 °C',
  temperature_degC: 60,
  voltages_V: SIX_V,
  densities_A_per_cm2: [0.0582, 0.3254, 0.6957, 1.088, 1.509, 1.9274],
  source: BENDER,
};

export const BENDER_80: Polarisation = {
  name: 'round robin, N117, 80 °C',
  temperature_degC: 80,
  voltages_V: SIX_V,
  densities_A_per_cm2: [0.1601, 0.5306, 0.9719, 1.4442, 1.9552, 2.4585],
  source: BENDER,
};

/** Another partner of the same round robin: how far two laboratories are apart with one and the same cell. */
export const BENDER_OTHER_PARTNER: readonly Polarisation[] = [
  {
    name: 'other partner, N117, 60 °C',
    temperature_degC: 60,
    voltages_V: SIX_V.slice(0, 4),
    densities_A_per_cm2: [0.068, 0.363, 0.751, 1.181],
    source: BENDER,
  },
  {
    name: 'other partner, N117, 80 °C',
    temperature_degC: 80,
    voltages_V: SIX_V.slice(0, 4),
    densities_A_per_cm2: [0.162, 0.546, 1.028, 1.557],
    source: BENDER,
  },
];

const IROX = 'IrOx anode on Nafion 115, literature points in the PEM electrolyser database of Ding et al.';

export const IROX_N115_CURVES: readonly Polarisation[] = [
  {
    name: '30 °C',
    temperature_degC: 30,
    voltages_V: SIX_V.slice(0, 5),
    densities_A_per_cm2: [0.032, 0.179, 0.501, 0.897, 1.316],
    source: IROX,
  },
  {
    name: '60 °C',
    temperature_degC: 60,
    voltages_V: SIX_V.slice(0, 5),
    densities_A_per_cm2: [0.077, 0.437, 0.978, 1.566, 2.198],
    source: IROX,
  },
  {
    name: '80 °C',
    temperature_degC: 80,
    voltages_V: SIX_V.slice(0, 5),
    densities_A_per_cm2: [0.167, 0.7, 1.294, 1.991, 2.8],
    source: IROX,
  },
];

const AQUIVION =
  'IrRu anode on Aquivion of 120 um, literature points in the PEM electrolyser database of Ding et al.';

export const IRRU_AQUIVION_CURVES: readonly Polarisation[] = [
  {
    name: '30 °C',
    temperature_degC: 30,
    voltages_V: SIX_V,
    densities_A_per_cm2: [0.0675, 0.3726, 0.8103, 1.3304, 1.9006, 2.4638],
    source: AQUIVION,
  },
  {
    name: '60 °C',
    temperature_degC: 60,
    voltages_V: SIX_V,
    densities_A_per_cm2: [0.2518, 0.7939, 1.4417, 2.1384, 2.934, 3.6966],
    source: AQUIVION,
  },
  {
    name: '90 °C',
    temperature_degC: 90,
    voltages_V: SIX_V,
    densities_A_per_cm2: [0.6921, 1.3628, 2.1453, 2.9937, 3.8612, 4.8727],
    source: AQUIVION,
  },
];

/** Nafion 212, two iridium loadings, 80 degC. */
export const BERNT_N212: readonly (Polarisation & { readonly iridium_mg_per_cm2: number })[] = [
  {
    name: 'N212, 1.62 mg Ir, 80 °C',
    iridium_mg_per_cm2: 1.62,
    temperature_degC: 80,
    voltages_V: SIX_V,
    densities_A_per_cm2: [0.3146, 1.4221, 2.5979, 4.0292, 5.3456, 6.9599],
    source: 'Bernt et al., J. Electrochem. Soc. 165 (2018) F305',
  },
  {
    name: 'N212, 0.2 mg Ir, 80 °C',
    iridium_mg_per_cm2: 0.2,
    temperature_degC: 80,
    voltages_V: SIX_V,
    densities_A_per_cm2: [0.0163, 0.2875, 0.841, 1.5569, 2.4576, 3.4815],
    source: 'Bernt et al., J. Electrochem. Soc. 165 (2018) F305',
  },
];

/** Where published cells lie at 80 degC: density, then p10, p25, median, p75, p90 of the voltage. */
export const FIELD_80: readonly {
  readonly membrane: string;
  readonly cells: number;
  readonly band_V: readonly (readonly [number, number, number, number, number, number])[];
}[] = [
  {
    membrane: 'N212, 50 µm',
    cells: 68,
    band_V: [
      [0.5, 1.514, 1.519, 1.54, 1.559, 1.588],
      [1, 1.558, 1.566, 1.599, 1.632, 1.676],
      [2, 1.641, 1.658, 1.7, 1.735, 1.802],
      [3, 1.715, 1.743, 1.79, 1.849, 1.895],
      [4, 1.775, 1.8, 1.863, 1.901, 1.959],
    ],
  },
  {
    membrane: 'N115, 125 µm',
    cells: 100,
    band_V: [
      [0.5, 1.537, 1.563, 1.596, 1.646, 1.792],
      [1, 1.611, 1.643, 1.707, 1.746, 1.899],
      [2, 1.713, 1.779, 1.845, 1.923, 1.953],
    ],
  },
  {
    membrane: 'N117, 175 µm',
    cells: 61,
    band_V: [
      [0.5, 1.552, 1.573, 1.595, 1.706, 1.78],
      [1, 1.649, 1.676, 1.708, 1.803, 1.92],
      [2, 1.818, 1.85, 1.883, 1.912, 1.957],
    ],
  },
];

/** Currents of the 46 kW table, A. */
export const GINER_CURRENTS_A = [20, 50, 100, 200, 300, 400] as const;

/**
 * 46 kW stack of 60 cells x 290 cm2, 30 bar cathode, 1 bar anode, V per cell at those currents: the published
 * parameters (Espinosa-Lopez et al., Renewable Energy 119 (2018) 160) evaluated with LeRoy's reversible voltage and
 * the Nernst term for liquid water.
 */
export const GINER_V: readonly { readonly temperature_degC: number; readonly cell_V: readonly number[] }[] = [
  { temperature_degC: 23, cell_V: [1.5605, 1.5948, 1.6374, 1.7107, 1.779, 1.8453] },
  { temperature_degC: 45, cell_V: [1.5341, 1.5649, 1.6006, 1.6591, 1.7122, 1.7632] },
  { temperature_degC: 55, cell_V: [1.5223, 1.5521, 1.5856, 1.6393, 1.6874, 1.7333] },
];

/** Heat capacity and loss of the 46 kW stack with its loop; their product is the time constant without cooling. */
export const GINER_THERMAL = {
  capacity_J_per_K: 162_116,
  resistance_K_per_W: 0.0668,
  tau_s: 10_830,
} as const;

/** NREL electrolyzer (2023), PEM cell: V at these densities; no entropy term in its reversible voltage. */
export const NREL_PEM = {
  densities_A_per_cm2: [0.05, 0.1, 0.2, 0.5, 1, 1.5, 2],
  curves: [
    { temperature_degC: 40, cell_V: [1.5851, 1.6475, 1.7256, 1.8816, 2.0854, 2.2697, 2.4461] },
    { temperature_degC: 60, cell_V: [1.6, 1.6617, 1.7355, 1.8733, 2.0431, 2.1923, 2.333] },
  ],
} as const;

export const CROSSOVER_DENSITIES_A_PER_CM2 = [0.05, 0.1, 0.2, 0.5, 1, 2, 3] as const;

/**
 * H2 in O2, dry vol%, 80 degC, anode 1 bar: permeabilities after Schalenbach et al., Int. J. Hydrogen Energy 38
 * (2013) 14921, with supersaturation as SimSES uses it. No measured points.
 */
export const CROSSOVER_VOL_PCT = [
  { thickness_um: 200, cathode_bara: 1, h2_vol_pct: [1.16, 0.69, 0.45, 0.31, 0.26, 0.24, 0.23] },
  { thickness_um: 200, cathode_bara: 10, h2_vol_pct: [14.8, 8.09, 4.31, 1.89, 1.06, 0.64, 0.5] },
  { thickness_um: 200, cathode_bara: 30, h2_vol_pct: [34.9, 21.1, 11.9, 5.23, 2.79, 1.52, 1.09] },
  { thickness_um: 60, cathode_bara: 1, h2_vol_pct: [3.82, 2.28, 1.5, 1.03, 0.87, 0.79, 0.77] },
  { thickness_um: 60, cathode_bara: 10, h2_vol_pct: [37, 22.8, 13.1, 6.06, 3.46, 2.11, 1.65] },
] as const;

/** Rate of pressure of a closed cathode at 60 degC: A, cells, L, bar/s (ideal gas). */
export const PRESSURE_RATES = [
  [50, 1, 0.5, 0.0144],
  [400, 60, 20, 0.172],
  [2000, 100, 200, 0.144],
] as const;
