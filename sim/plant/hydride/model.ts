import { cellChamber } from '../cell/chamber.ts';
import { AMBIENT_BARA, ZERO_DEGC_K } from '../parts/constants.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import { gridRig, noImpedance } from '../parts/grid-rig.ts';
import { h2Pressure_bara } from '../parts/hydrogen.ts';
import type { DeclaredParameter, PlantModel, PlantRig } from '../parts/model.ts';
import { analog, type PlantRandom } from '../parts/sensors.ts';
import { capacity_mol, content_pct, equilibriumLn, hysteresis_1 } from './alloy.ts';
import {
  gasSpace_L,
  type HydrideInput,
  type HydrideRigParameters,
  hydrideStart,
  hydrogenInside_mol,
  stepHydride,
} from './bed.ts';
import { HYDRIDE_SETS, type HydrideSet } from './sets.ts';

const RIG = 'a laboratory Sieverts apparatus; chosen here';
const APPARATUS: readonly DeclaredParameter[] = [
  declare('alloy_g', 10, [0.01, 1e5], 0.001, 'default', RIG),
  declare('tank_mL', 150, [1, 1e6], 0.1, 'default', RIG),
  declare('holder_mL', 25, [1, 1e6], 0.05, 'default', RIG),
  declare('supply_bara', 100, [1, 900], 0, 'default', RIG),
  declare('supplyValve_mmol_per_s_bar', 0.05, [1e-6, 100], 0.01, 'default', RIG),
  declare('ventValve_mmol_per_s_bar', 1, [1e-6, 100], 0.2, 'default', RIG),
  declare('sampleValve_mmol_per_s_bar', 0.5, [1e-6, 1000], 0.1, 'default', RIG),
  declare('pump_L_per_s', 0.5, [0.001, 100], 0.1, 'default', RIG),
  declare('pumpEnd_mbar', 0.001, [0, 100], 0, 'default', RIG),
  declare('wall_J_per_K', 60, [1, 1e6], 10, 'default', `steel of the holder; ${RIG}`),
  declare('bedToWall_W_per_K', 0.5, [0, 1e5], 0.1, 'default', `powder against its wall; ${RIG}`),
  declare('wallToAir_W_per_K', 1, [0, 1e5], 0.2, 'default', `circulated bath or air; ${RIG}`),
  declare('start_degC', 25, [-30, 200], 0, 'default', 'chamber and holder at the start'),
  declare('room_degC', 23, [5, 45], 0, 'default', 'tank and lines'),
  declare('startFilling_frac', 0, [0, 0.98], 0, 'default', 'part of the capacity that is held at the start'),
];

const ACTUATOR = {
  tankPressure: 0,
  tankRate: 1,
  sampleValve: 2,
  supplyValve: 3,
  ventValve: 4,
  pumpValve: 5,
  chamber: 6,
} as const;
const DISTURBANCES = [
  'sample.leak_umol_per_s_bar',
  'sample.poisoned_pct',
  'chamber.temperatureRise_K',
  'room.temperatureRise_K',
  'supply.lost_on',
] as const;
const FAULT = { leak: 0, poisoned: 1, chamber_K: 2, room_K: 3, supplyLost: 4 } as const;
/** Grid of the steps, s. */
const STEP_S = 1;
/** So near to its range the alloy counts as inside. */
const NEAR_K = 2;
const S_PER_MIN = 60;

type HydrideValues = Readonly<Record<string, number>>;

