import type { SupplyParameters } from '../parts/supply.ts';

/** Everything that can be set, by role. Index = place in `settings`. */
export const ELECTROLYSER_ACTUATORS = [
  'stack.currentSet_A',
  'stack.voltageSet_V',
  'stack.powerSet_W',
  'stack.outputSet_on',
  'cathode.pressureSet_barg',
  'n2.cathodeValveSet_on',
  'n2.anodeValveSet_on',
  'n2.pressureSet_barg',
  'cathode.purgeValveSet_on',
  'anode.ventValveSet_on',
  'h2.outletValveSet_on',
  'water.pumpSet_on',
  'stack.temperatureSet_degC',
  'room.ventilationSet_on',
] as const;

/**
 * Everything off and closed, but vents open and ventilation on; setpoints 0, temperature 20 degC. A voltage and a power
 * that nobody sets stand at the rating of the supply, V and W: one without a set point for them has no other limit.
 */
export function startSettings({ voltageRating_V, powerRating_W }: SupplyParameters): readonly number[] {
  return [0, voltageRating_V, powerRating_W, 0, 0, 0, 0, 0, 0, 1, 1, 0, 20, 1];
}

/** Places in the settings, in the order of ELECTROLYSER_ACTUATORS. */
export const SETTING = {
  current_A: 0,
  voltage_V: 1,
  power_W: 2,
  output_on: 3,
  pressure_barg: 4,
  n2Cathode_on: 5,
  n2Anode_on: 6,
  n2Pressure_barg: 7,
  purge_on: 8,
  vent_on: 9,
  outlet_on: 10,
  pump_on: 11,
  temperature_degC: 12,
  ventilation_on: 13,
} as const;
