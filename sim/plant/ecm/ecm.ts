import type { BatteryModel, BatterySurroundings } from '../cell/battery-model.ts';
import { cellHeat } from '../cell/heat.ts';
import { countCharge, startState } from '../cell/state.ts';
import { cellTable } from '../cell/table.ts';
import { arrhenius } from '../parts/arrhenius.ts';
import { ZERO_DEGC_K } from '../parts/constants.ts';
import { naumannAgeing } from '../spme/naumann.ts';
import type { EcmParameters } from './parameters.ts';

const REFERENCE_K = 298.15;
// Beyond full the voltage rises at this slope, as an exhausted electrode's does, until the charge goes into side
// reactions that the circuit does not count.
const RUNAWAY_V = 20;
const BEYOND_FRAC = 0.05;
// Below empty it falls to 0 within so much charge, and on to a reversed cell: what comes out at a positive voltage was
// in the cell.
const ZERO_FRAC = 0.03;
const REVERSED_V = 1;

/** Where an equivalent circuit starts: rested. */
export interface EcmStart {
  readonly soc_frac: number;
  readonly temperature_degC: number;
}

/**
 * Equivalent circuit of a cell: open-circuit voltage, R0 and two RC elements over the state of charge, Arrhenius in
 * the temperature, two lumps of heat. Elements are taken at the start of a step and integrated exactly at constant
 * current, so that a pulse and the spectrum speak of the very same resistances. Charge beyond SOC 1.05 is not stored,
 * nor counted below a reversed cell of -1 V (`exhausted_on`): its energy is heat.
 */
