import { arrhenius } from '../parts/arrhenius.ts';
import { AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL } from '../parts/constants.ts';
import type { Spectrum } from '../parts/model.ts';
import { burn, type EmfChamber, feedOf, flush, gasOf_mol, gasPressures, moveIons } from './chamber.ts';
import { type EmfMembrane, ionicNernst_V, meanIonic_frac } from './nernst.ts';

/** A membrane with gas on both sides and electrodes; per cm2 of one cell. */
export interface EmfParameters {
  readonly membrane: EmfMembrane;
  readonly ionic_S_per_cm: number;
  readonly ionicActivation_J_per_mol: number;
  readonly thickness_cm: number;
  /** Both electrodes at 600 degC. */
  readonly electrodes_Ohm_cm2: number;
  readonly electrodesActivation_J_per_mol: number;
  readonly doubleLayer_F_per_cm2: number;
  readonly cells: number;
  readonly area_cm2: number;
  /** Gas space of each side, all cells together. */
  readonly chamber_L: number;
}

/** Plain data. Positive: the side with steam and oxygen. */
export interface EmfState {
  temperature_K: number;
  positive: EmfChamber;
  negative: EmfChamber;
  /** Volts over the electrodes of one cell. */
  electrodes_V: number;
  current_A: number;
  voltage_V: number;
  /** Ionic current through the membrane, A. */
  ionic_A: number;
  nernst_V: number;
  transport_1: number;
  /** Charge that found no gas to move in the last step, C. */
  starved_C: number;
  fed: EmfChamber;
  out: EmfChamber;
}

/** What a step gets from outside; flows NL/min of all cells, parts 0..1. */
export interface EmfInput {
  readonly temperature_K: number;
  readonly positiveFlow_NL_per_min: number;
  readonly positiveSteam_frac: number;
  readonly positiveOxygen_frac: number;
  readonly negativeFlow_NL_per_min: number;
  readonly negativeSteam_frac: number;
  readonly negativeH2_frac: number;
  readonly negativeOxygen_frac: number;
  /** Gas of the positive side that gets past a seal to the negative one. */
  readonly leak_NL_per_min: number;
  readonly isOn: boolean;
  readonly current_A: number;
  /** The supply gives way above this; and below 0 V when the cell is drawn upon. Of the stack. */
  readonly voltageMax_V: number;
  readonly powerMax_W: number;
}

const REFERENCE_K = 873.15;
// Anything colder lets nothing through; hotter has no meaning here.
const LEAST_K = 250;
const MOST_K = 1500;
const nothing = (): EmfChamber => ({ h2: 0, o2: 0, steam: 0, inert: 0 });

/** Moist air on the positive side, moist inert gas on the other, nothing flowing. */
export function emfStart(p: EmfParameters, temperature_K: number): EmfState {
  const gas_mol = gasOf_mol(p.chamber_L, AMBIENT_BARA, temperature_K);
  return {
    temperature_K,
    positive: { h2: 0, o2: 0.2 * gas_mol, steam: 0.03 * gas_mol, inert: 0.77 * gas_mol },
    negative: { h2: 0, o2: 0.001 * gas_mol, steam: 0.03 * gas_mol, inert: 0.969 * gas_mol },
    electrodes_V: 0,
    current_A: 0,
    voltage_V: 0,
    ionic_A: 0,
    nernst_V: 0,
    transport_1: 1,
    starved_C: 0,
    fed: nothing(),
    out: nothing(),
  };
}

/** Resistances of one cell, Ohm: ions through the membrane, electrons beside them, both electrodes. */
export function emfResistances(
  p: EmfParameters,
  temperature_K: number,
  transport_1: number,
): { readonly ions_Ohm: number; readonly electrons_Ohm: number; readonly electrodes_Ohm: number } {
  const t = Math.min(MOST_K, Math.max(LEAST_K, temperature_K));
  // s T = A exp(-E/RT).
  const sigma = p.ionic_S_per_cm * (REFERENCE_K / t) * arrhenius(p.ionicActivation_J_per_mol, REFERENCE_K, t);
  const ions_Ohm = p.thickness_cm / (Math.max(1e-15, sigma) * p.area_cm2);
  const part = Math.min(1 - 1e-9, Math.max(1e-9, transport_1));
  return {
    ions_Ohm,
    electrons_Ohm: (ions_Ohm * part) / (1 - part),
    electrodes_Ohm:
      p.electrodes_Ohm_cm2 / p.area_cm2 / arrhenius(p.electrodesActivation_J_per_mol, REFERENCE_K, t),
  };
}

const perSecond = (flow_NL_per_min: number): number =>
  Math.max(0, flow_NL_per_min) / 60 / MOLAR_VOLUME_NL_PER_MOL;

/**
 * One step: gases are fed, mixed and let out at ambient pressure; the membrane is the ionic voltage of the gases behind
 * its ionic resistance and its electrodes, with electrons beside it (their resistance from the mean transport number, so
 * that ideal electrodes show E = t E_N and poor ones less); ions carry gas across. Backward Euler; atoms are kept.
 */
