import type { BatteryModel, BatterySurroundings } from '../cell/battery-model.ts';
import { cellHeat } from '../cell/heat.ts';
import { rootBetween } from '../cell/root.ts';
import { countCharge, startState } from '../cell/state.ts';
import { ZERO_DEGC_K } from '../parts/constants.ts';
import {
  lowerPotential_V,
  nernstSlope_V,
  precipitationRate,
  remaining_Ah,
  SPECIES,
  upperPotential_V,
} from './chemistry.ts';
import { liSImpedance } from './impedance.ts';
import { ATOM_G_PER_C, type LiSParameters } from './parameters.ts';

// Shuttle is published for charge and for discharge only; between them it rises over this part of 1C, so that the
// voltage stays continuous in the current.
const SHUTTLE_FULL_AT_1C = 0.02;
// An exhausted species is left this part of what a step could take.
const LEAST_FRAC = 1e-9;
// Voltage of a current that the species cannot carry, beyond that of the last one they can.
const EXHAUSTED_OHM = 10;
const WITHIN_V = 1e-8;
// No species is ever wholly gone: its logarithm stays finite. Far below any mass that matters.
const LEAST_G = 1e-25;

/**
 * Lithium-sulphur cell without space (Marinescu 2016): two plateaus, precipitation of Li2S, shuttle on charge. Implicit
 * Euler: all five species at the end of a step follow from the S8 left, which is found so that both reactions have
 * one voltage. Starts full, by the published recipe: 99.8 % S8, 0.1 % S4, 0.1 % S2, and S by equal potentials.
 * No temperature dependence but that of RT/F; no double layer; no loss of sulphur for good.
 */
