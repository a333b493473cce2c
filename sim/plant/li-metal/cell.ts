import type { BatteryModel, BatterySurroundings } from '../cell/battery-model.ts';
import { type CellHeatParameters, cellHeat } from '../cell/heat.ts';
import { risingRoot } from '../cell/root.ts';
import { countCharge, startState } from '../cell/state.ts';
import { arrhenius } from '../parts/arrhenius.ts';
import { ZERO_DEGC_K } from '../parts/constants.ts';
import {
  aboveAfter,
  activeArea_1,
  filmNow_Ohm_cm2,
  type LithiumElectrode,
  type LithiumElectrodeParameters,
  lithiumElectrode,
  lithiumHeld,
  moveLithium,
  restPotential_V,
  transfer_V,
} from './electrode.ts';
import { lithiumMetalSpectrum } from './impedance.ts';
import { growShort, type ShortParameters, shortState } from './short.ts';

/** Lithium against lithium, or against a bare collector. Currents per cm2. */
export interface LithiumMetalParameters {
  readonly area_cm2: number;
  readonly working: LithiumElectrodeParameters;
  readonly counter: LithiumElectrodeParameters;
  readonly workingMetal_mAh_per_cm2: number;
  readonly workingOxide_mAh_per_cm2: number;
  readonly counterMetal_mAh_per_cm2: number;
  readonly electrolyte_Ohm_cm2: number;
  /** Salt that has to diffuse: resistance and time; what lost lithium adds to the resistance. */
  readonly diffusion_Ohm_cm2: number;
  readonly diffusion_s: number;
  readonly diffusionGrowth_Ohm_cm4_per_mAh: number;
  readonly film_uF_per_cm2: number;
  readonly doubleLayer_uF_per_cm2: number;
  readonly filmActivation_J_per_mol: number;
  readonly electrolyteActivation_J_per_mol: number;
  readonly short: ShortParameters;
  readonly validity_degC: readonly [low: number, high: number];
  readonly heat: CellHeatParameters;
}

/** What a plating cell offers beside a battery model: where its lithium is, and its short. */
export interface LithiumMetalCell extends BatteryModel {
  readonly electrodes: { readonly working: LithiumElectrode; readonly counter: LithiumElectrode };
  readonly truths: Readonly<Record<string, () => number>>;
}

/** Figures of the present state that do not change within a step, per cm2. */
export interface LithiumMetalNow {
  readonly temperature_K: number;
  electrolyte_Ohm_cm2: number;
  diffusion_Ohm_cm2: number;
  workingFilm_Ohm_cm2: number;
  counterFilm_Ohm_cm2: number;
  workingExchange_mA: number;
  counterExchange_mA: number;
}

const REFERENCE_K = 298.15;
const NEAR_K = 2;
/** An electrode this far above 0 V has nothing left to strip, V. */
const EXHAUSTED_V = 0.1;
const NO_CURRENT_MA = 1e-9;
const MOST_A = 1e9;

/**
 * Plating and stripping of lithium between a working electrode (the positive terminal: lithium, or copper) and a counter
 * electrode of lithium. Current positive: strips the working electrode; negative: plates it. Each electrode: film and
 * Butler-Volmer on an area that moss widens and bare collector narrows, a loss at each plating (dead metal, film), and
 * a steep rise above 0 V without metal. Salt diffusion is one relaxation, a short lies across. Double layers count in the
 * spectrum only. Charge and lithium are kept to rounding.
 */
