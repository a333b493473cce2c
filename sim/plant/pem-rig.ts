import { AGEING, type AgeingParameters } from './ageing.ts';
import { ANALYSER, type AnalyserParameters } from './analyser.ts';
import { BACK_PRESSURE, type BackPressureParameters } from './back-pressure.ts';
import { AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL } from './constants.ts';
import { type CellParameters, IROX_N115, type MembraneParameters, N115_MEMBRANE } from './pem-parameters.ts';
import { PEM_ACTUATORS, pemPlant } from './pem-plant.ts';
import type { PemTruth } from './pem-state.ts';
import type { Rig } from './rig.ts';
import { PEM_SENSORS, type PlantRandom, sensorBoard } from './sensors.ts';
import { SUPPLY, type SupplyParameters } from './supply.ts';
import { THERMAL, type ThermalParameters } from './thermal.ts';

/** Everything about the plant that can be chosen; see `PEM_500_KW` for the figures and their basis. */
export interface PemPlantParameters {
  readonly cells: number;
  readonly activeArea_cm2: number;
  readonly currentNominal_A: number;
  readonly startTemperature_degC: number;
  readonly roomTemperature_degC: number;
  readonly cell: CellParameters;
  readonly membrane: MembraneParameters;
  /** 20..60 mF/cm2 for 1..2 mg Ir/cm2 (recalled). */
  readonly doubleLayer_F_per_cm2: number;
  /**
   * Gas space of stack, separator and pipe. Cathode 250 L: with 135 cells at 2000 A closed in that is 0.15 bar/s,
   * the order of a 100-cell stack on 200 L (0.144 bar/s). Anode 80 L: smaller, because it is never pressurised by
   * its own gas and a small volume is swept sooner. Basis default.
   */
  readonly cathodeVolume_L: number;
  readonly anodeVolume_L: number;
  /** Leak to the room of each side together at `leakAt_barg`, in NL/min of the gas inside. Basis default. */
  readonly leak_NL_per_min: number;
  readonly leakAt_barg: number;
  /** Part of the product that the dryer uses up before the flow meter (PSA dryers: 0.065, NREL 2023). */
  readonly dryerLoss_frac: number;
  readonly backPressure: BackPressureParameters;
  /** Conductances, mol/(s bar), choked. */
  readonly anodeVent: number;
  readonly cathodePurge: number;
  readonly n2Cathode: number;
  readonly n2Anode: number;
  readonly n2MaxFlow_mol_per_s: number;
  readonly n2Lag_s: number;
  readonly supply: SupplyParameters;
  readonly thermal: ThermalParameters;
  readonly ageing: AgeingParameters;
  readonly analyser: AnalyserParameters;
  readonly flowMeterLag_s: number;
  readonly temperatureSensorLag_s: number;
  /** Standard deviation from cell to cell of overvoltage, resistance (parts) and ageing. */
  readonly activationSpread_frac: number;
  readonly resistanceSpread_frac: number;
  readonly ageingSpread_frac: number;
  /** Longest step of the plant, on a fixed grid; results do not depend on how `advanceTo` is called. */
  readonly step_s: number;
}

/** 135 cells x 1000 cm2: at 2000 A and 60 degC 1.87 V a cell, 253 V, 506 kW. */
export const PEM_500_KW: PemPlantParameters = {
  cells: 135,
  activeArea_cm2: 1000,
  currentNominal_A: 2000,
  startTemperature_degC: 20,
  roomTemperature_degC: 20,
  cell: IROX_N115,
  membrane: N115_MEMBRANE,
  doubleLayer_F_per_cm2: 0.04,
  cathodeVolume_L: 250,
  anodeVolume_L: 80,
  leak_NL_per_min: 0.02,
  leakAt_barg: 33,
  dryerLoss_frac: 0,
  backPressure: BACK_PRESSURE,
  anodeVent: 2,
  cathodePurge: 0.15,
  // In proportion to the volumes, the cathode a little faster: filling never reverses the membrane difference.
  n2Cathode: 0.06,
  n2Anode: 0.0175,
  n2MaxFlow_mol_per_s: 1.5,
  n2Lag_s: 2,
  supply: SUPPLY,
  thermal: THERMAL,
  ageing: AGEING,
  analyser: ANALYSER,
  flowMeterLag_s: 1.5,
  temperatureSensorLag_s: 4,
  activationSpread_frac: 0.01,
  resistanceSpread_frac: 0.015,
  ageingSpread_frac: 0.2,
  step_s: 0.5,
};

export interface PemRigOptions extends Partial<PemPlantParameters> {
  /** Seeded: draws the spread of the cells and the errors and noise of the sensors. */
  readonly random: PlantRandom;
}

export interface PemRig extends Rig {
  /** Live view of the noise-free state; for tests, balances and faults, never for control. */
  readonly truth: Readonly<PemTruth>;
  readonly parameters: PemPlantParameters;
}