export function liS(p: LiSParameters, start_degC: number): BatteryModel {
  const x = new Float64Array(SPECIES.count);
  const next = new Float64Array(SPECIES.count);
  const heat = cellHeat(p.heat, start_degC);
  const upperExchange_A = p.upperExchange_A_per_m2 * p.area_m2;
  const lowerExchange_A = p.lowerExchange_A_per_m2 * p.area_m2;
  const precipitation = precipitationRate(p);
  const full_Ah = (3 * p.sulfur_g) / (8 * ATOM_G_PER_C * 3600);
  const shuttleFull_A = SHUTTLE_FULL_AT_1C * full_Ah;
  const state = startState(1, full_Ah, start_degC);
  const surroundings: BatterySurroundings = { ambient_degC: start_degC, pressure_MPa: 0, addedHeat_W: 0 };

  let step_s = 0;
  let slope_V = nernstSlope_V(start_degC + ZERO_DEGC_K);
  /** Of the step being looked at: discharge current, shuttle, and what came of them. */
  let load_A = 0;
  let shuttle_per_s = 0;
  let upper_A = 0;
  let lower_A = 0;
  let voltage_V = 0;

  x[SPECIES.s8] = 0.998 * p.sulfur_g;
  x[SPECIES.s4] = 0.001 * p.sulfur_g;
  x[SPECIES.s2] = 0.001 * p.sulfur_g;
  x[SPECIES.sp] = 1e-6 * p.sulfur_g;
  const rest_V = upperPotential_V(p, slope_V, x[SPECIES.s8], x[SPECIES.s4]);
  const withUnitS_V = lowerPotential_V(p, slope_V, x[SPECIES.s4], x[SPECIES.s2], 1);
  x[SPECIES.s] = Math.exp((withUnitS_V - rest_V) / (2 * slope_V));

  /** Species and voltages when s8_g is left at the end: upper minus lower reaction's voltage, V. */
  function mismatch_V(logS8: number): number {
    const s8_g = Math.exp(logS8);
    const perStep = ATOM_G_PER_C * step_s;
    const shuttled_g = step_s * shuttle_per_s * s8_g;
    upper_A = (x[SPECIES.s8] - s8_g - shuttled_g) / (8 * perStep);
    lower_A = load_A - upper_A;
    next[SPECIES.s8] = s8_g;
    next[SPECIES.s4] = x[SPECIES.s4] + 8 * perStep * upper_A + shuttled_g - 4 * perStep * lower_A;
    next[SPECIES.s2] = x[SPECIES.s2] + 2 * perStep * lower_A;
    // Sp' = Sp + dt k Sp' (S' - S*) with S' + Sp' known: a quadratic with one positive root.
    const both_g = x[SPECIES.s] + x[SPECIES.sp] + 2 * perStep * lower_A;
    const k = step_s * precipitation;
    const b = 1 - k * (both_g - p.saturation_g);
    const root = Math.sqrt(b * b + 4 * k * x[SPECIES.sp]);
    next[SPECIES.sp] = b > 0 ? (2 * x[SPECIES.sp]) / (b + root) : (root - b) / (2 * k);
    next[SPECIES.s] = both_g - next[SPECIES.sp];
    for (let i = 0; i < next.length; i++) if (!(next[i] > LEAST_G)) next[i] = LEAST_G;
    voltage_V =
      upperPotential_V(p, slope_V, next[SPECIES.s8], next[SPECIES.s4]) -
      2 * slope_V * Math.asinh(upper_A / (2 * upperExchange_A));
    const other_V =
      lowerPotential_V(p, slope_V, next[SPECIES.s4], next[SPECIES.s2], next[SPECIES.s]) -
      2 * slope_V * Math.asinh(lower_A / (2 * lowerExchange_A));
    return voltage_V - other_V;
  }

  /** Solves the prepared step at this current; leaves species and voltage in `next` and `voltage_V`. */
  function solve(current_A: number): void {
    const perStep = ATOM_G_PER_C * step_s;
    shuttle_per_s = p.shuttle_per_s * Math.min(1, Math.max(0, current_A / shuttleFull_A));
    // In units of upper_A + lower_A: S8 and S4 carry a discharge, S2 and S (with what dissolves) a charge.
    const kept = 1 - LEAST_FRAC;
    const dischargeMost_A = (kept * ((3 * x[SPECIES.s8]) / 8 + x[SPECIES.s4] / 4)) / perStep;
    const k = step_s * precipitation * p.saturation_g;
    const sulfide_g = Math.min(x[SPECIES.s2], x[SPECIES.s] + (x[SPECIES.sp] * k) / (1 + k));
    // Every S4 made from S2 + 2 S may go on to S8.
    const chargeMost_A =
      (kept *
        (sulfide_g / 2 +
          (x[SPECIES.s4] + 2 * sulfide_g) / 8 +
          (step_s * shuttle_per_s * x[SPECIES.s8]) / 8)) /
      perStep;
    load_A = Math.min(dischargeMost_A, Math.max(-chargeMost_A, -current_A));

    // S8' between the bounds that S4, S2 and S set by staying positive.
    const grown = 1 + step_s * shuttle_per_s;
    const s4Shuttle = step_s * shuttle_per_s;
    // S4' = S4 + (S8 - grown s8) + s4Shuttle s8 - 4 perStep load + (S8 - grown s8)/2 > 0
    const highest_g =
      (x[SPECIES.s4] + 1.5 * x[SPECIES.s8] - 4 * perStep * load_A) / (1.5 * grown - s4Shuttle);
    // lower_A = load - upper > -sulfide_g / (2 perStep)
    const lowest_g = (x[SPECIES.s8] - 8 * perStep * (load_A + sulfide_g / (2 * perStep))) / grown;
    const high = Math.log(Math.max(LEAST_G, highest_g));
    const low = Math.log(Math.max(LEAST_G, lowest_g));
    const edge = 1e-12 * Math.max(1, Math.abs(high));
    const found = rootBetween(mismatch_V, Math.min(low + edge, high), high - edge, WITHIN_V);
    mismatch_V(found);
    voltage_V += (load_A + current_A) * EXHAUSTED_OHM;
  }

  /** Both reactions together carry nothing: the rest voltage of the present species, V. */
  function openCircuit_V(): number {
    const high_V = upperPotential_V(p, slope_V, x[SPECIES.s8], x[SPECIES.s4]);
    const low_V = lowerPotential_V(p, slope_V, x[SPECIES.s4], x[SPECIES.s2], x[SPECIES.s]);
    const middle_V = (high_V + low_V) / 2;
    const half = Math.max(-300, Math.min(300, (high_V - low_V) / (4 * slope_V)));
    const rising = upperExchange_A * Math.exp(half) + lowerExchange_A * Math.exp(-half);
    const falling = upperExchange_A * Math.exp(-half) + lowerExchange_A * Math.exp(half);
    return middle_V + slope_V * Math.log(rising / falling);
  }

  function show(): void {
    state.openCircuit_V = openCircuit_V();
    state.soc_frac = remaining_Ah(x) / full_Ah;
  }

  show();
  state.voltage_V = state.openCircuit_V;
  return {
    state,
    surroundings,
    prepare(dt_s) {
      step_s = dt_s;
      slope_V = nernstSlope_V(heat.cell_degC + ZERO_DEGC_K);
    },
    voltageAfter_V(current_A) {
      solve(current_A);
      return voltage_V;
    },
    take(current_A) {
      solve(current_A);
      state.voltage_V = voltage_V;
      state.exhausted_on = Math.abs(load_A + current_A) > 1e-9 * Math.abs(current_A) ? 1 : 0;
      // Overvoltages of both reactions, and S8 that goes back to S4 without giving its voltage outside.
      const upper_V = upperPotential_V(p, slope_V, next[SPECIES.s8], next[SPECIES.s4]);
      const lower_V = lowerPotential_V(p, slope_V, next[SPECIES.s4], next[SPECIES.s2], next[SPECIES.s]);
      const shuttle_A = (shuttle_per_s * next[SPECIES.s8]) / (8 * ATOM_G_PER_C);
      // A current that finds no species gives all its energy to heat.
      state.heat_W =
        upper_A * (upper_V - voltage_V) +
        lower_A * (lower_V - voltage_V) +
        shuttle_A * upper_V +
        (load_A + current_A) * voltage_V;
      x.set(next);
      countCharge(state, current_A, step_s);
      heat.step(state.heat_W + surroundings.addedHeat_W, surroundings.ambient_degC, step_s);
      state.temperature_degC = heat.cell_degC;
      show();
    },
    impedance(frequencies_Hz) {
      // What an exhausted cell shows belongs to no reaction: its spectrum is that of rest.
      const isAtRest = state.current_A === 0 || state.exhausted_on === 1;
      const voltageNow_V = isAtRest ? state.openCircuit_V : state.voltage_V;
      return liSImpedance(p, slope_V, shuttle_per_s, x, voltageNow_V, frequencies_Hz);
    },
  };
}
