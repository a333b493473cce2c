import type { BatteryModel, BatteryState, BatterySurroundings } from '../cell/battery-model.ts';
import type { CellContents } from '../cell/contents.ts';
import { countCharge, startState } from '../cell/state.ts';
import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { type Ageing, spmeAgeing } from './ageing.ts';
import { DEPLETED_FRAC, electrolyte, positive } from './electrolyte.ts';
import { boundedFilling_frac, CARRIED_BOUND_FRAC, isAtEnd } from './host-end.ts';
import { spmeImpedance } from './impedance.ts';
import { lumpTemperature_degC, propertyTemperature_K } from './lump.ts';
import { FAST_MESH, type SpmeMesh } from './mesh.ts';
import { hostCapacity_Ah, particleSurface_m2, type SpmeParameters } from './parameters.ts';
import { particle } from './particle.ts';
import type { SeiGrowth } from './sei.ts';
import { meanLogSalt, spmeVoltage } from './voltage.ts';
import type { Wear } from './wear.ts';
import { type SpmeWindows, spmeWindows, startLithium_Ah } from './windows.ts';

/**
 * Salt at a collector below this share of the initial one: a real electrode then works unevenly over its depth, which a
 * single particle cannot (29 mV beside the porous-electrode model at 2C); basis default.
 */
const VALID_SALT_FRAC = 0.3;
/** Wear follows the lost capacity in steps of this part of the nominal. */
const NOTICED_LOSS_FRAC = 1e-7;
/** How a cell is to be simulated. */
export interface SpmeOptions {
  /** 0..1 between the voltage limits; left out, the cell starts as its paper starts it (often not full). */
  readonly soc_frac?: number;
  readonly mesh?: SpmeMesh;
  /** False: the plain single-particle model, no electrolyte (and no solid) losses. Default true. */
  readonly withElectrolyte?: boolean;
  /** True: one lump of heat; default false: the cell has always the temperature of its surroundings. */
  readonly isLumped?: boolean;
  /** Of cell and surroundings at the start. Default 25. */
  readonly temperature_degC?: number;
  /** Growth of the film on the negative particles; default none. */
  readonly sei?: SeiGrowth;
  /** The film also resists. Default false. */
  readonly filmResists?: boolean;
  /** What the lost capacity does to kinetics and transport; the set's functions read the same record. */
  readonly wear?: Wear;
  /** Plating of metal at the negative electrode. Default false. */
  readonly withPlating?: boolean;
  /** Heat of mixing in the hosts and the salt; false as PyBaMM by default, only to compare with it. Default true. */
  readonly withMixingHeat?: boolean;
}

/** The single-particle model with what tests and pictures look at. */
export interface SpmeModel extends BatteryModel {
  /** Lithium (sodium) in both hosts, on the particles and in the film, Ah; constant but for exhausted steps. */
  lithium_Ah(): number;
  /** Salt in the pores, mol; constant. */
  salt_mol(): number;
  /** Overvoltages of the last step, V, positive = oxidation resp. rising with charge. */
  readonly parts: {
    readonly negativeTransfer_V: number;
    readonly positiveTransfer_V: number;
    readonly concentration_V: number;
    readonly ohmic_V: number;
  };
  readonly film_m: number;
  /** Mean filling of the hosts, 0..1. */
  negativeFilling_frac(): number;
  positiveFilling_frac(): number;
  /** What is in the cell now; live arrays. */
  contents(): CellContents;
  /** Goes on with what another model of the cell left, on a mesh of the same shells and nodes. */
  load(contents: CellContents): void;
}

/** Share of a change of a surface filling that keeps it `margin_frac` inside 0..1; 0..1. */
export function shareInside_frac(base_frac: number, change_frac: number, margin_frac: number): number {
  const end = base_frac + change_frac;
  if (end >= margin_frac && end <= 1 - margin_frac) return 1;
  const bound = end < margin_frac ? margin_frac : 1 - margin_frac;
  const room = (bound - base_frac) / change_frac;
  // Below 0: already outside, and further out. Above 1: already outside, and on its way back.
  return Math.max(0, Math.min(1, room));
}

