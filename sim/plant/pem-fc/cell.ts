import { arrhenius } from '../parts/arrhenius.ts';
import {
  FARADAY_C_PER_MOL,
  GAS_CONSTANT_J_PER_MOL_K,
  THERMONEUTRAL_V,
  TRACE_BAR,
} from '../parts/constants.ts';

/**
 * A PEM cell that goes both ways. Current density positive: electrolysis, negative: fuel cell. Kinetics of the oxygen
 * electrode as in K. C. Neyerlin et al., J. Electrochem. Soc. 153 (2006) A1955 (recalled): Tafel slope RT/F, exchange
 * current with pO2^0.54 and 67 kJ/mol; the oxygen evolution of the same electrode with a slope and an exchange current of
 * its own kind, chosen here.
 */
export interface ReversiblePem {
  /** A/cm2 of platinum at 80 degC and 1.013 bar O2, and platinum area per electrode area. */
  readonly reduction_A_per_cm2Pt: number;
  readonly roughness_1: number;
  readonly oxygenOrder_1: number;
  readonly reductionActivation_J_per_mol: number;
  /** Oxygen evolution, A/cm2 of electrode at 80 degC. */
  readonly evolution_A_per_cm2: number;
  readonly evolutionActivation_J_per_mol: number;
  /** H2 that comes through and burns at the oxygen electrode, as a current. */
  readonly crossover_A_per_cm2: number;
  readonly resistance_Ohm_cm2: number;
  /** Where oxygen no longer gets through flooded pores, at 0.21 bar O2; goes with the oxygen. */
  readonly limit_A_per_cm2: number;
}

const REFERENCE_K = 353.15;
const REFERENCE_O2_BAR = 1.01325;
const LIMIT_O2_BAR = 0.21;
/** Of the limiting current; beyond, the mass-transport loss goes on straight and steep. */
const MOST_FRAC = 0.98;
const STEEP_V = 5;

/** Partial pressures of the dry gases at the electrodes, bar. */
export interface FuelGas {
  readonly h2_bar: number;
  readonly o2_bar: number;
}

/** Voltage of the gases against liquid water, V: 1.229 - 8.5e-4 (T - 298.15) + RT/2F ln(pH2 pO2^0.5) (Amphlett 1995). */
export function reversible_V(gas: FuelGas, temperature_K: number): number {
  const rt2f = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (2 * FARADAY_C_PER_MOL);
  const activity = Math.log(Math.max(TRACE_BAR, gas.h2_bar)) + Math.log(Math.max(TRACE_BAR, gas.o2_bar)) / 2;
  return 1.229 - 8.5e-4 * (temperature_K - 298.15) + rt2f * activity;
}

/** Exchange currents of both reactions at the oxygen electrode, A/cm2. */
function exchange(p: ReversiblePem, gas: FuelGas, temperature_K: number): readonly [number, number] {
  const reduction =
    p.roughness_1 *
    p.reduction_A_per_cm2Pt *
    (Math.max(TRACE_BAR, gas.o2_bar) / REFERENCE_O2_BAR) ** p.oxygenOrder_1 *
    arrhenius(p.reductionActivation_J_per_mol, REFERENCE_K, temperature_K);
  const evolution =
    p.evolution_A_per_cm2 * arrhenius(p.evolutionActivation_J_per_mol, REFERENCE_K, temperature_K);
  return [reduction, evolution];
}

/** Voltage that transport of oxygen costs a fuel cell, V, at most 0; none in electrolysis. */
function transport_V(p: ReversiblePem, i: number, gas: FuelGas, temperature_K: number): number {
  if (i >= 0) return 0;
  const limit = p.limit_A_per_cm2 * Math.max(1e-4, gas.o2_bar / LIMIT_O2_BAR);
  const part = -i / limit;
  const inside = Math.min(MOST_FRAC, part);
  const rt2f = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (2 * FARADAY_C_PER_MOL);
  return rt2f * Math.log(1 - inside) - STEEP_V * (part - inside);
}

/**
 * Voltage of the cell at a current density, V; rises with it. Both reactions have the slope RT/F, so that the
 * overvoltage is the root of i0e u^2 - (i - ix) u - i0r = 0 with u = exp(F eta / RT).
 */
export function reversibleCell_V(p: ReversiblePem, i: number, gas: FuelGas, temperature_K: number): number {
  const [reduction, evolution] = exchange(p, gas, temperature_K);
  const net = i - p.crossover_A_per_cm2;
  const root = Math.sqrt(net * net + 4 * evolution * reduction);
  // Of both forms of the root the one that does not cancel.
  const u = net >= 0 ? (net + root) / (2 * evolution) : (2 * reduction) / (root - net);
  const thermal = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  return (
    reversible_V(gas, temperature_K) +
    thermal * Math.log(u) +
    p.resistance_Ohm_cm2 * i +
    transport_V(p, i, gas, temperature_K)
  );
}

/** Slope of the charge transfer at a current density, Ohm cm2. */
export function transfer_Ohm_cm2(p: ReversiblePem, i: number, gas: FuelGas, temperature_K: number): number {
  const [reduction, evolution] = exchange(p, gas, temperature_K);
  const net = i - p.crossover_A_per_cm2;
  const thermal = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  return thermal / Math.sqrt(net * net + 4 * evolution * reduction);
}

/** Slope of the oxygen transport at a current density, Ohm cm2. */
export function transport_Ohm_cm2(p: ReversiblePem, i: number, gas: FuelGas, temperature_K: number): number {
  const d = 1e-6;
  return Math.max(
    0,
    (transport_V(p, i + d, gas, temperature_K) - transport_V(p, i - d, gas, temperature_K)) / (2 * d),
  );
}

/** Heat that a cell makes at a current density and voltage, W/cm2, liquid water: above 0 in a fuel cell always. */
export function reversibleHeat_W_per_cm2(i: number, voltage_V: number): number {
  return i * (voltage_V - THERMONEUTRAL_V);
}
