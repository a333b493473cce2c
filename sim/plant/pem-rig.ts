import { AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL } from './constants.ts';
import { PEM_500_KW, type PemPlantParameters } from './pem-500kw.ts';
import { PEM_ACTUATORS, SETTING } from './pem-actuators.ts';
import { pemPlant } from './pem-plant.ts';
import type { PemTruth } from './pem-state.ts';
import type { Rig } from './rig.ts';
import { PEM_SENSORS, type PlantRandom, sensorBoard } from './sensors.ts';

/** What to change of the 500 kW rig (each parameter has its default there), and where chance comes from. */
export interface PemRigOptions extends Partial<PemPlantParameters> {
  /** Seeded: draws the spread of the cells and the errors and noise of the sensors. */
  readonly random: PlantRandom;
}

/**
 * A rig of this stack, seen through its sensors as an instrument sees it, with the truth behind it beside
 * them.
 */
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
  const cellReadings = new Float64Array(parameters.cells);
  let tick = 0;
  let shownTick = -1;
  let cellsTick = -1;

  /** True values behind the scalar sensors, once per advance and only if somebody looks. */
  function refresh(): void {
    shownTick = tick;
    scalars[VOLTAGE] = truth.stackVoltage_V;
    scalars[CURRENT] = truth.current_A;
    scalars[AT['stack.output_on']] = settings[SETTING.output_on] >= 0.5 ? 1 : 0;
    scalars[AT['stack.temperature_degC']] = plant.lagged.outlet_degC;
    scalars[AT['stack.inletTemperature_degC']] = thermal.inlet_degC;
    scalars[AT['room.temperature_degC']] = truth.roomTemperature_degC;
    scalars[AT['anode.pressure_barg']] = truth.anode_bara - AMBIENT_BARA;
    scalars[AT['cathode.pressure_barg']] = truth.cathode_bara - AMBIENT_BARA;
    scalars[AT['h2.flow_NL_per_min']] = truth.meteredFlow_mol_per_s * MOLAR_VOLUME_NL_PER_MOL * 60;
    scalars[AT['o2.h2_vol_pct']] = plant.h2Analyser.shown_vol_pct;
    scalars[AT['h2.o2_vol_pct']] = plant.o2Analyser.shown_vol_pct;
    scalars[AT['room.h2_vol_pct']] = truth.roomH2_vol_pct;
    scalars[AT['room.ventilation_on']] = settings[SETTING.ventilation_on] >= 0.5 ? 1 : 0;
    scalars[AT['water.flow_L_per_min']] = thermal.flow_L_per_min;
    scalars[AT['water.level_pct']] = truth.level_pct;
    scalars[AT['water.conductivity_uS_per_cm']] = truth.conductivity_uS_per_cm;
    scalars[AT['cooler.power_kW']] = thermal.cooler_W / 1000;
    scalars[AT['heater.power_kW']] = thermal.heater_W / 1000;
    scalars[AT['n2.cathodeValve_on']] = settings[SETTING.n2Cathode_on] >= 0.5 ? 1 : 0;
    scalars[AT['n2.anodeValve_on']] = settings[SETTING.n2Anode_on] >= 0.5 ? 1 : 0;
    scalars[AT['n2.pressure_barg']] = truth.n2_bara - AMBIENT_BARA;
    scalars[AT['cathode.purgeValve_on']] = settings[SETTING.purge_on] >= 0.5 ? 1 : 0;
    scalars[AT['anode.ventValve_on']] = settings[SETTING.vent_on] >= 0.5 ? 1 : 0;
    scalars[AT['h2.outletValve_on']] = settings[SETTING.outlet_on] >= 0.5 ? 1 : 0;
    scalars[AT['water.pump_on']] = settings[SETTING.pump_on] >= 0.5 ? 1 : 0;
    // States of healthy instruments; an emulator has its own.
    scalars[AT['supply.remote_on']] = 1;
    scalars[AT['supply.alarm_on']] = 0;
    scalars[AT['plc.heartbeatTripped_on']] = 0;
    board.readScalars(scalars, tick);
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
      if (index >= 0 && index < SCALARS) {
        if (shownTick !== tick) refresh();
        return scalars[index];
      }
      const k = index - SCALARS;
      if (!(k >= 0 && k < cellReadings.length))
        throw new RangeError(`sensor ${index}: expected 0..${SCALARS + cellReadings.length - 1}`);
      if (cellsTick !== tick) {
        cellsTick = tick;
        board.readCells(cellReadings, plant.cellState(), tick);
      }
      return cellReadings[k];
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
