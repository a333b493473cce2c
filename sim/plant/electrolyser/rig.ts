import { AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL } from '../parts/constants.ts';
import type { PlantRig, PlantSubject } from '../parts/model.ts';
import {
  ELECTROLYSER_SENSORS,
  type PlantRandom,
  ranged,
  type SensorSpec,
  sensorBoard,
} from '../parts/sensors.ts';
import { store } from '../parts/store.ts';
import { PEM_500_KW } from '../pem/pem-500kw.ts';
import { perProduct_kWh_per_kg, systemEnergy_J } from './ac-side.ts';
import { ELECTROLYSER_ACTUATORS, SETTING } from './actuators.ts';
import type { ElectrolyserCell, GasCrossover } from './cell.ts';
import { DISTURBED, part_frac } from './disturbances.ts';
import { seriesImpedance } from './impedance.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import { type ElectrolyserPlant, electrolyserPlant, type OwnInputs } from './plant.ts';
import type { ElectrolyserTruth } from './state.ts';
import { outsideValidity_on, validityTruths } from './validity.ts';

/** What a chemistry adds to the common rig: own actuators, disturbances, sensors and truths. */
export interface OwnParts extends OwnInputs {
  readonly sensors: readonly SensorSpec[];
  /** Writes the true values of its own sensors into `values` from `first` on; no allocation. */
  fill(values: Float64Array, first: number, plant: ElectrolyserPlant): void;
  /** Own noise-free figures by name, beside those that every rig has. */
  readonly truths: Readonly<Record<string, (plant: ElectrolyserPlant) => number>>;
}

/** A chemistry without anything of its own to set or to see. */
export const NOTHING_OWN: OwnParts = {
  actuators: [],
  disturbances: [],
  sensors: [],
  fill() {},
  truths: {},
};

/** Which rig of a chemistry to make. */
export interface ChemistryRigOptions {
  /** Overrides of declared parameters by name. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** The stack; that of the parameter set if not said. */
  readonly subject?: PlantSubject;
  readonly random: PlantRandom;
  /** What of the generic plant shall differ, e.g. `startTemperature_degC`. */
  readonly plant?: Partial<ElectrolyserPlantParameters>;
}

/** A rig of a stack: what its sensors show, as an instrument sees it, and the truth behind them. */
export interface ElectrolyserRig extends PlantRig {
  /** Live view of the noise-free state; for tests, balances and faults, never for control. */
  readonly truth: Readonly<ElectrolyserTruth>;
}

/** Behind scalars and cells, exact: 1 while the stack runs outside of what its set was fitted to. */
const OUTSIDE = 'outsideValidity_on';
const COMMON = ELECTROLYSER_SENSORS.length;
const AT = Object.fromEntries(ELECTROLYSER_SENSORS.map((spec, i) => [spec.name, i])) as Record<
  (typeof ELECTROLYSER_SENSORS)[number]['name'],
  number
>;
const VOLTAGE = AT['stack.voltage_V'];
const CURRENT = AT['stack.current_A'];
const POWER = AT['stack.power_W'];

