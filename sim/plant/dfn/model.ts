import type { BatteryModel, BatteryState, BatterySurroundings } from '../cell/battery-model.ts';
import type { CellContents } from '../cell/contents.ts';
import { countCharge, startState } from '../cell/state.ts';
import { boundedFilling_frac, isAtEnd } from '../spme/host-end.ts';
import { lumpTemperature_degC, propertyTemperature_K } from '../spme/lump.ts';
import type { SpmeMesh } from '../spme/mesh.ts';
import { startFillings } from '../spme/model.ts';
import { hostCapacity_Ah, type SpmeParameters } from '../spme/parameters.ts';
import type { Particle } from '../spme/particle.ts';
import { spmeWindows, startLithium_Ah } from '../spme/windows.ts';
import { porousCell } from './equations.ts';
import { FAST_DFN_MESH } from './grid.ts';
import { dfnImpedance } from './impedance.ts';

// What single nodes at their bound may lose to even out among themselves, of the current or of 1C.
const LOST_FRAC = 1e-3;

/** How a cell is to be simulated. */
export interface DfnOptions {
  /** 0..1 between the voltage limits; left out, the cell starts as its paper starts it (often not full). */
  readonly soc_frac?: number;
  readonly mesh?: SpmeMesh;
  /** True: one lump of heat; default false: the cell has always the temperature of its surroundings. */
  readonly isLumped?: boolean;
  /** Of cell and surroundings at the start. Default 25. */
  readonly temperature_degC?: number;
  /** Heat of mixing in the hosts and the salt; false as PyBaMM by default, only to compare with it. Default true. */
  readonly withMixingHeat?: boolean;
}

/** The porous-electrode model with what tests and pictures look at. */
export interface DfnModel extends BatteryModel {
  /** Lithium (sodium) in both hosts, Ah; constant but for exhausted steps. */
  lithium_Ah(): number;
  /** Salt in the pores, mol; constant. */
  salt_mol(): number;
  /** Currents of the particles' surfaces at the end of the last step along x, A/m2, oxidation positive. */
  readonly reaction_A_per_m2: Float64Array;
  /** Newton iterations of the last evaluated step, and whether they reached their end. */
  readonly iterations: number;
  readonly hasConverged: boolean;
  /** What is in the cell now, as one particle of each electrode: the mean of its nodes. */
  contents(): CellContents;
  /** Goes on with what another model of the cell left, all nodes alike, on a mesh of the same shells and nodes. */
  load(contents: CellContents): void;
}

/**
 * Porous-electrode model (Doyle, Fuller and Newman, J. Electrochem. Soc. 140 (1993) 1526): as the single-particle model,
 * but the current finds its own way through the depth of both electrodes. Backward Euler; the default mesh is within
 * 3 mV of the fine one up to 2C, steps of 1 s within 1 mV of half of them, in the first second after a jump of
 * the current by 1C up to 4 mV (LFP, sodium-ion). Particles that would leave 0..1 and salt that would be used up take
 * what they can;
 * `exhausted_on` says so. No ageing. The double layer counts in the spectrum only.
 */
