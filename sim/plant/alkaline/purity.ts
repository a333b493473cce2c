import { ZERO_DEGC_K } from '../parts/constants.ts';

/**
 * Measured faradaic efficiency and gas purity of alkaline stacks, as their papers give them.
 */

/** eta = i2 / (f11 + f12 t + i2) (f21 + f22 t); i in A/m2, t in degC, f1 in (A/m2)2. */
export interface FaradaicCurve {
  readonly f11: number;
  readonly f12: number;
  readonly f21: number;
  readonly f22: number;
}

/** 250 mA2/cm4 and 0.96, constant (Ulleberg 2003, at 80 degC). */
export const ULLEBERG_FARADAIC: FaradaicCurve = { f11: 250e2, f12: 0, f21: 0.96, f22: 0 };

/** Sanchez et al., Int. J. Hydrogen Energy 43 (2018) 20332. */
export const SANCHEZ_FARADAIC: FaradaicCurve = {
  f11: 478645.74,
  f12: -2953.15,
  f21: 1.0396,
  f22: -0.00104,
};

/** Above it f1 of the 15 kW stack would turn negative. */
const HOTTEST_DEGC = 150;

/** Part of the current that ends as product H2 (0..1). Current density in A/cm2; 0 at rest. */
export function faradaicEfficiency(
  curve: FaradaicCurve,
  temperature_K: number,
  density_A_per_cm2: number,
): number {
  const t = Math.min(HOTTEST_DEGC, Math.max(0, temperature_K - ZERO_DEGC_K));
  const i2 = (density_A_per_cm2 * 1e4) ** 2;
  const f1 = curve.f11 + curve.f12 * t;
  return Math.min(1, Math.max(0, (i2 / (f1 + i2)) * (curve.f21 + curve.f22 * t)));
}

/** The part of a purity correlation that one variable (temperature or pressure) carries: nine coefficients. */
function purityTerm(c: Float64Array, x: number, density_A_per_m2: number): number {
  return (
    c[0] +
    c[1] * x +
    c[2] * x * x +
    (c[3] + c[4] * x + c[5] * x * x) * Math.exp((c[6] + c[7] * x + c[8] * x * x) / density_A_per_m2)
  );
}

// Large coefficients cancel: every digit of them counts.
const BY_TEMPERATURE = Float64Array.of(
  0.09901,
  -0.00207,
  1.31064e-5,
  -0.08483,
  0.00179,
  -1.1339e-5,
  1481.45,
  -23.60345,
  -0.25774,
);
const BY_PRESSURE = Float64Array.of(
  3.71417,
  -0.93063,
  0.05817,
  -3.72068,
  0.93219,
  -0.05826,
  -18.38215,
  5.87316,
  -0.46425,
);
/** Where the correlation was fitted: temperatures are held at the nearest of these, pressures go on in proportion. */
const LOW_BAR = 5;
const HIGH_BAR = 9;
const LOW_DEGC = 55;
const HIGH_DEGC = 75;
const LOW_A_PER_M2 = 500;

/**
 * H2 in O2 of the 15 kW stack at steady state, dry vol% (Sanchez 2018), 55..75 degC, 5..9 bar absolute, from 500 A/m2.
 * Below that density the flux of H2 is what it is there, so the content rises as O2 gets less. Below 5 and above 9 bar it
 * goes on in proportion to the pressure, as what dissolves does: extrapolated, and the plant says so
 * (`outsideValidity_on`).
 */
export function sanchezH2InO2_vol_pct(
  temperature_K: number,
  pressure_bara: number,
  density_A_per_cm2: number,
): number {
  const t = Math.min(HIGH_DEGC, Math.max(LOW_DEGC, temperature_K - ZERO_DEGC_K));
  const p = Math.min(HIGH_BAR, Math.max(LOW_BAR, pressure_bara));
  const i = density_A_per_cm2 * 1e4;
  const inside = Math.max(LOW_A_PER_M2, i);
  const pct = 100 * (purityTerm(BY_TEMPERATURE, t, inside) + purityTerm(BY_PRESSURE, p, inside));
  const ratio = (Math.max(0, pct) / (100 - pct)) * (pressure_bara / p);
  const scaled = i > 0 ? (ratio * inside) / Math.max(i, 1e-9) : Number.POSITIVE_INFINITY;
  return Number.isFinite(scaled) ? (100 * scaled) / (1 + scaled) : 100;
}
