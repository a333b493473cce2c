import type { BatteryState, BatterySurroundings } from '../cell/battery-model.ts';
import { ZERO_DEGC_K } from '../parts/constants.ts';
import type { SpmeParameters } from './parameters.ts';

// Hotter than this there is no cell left, and no equation that holds.
const MOST_DEGC = 1000;
// Temperatures at which the sets are evaluated; outside, the value of the bound.
const COLDEST_K = 220;
const HOTTEST_K = 400;

/** Temperature at which the set of a cell is evaluated, K. */
export function propertyTemperature_K(state: Readonly<BatteryState>): number {
  return Math.max(COLDEST_K, Math.min(HOTTEST_K, state.temperature_degC + ZERO_DEGC_K));
}

/** Temperature of a cell as one lump after a step with its present heat, degC. */
export function lumpTemperature_degC(
  parameters: SpmeParameters,
  state: Readonly<BatteryState>,
  surroundings: Readonly<BatterySurroundings>,
  dt_s: number,
): number {
  const storage = parameters.heatCapacity_J_per_K / dt_s;
  const gain_W = state.heat_W + surroundings.addedHeat_W;
  const loss = parameters.heatTransfer_W_per_K;
  const end_degC =
    (storage * state.temperature_degC + gain_W + loss * surroundings.ambient_degC) / (storage + loss);
  return Math.min(MOST_DEGC, end_degC);
}
