import { arrhenius } from '../parts/arrhenius.ts';
import {
  AMBIENT_BARA,
  FARADAY_C_PER_MOL,
  GAS_CONSTANT_J_PER_MOL_K,
  TRACE_BAR,
  ZERO_DEGC_K,
} from '../parts/constants.ts';
import type { SteadyPoint } from '../parts/model.ts';
import type { CellParameters } from './parameters.ts';

/** Reversible voltage of liquid water at standard pressure, V (LeRoy, J. Electrochem. Soc. 127 (1980) 1954). */
export function reversibleVoltage_V(temperature_K: number): number {
  const t = temperature_K;
  return 1.5184 - 1.5421e-3 * t + 9.523e-5 * t * Math.log(t) + 9.84e-8 * t * t;
}

/** Saturation pressure of water, bar (Buck, J. Appl. Meteorol. 20 (1981) 1527). */
export function saturationPressure_bar(temperature_K: number): number {
  const t = temperature_K - ZERO_DEGC_K;
  return 0.0061121 * Math.exp(((18.678 - t / 234.5) * t) / (257.14 + t));
}

/**
 * Nernst term with liquid water (activity 1), V: RT/2F ln(p_H2 sqrt(p_O2)), dry partial pressures in bar.
 * The form that divides by p_H2O gives 26 mV more at 55 degC and does not go with these fits.
 */
export function nernst_V(temperature_K: number, h2_bar: number, o2_bar: number): number {
  const slope_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (2 * FARADAY_C_PER_MOL);
  return slope_V * Math.log(Math.max(h2_bar, TRACE_BAR) * Math.sqrt(Math.max(o2_bar, TRACE_BAR)));
}

/**
 * Protonic conductivity of a Nafion-like membrane, S/cm; lambda = water molecules per acid group.
 * (Springer, Zawodzinski, Gottesfeld, J. Electrochem. Soc. 138 (1991) 2334.) The stack uses a fitted resistance
 * instead, which contains contacts too; this is the check on its membrane part.
 */
export function springerConductivity_S_per_cm(temperature_K: number, lambda: number): number {
  return (0.005139 * lambda - 0.00326) * Math.exp(1268 * (1 / 303 - 1 / temperature_K));
}

/** H2 (or half: O2) made by a current that passes `cells` cells in series, mol/s. */
export function faradayH2_mol_per_s(current_A: number, cells: number): number {
  return (current_A * cells) / (2 * FARADAY_C_PER_MOL);
}

/** Tafel slope over ln 10, V: proportional to T. */
export function activationSlope_V(cell: CellParameters, temperature_K: number): number {
  return ((cell.tafelSlope_V / Math.LN10) * temperature_K) / cell.reference_K;
}

/**
 * Exchange current density of the lumped activation term at a temperature (K), A/cm2 of active area; rises
 * with it by Arrhenius.
 */
export function exchange_A_per_cm2(cell: CellParameters, temperature_K: number): number {
  return (
    cell.exchange_A_per_cm2 * arrhenius(cell.exchangeActivation_J_per_mol, cell.reference_K, temperature_K)
  );
}

/** Water molecules per acid group of a Nafion membrane in liquid water (16..24; recalled). */
export const WET_LAMBDA = 22;

/**
 * Area-specific resistance of one cell, membrane and contacts, at a temperature (K), ohm cm2; falls as it gets
 * warmer, by Arrhenius. A membrane of another thickness (cm) than that of the fit adds or takes away its own
 * resistance, R = R_fit + (d - d_fit) / sigma; contacts and electrodes stay as they are and never fall below 0.
 */
export function asr_Ohm_cm2(
  cell: CellParameters,
  temperature_K: number,
  thickness_cm = cell.membrane_cm,
): number {
  const fitted = cell.asr_Ohm_cm2 / arrhenius(cell.asrActivation_J_per_mol, cell.reference_K, temperature_K);
  if (thickness_cm === cell.membrane_cm) return fitted;
  const conductivity_S_per_cm =
    cell.membraneConductivity_S_per_cm?.(temperature_K) ??
    springerConductivity_S_per_cm(temperature_K, WET_LAMBDA);
  const other = fitted + (thickness_cm - cell.membrane_cm) / conductivity_S_per_cm;
  if (thickness_cm > cell.membrane_cm) return other;
  return Math.max(other, (fitted * thickness_cm) / cell.membrane_cm);
}

/** Activation overvoltage at steady state, V. */
export function activation_V(slope_V: number, exchange: number, density_A_per_cm2: number): number {
  // Of the size first: the sum would cancel for a reverse current.
  const x = Math.abs(density_A_per_cm2) / (2 * exchange);
  const size_V = slope_V * Math.log(x + Math.sqrt(x * x + 1));
  return density_A_per_cm2 < 0 ? -size_V : size_V;
}

/**
 * Overvoltage of the double layer after dt_s at a constant current density, V: the exact solution of
 * C dV/dt = i - 2 i0 sinh(V / slope) (a Riccati equation in exp(V / slope)), so that no step is too long for it.
 */
export function doubleLayer_V(
  start_V: number,
  density_A_per_cm2: number,
  exchange: number,
  slope_V: number,
  capacity_F_per_cm2: number,
  dt_s: number,
): number {
  const root = Math.sqrt(density_A_per_cm2 * density_A_per_cm2 + 4 * exchange * exchange);
  const decay = (root * dt_s) / (slope_V * capacity_F_per_cm2);
  if (decay > 40) return activation_V(slope_V, exchange, density_A_per_cm2);
  const high = (density_A_per_cm2 + root) / (2 * exchange);
  // The product of the roots is -1: written so because the difference would cancel at high current.
  const low = -1 / high;
  const u = Math.exp(start_V / slope_V);
  const ratio = ((u - high) / (u - low)) * Math.exp(-decay);
  return slope_V * Math.log((high - ratio * low) / (1 - ratio));
}

/** Cell voltage at steady state under load, V; dry partial pressures in bar. */
export function cellVoltage_V(
  cell: CellParameters,
  temperature_K: number,
  density_A_per_cm2: number,
  h2_bar: number,
  o2_bar: number,
  thickness_cm = cell.membrane_cm,
): number {
  return (
    reversibleVoltage_V(temperature_K) +
    nernst_V(temperature_K, h2_bar, o2_bar) +
    activation_V(
      activationSlope_V(cell, temperature_K),
      exchange_A_per_cm2(cell, temperature_K),
      density_A_per_cm2,
    ) +
    asr_Ohm_cm2(cell, temperature_K, thickness_cm) * density_A_per_cm2
  );
}

/** The same at a point of a stack's steady curve, V: the gas at both electrodes is wet. */
export function steadyWetCell_V(
  cell: CellParameters,
  activeArea_cm2: number,
  point: SteadyPoint,
  thickness_cm = cell.membrane_cm,
): number {
  const temperature_K = point.temperature_degC + ZERO_DEGC_K;
  const vapour_bar = saturationPressure_bar(temperature_K);
  return cellVoltage_V(
    cell,
    temperature_K,
    point.current_A / activeArea_cm2,
    point.cathode_barg + AMBIENT_BARA - vapour_bar,
    point.anode_barg + AMBIENT_BARA - vapour_bar,
    thickness_cm,
  );
}
