import type { BatteryModel } from '../../sim/plant/cell/battery-model.ts';

/** Capacity of the set of Chen 2020 between its voltage limits and its nominal one, Ah. */
const CAPACITY_Ah = 5.15;
const NOMINAL_Ah = 5;

/** Heat over electric loss in a closed cycle of 20 % of the charge at a C-rate, in per cent away from 1. */
export function heatError_pct(model: BatteryModel, rate: number): number {
  const step_s = (0.2 * CAPACITY_Ah * 3600) / (rate * NOMINAL_Ah * 500);
  let electric_J = 0;
  let heat_J = 0;
  for (let k = 0; k < 1000; k++) {
    model.prepare(step_s);
    model.take(k < 500 ? -rate * NOMINAL_Ah : rate * NOMINAL_Ah);
    electric_J += model.state.current_A * model.state.voltage_V * step_s;
    heat_J += model.state.heat_W * step_s;
  }
  return 100 * Math.abs(heat_J / electric_J - 1);
}
