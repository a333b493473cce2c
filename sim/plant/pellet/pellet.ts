import type { BatteryModel, BatterySurroundings } from '../cell/battery-model.ts';
import { type CellHeatParameters, cellHeat } from '../cell/heat.ts';
import { countCharge, startState } from '../cell/state.ts';
import { GAS_CONSTANT_J_PER_MOL_K, ZERO_DEGC_K } from '../parts/constants.ts';
import { cpeLadder } from '../parts/cpe.ts';

/** Conductivity over temperature: s = s25 (298.15/T)^power exp(-B (1/(T - T0) - 1/(298.15 - T0))), B in K. */
export interface IonicConductivity {
  readonly at25_S_per_cm: number;
  /** Arrhenius: T0 = 0, power 1 (s T = A exp(-E/RT)); Vogel-Tammann-Fulcher: T0 > 0, power 1/2. */
  readonly vanishes_K: number;
  readonly activation_J_per_mol: number;
}

/** A pellet of a solid electrolyte between two blocking electrodes. */
export interface PelletParameters {
  readonly bulk: IonicConductivity;
  /** Across grain boundaries, per thickness of the whole pellet (macroscopic); undefined: none to be seen. */
  readonly boundary: IonicConductivity | undefined;
  /** Of the whole pellet, F. */
  readonly bulk_F: number;
  readonly boundary_F: number;
  /** One electrode: Y = Q (jw)^n per area. */
  readonly electrode_S_sn_per_cm2: number;
  readonly electrodeExponent_1: number;
  /** Of electrons and holes, 25 degC, beside the ions and with the bulk's temperature law. */
  readonly electronic_S_per_cm: number;
  readonly thickness_cm: number;
  readonly area_cm2: number;
  readonly validity_degC: readonly [low: number, high: number];
  readonly window_V: number;
  readonly heat: CellHeatParameters;
}

/** A pellet as a battery model, with the charge on its electrodes for balances. */
export interface Pellet extends BatteryModel {
  /** Charge that ions have brought to the electrodes, C. */
  readonly blocked_C: number;
}

const REFERENCE_K = 298.15;
// So near to where a VTF law ends the ions stand still.
const LEAST_ABOVE_K = 20;
/** So near to its range a pellet counts as inside. */
const NEAR_K = 2;
const LEAST_RELATIVE = 1e-12;

/** Conductivity at a temperature over that at 25 degC. */
export function relativeConductivity(law: IonicConductivity, temperature_K: number): number {
  const t = Math.max(temperature_K, law.vanishes_K + LEAST_ABOVE_K);
  const power = law.vanishes_K > 0 ? 0.5 : 1;
  const exponent =
    (law.activation_J_per_mol / GAS_CONSTANT_J_PER_MOL_K) *
    (1 / (REFERENCE_K - law.vanishes_K) - 1 / (t - law.vanishes_K));
  return Math.max(LEAST_RELATIVE, (REFERENCE_K / t) ** power * Math.exp(exponent));
}

/** Resistance of the whole pellet by this law, Ohm. */
export function pelletResistance_Ohm(
  p: PelletParameters,
  law: IonicConductivity,
  temperature_K: number,
): number {
  return p.thickness_cm / (p.area_cm2 * law.at25_S_per_cm * relativeConductivity(law, temperature_K));
}

/**
 * Bulk and grain boundaries, each a resistance beside its capacitance, in series with both electrodes, and electrons
 * beside all of it. Linear: voltage mode and spectrum speak of the same elements. A blocked cell shows the steady
 * current of its electrons only. Rested at 0 V.
 */
