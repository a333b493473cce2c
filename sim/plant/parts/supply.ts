/**
 * DC supply in front of the stack: constant current until the voltage or the power limit is reached (CC, CV, CP),
 * with a slew rate and the resolution of its set input; output off takes the current to zero in a few milliseconds.
 */
export interface SupplyParameters {
  readonly currentRating_A: number;
  readonly voltageRating_V: number;
  readonly powerRating_W: number;
  /** Laboratory supplies slew 1..30 A/ms. */
  readonly slew_A_per_s: number;
  readonly offSlew_A_per_s: number;
  /** Smallest step of the current that it can set, A; 0 = none. 12..16 bit of the rating are usual (recalled). */
  readonly currentStep_A: number;
  /**
   * Ripple, effective value as part of the present current. Transistor supplies 0.0005..0.002 of full scale
   * (recalled), thyristor rectifiers some percent (Koponen et al., J. Power Sources 491 (2021) 229443).
   */
  readonly ripple_frac: number;
}

export const SUPPLY: SupplyParameters = {
  currentRating_A: 2400,
  voltageRating_V: 360,
  powerRating_W: 600_000,
  slew_A_per_s: 10_000,
  offSlew_A_per_s: 500_000,
  currentStep_A: 2400 / 2 ** 16,
  ripple_frac: 0.001,
};

/** Part of the asked current to which a current under a voltage or power limit is found. */
const FOUND_FRAC = 1e-10;

/**
 * Current that the supply drives at steady state, A: the smallest of its three limits. `voltageAt_V` is the stack's
 * steady voltage at a current, rising in it; the search starts at `near_A`, the present current.
 */
export function drivenCurrent_A(
  voltageAt_V: (current_A: number) => number,
  supply: SupplyParameters,
  currentSet_A: number,
  voltageSet_V: number,
  powerSet_W: number,
  near_A: number,
): number {
  const limited_A = Math.max(0, Math.min(currentSet_A, supply.currentRating_A));
  const step_A = supply.currentStep_A;
  const asked_A = step_A > 0 ? Math.min(Math.round(limited_A / step_A) * step_A, limited_A) : limited_A;
  if (asked_A === 0) return 0;
  const voltage_V = Math.max(0, Math.min(voltageSet_V, supply.voltageRating_V));
  const power_W = Math.max(0, Math.min(powerSet_W, supply.powerRating_W));
  // How far the stack is above what the supply may give there, V; rising in the current.
  let high = asked_A;
  let above = voltageAt_V(high) - Math.min(voltage_V, power_W / high);
  if (above <= 0) return asked_A;
  let low = 0;
  let lastX = high;
  let lastAbove = above;
  let x = near_A > 0 && near_A < asked_A ? near_A : asked_A / 2;
  for (let k = 0; k < 100; k++) {
    above = voltageAt_V(x) - Math.min(voltage_V, power_W / x);
    if (above > 0) high = x;
    else low = x;
    if (high - low < FOUND_FRAC * asked_A) break;
    const slope = (above - lastAbove) / (x - lastX);
    const secant = x - above / slope;
    lastX = x;
    lastAbove = above;
    if (Math.abs(secant - x) < FOUND_FRAC * asked_A && secant >= low && secant <= high) return secant;
    // A secant outside the bracket, or one that hardly halves it for long, gives way to halving.
    x = k < 60 && secant > low && secant < high ? secant : (low + high) / 2;
  }
  return low;
}
