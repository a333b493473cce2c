import { ZERO_DEGC_K } from '../parts/constants.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import { gridRig } from '../parts/grid-rig.ts';
import type { DeclaredParameter, PlantModel, PlantRig, PlantSubject } from '../parts/model.ts';
import { analog, type PlantRandom } from '../parts/sensors.ts';
import { type EmfInput, type EmfParameters, emfResistances, emfSpectrum, emfStart, stepEmf } from './cell.ts';
import { total_mol } from './chamber.ts';

/** One ceramic; conductivities at 600 degC in moist gas. */
interface EmfSet {
  readonly name: string;
  readonly about: string;
  readonly ionic_S_per_cm: number;
  readonly ionic_eV: number;
  readonly protonShare_frac: number;
  readonly holeRatio_1: number;
}

const KJ_PER_EV = 96.485;
const CONDUCTIVITY = 'BZCYYb1711 2..2.5e-2 S/cm at 600 degC, 0.40..0.55 eV; BZY20 total 2..8e-3';
const TRANSPORT =
  'wet H2 t_H 0.97..1 at 500, 0.9..0.97 at 700 degC; moist air t_ion 0.9..0.97, 0.75..0.9, 0.5..0.75 at 500, 600, 700';
const CHOSEN = 'chosen here';

const SETS: readonly EmfSet[] = [
  {
    name: 'bzcyyb1711',
    about: 'BaZr0.1Ce0.7Y0.1Yb0.1O3, a pellet of 1 mm.',
    ionic_S_per_cm: 0.02,
    ionic_eV: 0.45,
    protonShare_frac: 0.95,
    holeRatio_1: 0.18,
  },
  {
    name: 'bzy20',
    about: 'BaZr0.8Y0.2O3, a pellet of 1 mm: less of everything, hardly any oxide ions.',
    ionic_S_per_cm: 0.005,
    ionic_eV: 0.6,
    protonShare_frac: 0.99,
    holeRatio_1: 0.22,
  },
];

const declaredOf = (set: EmfSet): readonly DeclaredParameter[] => [
  declare(
    'ionic_S_per_cm',
    set.ionic_S_per_cm,
    [1e-7, 1],
    0.3 * set.ionic_S_per_cm,
    'recalled',
    CONDUCTIVITY,
  ),
  declare('ionic_kJ_per_mol', set.ionic_eV * KJ_PER_EV, [1, 200], 5, 'recalled', CONDUCTIVITY),
  declare('protonShare_frac', set.protonShare_frac, [0, 1], 0.03, 'recalled', TRANSPORT),
  declare(
    'holeRatio_1',
    set.holeRatio_1,
    [0, 100],
    0.07,
    'recalled',
    `0.21 bar O2, 0.03 bar steam, 600 degC: ${TRANSPORT}`,
  ),
  declare('hole_kJ_per_mol', 73, [-100, 300], 10, 'recalled', `holes over ions; ${TRANSPORT}`),
  declare(
    'steamPower_1',
    0.5,
    [0, 1],
    0.15,
    'recalled',
    'holes fall with steam; 20..50 % of it raise t by 0.05..0.15',
  ),
  declare('thickness_mm', 1, [0.005, 10], 0.01, 'default', 'a sintered pellet'),
  declare('electrodes_Ohm_cm2', 0.5, [1e-4, 1000], 0.2, 'default', `both, at 600 degC; ${CHOSEN}`),
  declare('electrodes_kJ_per_mol', 100, [0, 300], 20, 'default', CHOSEN),
  declare('doubleLayer_mF_per_cm2', 10, [0.001, 10_000], 5, 'default', CHOSEN),
  declare(
    'chamber_mL',
    50,
    [0.1, 1e5],
    5,
    'default',
    `gas space of a side and cell with its lines; ${CHOSEN}`,
  ),
  declare('start_degC', 600, [20, 1000], 0, 'default', 'furnace at the start'),
  declare('furnace_K_per_min', 5, [0.1, 100], 0, 'default', CHOSEN),
];

function parametersOf(v: Readonly<Record<string, number>>, subject: PlantSubject): EmfParameters {
  return {
    membrane: {
      protonShare_frac: v['protonShare_frac'],
      holeRatio_1: v['holeRatio_1'],
      holeActivation_J_per_mol: 1000 * v['hole_kJ_per_mol'],
      steamPower_1: v['steamPower_1'],
    },
    ionic_S_per_cm: v['ionic_S_per_cm'],
    ionicActivation_J_per_mol: 1000 * v['ionic_kJ_per_mol'],
    thickness_cm: v['thickness_mm'] / 10,
    electrodes_Ohm_cm2: v['electrodes_Ohm_cm2'],
    electrodesActivation_J_per_mol: 1000 * v['electrodes_kJ_per_mol'],
    doubleLayer_F_per_cm2: v['doubleLayer_mF_per_cm2'] / 1000,
    cells: subject.cells,
    area_cm2: subject.activeArea_cm2,
    chamber_L: (v['chamber_mL'] / 1000) * subject.cells,
  };
}