export function lithiumMetalCell(
  p: LithiumMetalParameters,
  temperature_degC: number,
  seed: number,
): LithiumMetalCell {
  const working = lithiumElectrode(p.workingMetal_mAh_per_cm2, p.workingOxide_mAh_per_cm2);
  const counter = lithiumElectrode(p.counterMetal_mAh_per_cm2, 0);
  const short = shortState(p.short, seed);
  const state = startState(Number.NaN, Number.NaN, temperature_degC);
  state.outsideValidity_on = 0;
  state.positivePotential_V = 0;
  state.negativePotential_V = 0;
  const surroundings: BatterySurroundings = {
    ambient_degC: temperature_degC,
    pressure_MPa: 0,
    addedHeat_W: 0,
  };
  const heat = cellHeat(p.heat, temperature_degC);
  const start = { workingFilm: p.working.film_Ohm_cm2, counterFilm: p.counter.film_Ohm_cm2 };
  /** Volts of diffusion, what the prepared step keeps of them, and what a mA/cm2 adds. */
  let diffusion_V = 0;
  let kept_V = 0;
  let diffusionSlope = 0;
  let step_s = 0;
  let toMah = 0;
  let electrodes_A = 0;
  let lastSign = 0;
  let now = nowOf(p, working, counter, temperature_degC + ZERO_DEGC_K);

  const lost = (): number => working.dead + working.film + counter.dead + counter.film;

  /** Potentials against lithium at the end of the step at this density, V. */
  const working_V = (mA: number): number =>
    restPotential_V(p.working, working, aboveAfter(working, mA * toMah)) +
    transfer_V(mA, now.workingExchange_mA, now.temperature_K) +
    (now.workingFilm_Ohm_cm2 * mA) / 1000;
  const counter_V = (mA: number): number =>
    restPotential_V(p.counter, counter, aboveAfter(counter, -mA * toMah)) -
    transfer_V(mA, now.counterExchange_mA, now.temperature_K) -
    (now.counterFilm_Ohm_cm2 * mA) / 1000;
  const between_V = (mA: number): number =>
    (now.electrolyte_Ohm_cm2 * mA) / 1000 + kept_V + diffusionSlope * mA;
  /** Terminal voltage at this current through the electrodes, V. */
  const electrodes_V = (current_A: number): number => {
    const mA = (1000 * current_A) / p.area_cm2;
    return working_V(mA) - counter_V(mA) + between_V(mA);
  };

  let asked_A = 0;
  let short_S = 0;
  const withoutShort = (current_A: number): number => current_A + short_S * electrodes_V(current_A) - asked_A;
  /** Current through the electrodes at this current of the terminals, A; the rest goes through the short. */
  function throughElectrodes_A(terminal_A: number): number {
    if (short_S === 0) return terminal_A;
    asked_A = terminal_A;
    const within_A = 1e-9 * Math.abs(terminal_A) + 1e-15;
    return risingRoot(withoutShort, electrodes_A, 1e-5 * p.area_cm2, -MOST_A, MOST_A, within_A);
  }

  return {
    state,
    surroundings,
    electrodes: { working, counter },
    truths: {
      'short.kind_count': () => short.kind,
      'short.conductance_S': () => short.conductance_S_per_cm2 * p.area_cm2,
      'short.dose_mAh_per_cm2': () => short.dose,
      'short.softAt_mAh_per_cm2': () => short.softAt,
      'short.hardAt_mAh_per_cm2': () => short.hardAt,
      'short.softShorts_count': () => short.softShorts_count,
      'lithium.working_mAh_per_cm2': () => working.metal,
      'lithium.counter_mAh_per_cm2': () => counter.metal,
      'lithium.dead_mAh_per_cm2': () => working.dead + counter.dead,
      'lithium.film_mAh_per_cm2': () => working.film + counter.film,
      'lithium.all_mAh_per_cm2': () => lithiumHeld(working) + lithiumHeld(counter),
      'film.working_Ohm_cm2': () => now.workingFilm_Ohm_cm2,
      'area.working_1': () => activeArea_1(p.working, working),
    },
    prepare(dt_s) {
      step_s = dt_s;
      toMah = dt_s / 3600;
      now = nowOf(p, working, counter, state.temperature_degC + ZERO_DEGC_K);
      short_S = short.conductance_S_per_cm2 * p.area_cm2;
      const kept = Math.exp(-dt_s / p.diffusion_s);
      kept_V = diffusion_V * kept;
      diffusionSlope = (now.diffusion_Ohm_cm2 / 1000) * (1 - kept);
    },
    voltageAfter_V: current_A => electrodes_V(throughElectrodes_A(current_A)),
    take(current_A) {
      electrodes_A = throughElectrodes_A(current_A);
      const mA = (1000 * electrodes_A) / p.area_cm2;
      state.voltage_V = electrodes_V(electrodes_A);
      const middle_V = between_V(mA) / 2;
      state.positivePotential_V = working_V(mA) + middle_V;
      state.negativePotential_V = counter_V(mA) - middle_V;
      diffusion_V = kept_V + diffusionSlope * mA;
      const sign = Math.abs(mA) > NO_CURRENT_MA ? Math.sign(mA) : 0;
      const hasTurned = sign !== 0 && lastSign !== 0 && sign !== lastSign;
      if (sign !== 0) lastSign = sign;
      moveLithium(p.working, working, mA * toMah);
      moveLithium(p.counter, counter, -mA * toMah);
      // What flows through the filament makes it thicker, too.
      const all_mA = Math.abs((1000 * current_A) / p.area_cm2);
      growShort(p.short, short, all_mA, all_mA * toMah, hasTurned);
      const rest_V =
        restPotential_V(p.working, working, working.above) -
        restPotential_V(p.counter, counter, counter.above);
      state.openCircuit_V = rest_V;
      const inShort_W = short_S * state.voltage_V ** 2;
      state.heat_W = electrodes_A * (state.voltage_V - rest_V) + inShort_W;
      heat.step(state.heat_W + surroundings.addedHeat_W, surroundings.ambient_degC, step_s);
      state.temperature_degC = heat.cell_degC;
      state.irreversibleLoss_Ah = (lost() * p.area_cm2) / 1000;
      state.resistanceRise_Ohm =
        (filmNow_Ohm_cm2(p.working, working) -
          start.workingFilm +
          filmNow_Ohm_cm2(p.counter, counter) -
          start.counterFilm) /
        p.area_cm2;
      const isEmpty = !working.isFresh && restPotential_V(p.working, working, working.above) > EXHAUSTED_V;
      const isCounterEmpty = restPotential_V(p.counter, counter, counter.above) > EXHAUSTED_V;
      state.exhausted_on = isEmpty || isCounterEmpty ? 1 : 0;
      const [low, high] = p.validity_degC;
      state.outsideValidity_on =
        heat.cell_degC < low - NEAR_K || heat.cell_degC > high + NEAR_K || isCounterEmpty ? 1 : 0;
      countCharge(state, current_A, step_s);
    },
    impedance(frequencies_Hz) {
      now = nowOf(p, working, counter, state.temperature_degC + ZERO_DEGC_K);
      const mA = (1000 * electrodes_A) / p.area_cm2;
      return lithiumMetalSpectrum(p, now, working, counter, mA, short.conductance_S_per_cm2, frequencies_Hz);
    },
  };
}