/** Stack of this cell and separator, balance of plant and sensors. Starts cold, vented, filled with air. */
export function electrolyserRig(
  parameters: ElectrolyserPlantParameters,
  cell: ElectrolyserCell,
  crossover: GasCrossover,
  own: OwnParts,
  random: PlantRandom,
): ElectrolyserRig {
  const { cells, activeArea_cm2 } = parameters;
  const plant = electrolyserPlant(parameters, cell, crossover, own, random);
  const specs: readonly SensorSpec[] = [...commonSensors(parameters), ...own.sensors];
  const count = specs.length;
  const board = sensorBoard(specs, cells, random);
  const { truth, thermal, settings, disturbances: wrong } = plant;
  const sensors: readonly string[] = [...board.names, OUTSIDE];
  const outside = (): number => outsideValidity_on(parameters.validity, activeArea_cm2, truth);
  const actuators: readonly string[] = [...ELECTROLYSER_ACTUATORS, ...own.actuators.map(([name]) => name)];
  const scalars = new Float64Array(count);
  const cellReadings = new Float64Array(cells);
  // 1 W for supplies from 100 kW, finer for smaller ones.
  const powerSteps = 10 ** Math.max(0, Math.ceil(Math.log10(1e5 / parameters.supply.powerRating_W)));
  let tick = 0;
  let shownTick = -1;
  let cellsTick = -1;
  const isSet = (setting: number): number => (settings[setting] >= 0.5 ? 1 : 0);

  /** True values behind the scalar sensors, with the lag of what they sit in. */
  function fill(values: Float64Array): void {
    values[VOLTAGE] = truth.stackVoltage_V;
    values[CURRENT] = truth.current_A;
    values[POWER] = truth.stackVoltage_V * truth.current_A;
    const isTripped = wrong.values[DISTURBED['supply.tripped_on']] > 0 ? 1 : 0;
    values[AT['stack.output_on']] = isTripped === 1 ? 0 : isSet(SETTING.output_on);
    values[AT['stack.temperature_degC']] = plant.lagged.outlet_degC;
    values[AT['stack.inletTemperature_degC']] = thermal.inlet_degC;
    values[AT['room.temperature_degC']] = truth.roomTemperature_degC;
    values[AT['anode.pressure_barg']] = truth.anode_bara - AMBIENT_BARA;
    values[AT['cathode.pressure_barg']] = truth.cathode_bara - AMBIENT_BARA;
    values[AT['h2.flow_NL_per_min']] = truth.meteredFlow_mol_per_s * MOLAR_VOLUME_NL_PER_MOL * 60;
    values[AT['o2.h2_vol_pct']] = plant.h2Analyser.shown_vol_pct;
    values[AT['h2.o2_vol_pct']] = plant.o2Analyser.shown_vol_pct;
    values[AT['room.h2_vol_pct']] = truth.roomH2_vol_pct;
    values[AT['room.ventilation_on']] = isSet(SETTING.ventilation_on);
    values[AT['water.flow_L_per_min']] = thermal.flow_L_per_min;
    const flooded = part_frac(wrong.values[DISTURBED['anode.flooded_pct']]);
    values[AT['water.level_pct']] = truth.level_pct + (100 - truth.level_pct) * flooded;
    values[AT['water.conductivity_uS_per_cm']] = truth.conductivity_uS_per_cm;
    values[AT['cooler.power_kW']] = thermal.cooler_W / 1000;
    values[AT['heater.power_kW']] = thermal.heater_W / 1000;
    values[AT['n2.cathodeValve_on']] = isSet(SETTING.n2Cathode_on);
    values[AT['n2.anodeValve_on']] = isSet(SETTING.n2Anode_on);
    values[AT['n2.pressure_barg']] = truth.n2_bara - AMBIENT_BARA;
    values[AT['cathode.purgeValve_on']] = isSet(SETTING.purge_on);
    values[AT['anode.ventValve_on']] = isSet(SETTING.vent_on);
    values[AT['h2.outletValve_on']] = isSet(SETTING.outlet_on);
    const isStopped = wrong.values[DISTURBED['water.pumpStopped_on']] > 0;
    values[AT['water.pump_on']] = isStopped ? 0 : isSet(SETTING.pump_on);
    // States of healthy instruments; an emulator has its own.
    values[AT['supply.remote_on']] = 1;
    values[AT['supply.alarm_on']] = isTripped;
    values[AT['plc.heartbeatTripped_on']] = 0;
    own.fill(values, COMMON, plant);
  }

  /** Readings of the scalar sensors, once per advance and only if somebody looks. */
  function refresh(): void {
    shownTick = tick;
    fill(scalars);
    board.readScalars(scalars, tick, truth.time_s);
    // The supply works its power out from what it shows.
    scalars[POWER] = Math.round(scalars[VOLTAGE] * scalars[CURRENT] * powerSteps) / powerSteps;
  }

  /** A sensor that nobody has looked at since the last advance. */
  function lookedAt(index: number): number {
    if (index >= 0 && index < count) {
      if (shownTick !== tick) refresh();
      return scalars[index];
    }
    const k = index - count;
    if (k === cells) return outside();
    if (!(k >= 0 && k < cells)) throw new RangeError(`sensor ${index}: expected 0..${count + cells}`);
    if (cellsTick !== tick) {
      cellsTick = tick;
      board.readCells(cellReadings, plant.cellState(), tick);
    }
    return cellReadings[k];
  }

  const truthNow = new Float64Array(count);
  const truthOf = truthTable(plant, own, board.names, {
    scalar(index) {
      fill(truthNow);
      return truthNow[index];
    },
    cell_V: k => board.trueCell_V(plant.cellState(), k),
    scalars: count,
  });
  truthOf.set(OUTSIDE, outside);
  for (const [name, value] of validityTruths(parameters.validity)) truthOf.set(name, () => value);

  return {
    truth,
    sensors,
    actuators,
    truths: [...truthOf.keys()],
    disturbances: wrong.names,
    sensorIndex: name => (name === OUTSIDE ? count + cells : board.indexOf(name)),
    sensorRange: board.rangeOf,
    // Short for what is known already: each channel of each reading comes by here. `+`: else each is an object of its own.
    sensor(index) {
      const k = index - count;
      if (k >= 0 && k < cells && cellsTick === tick) return cellReadings[k];
      if (index >= 0 && k < 0 && shownTick === tick) return scalars[index];
      return +lookedAt(index);
    },
    actuatorIndex: name => actuators.indexOf(name),
    set(index, value) {
      store(settings, actuators, 'actuator', index, value);
      // Switch positions show at once; what needs time waits for the next advance.
      shownTick = -1;
    },
    setting: index => settings[index],
    advanceTo(time_s) {
      if (!(time_s > truth.time_s) || !Number.isFinite(time_s)) return;
      tick++;
      plant.advanceTo(time_s);
    },
    get time_s() {
      return truth.time_s;
    },
    truthOf(name) {
      const figure = truthOf.get(name);
      if (figure === undefined) throw new RangeError(`no truth "${name}" in this rig`);
      return figure();
    },
    disturbanceIndex: wrong.indexOf,
    disturb(index, value) {
      wrong.disturb(index, value);
      shownTick = -1;
    },
    impedance: frequencies_Hz =>
      seriesImpedance(frequencies_Hz, cells, parameters.inductance_H, activeArea_cm2, plant.smallSignal()),
  };
}

