import { AMBIENT_BARA, ZERO_DEGC_K } from '../parts/constants.ts';
import { nernst_V, reversibleVoltage_V } from '../pem/cell.ts';

/**
 * Curve of an alkaline cell, V = U_rev(T) + Nernst + r(t, p) i + s log10(k(t) i + 1), with i in A/m2 and t in
 * degC: Ulleberg, Int. J. Hydrogen Energy 28 (2003) 21, with the pressure term of Sanchez et al., Int. J. Hydrogen
 * Energy 43 (2018) 20332. k = t1 + t2/t + t3/t2. The activity of water in the lye and its vapour are inside the
 * fitted terms, so Nernst is that of the total pressures.
 */
export interface AlkalineCurve {
  /** r = r1 + r2 t + d2 p, Ohm m2; t in degC, p in bar absolute. */
  readonly r1_Ohm_m2: number;
  readonly r2_Ohm_m2_per_K: number;
  readonly d2_Ohm_m2_per_bar: number;
  /** s, V per decade. */
  readonly slope_V: number;
  readonly t1_m2_per_A: number;
  readonly t2: number;
  readonly t3: number;
}

/** Temperatures between which the fitted polynomials may be used at all, degC; outside, the nearest is taken. */
const LOW_DEGC = 10;
const HIGH_DEGC = 110;
/** Least resistance and kinetic factor: a fit taken far from its points never turns a loss into a gain. */
const LEAST_OHM_M2 = 5e-6;
const LEAST_M2_PER_A = 1e-4;
const M2_PER_CM2 = 1e-4;

function polynomialTemperature_degC(temperature_K: number): number {
  return Math.min(HIGH_DEGC, Math.max(LOW_DEGC, temperature_K - ZERO_DEGC_K));
}

/** Area-specific resistance, Ohm cm2, at a temperature (K) and an absolute pressure (bar). */
export function alkalineAsr_Ohm_cm2(
  curve: AlkalineCurve,
  temperature_K: number,
  pressure_bara: number,
): number {
  const t = polynomialTemperature_degC(temperature_K);
  const r = curve.r1_Ohm_m2 + curve.r2_Ohm_m2_per_K * t + curve.d2_Ohm_m2_per_bar * pressure_bara;
  return Math.max(LEAST_OHM_M2, r) / M2_PER_CM2;
}

/** Kinetic factor k of the curve, here in cm2/A: 1/k is the current density that begins to cost overvoltage. */
export function alkalineKinetics_cm2_per_A(curve: AlkalineCurve, temperature_K: number): number {
  const t = polynomialTemperature_degC(temperature_K);
  const k = curve.t1_m2_per_A + curve.t2 / t + curve.t3 / (t * t);
  return Math.max(LEAST_M2_PER_A, k) / M2_PER_CM2;
}

/**
 * Overvoltage at steady state, V: slope ln(k i + 1); slope is s / ln 10. The correlation knows electrolysis only;
 * a reverse current gets the mirror image, which is finite and has no claim to be right.
 */
export function alkalineActivation_V(
  slope_V: number,
  kinetics_cm2_per_A: number,
  density_A_per_cm2: number,
): number {
  const size_V = slope_V * Math.log(1 + kinetics_cm2_per_A * Math.abs(density_A_per_cm2));
  return density_A_per_cm2 < 0 ? -size_V : size_V;
}

/** Steady cell voltage, V; current density in A/cm2, pressures absolute. */
export function alkalineVoltage_V(
  curve: AlkalineCurve,
  temperature_K: number,
  density_A_per_cm2: number,
  cathode_bara = AMBIENT_BARA,
  anode_bara = cathode_bara,
): number {
  return (
    reversibleVoltage_V(temperature_K) +
    nernst_V(temperature_K, cathode_bara, anode_bara) +
    alkalineAsr_Ohm_cm2(curve, temperature_K, (cathode_bara + anode_bara) / 2) * density_A_per_cm2 +
    alkalineActivation_V(
      curve.slope_V / Math.LN10,
      alkalineKinetics_cm2_per_A(curve, temperature_K),
      density_A_per_cm2,
    )
  );
}