/** Resistances and exchange currents as electrodes and temperature are now. */
function nowOf(
  p: LithiumMetalParameters,
  working: LithiumElectrode,
  counter: LithiumElectrode,
  temperature_K: number,
): LithiumMetalNow {
  const film = arrhenius(p.filmActivation_J_per_mol, REFERENCE_K, temperature_K);
  const electrolyte = arrhenius(p.electrolyteActivation_J_per_mol, REFERENCE_K, temperature_K);
  const workingArea = activeArea_1(p.working, working);
  const counterArea = activeArea_1(p.counter, counter);
  const lost = working.dead + working.film + counter.dead + counter.film;
  return {
    temperature_K,
    electrolyte_Ohm_cm2: p.electrolyte_Ohm_cm2 / electrolyte,
    diffusion_Ohm_cm2: (p.diffusion_Ohm_cm2 + p.diffusionGrowth_Ohm_cm4_per_mAh * lost) / electrolyte,
    workingFilm_Ohm_cm2: filmNow_Ohm_cm2(p.working, working) / (film * workingArea),
    counterFilm_Ohm_cm2: filmNow_Ohm_cm2(p.counter, counter) / (film * counterArea),
    workingExchange_mA: p.working.exchange_mA_per_cm2 * film * workingArea,
    counterExchange_mA: p.counter.exchange_mA_per_cm2 * film * counterArea,
  };
}
