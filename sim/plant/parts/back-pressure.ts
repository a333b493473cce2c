import { orificeFlow } from './gas.ts';

/**
 * Back-pressure controller of a gas side: a valve with a PI controller inside the instrument. The controller asks
 * for a flow and turns it into an opening through the valve's own characteristic, so that the loop gain is the
 * same at 1 and at 30 bar. Closed while the pressure is below the setpoint; tight when closed.
 */
export interface BackPressure {
  /** Conductance of the valve as it stands, mol/(s bar). */
  opening: number;
  /** Integral part, mol/s. */
  integral_mol_per_s: number;
  /** Opening asked for as it has arrived at the valve. */
  arrived: number;
}

/**
 * Size of the valve and tuning of its controller; conductance in mol/s per bar absolute upstream, choked
 * flow.
 */
export interface BackPressureParameters {
  /** Fully open: 4 mol/(s bar) passes the H2 of 2000 A x 135 cells at about 0.03 bar. */
  readonly conductanceMax_mol_per_s_bar: number;
  /** mol/(s bar); 2.5 on 250 L at 60 degC is a loop of about 0.28 rad/s. */
  readonly gain: number;
  readonly integral_s: number;
  /** First-order actuation, s; strokes of such valves take 1..5 s. */
  readonly actuation_s: number;
  /**
   * From the controller's demand to the movement, s; 0.2..1 s (recalled). Worked out as a lag of that length, which
   * for the slow loops of gas volumes is the same, and unlike a delay does not depend on the steps.
   */
  readonly deadTime_s: number;
  /**
   * Stiction: the valve moves only if the opening asked for differs by more than this part of its own. 0.5 % of the
   * stroke of an equal-percentage valve of range 50 is 2 % of its opening; good positioners reach a tenth (recalled).
   */
  readonly stiction_frac: number;
}

export const BACK_PRESSURE: BackPressureParameters = {
  conductanceMax_mol_per_s_bar: 4,
  gain: 2.5,
  integral_s: 20,
  actuation_s: 0.7,
  deadTime_s: 0.2,
  stiction_frac: 0.003,
};

/** A valve that stands fully open. */
export function backPressure(parameters: BackPressureParameters): BackPressure {
  const { conductanceMax_mol_per_s_bar } = parameters;
  return {
    opening: conductanceMax_mol_per_s_bar,
    integral_mol_per_s: 0,
    arrived: conductanceMax_mol_per_s_bar,
  };
}

/**
 * Lets the controller act for dt_s: moves the valve in `state` towards what the pressure asks for. Pressures
 * absolute, bar; the error counts positive above the setpoint, where the valve opens.
 */
export function stepBackPressure(
  state: BackPressure,
  parameters: BackPressureParameters,
  pressure_bara: number,
  set_bara: number,
  ambient_bara: number,
  dt_s: number,
): void {
  const { conductanceMax_mol_per_s_bar, gain, integral_s, actuation_s, deadTime_s, stiction_frac } =
    parameters;
  const error_bar = pressure_bara - set_bara;
  const proportional = gain * error_bar;
  const unitFlow = orificeFlow(pressure_bara, ambient_bara);
  const most = conductanceMax_mol_per_s_bar * unitFlow;
  const least = -proportional;
  // Anti-windup: the integral never asks for more than the open valve passes nor for less than a closed one.
  const integral = state.integral_mol_per_s + (proportional / integral_s) * dt_s;
  state.integral_mol_per_s = Math.max(0, Math.min(integral, Math.max(most + least, 0)));
  const demand = proportional + state.integral_mol_per_s;
  let target = 0;
  if (demand > 0)
    target =
      unitFlow > 0 ? Math.min(demand / unitFlow, conductanceMax_mol_per_s_bar) : conductanceMax_mol_per_s_bar;
  state.arrived += (target - state.arrived) * (1 - Math.exp(-dt_s / deadTime_s));
  const way = state.arrived - state.opening;
  if (Math.abs(way) > stiction_frac * state.opening)
    state.opening += way * (1 - Math.exp(-dt_s / actuation_s));
  // A valve seat: below a millionth it is shut, not asymptotically open.
  if (target === 0 && state.opening < conductanceMax_mol_per_s_bar * 1e-6) state.opening = 0;
}
