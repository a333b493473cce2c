import type { BatteryModel, BatteryState } from '../cell/battery-model.ts';
import type { DfnModel } from '../dfn/model.ts';
import type { SpmeModel } from '../spme/model.ts';

/**
 * A cell that is a single particle per electrode as long as that holds, and porous electrodes where it does not: the
 * single particle hands over when the salt at a collector falls below its bound, and takes over again once the cell has
 * rested (the mean of the nodes: in a flat stretch of a potential they stay uneven for hours, which one particle cannot). Both work on one mesh, so that shells and salt are handed over as they are: lithium and salt to rounding.
 * The terminal voltage does not jump: by how much the two models differ at that moment is carried along and fades within
 * minutes. Film and metal wait while the porous electrodes work.
 */
export interface HandOverModel extends BatteryModel {
  /** Lithium in both hosts, on the particles and in the film, Ah. */
  lithium_Ah(): number;
  salt_mol(): number;
  /** Voltage that is still carried along, V, and how often the cell has been handed over, both ways. */
  readonly carried_V: number;
  readonly handOvers: number;
}

/** The difference of the models fades with this time constant, s. Basis default. */
const FADES_S = 60;
/** Back to one particle: below this current of 1C, so near to the open-circuit voltage, salt this even. */
const REST_FRAC = 0.01;
const RESTED_V = 2e-3;
const EVEN_SALT_FRAC = 0.02;

/** Single particle and porous electrodes of one cell, made with the same parameters, start and mesh. */
export function handOver(single: SpmeModel, porous: DfnModel, nominal_Ah: number): HandOverModel {
  const state: BatteryState = { ...single.state, handedOver_on: 0 };
  const surroundings = { ...single.surroundings };
  // Fields rather than variables: the engine writes a number into a field without allocating.
  const now = { isPorous: false, wantsOther: false, carried_V: 0, step_s: 0, fade: 1, handOvers: 0 };
  const active = (): SpmeModel | DfnModel => (now.isPorous ? porous : single);

  const prepareBoth = (dt_s: number): void => {
    // What the one would show next against what the other would, at the last current.
    const from = active();
    from.prepare(dt_s);
    const shown_V = from.voltageAfter_V(state.current_A) + now.carried_V;
    const to = now.isPorous ? single : porous;
    to.load(from.contents());
    now.isPorous = !now.isPorous;
    now.handOvers++;
    Object.assign(to.surroundings, surroundings);
    to.prepare(dt_s);
    now.carried_V = shown_V - to.voltageAfter_V(state.current_A);
  };

  /** Whether the other model is to go on after this step. */
  const judge = (): void => {
    if (!now.isPorous) {
      now.wantsOther = single.state.outsideValidity_on > 0;
      return;
    }
    const rests =
      Math.abs(state.current_A) < REST_FRAC * nominal_Ah &&
      Math.abs(state.voltage_V - state.openCircuit_V) < RESTED_V;
    now.wantsOther = rests && isEven();
  };

  function isEven(): boolean {
    const salt = porous.contents().salt_mol_per_m3;
    let least = salt[0];
    let most = salt[0];
    for (const c of salt) {
      if (c < least) least = c;
      if (c > most) most = c;
    }
    return most - least < EVEN_SALT_FRAC * most;
  }

  return {
    state,
    surroundings,
    get carried_V() {
      return now.carried_V;
    },
    get handOvers() {
      return now.handOvers;
    },
    lithium_Ah: () => (now.isPorous ? porous.lithium_Ah() + porous.contents().lost_Ah : single.lithium_Ah()),
    salt_mol: () => active().salt_mol(),
    prepare(dt_s) {
      now.step_s = dt_s;
      Object.assign(active().surroundings, surroundings);
      if (now.wantsOther) {
        now.wantsOther = false;
        prepareBoth(dt_s);
      } else {
        now.carried_V *= Math.exp(-dt_s / FADES_S);
        active().prepare(dt_s);
      }
    },
    voltageAfter_V: current_A => active().voltageAfter_V(current_A) + now.carried_V,
    take(current_A) {
      const model = active();
      // What the carried voltage takes is heat, as all that is not stored.
      const carried_W = current_A * now.carried_V;
      model.surroundings.addedHeat_W = surroundings.addedHeat_W + carried_W;
      model.take(current_A);
      Object.assign(state, model.state);
      state.voltage_V += now.carried_V;
      state.positivePotential_V += now.carried_V;
      state.heat_W += carried_W;
      state.handedOver_on = now.isPorous ? 1 : 0;
      // The bound of the single particle is where it is left, not a fault of the cell.
      if (!now.isPorous) state.outsideValidity_on = 0;
      judge();
    },
    impedance: frequencies_Hz => active().impedance(frequencies_Hz),
  };
}
