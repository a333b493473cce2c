import { lagPart } from './lag.ts';

/**
 * Heat of stack and water loop: two lumps joined by the water flow, losses to the room, heater and cooler in the
 * loop with their own controller on the stack's temperature. What evaporates and what warms feed water has been taken off the stack's heat.
 */
export interface Thermal {
  stack_degC: number;
  loop_degC: number;
  /** Water at the stack's inlet, as the sensor's pocket feels it. */
  inlet_degC: number;
  heater_W: number;
  cooler_W: number;
  flow_L_per_min: number;
  integral_W: number;
}

/**
 * Heat capacities, losses, pump, heater and cooler of the loop, and the tuning of its temperature
 * controller.
 */
export interface ThermalParameters {
  /** Stack and loop together 2 MJ/K: 1.8 (Espinosa-Lopez 2018 scaled by power) to 2.5 (SimSES) for 500 kW. */
  readonly stackCapacity_J_per_K: number;
  readonly loopCapacity_J_per_K: number;
  /** Insulated; Espinosa-Lopez 2018 (46 kW) scaled by surface would be 0.014. */
  readonly lossResistance_K_per_W: number;
  /** Of the loop with its separators; infinite where all of it is counted with the stack. */
  readonly loopLossResistance_K_per_W: number;
  readonly pumpFlow_L_per_min: number;
  readonly pumpHeat_W: number;
  readonly heaterMax_W: number;
  readonly coolerMax_W: number;
  readonly gain_W_per_K: number;
  readonly integral_s: number;
  readonly actuation_s: number;
}

export const THERMAL: ThermalParameters = {
  stackCapacity_J_per_K: 0.9e6,
  loopCapacity_J_per_K: 1.1e6,
  lossResistance_K_per_W: 0.02,
  loopLossResistance_K_per_W: Number.POSITIVE_INFINITY,
  pumpFlow_L_per_min: 300,
  pumpHeat_W: 1000,
  heaterMax_W: 40_000,
  coolerMax_W: 300_000,
  gain_W_per_K: 30_000,
  integral_s: 250,
  actuation_s: 8,
};

/** Heat that 1 L/min of water carries per kelvin, W/K (60 degC). */
const WATER_W_PER_K_PER_L_PER_MIN = (4185 * 0.983) / 60;
const FLOW_LAG_S = 2;
const RUNNING_WATER_LAG_S = 5;
const STILL_WATER_LAG_S = 600;
const flowLag = lagPart(FLOW_LAG_S);
const runningLag = lagPart(RUNNING_WATER_LAG_S);
const stillLag = lagPart(STILL_WATER_LAG_S);

/** Heat that left through the walls, came from the pump, during the last step, J. */
export interface ThermalLedger {
  loss_J: number;
  pump_J: number;
  heater_J: number;
  cooler_J: number;
}

/**
 * Lets dt_s pass for stack and loop. `heat_W` is what the cells give off (negative if they take heat up),
 * `set_degC` the stack temperature asked for. Without water flow heater and cooler stay off, and the stack
 * cools only to the room. The parts say how much of cooler and heater works, 0..1. What crossed the walls or came from pump, heater and cooler is added to `ledger`.
 */
export function stepThermal(
  state: Thermal,
  parameters: ThermalParameters,
  ledger: ThermalLedger,
  heat_W: number,
  set_degC: number,
  pumpIsOn: boolean,
  room_degC: number,
  coolerPart_frac: number,
  heaterPart_frac: number,
  dt_s: number,
): void {
  const flowTarget = pumpIsOn ? parameters.pumpFlow_L_per_min : 0;
  state.flow_L_per_min += (flowTarget - state.flow_L_per_min) * flowLag(dt_s);
  const flow_W_per_K = state.flow_L_per_min * WATER_W_PER_K_PER_L_PER_MIN;

  // PI with the stack's own heat fed forward; without flow both heater and cooler are blocked.
  const coolerMax_W = parameters.coolerMax_W * coolerPart_frac;
  const heaterMax_W = parameters.heaterMax_W * heaterPart_frac;
  const isFlowing = state.flow_L_per_min > 0.3 * parameters.pumpFlow_L_per_min;
  let demand_W = 0;
  if (isFlowing) {
    const proportional_W = parameters.gain_W_per_K * (set_degC - state.stack_degC) - heat_W;
    const integral_W = state.integral_W + ((proportional_W + heat_W) / parameters.integral_s) * dt_s;
    const asked_W = proportional_W + integral_W;
    const isSaturated = asked_W > heaterMax_W || asked_W < -coolerMax_W;
    // Anti-windup: while the output is at its end the integral only goes towards zero.
    if (!isSaturated || Math.abs(integral_W) < Math.abs(state.integral_W)) state.integral_W = integral_W;
    demand_W = Math.max(-coolerMax_W, Math.min(heaterMax_W, asked_W));
  } else {
    state.integral_W = 0;
  }
  const actuation = 1 - Math.exp(-dt_s / parameters.actuation_s);
  // A cooler cools only water that is warmer than its own, which stands 5 K under the room.
  const coolable_W = Math.max(0, (state.loop_degC - (room_degC - 5)) * flow_W_per_K);
  state.heater_W += (Math.max(0, demand_W) - state.heater_W) * actuation;
  state.cooler_W += (Math.min(coolable_W, Math.max(0, -demand_W)) - state.cooler_W) * actuation;
  if (!isFlowing) {
    state.heater_W = 0;
    state.cooler_W = 0;
  }

  // Backward Euler of the two lumps: stable however far the pump is turned up.
  const loss = 1 / parameters.lossResistance_K_per_W;
  const loopLoss = 1 / parameters.loopLossResistance_K_per_W;
  const pump_W = (parameters.pumpHeat_W * state.flow_L_per_min) / parameters.pumpFlow_L_per_min;
  const a = parameters.stackCapacity_J_per_K / dt_s;
  const b = parameters.loopCapacity_J_per_K / dt_s;
  const stackRight = a * state.stack_degC + heat_W + loss * room_degC;
  const loopRight = b * state.loop_degC + state.heater_W - state.cooler_W + pump_W + loopLoss * room_degC;
  const stackDiagonal = a + flow_W_per_K + loss;
  const loopDiagonal = b + flow_W_per_K + loopLoss;
  const determinant = stackDiagonal * loopDiagonal - flow_W_per_K * flow_W_per_K;
  state.stack_degC = (stackRight * loopDiagonal + flow_W_per_K * loopRight) / determinant;
  state.loop_degC = (stackDiagonal * loopRight + flow_W_per_K * stackRight) / determinant;

  // Running water shows the loop; standing water in the pocket drifts to the room.
  const pocket_degC = isFlowing ? state.loop_degC : room_degC;
  const pocketPart = isFlowing ? runningLag(dt_s) : stillLag(dt_s);
  state.inlet_degC += (pocket_degC - state.inlet_degC) * pocketPart;

  ledger.loss_J += (loss * (state.stack_degC - room_degC) + loopLoss * (state.loop_degC - room_degC)) * dt_s;
  ledger.pump_J += pump_W * dt_s;
  ledger.heater_J += state.heater_W * dt_s;
  ledger.cooler_J += state.cooler_W * dt_s;
}