export function dfn(parameters: SpmeParameters, options: DfnOptions = {}): DfnModel {
  const { isLumped = false, mesh = FAST_DFN_MESH, temperature_degC = 25, withMixingHeat = true } = options;
  const { area_m2, negative, positive, contact_Ohm } = parameters;
  const initialLithium_Ah = startLithium_Ah(parameters);
  let windows = spmeWindows(parameters, initialLithium_Ah);
  const start = startFillings(parameters, windows, options.soc_frac);
  const cell = porousCell(parameters, mesh, start.negative_frac, start.positive_frac);
  const { answer } = cell;
  const surroundings: BatterySurroundings = {
    ambient_degC: temperature_degC,
    pressure_MPa: 0,
    addedHeat_W: 0,
  };
  const state: BatteryState = startState(Number.NaN, windows.capacity_Ah, temperature_degC);
  state.outsideValidity_on = 0;
  // Length of the prepared step and the current it was last worked out for; written in place.
  const now = { step_s: 0, evaluated_A: Number.NaN, series_Ohm: contact_Ohm, film_Ohm: 0, lost_Ah: 0 };

  const evaluate = (current_A: number): number => {
    if (current_A !== now.evaluated_A) {
      cell.evaluate(current_A);
      now.evaluated_A = current_A;
    }
    return answer.voltage_V + current_A * now.series_Ohm;
  };
  const derive = (): void => {
    const x = cell.filling_frac(true);
    const { negativeEmpty_frac, negativeFull_frac } = windows;
    state.openCircuit_V =
      positive.openCircuit_V(boundedFilling_frac(cell.filling_frac(false))) -
      negative.openCircuit_V(boundedFilling_frac(x));
    state.soc_frac = (x - negativeEmpty_frac) / (negativeFull_frac - negativeEmpty_frac);
    state.voltage_V = evaluate(now.evaluated_A);
    state.negativePotential_V = answer.negativePotential_V;
    state.positivePotential_V = state.voltage_V + answer.negativePotential_V;
    state.platingReserve_V = answer.edge_V;
  };

  /** Whether all surfaces of an electrode stand at their end; one of many evens out with its neighbours. */
  const isUsedUp = (): boolean =>
    areAllAtEnd(cell.particles, 0, cell.grid.negativeNodes) ||
    areAllAtEnd(cell.particles, cell.grid.positiveFirst, cell.grid.count);

  const model: DfnModel = {
    state,
    surroundings,
    lithium_Ah: () =>
      cell.filling_frac(true) * hostCapacity_Ah(negative, area_m2) +
      cell.filling_frac(false) * hostCapacity_Ah(positive, area_m2),
    salt_mol: () => cell.salt_mol(),
    reaction_A_per_m2: cell.reaction_A_per_m2,
    get iterations() {
      return answer.iterations;
    },
    get hasConverged() {
      return answer.hasConverged;
    },
    contents: () => ({
      negative_frac: meanProfile(cell.particles.slice(0, cell.grid.negativeNodes)),
      positive_frac: meanProfile(cell.particles.slice(cell.grid.positiveFirst)),
      negativeSurface_frac: meanSurface(cell.particles.slice(0, cell.grid.negativeNodes)),
      positiveSurface_frac: meanSurface(cell.particles.slice(cell.grid.positiveFirst)),
      salt_mol_per_m3: cell.salt_mol_per_m3,
      film_Ohm: now.film_Ohm,
      lost_Ah: now.lost_Ah,
      state,
    }),
    load(contents) {
      cell.particles.forEach((host, k) => {
        const isNegative = cell.grid.isNegative(k);
        host?.load(
          isNegative ? contents.negative_frac : contents.positive_frac,
          isNegative ? contents.negativeSurface_frac : contents.positiveSurface_frac,
        );
      });
      cell.load(contents.salt_mol_per_m3);
      now.film_Ohm = contents.film_Ohm;
      now.series_Ohm = contact_Ohm + contents.film_Ohm;
      now.lost_Ah = contents.lost_Ah;
      windows = spmeWindows(parameters, initialLithium_Ah - contents.lost_Ah);
      Object.assign(state, contents.state);
      state.capacity_Ah = windows.capacity_Ah;
    },
    prepare(dt_s) {
      now.step_s = dt_s;
      now.evaluated_A = Number.NaN;
      if (!isLumped) state.temperature_degC = surroundings.ambient_degC;
      cell.prepare(dt_s, propertyTemperature_K(state));
    },
    voltageAfter_V: evaluate,
    take(current_A) {
      evaluate(current_A);
      const lost_A = cell.take();
      const asked_A = Math.max(Math.abs(current_A), parameters.nominal_Ah);
      // An iteration without an end: seen only where tables end in steep lines, the electrode full or empty there.
      state.outsideValidity_on = answer.hasConverged ? 0 : 1;
      state.exhausted_on =
        current_A !== 0 && (lost_A > LOST_FRAC * asked_A || !answer.hasConverged || isUsedUp()) ? 1 : 0;
      countCharge(state, current_A, now.step_s);
      const before_V = state.openCircuit_V;
      derive();
      // All that is not stored as chemical energy, against the rested cell (heat of mixing) or at the surfaces; the
      // hosts' entropy is not in the sets.
      state.heat_W =
        current_A * state.voltage_V -
        (withMixingHeat
          ? 0.5 * current_A * (before_V + state.openCircuit_V)
          : area_m2 * answer.stored_W_per_m2);
      if (isLumped)
        state.temperature_degC = lumpTemperature_degC(parameters, state, surroundings, now.step_s);
    },
    impedance: frequencies_Hz => dfnImpedance(parameters, cell, propertyTemperature_K(state), frequencies_Hz),
  };
  // A step of no length at rest: the voltage and potentials of the start.
  model.prepare(1e-9);
  evaluate(0);
  derive();
  return model;
}

/** Mean of an electrode's particles, shell by shell; its nodes are of one width. */
function meanProfile(hosts: readonly (Particle | undefined)[]): Float64Array {
  const mean = new Float64Array(hosts[0]?.sto.length ?? 0);
  for (const host of hosts) {
    for (let i = 0; i < mean.length; i++) mean[i] += (host?.sto[i] ?? 0) / hosts.length;
  }
  return mean;
}

function meanSurface(hosts: readonly (Particle | undefined)[]): number {
  return hosts.reduce((sum, host) => sum + (host?.surface_frac() ?? 0), 0) / hosts.length;
}

function areAllAtEnd(hosts: readonly (Particle | undefined)[], from: number, to: number): boolean {
  for (let k = from; k < to; k++) {
    if (!isAtEnd(hosts[k]?.surface_frac() ?? Number.NaN)) return false;
  }
  return true;
}