export function pellet(p: PelletParameters, temperature_degC: number): Pellet {
  const state = startState(Number.NaN, Number.NaN, temperature_degC);
  state.outsideValidity_on = 0;
  const surroundings: BatterySurroundings = {
    ambient_degC: temperature_degC,
    pressure_MPa: 0,
    addedHeat_W: 0,
  };
  const heat = cellHeat(p.heat, temperature_degC);
  // Two equal electrodes in series are one of half the admittance.
  const electrodes = cpeLadder((p.electrode_S_sn_per_cm2 * p.area_cm2) / 2, p.electrodeExponent_1);
  let bulk_V = 0;
  let boundary_V = 0;
  let step_s = 0;
  /** Ionic path at the end of the prepared step: start + perAmpere times its own current. */
  let start_V = 0;
  let perAmpere_V = 0;
  let electronic_S = 0;
  let bulk_Ohm = 0;
  let boundary_Ohm = 0;

  function resistances(): void {
    const kelvin = state.temperature_degC + ZERO_DEGC_K;
    bulk_Ohm = pelletResistance_Ohm(p, p.bulk, kelvin);
    boundary_Ohm = p.boundary === undefined ? 0 : pelletResistance_Ohm(p, p.boundary, kelvin);
    electronic_S =
      ((p.electronic_S_per_cm * p.area_cm2) / p.thickness_cm) * relativeConductivity(p.bulk, kelvin);
  }

  /** Ionic current of the prepared step at this current of the terminals, A. */
  const ionic_A = (current_A: number): number =>
    (current_A - electronic_S * start_V) / (1 + electronic_S * perAmpere_V);

  const model = {
    state,
    surroundings,
    blocked_C: 0,
    prepare(dt_s: number): void {
      step_s = dt_s;
      resistances();
      electrodes.prepare(dt_s);
      const bulk = 1 / (p.bulk_F / dt_s + 1 / bulk_Ohm);
      const boundary = boundary_Ohm > 0 ? 1 / (p.boundary_F / dt_s + 1 / boundary_Ohm) : 0;
      start_V =
        electrodes.start_V +
        (bulk * p.bulk_F * bulk_V) / dt_s +
        (boundary * p.boundary_F * boundary_V) / dt_s;
      perAmpere_V = electrodes.perAmpere_V + bulk + boundary;
    },
    voltageAfter_V: (current_A: number): number => start_V + perAmpere_V * ionic_A(current_A),
    take(current_A: number): void {
      const ions_A = ionic_A(current_A);
      state.voltage_V = start_V + perAmpere_V * ions_A;
      electrodes.take(ions_A);
      bulk_V = ((p.bulk_F / step_s) * bulk_V + ions_A) / (p.bulk_F / step_s + 1 / bulk_Ohm);
      if (boundary_Ohm > 0)
        boundary_V =
          ((p.boundary_F / step_s) * boundary_V + ions_A) / (p.boundary_F / step_s + 1 / boundary_Ohm);
      model.blocked_C = electrodes.charge_C;
      state.openCircuit_V = electrodes.voltage_V;
      const electrons_W = electronic_S * state.voltage_V ** 2;
      state.heat_W =
        bulk_V ** 2 / bulk_Ohm + (boundary_Ohm > 0 ? boundary_V ** 2 / boundary_Ohm : 0) + electrons_W;
      heat.step(state.heat_W + surroundings.addedHeat_W, surroundings.ambient_degC, step_s);
      state.temperature_degC = heat.cell_degC;
      const [low, high] = p.validity_degC;
      const isInside =
        heat.cell_degC > low - NEAR_K &&
        heat.cell_degC < high + NEAR_K &&
        Math.abs(electrodes.voltage_V) <= p.window_V;
      state.outsideValidity_on = isInside ? 0 : 1;
      countCharge(state, current_A, step_s);
    },
    impedance(frequencies_Hz: Float64Array) {
      resistances();
      const re_Ohm = new Float64Array(frequencies_Hz.length);
      const im_Ohm = new Float64Array(frequencies_Hz.length);
      frequencies_Hz.forEach((f, i) => {
        const w = 2 * Math.PI * f;
        const [g, b] = electrodes.admittance(w);
        const size = g * g + b * b;
        let re = g / size;
        let im = -b / size;
        for (const [r, c] of [
          [bulk_Ohm, p.bulk_F],
          [boundary_Ohm, p.boundary_F],
        ]) {
          const x = w * r * c;
          re += r / (1 + x * x);
          im -= (r * x) / (1 + x * x);
        }
        // Electrons beside the ions.
        const square = re * re + im * im;
        const [yRe, yIm] = [re / square + electronic_S, -im / square];
        const whole = yRe * yRe + yIm * yIm;
        re_Ohm[i] = yRe / whole;
        im_Ohm[i] = -yIm / whole;
      });
      return { re_Ohm, im_Ohm };
    },
  };
  return model;
}
