import type { BatteryState } from './battery-model.ts';

/** State of a cell that has just been put in: nothing drawn, nothing lost; figures it does not have are NaN. */
export function startState(soc_frac: number, capacity_Ah: number, temperature_degC: number): BatteryState {
  return {
    time_s: 0,
    current_A: 0,
    voltage_V: 0,
    openCircuit_V: 0,
    soc_frac,
    capacity_Ah,
    temperature_degC,
    negativePotential_V: Number.NaN,
    positivePotential_V: Number.NaN,
    platingReserve_V: Number.NaN,
    heat_W: 0,
    charged_Ah: 0,
    discharged_Ah: 0,
    irreversibleLoss_Ah: 0,
    reversibleLoss_Ah: 0,
    kineticLoss_frac: 0,
    transportLoss_frac: 0,
    resistanceRise_Ohm: 0,
    exhausted_on: 0,
    outsideValidity_on: Number.NaN,
    handedOver_on: 0,
  };
}

/** Counts time and the charge of a step that has been taken. */
export function countCharge(state: BatteryState, current_A: number, dt_s: number): void {
  state.time_s += dt_s;
  state.current_A = current_A;
  const charge_Ah = (current_A * dt_s) / 3600;
  if (charge_Ah > 0) state.charged_Ah += charge_Ah;
  else state.discharged_Ah -= charge_Ah;
}
