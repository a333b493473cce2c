/**
 * Where mixtures of H2 and oxygen burn, at ambient pressure. Limits recalled, with what they are recalled from; as figures
 * of a plant they can be set to a lab's own. All in vol% and parts of one.
 */
export interface FlammableLimits {
  /** Lower limit of H2 in air and in O2: nearly the same. 25 degC. */
  readonly lower_vol_pct: number;
  /** Upper limits of H2 in air, in O2. */
  readonly upperAir_vol_pct: number;
  readonly upperOxygen_vol_pct: number;
  /** Least oxygen at which H2 with air and N2 burns at all. */
  readonly leastOxygen_vol_pct: number;
  /** Relative change of the lower limit per K above 25 degC. */
  readonly lowerFalls_per_K: number;
}

const AIR_OXYGEN_PCT = 20.95;
const REFERENCE_DEGC = 25;

/**
 * Lower limit at a temperature, vol%: L25 (1 - a (t - 25)), never below a tenth. Warmer mixtures burn with less; the
 * upper limits are taken as they are at 25 degC, which errs by some per cent of H2 above 100 degC.
 */
export function lowerLimit_vol_pct(limits: FlammableLimits, temperature_degC: number): number {
  const part = 1 - limits.lowerFalls_per_K * (temperature_degC - REFERENCE_DEGC);
  return limits.lower_vol_pct * Math.min(2, Math.max(0.1, part));
}

/**
 * Least oxygen with which so much H2 burns, vol%; the rest N2. Up to the upper limit in air it is the limiting oxygen;
 * beyond, the line from the oxygen at the upper limit in air (5.2 %) to that at the upper limit in O2 (6 %): on the rich
 * side what counts is how much oxygen there is.
 */
export function leastOxygen_vol_pct(limits: FlammableLimits, h2_vol_pct: number): number {
  // Oxygen at both upper limits.
  const inAir = (AIR_OXYGEN_PCT / 100) * (100 - limits.upperAir_vol_pct);
  const inOxygen = 100 - limits.upperOxygen_vol_pct;
  const part =
    (h2_vol_pct - limits.upperAir_vol_pct) /
    Math.max(1e-9, limits.upperOxygen_vol_pct - limits.upperAir_vol_pct);
  const rich = inAir + Math.min(1, Math.max(0, part)) * (inOxygen - inAir);
  return Math.max(limits.leastOxygen_vol_pct, h2_vol_pct > limits.upperAir_vol_pct ? rich : 0);
}

/** Does a mixture burn? Its H2 above the lower limit and its oxygen above the least. Rest: N2. */
export function isFlammable(
  limits: FlammableLimits,
  h2_vol_pct: number,
  o2_vol_pct: number,
  temperature_degC: number,
): boolean {
  return (
    h2_vol_pct >= lowerLimit_vol_pct(limits, temperature_degC) &&
    o2_vol_pct >= leastOxygen_vol_pct(limits, h2_vol_pct)
  );
}
