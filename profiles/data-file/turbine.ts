/**
 * A wind turbine as a bench needs it: wind in, power over rated power out, smoothed by the rotor. The rotor
 * averages over its disc and stores energy, which is here a first-order lag on the power (5..15 s are usual).
 */
export interface Turbine {
  readonly cutIn_m_per_s: number;
  readonly rated_m_per_s: number;
  readonly cutOut_m_per_s: number;
  /** After a storm stop it starts again only below this. */
  readonly restart_m_per_s: number;
  readonly rotorLag_s: number;
}

/** Usual figures of a pitch-controlled turbine of some MW; basis default. */
export const TURBINE: Turbine = {
  cutIn_m_per_s: 3,
  rated_m_per_s: 11.5,
  cutOut_m_per_s: 25,
  restart_m_per_s: 22,
  rotorLag_s: 8,
};

/** Power curve at steady wind, 0..1: cubic between cut-in and rated (constant tip-speed ratio), flat above. */
export function turbinePower_frac(turbine: Turbine, wind_m_per_s: number): number {
  const { cutIn_m_per_s, rated_m_per_s, cutOut_m_per_s } = turbine;
  if (!(wind_m_per_s > cutIn_m_per_s) || wind_m_per_s >= cutOut_m_per_s) return 0;
  if (wind_m_per_s >= rated_m_per_s) return 1;
  const floor = cutIn_m_per_s ** 3;
  return (wind_m_per_s ** 3 - floor) / (rated_m_per_s ** 3 - floor);
}

/** Power over rated power for a wind series at 1 s. Starts in balance with the first wind. */
export function turbineSeries_frac(turbine: Turbine, wind_m_per_s: Float64Array): Float64Array {
  const power_frac = new Float64Array(wind_m_per_s.length);
  const share = 1 - Math.exp(-1 / turbine.rotorLag_s);
  let isStormStopped = false;
  let rotor_frac = turbinePower_frac(turbine, wind_m_per_s[0] ?? 0);
  for (let i = 0; i < wind_m_per_s.length; i++) {
    const wind = wind_m_per_s[i];
    if (wind >= turbine.cutOut_m_per_s) isStormStopped = true;
    else if (wind < turbine.restart_m_per_s) isStormStopped = false;
    const target_frac = isStormStopped ? 0 : turbinePower_frac(turbine, wind);
    rotor_frac += (target_frac - rotor_frac) * share;
    power_frac[i] = rotor_frac;
  }
  return power_frac;
}
