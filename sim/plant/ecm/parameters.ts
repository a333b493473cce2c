import type { CellHeatParameters } from '../cell/heat.ts';
import type { DeclaredParameter } from '../parts/model.ts';

/** A cell as open-circuit voltage, a resistance and two RC elements, all over the state of charge. */
export interface EcmParameters {
  readonly name: string;
  /** What the figures stand for and where they hold. */
  readonly about: string;
  /** Temperatures for which the figures hold, degC; 15..35 if left out. */
  readonly valid_degC?: readonly [low: number, high: number];
  readonly capacity_Ah: number;
  readonly voltageMin_V: number;
  readonly voltageMax_V: number;
  readonly openCircuitSoc_frac: readonly number[];
  readonly openCircuit_V: readonly number[];
  /** dU/dT, V/K; its heat is I T dU/dT. */
  readonly entropic_V_per_K: number;
  readonly elementSoc_frac: readonly number[];
  readonly r0_Ohm: readonly number[];
  readonly r1_Ohm: readonly number[];
  readonly tau1_s: readonly number[];
  readonly r2_Ohm: readonly number[];
  readonly tau2_s: readonly number[];
  /** Of all three resistances, from 25 degC; the time constants stay. */
  readonly activation_J_per_mol: number;
  readonly heat: CellHeatParameters;
  /** Attaches the ageing laws of the 3 Ah LFP cell. */
  readonly agesAsLfp: boolean;
  readonly basis: DeclaredParameter['basis'];
  readonly source: string;
  /** Relative standard uncertainty of the resistances and of the capacity. */
  readonly resistanceU_frac: number;
  readonly capacityU_frac: number;
}

const OPEN_CIRCUIT_SOC = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Natural convection of 0.0531 W/K in all; the split between cell, clamps and air is a default. */
const LOOSE_HOLDER = { cellToHolder_W_per_K: 0.5, holder_J_per_K: 20, holderToAir_W_per_K: 0.0594 };

/** LG M50 (5 Ah NMC811 / graphite-SiOx) as the electrochemical set of Chen et al. 2020. */
export const ECM_CHEN2020: EcmParameters = {
  name: 'chen2020',
  about:
    'LG M50, 5 Ah: two RC elements fitted (rmse 0.5-1.1 mV) to the 30 min of rest after 60 s at 1C of a DFN with the ' +
    'parameters of Chen 2020, SOC 0.1-0.9, 25 degC. Under load the first ten seconds are some 8-11 mV too small, for ' +
    'diffusion is no RC element; outside SOC 0.1-0.9 the resistances stay at their last value.',
  capacity_Ah: 5.1532,
  voltageMin_V: 2.5,
  voltageMax_V: 4.2,
  openCircuitSoc_frac: OPEN_CIRCUIT_SOC,
  openCircuit_V: [
    2.5, 3.10945, 3.29591, 3.48519, 3.58145, 3.66701, 3.75087, 3.84058, 3.94791, 4.04208, 4.09666, 4.12355,
    4.2,
  ],
  entropic_V_per_K: 0,
  elementSoc_frac: [0.1, 0.3, 0.5, 0.7, 0.9],
  r0_Ohm: [0.0294, 0.0241, 0.0227, 0.0229, 0.0246],
  r1_Ohm: [0.0079, 0.0077, 0.009, 0.0087, 0.004],
  tau1_s: [8.4, 18.5, 20.6, 17.8, 8.7],
  r2_Ohm: [0.016, 0.0094, 0.0142, 0.0125, 0.0083],
  tau2_s: [59, 108, 150, 124, 50],
  activation_J_per_mol: 20_000,
  heat: { cell_J_per_K: 42.8, ...LOOSE_HOLDER },
  agesAsLfp: false,
  basis: 'sourced',
  source:
    'own fit to a Doyle-Fuller-Newman run with Chen et al., J. Electrochem. Soc. 167 (2020) 080534; activation energy ' +
    'and holder: default',
  resistanceU_frac: 0.05,
  capacityU_frac: 0.02,
};

const PARABOLA_SOC = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const parabola = (middle_Ohm: number): number[] =>
  PARABOLA_SOC.map(soc => middle_Ohm * (1 + 0.2 * ((soc - 0.5) / 0.5) ** 2));

