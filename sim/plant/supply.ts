/**
 * DC supply in front of the stack: constant current until the voltage or the power limit is reached (CC, CV, CP),
 * with a slew rate; output off takes the current to zero in a few milliseconds.
 */
export interface SupplyParameters {
  readonly currentRating_A: number;
  readonly voltageRating_V: number;
  readonly powerRating_W: number;
  /** Laboratory supplies slew 1..30 A/ms. */
  readonly slew_A_per_s: number;
  readonly offSlew_A_per_s: number;
}

export const SUPPLY: SupplyParameters = {
  currentRating_A: 2400,
  voltageRating_V: 360,
  powerRating_W: 600_000,
  slew_A_per_s: 10_000,
  offSlew_A_per_s: 500_000,
};

/** Stack voltage at a current, V: open circuit + slope asinh(x) + resistance. All for the whole stack. */
export interface StackCurve {
  openCircuit_V: number;
  activationSlope_V: number;
  /** 2 i0 A: current that scales the asinh, A. */
  exchange_A: number;
  resistance_Ohm: number;
}

/**
 * Voltage at the stack's terminals at a steady current (A, >= 0), V; the curve that the supply works
 * against.
 */
export function stackVoltage_V(curve: StackCurve, current_A: number): number {
  const x = current_A / curve.exchange_A;
  return (
    curve.openCircuit_V +
    curve.activationSlope_V * Math.log(x + Math.sqrt(x * x + 1)) +
    curve.resistance_Ohm * current_A
  );
}

/** Current that the supply drives at steady state, A: the smallest of its three limits. */
export function limitedCurrent_A(
  curve: StackCurve,
  supply: SupplyParameters,
  currentSet_A: number,
  voltageSet_V: number,
  powerSet_W: number,
): number {
  const current_A = Math.max(0, Math.min(currentSet_A, supply.currentRating_A));
  const voltage_V = Math.max(0, Math.min(voltageSet_V, supply.voltageRating_V));
  const power_W = Math.max(0, Math.min(powerSet_W, supply.powerRating_W));
  const isAllowed = (amps: number): boolean => {
    const volts = stackVoltage_V(curve, amps);
    return volts <= voltage_V && volts * amps <= power_W;
  };
  if (current_A === 0 || isAllowed(current_A)) return current_A;
  let low = 0;
  let high = current_A;
  for (let k = 0; k < 48; k++) {
    const middle = (low + high) / 2;
    if (isAllowed(middle)) low = middle;
    else high = middle;
  }
  return low;
}