const SCALARS = PEM_SENSORS.length;
const AT = Object.fromEntries(PEM_SENSORS.map((spec, i) => [spec.name, i])) as Record<
  (typeof PEM_SENSORS)[number]['name'],
  number
>;
const SET = Object.fromEntries(PEM_ACTUATORS.map((name, i) => [name, i])) as Record<
  (typeof PEM_ACTUATORS)[number],
  number
>;
const VOLTAGE = AT['stack.voltage_V'];
const CURRENT = AT['stack.current_A'];

/** PEM stack, balance of plant and sensors of a 500 kW class bench. Starts cold, vented, filled with air. */
export function createPemRig(options: PemRigOptions): PemRig {
  const { random, ...overrides } = options;
  const parameters: PemPlantParameters = { ...PEM_500_KW, ...overrides };
  const plant = pemPlant(parameters, random);
  const board = sensorBoard(parameters.cells, random);
  const { truth, thermal, settings } = plant;
  const scalars = new Float64Array(SCALARS);
  let tick = 0;
  let shownTick = -1;

  /** True values behind the scalar sensors, once per advance and only if somebody looks. */
  function refresh(): void {
    shownTick = tick;
    scalars[VOLTAGE] = truth.stackVoltage_V;
    scalars[CURRENT] = truth.current_A;
    scalars[AT['stack.output_on']] = settings[SET['stack.outputSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['stack.temperature_degC']] = plant.lagged.outlet_degC;
    scalars[AT['stack.inletTemperature_degC']] = thermal.inlet_degC;
    scalars[AT['room.temperature_degC']] = truth.roomTemperature_degC;
    scalars[AT['anode.pressure_barg']] = truth.anode_bara - AMBIENT_BARA;
    scalars[AT['cathode.pressure_barg']] = truth.cathode_bara - AMBIENT_BARA;
    scalars[AT['h2.flow_NL_per_min']] = truth.meteredFlow_mol_per_s * MOLAR_VOLUME_NL_PER_MOL * 60;
    scalars[AT['o2.h2_vol_pct']] = plant.h2Analyser.shown_vol_pct;
    scalars[AT['h2.o2_vol_pct']] = plant.o2Analyser.shown_vol_pct;
    scalars[AT['room.h2_vol_pct']] = truth.roomH2_vol_pct;
    scalars[AT['room.ventilation_on']] = settings[SET['room.ventilationSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['water.flow_L_per_min']] = thermal.flow_L_per_min;
    scalars[AT['water.level_pct']] = truth.level_pct;
    scalars[AT['water.conductivity_uS_per_cm']] = truth.conductivity_uS_per_cm;
    scalars[AT['cooler.power_kW']] = thermal.cooler_W / 1000;
    scalars[AT['heater.power_kW']] = thermal.heater_W / 1000;
    scalars[AT['n2.cathodeValve_on']] = settings[SET['n2.cathodeValveSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['n2.anodeValve_on']] = settings[SET['n2.anodeValveSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['n2.pressure_barg']] = truth.n2_bara - AMBIENT_BARA;
    scalars[AT['cathode.purgeValve_on']] = settings[SET['cathode.purgeValveSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['anode.ventValve_on']] = settings[SET['anode.ventValveSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['h2.outletValve_on']] = settings[SET['h2.outletValveSet_on']] >= 0.5 ? 1 : 0;
    scalars[AT['water.pump_on']] = settings[SET['water.pumpSet_on']] >= 0.5 ? 1 : 0;
    for (let i = 0; i < SCALARS; i++) scalars[i] = board.scalar(i, scalars[i], tick);
    // The supply works its power out from what it shows.
    scalars[AT['stack.power_W']] = Math.round(scalars[VOLTAGE] * scalars[CURRENT]);
  }

  return {
    parameters,
    truth,
    sensors: board.names,
    actuators: PEM_ACTUATORS,
    sensorIndex: board.indexOf,
    sensorRange: board.rangeOf,
    sensor(index) {
      if (shownTick !== tick) refresh();
      if (index >= 0 && index < SCALARS) return scalars[index];
      const k = index - SCALARS;
      if (k >= 0 && k < parameters.cells) return board.cell(k, plant.cellVoltage_V(k), tick);
      throw new RangeError(`sensor ${index}: expected 0..${SCALARS + parameters.cells - 1}`);
    },
    actuatorIndex: name => (PEM_ACTUATORS as readonly string[]).indexOf(name),
    set(index, value) {
      if (!(index >= 0 && index < settings.length))
        throw new RangeError(`actuator ${index}: expected 0..${settings.length - 1}`);
      if (!Number.isFinite(value))
        throw new RangeError(`${PEM_ACTUATORS[index]}: ${value}, expected a finite number`);
      settings[index] = value;
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
  };
}