/** Where such ceramics are measured. */
const VALID_DEGC = [400, 750] as const;
const NEAR_K = 2;
const FURNACE_LAG_S = 120;
const MOST_DEGC = 1100;
const STEP_S = 1;
const DISTURBANCES = ['seal.leak_NL_per_min', 'furnace.temperatureRise_K', 'steam.lost_pct'] as const;
const ACTUATORS = [
  'stack.currentSet_A',
  'stack.voltageSet_V',
  'stack.powerSet_W',
  'stack.outputSet_on',
  'stack.temperatureSet_degC',
  'steam.fractionSet_pct',
  'steam.oxygenSet_pct',
  'steam.flowSet_NL_per_min',
  'fuel.steamSet_pct',
  'fuel.h2Set_pct',
  'fuel.oxygenSet_pct',
  'fuel.flowSet_NL_per_min',
] as const;
const FLOW_NL_PER_MIN = 0.1;

function emfRig(v: Readonly<Record<string, number>>, subject: PlantSubject, random: PlantRandom): PlantRig {
  const p = parametersOf(v, subject);
  const state = emfStart(p, v['start_degC'] + ZERO_DEGC_K);
  let furnace_degC = v['start_degC'];
  let temperature_degC = furnace_degC;
  let isOn = false;
  const flows = { positive: 0, negative: 0 };
  const start: Readonly<Record<(typeof ACTUATORS)[number], number>> = {
    'stack.currentSet_A': 0,
    'stack.voltageSet_V': 2 * subject.cells,
    'stack.powerSet_W': 1e6,
    'stack.outputSet_on': 0,
    'stack.temperatureSet_degC': v['start_degC'],
    'steam.fractionSet_pct': 3,
    'steam.oxygenSet_pct': 21,
    'steam.flowSet_NL_per_min': FLOW_NL_PER_MIN * subject.cells,
    'fuel.steamSet_pct': 3,
    'fuel.h2Set_pct': 0,
    'fuel.oxygenSet_pct': 0,
    'fuel.flowSet_NL_per_min': FLOW_NL_PER_MIN * subject.cells,
  };
  const pct = (side: 'positive' | 'negative', gas: 'h2' | 'o2' | 'steam') => (): number =>
    (100 * state[side][gas]) / Math.max(1e-30, total_mol(state[side]));
  const isOutside = (): number => {
    const isMeasured = temperature_degC > VALID_DEGC[0] - NEAR_K && temperature_degC < VALID_DEGC[1] + NEAR_K;
    // Charge without gas to move is nothing that this membrane does.
    return isMeasured && Math.abs(state.starved_C) < 1e-9 ? 0 : 1;
  };
  // A voltmeter of high input resistance; humidity and gas by sensors in the lines. Basis default.
  const gas = (name: string) => analog(name, 0.1, 0.005, 0.01, 100, 0);
  const flow = (name: string) => analog(name, 0.001, 0.005, 2e-4, 10_000, 0);
  const exact = (name: string) => analog(name, 0, 0, 0, 0);

  return gridRig({
    step_s: STEP_S,
    sensors: [
      [analog('stack.voltage_V', 1e-4, 1e-4, 2e-5, 100_000), () => state.voltage_V * p.cells],
      [
        analog(
          'stack.current_A',
          1e-4 * subject.currentNominal_A,
          1e-3,
          1e-5 * subject.currentNominal_A,
          1e6,
        ),
        () => state.current_A,
      ],
      [exact('stack.power_W'), () => state.voltage_V * p.cells * state.current_A],
      [exact('stack.output_on'), () => (isOn ? 1 : 0)],
      [analog('stack.temperature_degC', 1.5, 0, 0.05, 100), () => temperature_degC],
      [gas('steam.fraction_pct'), pct('positive', 'steam')],
      [gas('steam.oxygen_pct'), pct('positive', 'o2')],
      [flow('steam.flow_NL_per_min'), () => flows.positive],
      [gas('fuel.steam_pct'), pct('negative', 'steam')],
      [gas('fuel.h2_pct'), pct('negative', 'h2')],
      [gas('fuel.oxygen_pct'), pct('negative', 'o2')],
      [flow('fuel.flow_NL_per_min'), () => flows.negative],
      [exact('outsideValidity_on'), isOutside],
    ],
    actuators: ACTUATORS.map(role => [role, start[role]] as const),
    disturbances: DISTURBANCES,
    truths: {
      current_A: () => state.current_A,
      temperature_degC: () => temperature_degC,
      'stack.voltage_V': () => state.voltage_V * p.cells,
      'emf.nernst_V': () => state.nernst_V,
      'emf.transport_1': () => state.transport_1,
      'emf.ionic_A': () => state.ionic_A,
      'emf.ions_Ohm': () => emfResistances(p, state.temperature_K, state.transport_1).ions_Ohm,
      'emf.electrons_Ohm': () => emfResistances(p, state.temperature_K, state.transport_1).electrons_Ohm,
      'emf.electrodes_Ohm': () => emfResistances(p, state.temperature_K, state.transport_1).electrodes_Ohm,
      'positive.steam_pct': pct('positive', 'steam'),
      'positive.o2_pct': pct('positive', 'o2'),
      'negative.steam_pct': pct('negative', 'steam'),
      'negative.h2_pct': pct('negative', 'h2'),
      'negative.o2_pct': pct('negative', 'o2'),
      'fed.hydrogen_mol': () => state.fed.h2 + state.fed.steam,
      'out.hydrogen_mol': () => state.out.h2 + state.out.steam,
      'inside.hydrogen_mol': () =>
        state.positive.h2 + state.positive.steam + state.negative.h2 + state.negative.steam,
      'fed.oxygen_mol': () => state.fed.o2 + state.fed.steam / 2,
      'out.oxygen_mol': () => state.out.o2 + state.out.steam / 2,
      'inside.oxygen_mol': () =>
        state.positive.o2 + state.negative.o2 + (state.positive.steam + state.negative.steam) / 2,
      starved_C: () => state.starved_C,
      'validity.low_degC': () => VALID_DEGC[0],
      'validity.high_degC': () => VALID_DEGC[1],
    },
    step(set, disturbed, dt_s) {
      const wish = (set[4] - furnace_degC) * -Math.expm1(-dt_s / FURNACE_LAG_S);
      const most = (v['furnace_K_per_min'] / 60) * dt_s;
      furnace_degC += Math.max(-most, Math.min(most, wish));
      temperature_degC = Math.min(MOST_DEGC, Math.max(-50, furnace_degC + disturbed[1]));
      isOn = set[3] >= 0.5;
      flows.positive = Math.min(1e6, Math.max(0, set[7]));
      flows.negative = Math.min(1e6, Math.max(0, set[11]));
      const lost = Math.min(1, Math.max(0, disturbed[2] / 100));
      const input: EmfInput = {
        temperature_K: temperature_degC + ZERO_DEGC_K,
        positiveFlow_NL_per_min: flows.positive,
        positiveSteam_frac: (set[5] / 100) * (1 - lost),
        positiveOxygen_frac: set[6] / 100,
        negativeFlow_NL_per_min: flows.negative,
        negativeSteam_frac: set[8] / 100,
        negativeH2_frac: set[9] / 100,
        negativeOxygen_frac: set[10] / 100,
        leak_NL_per_min: disturbed[0],
        isOn,
        current_A: set[0],
        voltageMax_V: set[1],
        // Of a load it is told as what it takes, below zero.
        powerMax_W: Math.abs(set[2]),
      };
      stepEmf(p, state, input, dt_s);
    },
    impedance: frequencies_Hz => emfSpectrum(p, state, frequencies_Hz),
    random,
  });
}