function rigParameters(values: HydrideValues): HydrideRigParameters {
  return {
    alloy: {
      absorption: {
        enthalpy_J_per_mol: 1000 * values['absorption_kJ_per_mol'],
        entropy_J_per_mol_K: values['absorption_J_per_mol_K'],
      },
      desorption: {
        enthalpy_J_per_mol: 1000 * values['desorption_kJ_per_mol'],
        entropy_J_per_mol_K: values['desorption_J_per_mol_K'],
      },
      slope_1: values['plateauSlope_1'],
      poorEnd_frac: values['poorEnd_frac'],
      poorEndPower_1: values['poorEndPower_1'],
      fullEnd_frac: values['fullEnd_frac'],
      fullEndPower_1: values['fullEndPower_1'],
      capacity_pct: values['capacity_pct'],
      absorption_per_s: values['absorptionRate_per_s'],
      absorptionActivation_J_per_mol: 1000 * values['absorptionActivation_kJ_per_mol'],
      desorption_per_s: values['desorptionRate_per_s'],
      desorptionActivation_J_per_mol: 1000 * values['desorptionActivation_kJ_per_mol'],
      density_kg_per_m3: values['density_kg_per_m3'],
      heat_J_per_kg_K: values['heat_J_per_kg_K'],
    },
    alloy_g: values['alloy_g'],
    tank_L: values['tank_mL'] / 1000,
    holder_L: values['holder_mL'] / 1000,
    supply_bara: values['supply_bara'],
    supplyValve_mol_per_s_bar: values['supplyValve_mmol_per_s_bar'] / 1000,
    ventValve_mol_per_s_bar: values['ventValve_mmol_per_s_bar'] / 1000,
    sampleValve_mol_per_s_bar: values['sampleValve_mmol_per_s_bar'] / 1000,
    pump_L_per_s: values['pump_L_per_s'],
    pumpEnd_bara: values['pumpEnd_mbar'] / 1000,
    wall_J_per_K: values['wall_J_per_K'],
    bedToWall_W_per_K: values['bedToWall_W_per_K'],
    wallToAir_W_per_K: values['wallToAir_W_per_K'],
  };
}

function hydrideRig(set: HydrideSet, values: HydrideValues, random: PlantRandom): PlantRig {
  const p = rigParameters(values);
  const most_mol = capacity_mol(p.alloy, p.alloy_g);
  const state = hydrideStart(values['start_degC']);
  const filling = values['startFilling_frac'];
  if (filling > 0) {
    // It has lain shut for long: on the way out of the hydride, its gas in equilibrium with it.
    state.branch_frac = 0;
    state.held_mol = filling * most_mol;
    const start_K = state.bed_degC + ZERO_DEGC_K;
    state.sample_bara = Math.min(p.supply_bara, Math.exp(equilibriumLn(p.alloy, filling, 0, start_K)));
    state.gas_mol = state.sample_bara / h2Pressure_bara(1, start_K, gasSpace_L(p));
    state.sample_bara = h2Pressure_bara(state.gas_mol, start_K, gasSpace_L(p));
  }
  const chamber = cellChamber(values['start_degC']);
  let room_degC = values['room_degC'];
  const switches = { sample: 0, supply: 1, vent: 0, pump: 0 };

  const [low_degC, high_degC] = set.validity_degC;
  const outside = (): number =>
    state.bed_degC < low_degC - NEAR_K || state.bed_degC > high_degC + NEAR_K ? 1 : 0;
  const filled = (): number => (most_mol > 0 ? state.held_mol / most_mol : 0);
  const exact = (name: string) => analog(name, 0, 0, 0, 0);
  // A good transducer of 100 bar: 10 mbar and 0.05 % of reading; Pt100. Basis default.
  const pressure = (name: string) => analog(name, 0.01, 5e-4, 1e-4, 10_000);
  const temperature = (name: string) => analog(name, 0.1, 0, 0.005, 1000);

  return gridRig({
    step_s: STEP_S,
    sensors: [
      [pressure('tank.pressure_bara'), () => state.tank_bara],
      [pressure('tank.pressure_barg'), () => state.tank_bara - AMBIENT_BARA],
      [temperature('tank.temperature_degC'), () => room_degC],
      [pressure('sample.pressure_bara'), () => state.sample_bara],
      [pressure('sample.pressure_barg'), () => state.sample_bara - AMBIENT_BARA],
      [temperature('sample.temperature_degC'), () => state.bed_degC],
      [temperature('chamber.temperature_degC'), () => chamber.air_degC],
      [temperature('room.temperature_degC'), () => room_degC],
      [exact('sample.valve_on'), () => switches.sample],
      [exact('tank.supplyValve_on'), () => switches.supply],
      [exact('tank.ventValve_on'), () => switches.vent],
      [exact('tank.pumpValve_on'), () => switches.pump],
      // Of the twin alone: no instrument measures it, a limit of a rehearsal can use it.
      [exact('sample.outsideValidity_on'), outside],
    ],
    actuators: [
      ['tank.pressureSet_barg', -AMBIENT_BARA],
      ['tank.pressureRateSet_bar_per_min', 10],
      ['sample.valveSet_on', 0],
      ['tank.supplyValveSet_on', 1],
      ['tank.ventValveSet_on', 0],
      ['tank.pumpValveSet_on', 0],
      ['chamber.temperatureSet_degC', values['start_degC']],
    ],
    disturbances: DISTURBANCES,
    truths: {
      ...Object.fromEntries(
        (Object.keys(state) as (keyof typeof state)[]).map(key => [`hydride.${key}`, () => state[key]]),
      ),
      'hydride.filling_frac': filled,
      'hydride.content_pct': () => content_pct(p.alloy, filled()),
      'hydride.equilibrium_bara': () =>
        Math.exp(equilibriumLn(p.alloy, filled(), state.branch_frac, state.bed_degC + ZERO_DEGC_K)),
      'hydride.hysteresis_1': () => hysteresis_1(p.alloy, state.bed_degC + ZERO_DEGC_K),
      'hydrogen.inside_mol': () => hydrogenInside_mol(state),
      'sample.gasSpace_L': () => gasSpace_L(p),
      'tank.volume_L': () => p.tank_L,
      'validity.low_degC': () => low_degC,
      'validity.high_degC': () => high_degC,
    },
    step(settings, disturbed, dt_s) {
      chamber.step(settings[ACTUATOR.chamber], disturbed[FAULT.chamber_K], dt_s);
      room_degC = Math.min(100, Math.max(-50, values['room_degC'] + disturbed[FAULT.room_K]));
      switches.sample = settings[ACTUATOR.sampleValve] >= 0.5 ? 1 : 0;
      switches.supply =
        settings[ACTUATOR.supplyValve] >= 0.5 && !(disturbed[FAULT.supplyLost] >= 0.5) ? 1 : 0;
      switches.vent = settings[ACTUATOR.ventValve] >= 0.5 ? 1 : 0;
      switches.pump = settings[ACTUATOR.pumpValve] >= 0.5 ? 1 : 0;
      const input: HydrideInput = {
        tankSet_bara: settings[ACTUATOR.tankPressure] + AMBIENT_BARA,
        tankRate_bar_per_s: settings[ACTUATOR.tankRate] / S_PER_MIN,
        sampleValve_on: switches.sample,
        supplyValve_on: switches.supply,
        ventValve_on: switches.vent,
        pumpValve_on: switches.pump,
        room_degC,
        air_degC: chamber.air_degC,
        ambient_bara: AMBIENT_BARA,
        leak_mol_per_s_bar: disturbed[FAULT.leak] * 1e-6,
        poisoned_frac: disturbed[FAULT.poisoned] / 100,
      };
      stepHydride(p, state, input, dt_s);
    },
    impedance: () => noImpedance('hydride'),
    random,
  });
}