export function stepEmf(p: EmfParameters, s: EmfState, u: EmfInput, dt_s: number): void {
  s.temperature_K = u.temperature_K;
  const end_mol = gasOf_mol(p.chamber_L, AMBIENT_BARA, Math.max(LEAST_K, u.temperature_K));
  const positive = perSecond(u.positiveFlow_NL_per_min);
  const negative = perSecond(u.negativeFlow_NL_per_min);
  feedSide(s, s.positive, feedOf(positive, u.positiveSteam_frac, 0, u.positiveOxygen_frac), end_mol, dt_s);
  feedSide(
    s,
    s.negative,
    feedOf(negative, u.negativeSteam_frac, u.negativeH2_frac, u.negativeOxygen_frac),
    end_mol,
    dt_s,
  );
  leak(s, perSecond(u.leak_NL_per_min) * dt_s);

  const above = gasPressures(s.positive, AMBIENT_BARA);
  const below = gasPressures(s.negative, AMBIENT_BARA);
  s.nernst_V = ionicNernst_V(p.membrane, above, below, s.temperature_K);
  s.transport_1 = meanIonic_frac(p.membrane, above, below, s.temperature_K);
  const { ions_Ohm, electrons_Ohm, electrodes_Ohm } = emfResistances(p, s.temperature_K, s.transport_1);
  const rate_S = (p.doubleLayer_F_per_cm2 * p.area_cm2) / dt_s;
  // eta' of the electrodes and V of the cell are linear in the current.
  const divider = 1 + ions_Ohm / electrons_Ohm;
  const slope_S = rate_S + 1 / electrodes_Ohm + 1 / (electrons_Ohm + ions_Ohm);
  const electrodesAt_V = (current_A: number): number =>
    (rate_S * s.electrodes_V + (current_A - s.nernst_V / electrons_Ohm) / divider) / slope_S;
  const ionicAt_A = (current_A: number): number =>
    (current_A - (s.nernst_V + electrodesAt_V(current_A)) / electrons_Ohm) / divider;
  const cellAt_V = (current_A: number): number =>
    s.nernst_V + electrodesAt_V(current_A) + ions_Ohm * ionicAt_A(current_A);

  const open_V = cellAt_V(0);
  const perAmpere_V = cellAt_V(1) - open_V;
  s.current_A = u.isOn ? held_A(u, open_V * p.cells, perAmpere_V * p.cells) : 0;
  const ionic_A = ionicAt_A(s.current_A);
  s.voltage_V = cellAt_V(s.current_A);
  s.electrodes_V = electrodesAt_V(s.current_A);
  s.ionic_A = ionic_A;
  s.starved_C = moveIons(s.positive, s.negative, ionic_A * p.cells * dt_s, p.membrane.protonShare_frac);
}

/** Current that voltage and power of the supply allow; `open` and `slope` of the whole stack. */
function held_A(u: EmfInput, open_V: number, slope_Ohm: number): number {
  let amps = u.current_A;
  if (amps > 0) amps = Math.max(0, Math.min(amps, (u.voltageMax_V - open_V) / slope_Ohm));
  if (amps < 0) amps = Math.min(0, Math.max(amps, -open_V / slope_Ohm));
  const power_W = Math.abs(amps * (open_V + slope_Ohm * amps));
  const most_W = Math.max(0, u.powerMax_W);
  return power_W > most_W ? (amps * most_W) / power_W : amps;
}

function feedSide(
  s: EmfState,
  side: EmfChamber,
  feed: Parameters<typeof flush>[1],
  end_mol: number,
  dt_s: number,
): void {
  for (const key of ['h2', 'o2', 'steam', 'inert'] as const) s.fed[key] += feed[key] * dt_s;
  flush(side, feed, end_mol, dt_s, s.out);
  burn(side);
}

function leak(s: EmfState, gas_mol: number): void {
  const { positive, negative } = s;
  const all = positive.h2 + positive.o2 + positive.steam + positive.inert;
  const part = all > 0 ? Math.min(1, gas_mol / all) : 0;
  for (const key of ['h2', 'o2', 'steam', 'inert'] as const) {
    const gone = positive[key] * part;
    positive[key] -= gone;
    negative[key] += gone;
  }
  burn(negative);
}

/** Spectrum at the terminals, Ohm: membrane and electrodes beside the electrons; gas is taken as it is. */
export function emfSpectrum(p: EmfParameters, s: EmfState, frequencies_Hz: Float64Array): Spectrum {
  const { ions_Ohm, electrons_Ohm, electrodes_Ohm } = emfResistances(p, s.temperature_K, s.transport_1);
  const tau_s = electrodes_Ohm * p.doubleLayer_F_per_cm2 * p.area_cm2;
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  frequencies_Hz.forEach((f, i) => {
    const x = 2 * Math.PI * f * tau_s;
    const re = ions_Ohm + electrodes_Ohm / (1 + x * x);
    const im = (-electrodes_Ohm * x) / (1 + x * x);
    const square = re * re + im * im;
    const [yRe, yIm] = [re / square + 1 / electrons_Ohm, -im / square];
    const whole = yRe * yRe + yIm * yIm;
    re_Ohm[i] = (p.cells * yRe) / whole;
    im_Ohm[i] = (-p.cells * yIm) / whole;
  });
  return { re_Ohm, im_Ohm };
}