/** The example circuit of PyBaMM: no particular cell; for checks against another code. */
export const ECM_THEVENIN_100AH: EcmParameters = {
  name: 'thevenin-100Ah',
  about:
    'Demonstration circuit of 100 Ah, 1 mOhm, one RC element of 30 s; no particular cell. Open-circuit table rounded to ' +
    '13 points and 1 mV, entropic heat left out: up to 11 mV and 0.3 K beside the original.',
  capacity_Ah: 100,
  voltageMin_V: 3.2,
  voltageMax_V: 4.2,
  openCircuitSoc_frac: OPEN_CIRCUIT_SOC,
  openCircuit_V: [3.2, 3.447, 3.494, 3.576, 3.625, 3.655, 3.697, 3.768, 3.854, 3.937, 4.046, 4.104, 4.187],
  entropic_V_per_K: 0,
  elementSoc_frac: PARABOLA_SOC,
  r0_Ohm: parabola(0.0004),
  r1_Ohm: parabola(0.0006),
  tau1_s: PARABOLA_SOC.map(() => 30),
  r2_Ohm: PARABOLA_SOC.map(() => 0),
  tau2_s: PARABOLA_SOC.map(() => 1),
  activation_J_per_mol: 20_000,
  heat: { cell_J_per_K: 1000, cellToHolder_W_per_K: 10, holder_J_per_K: 500, holderToAir_W_per_K: 10 },
  agesAsLfp: false,
  basis: 'sourced',
  source: 'example set of the Thevenin model, Sulzer et al., PyBaMM, J. Open Res. Softw. 9 (2021) 14',
  resistanceU_frac: 0.05,
  capacityU_frac: 0.01,
};

/** The 3 Ah LFP cell whose ageing Naumann measured. */
export const ECM_LFP_26650: EcmParameters = {
  name: 'lfp-26650',
  about:
    'LFP/graphite, 3 Ah, 26650, with calendar and cycle ageing after Naumann 2018/2020. Open-circuit curve that of the ' +
    'set of Prada 2013; resistances are of the usual size for such a cell, not measured: for ageing studies, not for ' +
    'voltage accuracy. No hysteresis.',
  // Those of the ageing; in the cold the capacity of the set does not fall.
  valid_degC: [0, 60],
  capacity_Ah: 3,
  voltageMin_V: 2,
  voltageMax_V: 3.6,
  openCircuitSoc_frac: OPEN_CIRCUIT_SOC,
  openCircuit_V: [
    2, 2.78532, 2.97809, 3.16849, 3.20582, 3.2525, 3.26603, 3.26882, 3.27403, 3.30969, 3.31417, 3.31639, 3.6,
  ],
  entropic_V_per_K: 0,
  elementSoc_frac: [0, 1],
  r0_Ohm: [0.02, 0.02],
  r1_Ohm: [0.008, 0.008],
  tau1_s: [10, 10],
  r2_Ohm: [0.01, 0.01],
  tau2_s: [150, 150],
  activation_J_per_mol: 20_000,
  // 0.07 kg of 1001 J/(kg K); 15 W/(m2 K) on the 64 cm2 of a 26650.
  heat: { cell_J_per_K: 70.07, cellToHolder_W_per_K: 2, holder_J_per_K: 20, holderToAir_W_per_K: 0.1 },
  agesAsLfp: true,
  basis: 'recalled',
  source:
    'capacity, heat and ageing: Naumann et al., J. Energy Storage 17 (2018) 153 and J. Power Sources 451 (2020) 227666; ' +
    'resistances: recalled size of such cells',
  resistanceU_frac: 0.3,
  capacityU_frac: 0.02,
};

/** Magnesium coin cell: Mo6S8 against Mg. */
export const ECM_MG_COIN: EcmParameters = {
  name: 'mg-coin-cell',
  about:
    'Mg metal against Chevrel phase Mo6S8 in a coin cell, 10 mg of Mo6S8 (129 mAh/g). Every figure is of the recalled ' +
    'size (plateaus at 1.2 and 1.05 V, some 100 Ohm of interface, hours of diffusion), none is measured: for trying out ' +
    'methods, limits and current ranges, not for prediction. No passivation of Mg, no drift of a quasi-reference.',
  capacity_Ah: 0.00129,
  voltageMin_V: 0.3,
  voltageMax_V: 1.8,
  openCircuitSoc_frac: [0, 0.05, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95, 1],
  openCircuit_V: [0.4, 0.9, 1.03, 1.06, 1.09, 1.15, 1.2, 1.3, 1.7],
  entropic_V_per_K: 0,
  elementSoc_frac: [0, 0.5, 1],
  r0_Ohm: [15, 15, 15],
  r1_Ohm: [150, 100, 120],
  tau1_s: [0.02, 0.015, 0.02],
  r2_Ohm: [400, 200, 300],
  tau2_s: [900, 600, 900],
  activation_J_per_mol: 40_000,
  heat: { cell_J_per_K: 3, cellToHolder_W_per_K: 0.1, holder_J_per_K: 20, holderToAir_W_per_K: 0.05 },
  agesAsLfp: false,
  basis: 'default',
  source: 'plateaus recalled from Aurbach et al., Nature 407 (2000) 724; all else chosen here',
  resistanceU_frac: 0.5,
  capacityU_frac: 0.2,
};

/** All sets; the first is the default. */
export const ECM_SETS: readonly EcmParameters[] = [
  ECM_CHEN2020,
  ECM_LFP_26650,
  ECM_MG_COIN,
  ECM_THEVENIN_100AH,
];
