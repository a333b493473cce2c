import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { DEPLETED_FRAC, positive } from '../spme/electrolyte.ts';
import type { SpmeMesh } from '../spme/mesh.ts';
import { shareInside_frac } from '../spme/model.ts';
import type { SpmeParameters } from '../spme/parameters.ts';
import { type Particle, particle } from '../spme/particle.ts';
import { blocks, solveBlocks } from './blocks.ts';
import { type PorousGrid, porousGrid } from './grid.ts';
import { diffusionPotential_V, logSaltSlope, nodeKinetics } from './node.ts';

/** Largest change of a potential in the last iteration, V. */
const CONVERGED_V = 1e-8;
const MOST_ITERATIONS = 80;
/** After so many iterations, and after so many more, steps are halved: an answer that runs in circles is caught. */
const FULL_ITERATIONS = 20;

/** What an evaluated step says of the cell at its end. */
export interface PorousAnswer {
  /** Through the cell from negative to positive collector (discharge positive), A/m2. */
  readonly density_A_per_m2: number;
  /** Terminal voltage without contact resistance, V. */
  readonly voltage_V: number;
  /** Negative collector against the electrolyte in the middle of the separator, V. */
  readonly negativePotential_V: number;
  /** Solid against electrolyte in the negative node next to the separator, V. */
  readonly edge_V: number;
  /** Power stored as chemical energy at the surfaces, W/m2. */
  readonly stored_W_per_m2: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
}

/** Porous electrodes and electrolyte of one cell, node by node from the negative collector to the positive one. */
export interface PorousCell {
  readonly grid: PorousGrid;
  /** One per electrode node, undefined in the separator. */
  readonly particles: readonly (Particle | undefined)[];
  readonly salt_mol_per_m3: Float64Array;
  readonly answer: PorousAnswer;
  /** Current densities of the particles' surfaces, oxidation positive, A/m2. */
  readonly reaction_A_per_m2: Float64Array;
  /** Between the middles of two nodes at the prepared step: electrolyte, Ohm m2; salt, m/s. */
  readonly electrolyte_Ohm_m2: Float64Array;
  readonly saltLink_m_per_s: Float64Array;
  /** Salt of each node in place of what is there; the currents of all nodes are then those of rest. */
  load(salt_mol_per_m3: Float64Array): void;
  prepare(dt_s: number, temperature_K: number): void;
  /** The end of the prepared step if this current (charge positive) flowed all through it. */
  evaluate(current_A: number): void;
  /**
   * Carries the evaluated step out; answers how much current found no place in full or empty particles, A (both
   * electrodes together), or in salt that is used up.
   */
  take(): number;
  /** Mean filling of an electrode, 0..1. */
  filling_frac(isNegative: boolean): number;
  /** Salt in the pores, mol. */
  salt_mol(): number;
}

/**
 * The equations of Doyle, Fuller and Newman (J. Electrochem. Soc. 140 (1993) 1526) on finite volumes across the cell, one
 * particle per electrode node, one backward Euler step at a time; both electrodes start at an even filling. Unknowns
 * per node: potential of the solid against the electrolyte, salt, current of the particles; Newton's iteration on
 * all of them at once. Diffusivities, conductivity and rate constants are those of the step's beginning.
 */