function named(name: string): EmfSet {
  const set = SETS.find(candidate => candidate.name === name);
  if (set !== undefined) return set;
  throw new RangeError(`emf: no set "${name}", expected one of ${SETS.map(s => s.name).join(', ')}`);
}

/** Proton-ceramic membrane with gas on both sides: EMF and transport number. */
export const EMF_MODEL: PlantModel = {
  name: 'emf',
  kind: 'stack',
  about: [
    'Proton-ceramic membrane with a gas of one’s own on either side: ionic voltage of oxygen and steam pressures, holes ' +
      'along the gradient (mean transport number), electrons beside ions and electrodes, so that poor electrodes show ' +
      'less; stirred gas spaces, a seal that may leak, current both ways with what it makes and uses up. EVERY FIGURE OF ' +
      'THE RECALLED SIZE OR CHOSEN HERE. Ambient pressure. Not modelled: hydration in time, grain boundaries, the change ' +
      'of the leakage with the voltage under load, electrode kinetics beyond a resistance, temperature along the cell.',
    ...SETS.map(set => `${set.name}: ${set.about}`),
  ].join(' '),
  sets: SETS.map(set => set.name),
  parameters: name => declaredOf(named(name)),
  create({ set, parameters, subject, random }) {
    const values = declaredValues(declaredOf(named(set)), parameters);
    if (!(subject.activeArea_cm2 > 0))
      throw new RangeError(`emf: active area ${subject.activeArea_cm2} cm2, expected more than 0`);
    return emfRig(values, subject, random);
  },
};
