/**
 * Frozen results of PyBaMM (version of August 2026) with the Chen2020 set of the LG M50 cell (Chen et al.,
 * J. Electrochem. Soc. 167 (2020) 080534): 5 Ah, 2.5..4.2 V, 25 degC unless said, default initial concentrations
 * (open circuit 4.1809 V, not 4.2 V). Fine meshes; solver tolerance 1e-7.
 */

/** Part of 5 Ah drawn, for the columns of `DISCHARGES`. */
export const DRAWN_FRAC = [0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** A discharge at constant current to 2.5 V. */
export interface Discharge {
  readonly name: string;
  readonly rate_1_per_h: number;
  readonly end_s: number;
  readonly voltage_V: readonly number[];
}

/** Single-particle model with electrolyte. */
export const SPME_DISCHARGES: readonly Discharge[] = [
  {
    name: 'C/10',
    rate_1_per_h: 0.1,
    end_s: 36579.1,
    voltage_V: [4.1583, 4.1093, 4.0712, 4.0067, 3.9181, 3.8142, 3.7253, 3.6461, 3.566, 3.4687, 3.3171],
  },
  {
    name: 'C/2',
    rate_1_per_h: 0.5,
    end_s: 7222,
    voltage_V: [4.0899, 4.0102, 3.9805, 3.8951, 3.8166, 3.7087, 3.619, 3.553, 3.4713, 3.3727, 3.1948],
  },
  {
    name: '1C',
    rate_1_per_h: 1,
    end_s: 3555.8,
    voltage_V: [4.0363, 3.9377, 3.8766, 3.7853, 3.704, 3.5852, 3.5117, 3.4538, 3.3681, 3.2697, 3.0627],
  },
  {
    name: '2C',
    rate_1_per_h: 2,
    end_s: 1712.4,
    voltage_V: [3.9611, 3.8386, 3.6831, 3.5879, 3.4668, 3.3689, 3.3131, 3.2526, 3.1547, 3.054, 2.7874],
  },
];

/** The same without electrolyte (plain single-particle model). */
export const SPM_DISCHARGES: readonly Discharge[] = [
  {
    name: 'C/10',
    rate_1_per_h: 0.1,
    end_s: 36587.3,
    voltage_V: [4.161, 4.1148, 4.0768, 4.0123, 3.9237, 3.8199, 3.731, 3.6517, 3.5717, 3.4744, 3.3227],
  },
  {
    name: '1C',
    rate_1_per_h: 1,
    end_s: 3567.7,
    voltage_V: [4.0634, 3.9887, 3.9327, 3.8416, 3.7603, 3.6416, 3.5682, 3.5104, 3.4247, 3.3265, 3.1198],
  },
];

/** The full porous-electrode model: what the single-particle form gives away. Quoted in notes, no row of its own. */
export const DFN_DISCHARGES: readonly Discharge[] = [
  {
    name: '1C',
    rate_1_per_h: 1,
    end_s: 3555.3,
    voltage_V: [4.0375, 3.941, 3.88, 3.7875, 3.6978, 3.5889, 3.5121, 3.445, 3.363, 3.2646, 3.0587],
  },
  {
    name: '2C',
    rate_1_per_h: 2,
    end_s: 1703,
    voltage_V: [3.9648, 3.8456, 3.7039, 3.5877, 3.4655, 3.3793, 3.303, 3.2166, 3.1261, 3.0002, 2.7448],
  },
];

/** 1C, isothermal at another temperature: degC, end s, V at 1000 s and at 2000 s. */
export const OVER_TEMPERATURE = [
  [0, 3540.7, 3.6668, 3.4192],
  [10, 3547.3, 3.6926, 3.4452],
  [25, 3555.8, 3.7272, 3.4801],
  [45, 3565.0, 3.7623, 3.5151],
] as const;

/** State of charge 0.5, 1C discharge for 10 s, then rest: seconds after the start, V. */
export const PULSE = [
  [0.1, 3.63173],
  [1, 3.62579],
  [10, 3.60071],
  [10.1, 3.71762],
  [20, 3.73304],
  [70, 3.74365],
  [610, 3.74798],
] as const;

/** Open-circuit voltage over the state of charge: 1, V. */
export const OPEN_CIRCUIT = [
  [0, 2.5],
  [0.05, 3.10945],
  [0.1, 3.29591],
  [0.2, 3.48519],
  [0.3, 3.58145],
  [0.4, 3.66701],
  [0.5, 3.75087],
  [0.6, 3.84058],
  [0.7, 3.94791],
  [0.8, 4.04208],
  [0.9, 4.09666],
  [0.95, 4.12355],
  [1, 4.2],
] as const;

/** Lumped heat, 10 W/(m2 K): rise K at 0.25, 0.5, 0.75 and 1 of the discharge. */
export const THERMAL_RISES = [
  { rate_1_per_h: 1, rise_K: [8.96, 11.03, 11.82, 13.37], dfn_K: [8.77, 10.93, 12.17, 13.83] },
  { rate_1_per_h: 2, rise_K: [20.1, 29.8, 35.0, 39.7], dfn_K: [18.9, 28.8, 36.1, 44.5] },
] as const;

/** From full: 1C to 2.5 V, 1 h rest, 0.5C to 4.2 V, held to C/50, rest. */
export const CCCV = {
  discharge_s: 3594.5,
  discharge_Ah: 4.9923,
  rest_V: 2.9823,
  cc_s: 6128.6,
  cc_Ah: 4.2559,
  cv_s: 3430.7,
  cv_Ah: 0.7058,
  end_V: 4.189,
} as const;

/** 2C from the default start at 800 s: the parts of the voltage, mV, mean concentration mol/m3. */
export const PARTS_2C_800_S = {
  electrolyte_mol_per_m3: 1036.23,
  negative_mV: 97.94,
  positive_mV: -51.12,
  concentration_mV: -82.45,
  electrolyteOhmic_mV: -40.58,
  solidOhmic_mV: -13.64,
} as const;

/** Impedance at state of charge 0.5, single-particle model with electrolyte and double layers: Hz, re, im in mOhm. */
export const IMPEDANCE = [
  [1e4, 5.423, -0.051],
  [1e3, 5.453, -0.502],
  [100, 7.006, -3.619],
  [10, 19.777, -11.549],
  [1, 30.398, -2.51],
  [0.1, 31.578, -1.99],
  [0.01, 35.932, -6.828],
  [0.001, 48.394, -16.759],
] as const;

/** The same from the porous-electrode model. */
export const IMPEDANCE_DFN = [
  [1e4, 2.848, -0.462],
  [1e3, 3.856, -1.378],
  [100, 6.803, -4.051],
  [10, 19.683, -11.595],
  [1, 30.305, -2.518],
  [0.1, 31.495, -1.998],
  [0.01, 35.809, -6.885],
  [0.001, 48.636, -16.909],
] as const;

/** Growth of the SEI in cycles of 1C discharge and C/3 CC-CV charge: Ah at cycles 1, 25, 50, 75, 100. */
export const SEI_CYCLES = [1, 25, 50, 75, 100] as const;
export const SEI_SOLVENT = {
  capacity_Ah: [5.153, 5.1494, 5.1465, 5.144, 5.1418],
  lithiumLoss_pct: 0.153,
} as const;
export const SEI_REACTION = {
  capacity_Ah: [5.1524, 5.1337, 5.1144, 5.0953, 5.0763],
  lithiumLoss_pct: 1.03,
} as const;

/** Stored at state of charge 0.98: hours, Ah lost (solvent-diffusion limited). */
export const SEI_CALENDAR = [
  [10, 0.000415],
  [100, 0.003587],
  [500, 0.012729],
  [1000, 0.020454],
] as const;

/** The pulse of `PULSE` from the porous-electrode model. */
export const PULSE_DFN = [
  [0.1, 3.63293],
  [1, 3.62695],
  [10, 3.60198],
  [10.1, 3.7178],
  [20, 3.73334],
  [70, 3.74376],
  [610, 3.74798],
] as const;
