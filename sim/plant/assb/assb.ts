import type { BatteryModel, BatteryState, BatterySurroundings } from '../cell/battery-model.ts';
import { arrhenius } from '../parts/arrhenius.ts';
import { ZERO_DEGC_K } from '../parts/constants.ts';
import { spme } from '../spme/model.ts';
import type { SpmeParameters } from '../spme/parameters.ts';

/** What makes a cell with liquid electrolyte into an approximation of one with solid electrolyte. */
export interface AssbParameters {
  readonly name: string;
  /** What it stands for. */
  readonly about: string;
  /** Temperatures and stack pressures it is meant for; basis default. */
  readonly valid_degC: readonly [low: number, high: number];
  readonly valid_MPa: readonly [low: number, high: number];
  /** Electrodes and format. */
  readonly electrodes: SpmeParameters;
  readonly separator_m: number;
  /** Of the solid electrolyte, dense, 25 degC. */
  readonly conductivity_S_per_m: number;
  /** Charge transfer and films at both faces together, 25 degC. */
  readonly interface_Ohm_cm2: number;
  /** Constriction at imperfect contacts at the reference pressure: R = contact (p / reference)^-exponent. */
  readonly contact_Ohm_cm2: number;
  readonly contactExponent_1: number;
  /** Of conductivity and interfaces alike. */
  readonly activation_J_per_mol: number;
}

/** Pressure at which the contact resistance is given. */
export const REFERENCE_MPA = 5;
// A stack that only lies there still touches a little.
const LEAST_MPA = 0.05;
const REFERENCE_K = 298.15;

/** Resistance of interfaces and contacts, Ohm cm2, at a stack pressure and temperature. */
export function interfaces_Ohm_cm2(p: AssbParameters, pressure_MPa: number, temperature_K: number): number {
  const pressed_1 = Math.max(LEAST_MPA, pressure_MPa) / REFERENCE_MPA;
  return (
    p.interface_Ohm_cm2 / arrhenius(p.activation_J_per_mol, REFERENCE_K, temperature_K) +
    p.contact_Ohm_cm2 * pressed_1 ** -p.contactExponent_1
  );
}

/**
 * Approximation of an all-solid-state cell, not validated: single-particle model with a single-ion conductor (no
 * concentration gradients), and a series resistance of interfaces and of contacts that stack pressure closes. Half
 * of it is counted at each electrode.
 */
export function assb(
  p: AssbParameters,
  start: { readonly soc_frac: number; readonly temperature_degC: number },
): BatteryModel {
  const { electrodes } = p;
  const conductivity = (_salt: number, temperature_K: number): number =>
    p.conductivity_S_per_m * arrhenius(p.activation_J_per_mol, REFERENCE_K, temperature_K);
  const inner = spme(
    {
      ...electrodes,
      separator: { thickness_m: p.separator_m, porosity_frac: 1, bruggeman_1: 1 },
      electrolyte: { ...electrodes.electrolyte, transference_1: 1, conductivity_S_per_m: conductivity },
    },
    { ...start, isLumped: true },
  );
  const area_cm2 = electrodes.area_m2 * 1e4;
  const state: BatteryState = { ...inner.state };
  const surroundings: BatterySurroundings = { ...inner.surroundings, pressure_MPa: REFERENCE_MPA };
  let series_Ohm = 0;

  const seriesNow_Ohm = (): number =>
    interfaces_Ohm_cm2(p, surroundings.pressure_MPa, inner.state.temperature_degC + ZERO_DEGC_K) / area_cm2;

  return {
    state,
    surroundings,
    prepare(dt_s) {
      series_Ohm = seriesNow_Ohm();
      inner.surroundings.ambient_degC = surroundings.ambient_degC;
      inner.prepare(dt_s);
    },
    voltageAfter_V: current_A => inner.voltageAfter_V(current_A) + series_Ohm * current_A,
    take(current_A) {
      const drop_V = series_Ohm * current_A;
      inner.surroundings.addedHeat_W = surroundings.addedHeat_W + drop_V * current_A;
      inner.take(current_A);
      Object.assign(state, inner.state);
      state.voltage_V += drop_V;
      state.negativePotential_V -= drop_V / 2;
      state.positivePotential_V += drop_V / 2;
      state.heat_W += drop_V * current_A;
    },
    impedance(frequencies_Hz) {
      const spectrum = inner.impedance(frequencies_Hz);
      const added_Ohm = seriesNow_Ohm();
      for (let i = 0; i < spectrum.re_Ohm.length; i++) spectrum.re_Ohm[i] += added_Ohm;
      return spectrum;
    },
  };
}