export function porousCell(
  parameters: SpmeParameters,
  mesh: SpmeMesh,
  negative_frac: number,
  positive_frac: number,
): PorousCell {
  const { area_m2, electrolyte } = parameters;
  const initial = electrolyte.initial_mol_per_m3;
  const floor = DEPLETED_FRAC * initial;
  const saltBound = 0.1 * floor;
  const grid = porousGrid(parameters, mesh);
  const { count, negativeNodes, positiveFirst, pores_m, halfPath_m, surface_1, inflow, solid_Ohm_m2 } = grid;
  const last = count - 1;
  const kinetics = {
    negative: nodeKinetics(parameters.negative, initial),
    positive: nodeKinetics(parameters.positive, initial),
  };
  const make = (): Float64Array => new Float64Array(count);
  const salt = make().fill(initial);
  const saltAfter = salt.slice();
  const reaction = make();
  // Solid against electrolyte.
  const potential = make();
  const rate = make();
  const mass = make();
  const resistance = make();
  const faceCurrent = make();
  const logSalt = make();
  const perDensity = make();
  const perSalt = make();
  const misfit = make();
  const system = blocks(count);
  const { d11, d12, d21, d22, r1, r2, conductance, link, pull } = system;
  const perCharge = (1 - electrolyte.transference_1) / FARADAY_C_PER_MOL;
  // Written in place at each step; captured variables would be boxed anew.
  const now = { temperature_K: 298.15, diffusion_V: 0 };
  const answer = {
    density_A_per_m2: 0,
    voltage_V: 0,
    negativePotential_V: 0,
    edge_V: 0,
    stored_W_per_m2: 0,
    iterations: 0,
    hasConverged: true,
  };
  const particles = Array.from({ length: count }, (_, k) => {
    const part = grid.electrodeAt(k);
    if (part === undefined) return undefined;
    const start_frac = grid.isNegative(k) ? negative_frac : positive_frac;
    potential[k] = part.openCircuit_V(start_frac);
    return particle(part, mesh, start_frac);
  });

  /** Kinetics of all nodes and currents of all faces at the present guess. */
  const linearise = (): void => {
    answer.stored_W_per_m2 = 0;
    for (let k = 0; k < count; k++) {
      logSalt[k] = Math.log(positive(saltAfter[k], floor) / initial);
      pull[k] = now.diffusion_V * logSaltSlope(saltAfter[k], floor);
      const host = particles[k];
      if (host === undefined) continue;
      const side = k < negativeNodes ? kinetics.negative : kinetics.positive;
      const change = inflow[k] * host.step.response_s_per_m;
      const filling_frac = host.step.base_frac + change * reaction[k];
      side.evaluate(reaction[k], filling_frac, change, rate[k], saltAfter[k], now.temperature_K);
      perDensity[k] = side.answer.perDensity_Ohm_m2;
      perSalt[k] = side.answer.perSalt_V_m3_per_mol;
      misfit[k] = potential[k] - side.answer.openCircuit_V - side.answer.transfer_V;
      answer.stored_W_per_m2 += surface_1[k] * reaction[k] * side.answer.openCircuit_V;
    }
    // In the electrolyte; between electrode and separator all of the current.
    const density = answer.density_A_per_m2;
    for (let k = 0; k < last; k++) {
      const salt_V = now.diffusion_V * (logSalt[k + 1] - logSalt[k]);
      const drive_V = potential[k + 1] - potential[k] + density * solid_Ohm_m2[k] + salt_V;
      faceCurrent[k] = conductance[k] > 0 ? conductance[k] * drive_V : density;
    }
  };

  /** One iteration of Newton; answers the largest change of a potential, V. */
  const iterate = (share: number): number => {
    for (let k = 0; k < count; k++) {
      const before = k > 0 ? conductance[k - 1] : 0;
      const linkBefore = k > 0 ? link[k - 1] : 0;
      const made = perCharge * surface_1[k];
      d22[k] = mass[k] + linkBefore + link[k];
      r2[k] = made * reaction[k] - mass[k] * (saltAfter[k] - salt[k]);
      if (k > 0) r2[k] -= linkBefore * (saltAfter[k] - saltAfter[k - 1]);
      if (k < last) r2[k] -= link[k] * (saltAfter[k] - saltAfter[k + 1]);
      d11[k] = 1;
      d12[k] = 0;
      d21[k] = 0;
      r1[k] = 0;
      if (surface_1[k] === 0) continue;
      const yield_S = surface_1[k] / perDensity[k];
      d11[k] = before + conductance[k] + yield_S;
      d12[k] = (before + conductance[k]) * pull[k] - yield_S * perSalt[k];
      d21[k] = -perCharge * yield_S;
      d22[k] += perCharge * yield_S * perSalt[k];
      const into = k > 0 ? faceCurrent[k - 1] : 0;
      const out = k < last ? faceCurrent[k] : 0;
      r1[k] = out - into - surface_1[k] * reaction[k] - yield_S * misfit[k];
      r2[k] += perCharge * yield_S * misfit[k];
    }
    solveBlocks(system);
    let worst_V = 0;
    for (let k = 0; k < count; k++) {
      saltAfter[k] += share * r2[k];
      if (surface_1[k] === 0) continue;
      const change_V = r1[k] - perSalt[k] * r2[k] + misfit[k];
      potential[k] += share * r1[k];
      reaction[k] += (share * change_V) / perDensity[k];
      worst_V = Math.max(worst_V, Math.abs(r1[k]), Math.abs(change_V));
    }
    return worst_V;
  };

  /** Terminal voltage and the potentials behind it, along the electrolyte. */
  const sumUp = (): void => {
    const { density_A_per_m2 } = answer;
    const middle = (negativeNodes + positiveFirst - 1) / 2;
    let electrolyte_V = 0;
    let middle_V = 0;
    for (let k = 0; k < last; k++) {
      if (k === Math.floor(middle)) middle_V += electrolyte_V / 2;
      if (k === Math.ceil(middle)) middle_V += electrolyte_V / 2;
      electrolyte_V += now.diffusion_V * (logSalt[k + 1] - logSalt[k]) - faceCurrent[k] * resistance[k];
    }
    answer.voltage_V =
      potential[last] + electrolyte_V - potential[0] - density_A_per_m2 * grid.collectors_Ohm_m2;
    answer.negativePotential_V = potential[0] + density_A_per_m2 * grid.negativeCollector_Ohm_m2 - middle_V;
    answer.edge_V = potential[negativeNodes - 1];
  };

  return {
    grid,
    particles,
    salt_mol_per_m3: salt,
    answer,
    reaction_A_per_m2: reaction,
    electrolyte_Ohm_m2: resistance,
    saltLink_m_per_s: link,
    load(contents) {
      salt.set(contents);
      saltAfter.set(contents);
      reaction.fill(0);
      answer.density_A_per_m2 = 0;
      particles.forEach((host, k) => {
        const part = grid.electrodeAt(k);
        if (host !== undefined && part !== undefined) potential[k] = part.openCircuit_V(host.surface_frac());
      });
    },
    prepare(dt_s, temperature_K) {
      now.temperature_K = temperature_K;
      now.diffusion_V = diffusionPotential_V(parameters, temperature_K);
      grid.links(salt, temperature_K, link);
      let before = 0;
      for (let k = 0; k < count; k++) {
        mass[k] = pores_m[k] / dt_s;
        const half =
          halfPath_m[k] / electrolyte.conductivity_S_per_m(positive(salt[k], floor), temperature_K);
        if (k > 0) {
          resistance[k - 1] = before + half;
          const isInside = surface_1[k - 1] > 0 && surface_1[k] > 0;
          conductance[k - 1] = isInside ? 1 / (resistance[k - 1] + solid_Ohm_m2[k - 1]) : 0;
        }
        before = half;
        const host = particles[k];
        if (host === undefined) continue;
        host.prepare(dt_s, temperature_K);
        // At the filling that the last current would lead to: where a rate rises steeply with the filling, the
        // voltage would otherwise fall with rising current.
        const filling_frac = host.step.base_frac + inflow[k] * host.step.response_s_per_m * reaction[k];
        const part = k < negativeNodes ? parameters.negative : parameters.positive;
        rate[k] = part.rate(Math.max(0, Math.min(1, filling_frac)), temperature_K);
      }
    },
    evaluate(current_A) {
      const density = -current_A / area_m2;
      const change = density - answer.density_A_per_m2;
      answer.density_A_per_m2 = density;
      // First guess: as before, and what is new evenly over the electrodes.
      for (let k = 0; k < negativeNodes; k++) reaction[k] += change / (surface_1[k] * negativeNodes);
      for (let k = positiveFirst; k < count; k++)
        reaction[k] -= change / (surface_1[k] * (count - positiveFirst));
      answer.hasConverged = false;
      answer.iterations = 0;
      while (answer.iterations < MOST_ITERATIONS && !answer.hasConverged) {
        linearise();
        const share = 0.5 ** Math.floor(answer.iterations / FULL_ITERATIONS);
        answer.hasConverged = iterate(share) < CONVERGED_V;
        answer.iterations++;
      }
      linearise();
      sumUp();
    },
    take() {
      let lost_A_per_m2 = 0;
      let dissolved = 1;
      for (let k = 0; k < count; k++) {
        const host = particles[k];
        if (host !== undefined) {
          const { base_frac, response_s_per_m } = host.step;
          const into = inflow[k] * reaction[k];
          const share = shareInside_frac(base_frac, response_s_per_m * into, 0);
          host.take(share * into);
          lost_A_per_m2 += (1 - share) * surface_1[k] * Math.abs(reaction[k]);
        }
        if (saltAfter[k] < saltBound)
          dissolved = Math.min(dissolved, Math.max(0, (salt[k] - saltBound) / (salt[k] - saltAfter[k])));
      }
      for (let k = 0; k < count; k++) salt[k] += dissolved * (saltAfter[k] - salt[k]);
      return area_m2 * Math.max(lost_A_per_m2, (1 - dissolved) * Math.abs(answer.density_A_per_m2));
    },
    filling_frac(isNegative) {
      const from = isNegative ? 0 : positiveFirst;
      const to = isNegative ? negativeNodes : count;
      let sum = 0;
      for (let k = from; k < to; k++) sum += particles[k]?.mean_frac() ?? 0;
      return sum / (to - from);
    },
    salt_mol() {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += pores_m[k] * salt[k];
      return sum * area_m2;
    },
  };
}