function named(name: string): HydrideSet {
  const set = HYDRIDE_SETS.find(candidate => candidate.name === name);
  if (set !== undefined) return set;
  throw new RangeError(
    `hydride: no set "${name}", expected one of ${HYDRIDE_SETS.map(s => s.name).join(', ')}`,
  );
}

const declaredOf = (set: HydrideSet): readonly DeclaredParameter[] => [...set.declared, ...APPARATUS];

/** Metal hydride bed in a Sieverts apparatus. */
export const HYDRIDE_MODEL: PlantModel = {
  name: 'hydride',
  kind: 'vessel',
  about: [
    'Activated metal hydride in a Sieverts apparatus: plateaus by van ’t Hoff with slope and hysteresis, rates of ' +
      'absorption and desorption, heat of reaction into bed and wall in a chamber, real gas (H2) in tank and holder. A ' +
      'controller brings the tank to its setpoint while the valve to the sample is shut, through supply, vent or pump. ' +
      'Not modelled: activation, swelling, loss of capacity with cycles, a second plateau, temperature and pressure ' +
      'inside the powder, heat of compression in the tank, air.',
    ...HYDRIDE_SETS.map(set => `${set.name}: ${set.about}`),
  ].join(' '),
  sets: HYDRIDE_SETS.map(set => set.name),
  parameters: name => declaredOf(named(name)),
  create({ set: name, parameters, random }) {
    const set = named(name);
    return hydrideRig(set, declaredValues(declaredOf(set), parameters), random);
  },
};