/** Fillings of a rested cell: at a state of charge between the voltage limits, or as its paper starts it. */
export function startFillings(
  parameters: SpmeParameters,
  windows: SpmeWindows,
  soc_frac: number | undefined,
): { readonly negative_frac: number; readonly positive_frac: number } {
  const { negative, positive: cathode, area_m2 } = parameters;
  const { negativeEmpty_frac, negativeFull_frac } = windows;
  const negative_frac =
    soc_frac === undefined
      ? negative.start_frac
      : negativeEmpty_frac + soc_frac * (negativeFull_frac - negativeEmpty_frac);
  const left_Ah = startLithium_Ah(parameters) - negative_frac * hostCapacity_Ah(negative, area_m2);
  return { negative_frac, positive_frac: left_Ah / hostCapacity_Ah(cathode, area_m2) };
}

/**
 * Single-particle model with electrolyte (Marquis et al., J. Electrochem. Soc. 166 (2019) A3693): one particle per electrode,
 * salt across the cell, charge transfer, electrolyte and solid resistance, one lump of heat, ageing of the negative
 * electrode. Backward Euler, any step is stable. Error of 1 s steps: in the first step after the current has jumped by
 * 1C up to 0.8 mV (Chen2020; LFP 0.1, Ecker 0.4, sodium-ion 6 mV, where the rate constant runs with the filling),
 * afterwards a few tenths of a millivolt; it falls in proportion to the step.
 * An electrode or electrolyte that cannot carry the current takes what it can; the rest is lost to side reactions,
 * `exhausted_on` says so and the voltage goes steeply to its end, so that what a short or a held voltage draws has all
 * come out of the hosts. The double layer (10 ms in lithium cells, 1 s in slow sodium ones) counts in the spectrum only.
 */