export function ecm(p: EcmParameters, start: EcmStart): BatteryModel {
  const openCircuit = cellTable(p.openCircuitSoc_frac, p.openCircuit_V);
  const r0 = cellTable(p.elementSoc_frac, p.r0_Ohm);
  const r1 = cellTable(p.elementSoc_frac, p.r1_Ohm);
  const tau1 = cellTable(p.elementSoc_frac, p.tau1_s);
  const r2 = cellTable(p.elementSoc_frac, p.r2_Ohm);
  const tau2 = cellTable(p.elementSoc_frac, p.tau2_s);
  const heat = cellHeat(p.heat, start.temperature_degC);
  const ageing = p.agesAsLfp ? naumannAgeing(start.soc_frac) : undefined;
  const state = startState(start.soc_frac, p.capacity_Ah, start.temperature_degC);
  const surroundings: BatterySurroundings = {
    ambient_degC: start.temperature_degC,
    pressure_MPa: 0,
    addedHeat_W: 0,
  };

  /** Voltages over the RC elements, and what the prepared step keeps of them and adds per ampere. */
  let first_V = 0;
  let second_V = 0;
  let step_s = 0;
  let r0_Ohm = 0;
  let r1_Ohm = 0;
  let r2_Ohm = 0;
  let firstKept = 1;
  let secondKept = 1;
  let socPerAmpere = 0;

  /** Slope below empty, V per state of charge, and the state of charge of a reversed cell. */
  const below_V = Math.max(RUNAWAY_V, p.openCircuit_V[0] / ZERO_FRAC);
  const lowestSoc_frac = -(p.openCircuit_V[0] + REVERSED_V) / below_V;

  function openCircuitAt(soc_frac: number): number {
    if (soc_frac < 0) return p.openCircuit_V[0] + below_V * Math.max(lowestSoc_frac, soc_frac);
    if (soc_frac > 1) return openCircuit.at(1) + RUNAWAY_V * (Math.min(1 + BEYOND_FRAC, soc_frac) - 1);
    return openCircuit.at(soc_frac);
  }

  function takeElements(): void {
    const temperature_K = heat.cell_degC + ZERO_DEGC_K;
    const factor =
      (1 + (ageing?.resistanceRise_frac ?? 0)) /
      arrhenius(p.activation_J_per_mol, REFERENCE_K, temperature_K);
    r0_Ohm = factor * r0.at(state.soc_frac);
    r1_Ohm = factor * r1.at(state.soc_frac);
    r2_Ohm = factor * r2.at(state.soc_frac);
  }

  const model: BatteryModel = {
    state,
    surroundings,
    prepare(dt_s) {
      step_s = dt_s;
      takeElements();
      firstKept = Math.exp(-dt_s / tau1.at(state.soc_frac));
      secondKept = Math.exp(-dt_s / tau2.at(state.soc_frac));
      socPerAmpere = dt_s / (3600 * state.capacity_Ah);
    },
    voltageAfter_V(current_A) {
      return (
        openCircuitAt(state.soc_frac + socPerAmpere * current_A) +
        firstKept * first_V +
        secondKept * second_V +
        (r0_Ohm + (1 - firstKept) * r1_Ohm + (1 - secondKept) * r2_Ohm) * current_A
      );
    },
    take(current_A) {
      state.voltage_V = model.voltageAfter_V(current_A);
      first_V = firstKept * first_V + (1 - firstKept) * r1_Ohm * current_A;
      second_V = secondKept * second_V + (1 - secondKept) * r2_Ohm * current_A;
      const soc_frac = state.soc_frac + socPerAmpere * current_A;
      state.soc_frac = Math.min(1 + BEYOND_FRAC, Math.max(lowestSoc_frac, soc_frac));
      state.exhausted_on = current_A !== 0 && (soc_frac < 0 || soc_frac > 1) ? 1 : 0;
      state.openCircuit_V = openCircuitAt(state.soc_frac);
      countCharge(state, current_A, step_s);
      // What is not stored (nor was in the cell) drives side reactions or a reversed cell: all of it is heat.
      const unstored_A = (soc_frac - state.soc_frac) / socPerAmpere;
      state.heat_W =
        unstored_A * state.openCircuit_V +
        r0_Ohm * current_A * current_A +
        (r1_Ohm > 0 ? (first_V * first_V) / r1_Ohm : 0) +
        (r2_Ohm > 0 ? (second_V * second_V) / r2_Ohm : 0) +
        current_A * (heat.cell_degC + ZERO_DEGC_K) * p.entropic_V_per_K;
      heat.step(state.heat_W + surroundings.addedHeat_W, surroundings.ambient_degC, step_s);
      state.temperature_degC = heat.cell_degC;
      if (ageing !== undefined) age(ageing, current_A);
    },
    impedance(frequencies_Hz) {
      takeElements();
      const tau1_s = tau1.at(state.soc_frac);
      const tau2_s = tau2.at(state.soc_frac);
      const { soc_frac } = state;
      const slope_V = soc_frac < 0 ? below_V : soc_frac > 1 ? RUNAWAY_V : openCircuit.slope(soc_frac);
      const perCharge = slope_V / (3600 * state.capacity_Ah);
      const re_Ohm = new Float64Array(frequencies_Hz.length);
      const im_Ohm = new Float64Array(frequencies_Hz.length);
      for (let i = 0; i < frequencies_Hz.length; i++) {
        const omega = 2 * Math.PI * frequencies_Hz[i];
        const first = omega * tau1_s;
        const second = omega * tau2_s;
        const part1_Ohm = r1_Ohm / (1 + first * first);
        const part2_Ohm = r2_Ohm / (1 + second * second);
        re_Ohm[i] = r0_Ohm + part1_Ohm + part2_Ohm;
        im_Ohm[i] = -first * part1_Ohm - second * part2_Ohm - perCharge / omega;
      }
      return { re_Ohm, im_Ohm };
    },
  };

  /** Loss of capacity and rise of resistance so far; the state of charge counts from the present capacity. */
  function age(law: NonNullable<typeof ageing>, current_A: number): void {
    law.step(current_A / p.capacity_Ah, state.soc_frac, heat.cell_degC + ZERO_DEGC_K, step_s);
    // A cell with nothing left stays a cell: the laws do not hold that far.
    const loss_frac = Math.min(0.9, law.calendarLoss_frac + law.cycleLoss_frac);
    state.irreversibleLoss_Ah = loss_frac * p.capacity_Ah;
    state.capacity_Ah = p.capacity_Ah - state.irreversibleLoss_Ah;
    const rise = law.resistanceRise_frac;
    state.resistanceRise_Ohm = ((r0_Ohm + r1_Ohm + r2_Ohm) * rise) / (1 + rise);
  }

  state.openCircuit_V = openCircuitAt(state.soc_frac);
  state.voltage_V = state.openCircuit_V;
  return model;
}