/** The common sensors, with ranges that go with the size of the plant: 1 at the 500 kW bench. */
function commonSensors(p: ElectrolyserPlantParameters): SensorSpec[] {
  const product_frac = (p.cells * p.currentNominal_A) / (PEM_500_KW.cells * PEM_500_KW.currentNominal_A);
  const ranges: Readonly<Record<string, number>> = {
    'stack.voltage_V': p.supply.voltageRating_V / PEM_500_KW.supply.voltageRating_V,
    'stack.current_A': p.supply.currentRating_A / PEM_500_KW.supply.currentRating_A,
    'h2.flow_NL_per_min': product_frac,
    'water.flow_L_per_min': p.thermal.pumpFlow_L_per_min / PEM_500_KW.thermal.pumpFlow_L_per_min,
    'cooler.power_kW': product_frac,
    'heater.power_kW': product_frac,
  };
  return ELECTROLYSER_SENSORS.map(spec => ranged(spec, ranges[spec.name] ?? 1));
}

/** How the figures behind the sensors are found. */
interface TrueSensors {
  readonly scalars: number;
  scalar(index: number): number;
  cell_V(k: number): number;
}

/** Every noise-free figure by name: the state, the ageing, what each sensor would show without its errors. */
function truthTable(
  plant: ElectrolyserPlant,
  own: OwnParts,
  sensors: readonly string[],
  behind: TrueSensors,
): Map<string, () => number> {
  const { truth, ageing } = plant;
  const table = new Map<string, () => number>();
  sensors.forEach((name, i) => {
    table.set(name, i < behind.scalars ? () => behind.scalar(i) : () => behind.cell_V(i - behind.scalars));
  });
  for (const key of Object.keys(truth) as (keyof ElectrolyserTruth)[]) table.set(key, () => truth[key]);
  table.set('system.energyAc_J', () => systemEnergy_J(truth));
  table.set('stack.dc_kWh_per_kg', () => perProduct_kWh_per_kg(truth.electric_J, truth.h2Dried_mol));
  table.set('system.ac_kWh_per_kg', () => perProduct_kWh_per_kg(systemEnergy_J(truth), truth.h2Dried_mol));
  table.set('ageing.irreversible_uV', () => ageing.irreversible_V * 1e6);
  table.set('ageing.reversible_uV', () => ageing.reversible_V * 1e6);
  table.set('ageing.stops_1', () => ageing.stops);
  table.set('ageing.present_uV', () => plant.agedNow_V() * 1e6);
  table.set('ageing.ohmic_mOhm_cm2', () => plant.aged.ohmic_Ohm_cm2 * 1e3);
  table.set('ageing.activeArea_frac', () => 1 / plant.aged.perArea_1);
  table.set('ageing.transport_uV', () => truth.transport_V * 1e6);
  for (const [name, figure] of Object.entries(own.truths)) table.set(name, () => figure(plant));
  return table;
}