export function spme(parameters: SpmeParameters, options: SpmeOptions = {}): SpmeModel {
  const { withElectrolyte = true, isLumped = false, mesh = FAST_MESH, temperature_degC = 25 } = options;
  const { withMixingHeat = true } = options;
  const { area_m2, negative, positive: cathode } = parameters;
  const negative_Ah = hostCapacity_Ah(negative, area_m2);
  const positive_Ah = hostCapacity_Ah(cathode, area_m2);
  const initialLithium_Ah = startLithium_Ah(parameters);
  let windows = spmeWindows(parameters, initialLithium_Ah);
  let windowsLoss_Ah = 0;

  const start = startFillings(parameters, windows, options.soc_frac);
  const anode = particle(negative, mesh, start.negative_frac);
  const cathodeParticle = particle(cathode, mesh, start.positive_frac);
  const field = electrolyte(parameters, mesh);

  const ageing: Ageing = spmeAgeing(parameters, options);
  const voltage = spmeVoltage(parameters, anode, cathodeParticle, field, withElectrolyte, ageing.sideAt_A);
  const { terms, resistances } = voltage;
  const initialSalt = parameters.electrolyte.initial_mol_per_m3;
  const saltFloor = DEPLETED_FRAC * initialSalt;
  const saltBound = 0.1 * saltFloor;
  const anodeInflow_per_C =
    1 / (particleSurface_m2(negative, area_m2) * FARADAY_C_PER_MOL * negative.maximum_mol_per_m3);
  const cathodeInflow_per_C =
    -1 / (particleSurface_m2(cathode, area_m2) * FARADAY_C_PER_MOL * cathode.maximum_mol_per_m3);
  const separatorFirst = field.negativeNodes;
  const separatorMiddle = (field.negativeNodes + field.positiveFirst - 1) >> 1;

  const surroundings: BatterySurroundings = {
    ambient_degC: temperature_degC,
    pressure_MPa: 0,
    addedHeat_W: 0,
  };
  const state: BatteryState = startState(Number.NaN, windows.capacity_Ah, temperature_degC);
  state.outsideValidity_on = 0;
  // Length of the prepared step, and the mean potential of the negative solid over the electrolyte behind the film at
  // the last step's end; written in place.
  const now = { step_s: 0.5, interface_V: Number.NaN, worn_frac: 0 };

  const showWear = (): void => {
    if (options.wear === undefined) return;
    state.kineticLoss_frac = 1 - options.wear.kinetic_frac;
    state.transportLoss_frac = 1 - options.wear.transport_frac;
  };
  showWear();

  /** Share of the current that particles and salt can carry, 0..1. */
  const carried_frac = (current_A: number): number => {
    if (current_A === 0) return 1;
    const anodeResponse = anode.step.response_s_per_m * anodeInflow_per_C;
    const anodeBase = anode.step.base_frac - anodeResponse * ageing.sideAt_A(current_A);
    let share = Math.min(
      shareInside_frac(anodeBase, anodeResponse * current_A, CARRIED_BOUND_FRAC),
      shareInside_frac(
        cathodeParticle.step.base_frac,
        cathodeParticle.step.response_s_per_m * cathodeInflow_per_C * current_A,
        CARRIED_BOUND_FRAC,
      ),
    );
    for (let i = 0; i < field.base.length; i++) {
      const fall = -current_A * field.response[i];
      if (fall <= 0 || field.base[i] - fall >= saltBound) continue;
      share = Math.min(share, Math.max(0, (field.base[i] - saltBound) / fall));
    }
    return share;
  };

  /** Figures that follow from the particles, the salt and the last voltage. */
  const derive = (carried_A: number): void => {
    const x = anode.mean_frac();
    const y = cathodeParticle.mean_frac();
    state.openCircuit_V =
      cathode.openCircuit_V(boundedFilling_frac(y)) - negative.openCircuit_V(boundedFilling_frac(x));
    const { negativeEmpty_frac, negativeFull_frac } = windows;
    state.soc_frac = (x - negativeEmpty_frac) / (negativeFull_frac - negativeEmpty_frac);
    state.voltage_V = terms.voltage_V;
    const { current_A } = terms;
    // Potential of the salt against its mean over the negative electrode, at the separator's near edge and middle.
    const mean = meanLogSalt(field, 0, separatorFirst, carried_A, saltFloor, initialSalt);
    const salt = field.salt_mol_per_m3;
    const edge = positive(0.5 * (salt[separatorFirst - 1] + salt[separatorFirst]), saltFloor);
    const edge_V = terms.diffusion_V * (Math.log(edge / initialSalt) - mean);
    const middle = positive(salt[separatorMiddle], saltFloor);
    const middle_V = terms.diffusion_V * (Math.log(middle / initialSalt) - mean);
    now.interface_V = terms.negative_V + terms.negativeTransfer_V;
    state.negativePotential_V =
      now.interface_V +
      terms.film_V -
      middle_V -
      current_A * (voltage.negativeSolid_Ohm + resistances.negative_Ohm + resistances.separator_Ohm / 2);
    state.positivePotential_V = state.voltage_V + state.negativePotential_V;
    // At the separator the solid stands a sixth of L/sigma off its mean, the electrolyte a third of L/kappa.
    state.platingReserve_V =
      now.interface_V - edge_V + current_A * (voltage.negativeSolid_Ohm / 2 - resistances.negative_Ohm);
  };

  const model: SpmeModel = {
    state,
    surroundings,
    parts: terms,
    get film_m() {
      return ageing.film_m;
    },
    lithium_Ah: () =>
      anode.mean_frac() * negative_Ah +
      cathodeParticle.mean_frac() * positive_Ah +
      ageing.lost_Ah +
      ageing.plated_Ah,
    negativeFilling_frac: () => anode.mean_frac(),
    positiveFilling_frac: () => cathodeParticle.mean_frac(),
    salt_mol: () => field.amount_mol(),
    contents: () => ({
      negative_frac: anode.sto,
      positive_frac: cathodeParticle.sto,
      negativeSurface_frac: anode.surface_frac(),
      positiveSurface_frac: cathodeParticle.surface_frac(),
      salt_mol_per_m3: field.salt_mol_per_m3,
      film_Ohm: ageing.film_Ohm,
      lost_Ah: ageing.lost_Ah + ageing.plated_Ah,
      state,
    }),
    load(contents) {
      anode.load(contents.negative_frac, contents.negativeSurface_frac);
      cathodeParticle.load(contents.positive_frac, contents.positiveSurface_frac);
      field.salt_mol_per_m3.set(contents.salt_mol_per_m3);
      Object.assign(state, contents.state);
    },
    prepare(dt_s) {
      now.step_s = dt_s;
      if (!isLumped) state.temperature_degC = surroundings.ambient_degC;
      const temperature_K = propertyTemperature_K(state);
      const filling_frac = Math.max(anode.surface_frac(), anode.mean_frac());
      ageing.prepare(state, now.interface_V, filling_frac, temperature_K, dt_s);
      anode.prepare(dt_s, temperature_K);
      cathodeParticle.prepare(dt_s, temperature_K);
      if (withElectrolyte) field.prepare(dt_s, temperature_K);
      voltage.prepare(temperature_K, ageing.film_Ohm, state.current_A);
    },
    voltageAfter_V: current_A => voltage.evaluate(current_A),
    take(current_A) {
      voltage.evaluate(current_A);
      const share = carried_frac(current_A);
      const intercalated_A = share * current_A;
      anode.take((intercalated_A - ageing.sideAt_A(intercalated_A)) * anodeInflow_per_C);
      cathodeParticle.take(intercalated_A * cathodeInflow_per_C);
      if (withElectrolyte) field.take(intercalated_A);
      ageing.take(intercalated_A, now.step_s, state.platingReserve_V);
      countCharge(state, current_A, now.step_s);
      const endSalt = Math.min(field.salt_mol_per_m3[0], field.salt_mol_per_m3[field.base.length - 1]);
      const isUsedUp = isAtEnd(terms.negativeSurface_frac) || isAtEnd(terms.positiveSurface_frac);
      state.exhausted_on = current_A !== 0 && (share < 1 || isUsedUp || endSalt < saltFloor) ? 1 : 0;
      state.outsideValidity_on = endSalt < VALID_SALT_FRAC * initialSalt ? 1 : 0;
      state.irreversibleLoss_Ah = ageing.lost_Ah;
      state.reversibleLoss_Ah = ageing.plated_Ah;
      state.resistanceRise_Ohm = ageing.rise_Ohm;
      const loss_Ah = ageing.lost_Ah + ageing.plated_Ah;
      if (Math.abs(loss_Ah - windowsLoss_Ah) > 1e-5 * parameters.nominal_Ah) {
        windows = spmeWindows(parameters, initialLithium_Ah - loss_Ah);
        windowsLoss_Ah = loss_Ah;
        state.capacity_Ah = windows.capacity_Ah;
      }
      const lost_frac = ageing.lost_Ah / parameters.nominal_Ah;
      if (options.wear !== undefined && lost_frac - now.worn_frac > NOTICED_LOSS_FRAC) {
        now.worn_frac = lost_frac;
        options.wear.update(lost_frac);
        showWear();
      }
      const before_V = state.openCircuit_V;
      derive(intercalated_A);
      // All that is not stored as chemical energy; the hosts' entropy is not in the sets. Against the rested cell the
      // heat of mixing comes with the current that makes the gradients, not in the rest that levels them.
      const stored_V = withMixingHeat
        ? 0.5 * (before_V + state.openCircuit_V)
        : terms.positive_V - terms.negative_V;
      state.heat_W = current_A * terms.voltage_V - (withMixingHeat ? intercalated_A : current_A) * stored_V;
      if (isLumped)
        state.temperature_degC = lumpTemperature_degC(parameters, state, surroundings, now.step_s);
    },
    impedance: frequencies_Hz =>
      spmeImpedance(
        parameters,
        { negative: anode, positive: cathodeParticle, field, voltage, withElectrolyte },
        propertyTemperature_K(state),
        state.current_A,
        ageing.sideAt_A(state.current_A),
        frequencies_Hz,
      ),
  };
  // A step of no length at rest: the voltage and potentials of the start.
  model.prepare(1e-9);
  voltage.evaluate(0);
  derive(0);
  return model;
}
