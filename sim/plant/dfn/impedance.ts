import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import type { Spectrum } from '../parts/model.ts';
import { DEPLETED_FRAC, positive } from '../spme/electrolyte.ts';
import type { SpmeParameters } from '../spme/parameters.ts';
import type { PorousCell } from './equations.ts';
import { diffusionPotential_V, logSaltSlope, nodeKinetics } from './node.ts';

/** Unknowns of a node: potential and salt, each real and imaginary. */
const PER_NODE = 4;
/** Columns that a row of one node can fill while it is eliminated, rows exchanged. */
const REACH = 4 * PER_NODE;

/** What does not change from frequency to frequency, per node. */
interface Linear {
  readonly conductance: Float64Array;
  readonly resistance: Float64Array;
  readonly link: Float64Array;
  readonly pull: Float64Array;
  readonly kinetic_Ohm_m2: Float64Array;
  readonly perFilling_V: Float64Array;
  readonly perSalt: Float64Array;
}

function linearise(parameters: SpmeParameters, cell: PorousCell, temperature_K: number): Linear {
  const { electrolyte } = parameters;
  const { grid, particles, salt_mol_per_m3: salt } = cell;
  const { count, halfPath_m, surface_1, solid_Ohm_m2 } = grid;
  const floor = DEPLETED_FRAC * electrolyte.initial_mol_per_m3;
  const make = (): Float64Array => new Float64Array(count);
  const linear: Linear = {
    conductance: make(),
    resistance: make(),
    link: make(),
    pull: make(),
    kinetic_Ohm_m2: make(),
    perFilling_V: make(),
    perSalt: make(),
  };
  const half = salt.map(
    (c, k) => halfPath_m[k] / electrolyte.conductivity_S_per_m(positive(c, floor), temperature_K),
  );
  grid.links(salt, temperature_K, linear.link);
  for (let k = 0; k < count; k++) {
    linear.pull[k] = diffusionPotential_V(parameters, temperature_K) * logSaltSlope(salt[k], floor);
    if (k + 1 < count) {
      linear.resistance[k] = half[k] + half[k + 1];
      const isInside = surface_1[k] > 0 && surface_1[k + 1] > 0;
      linear.conductance[k] = isInside ? 1 / (linear.resistance[k] + solid_Ohm_m2[k]) : 0;
    }
    const host = particles[k];
    const part = grid.electrodeAt(k);
    if (host === undefined || part === undefined) continue;
    const { answer, evaluate } = nodeKinetics(part, electrolyte.initial_mol_per_m3);
    const filling_frac = host.surface_frac();
    const rate = part.rate(Math.max(0, Math.min(1, filling_frac)), temperature_K);
    evaluate(cell.reaction_A_per_m2[k], filling_frac, 0, rate, salt[k], temperature_K);
    linear.kinetic_Ohm_m2[k] = answer.kinetic_Ohm_m2;
    linear.perFilling_V[k] = answer.perFilling_V;
    linear.perSalt[k] = answer.perSalt_V_m3_per_mol;
  }
  return linear;
}

/** Equations in a row, neighbours only; solved by elimination with exchange of rows inside the band. */
function solveBand(matrix: Float64Array, right: Float64Array): void {
  const size = right.length;
  for (let p = 0; p < size; p++) {
    const end = Math.min(size, p + REACH);
    const lastRow = Math.min(size, p + 2 * PER_NODE);
    let best = p;
    for (let r = p + 1; r < lastRow; r++)
      if (Math.abs(matrix[r * size + p]) > Math.abs(matrix[best * size + p])) best = r;
    if (best !== p) {
      for (let c = p; c < end; c++) {
        const kept = matrix[p * size + c];
        matrix[p * size + c] = matrix[best * size + c];
        matrix[best * size + c] = kept;
      }
      const kept = right[p];
      right[p] = right[best];
      right[best] = kept;
    }
    for (let r = p + 1; r < lastRow; r++) {
      const f = matrix[r * size + p] / matrix[p * size + p];
      if (f === 0) continue;
      for (let c = p; c < end; c++) matrix[r * size + c] -= f * matrix[p * size + c];
      right[r] -= f * right[p];
    }
  }
  for (let p = size - 1; p >= 0; p--) {
    const end = Math.min(size, p + REACH);
    for (let c = p + 1; c < end; c++) right[p] -= matrix[p * size + c] * right[c];
    right[p] /= matrix[p * size + p];
  }
}

/**
 * Impedance of the cell, Ohm, from the equations of the stepping linearised at its present state, with the double
 * layers that the steps leave out. Exact at rest; under current the lookup of diffusivities, conductivity and rate
 * constants is frozen.
 */
export function dfnImpedance(
  parameters: SpmeParameters,
  cell: PorousCell,
  temperature_K: number,
  frequencies_Hz: Float64Array,
): Spectrum {
  const { grid, particles } = cell;
  const { count, negativeNodes, positiveFirst, pores_m, surface_1, inflow, solid_Ohm_m2 } = grid;
  const last = count - 1;
  const linear = linearise(parameters, cell, temperature_K);
  const { conductance, resistance, link, pull, perSalt } = linear;
  const perCharge = (1 - parameters.electrolyte.transference_1) / FARADAY_C_PER_MOL;
  const size = PER_NODE * count;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  /** Adds a complex coefficient: 0 = charge row or potential, 2 = salt row or salt. */
  const add = (node: number, row: 0 | 2, other: number, column: 0 | 2, re: number, im: number): void => {
    const r = PER_NODE * node + row;
    const c = PER_NODE * other + column;
    matrix[r * size + c] += re;
    matrix[r * size + c + 1] -= im;
    matrix[(r + 1) * size + c] += im;
    matrix[(r + 1) * size + c + 1] += re;
  };
  const exchange = (k: number, other: number, face: number): void => {
    const g = conductance[face];
    add(k, 0, k, 0, g, 0);
    add(k, 0, other, 0, -g, 0);
    add(k, 0, k, 2, g * pull[k], 0);
    add(k, 0, other, 2, -g * pull[other], 0);
    add(k, 2, k, 2, link[face], 0);
    add(k, 2, other, 2, -link[face], 0);
  };
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  frequencies_Hz.forEach((frequency_Hz, f) => {
    const omega = 2 * Math.PI * frequency_Hz;
    matrix.fill(0);
    right.fill(0);
    // Driven by 1 A/m2 from the negative to the positive collector.
    for (let k = 0; k < count; k++) {
      if (k > 0) exchange(k, k - 1, k - 1);
      if (k < last) exchange(k, k + 1, k);
      add(k, 2, k, 2, 0, omega * pores_m[k]);
      const part = grid.electrodeAt(k);
      const host = particles[k];
      if (part === undefined || host === undefined) {
        add(k, 0, k, 0, 1, 0);
        continue;
      }
      if (k < last) right[PER_NODE * k] += k === negativeNodes - 1 ? 1 : conductance[k] * solid_Ohm_m2[k];
      if (k > 0) right[PER_NODE * k] -= k === positiveFirst ? 1 : conductance[k - 1] * solid_Ohm_m2[k - 1];
      const particle = host.transfer(omega, temperature_K);
      const perFilling = linear.perFilling_V[k] * inflow[k];
      const zRe = linear.kinetic_Ohm_m2[k] + perFilling * particle.re_s_per_m;
      const zIm = perFilling * particle.im_s_per_m;
      const square = zRe * zRe + zIm * zIm;
      const yRe = (surface_1[k] * zRe) / square;
      const yIm = (-surface_1[k] * zIm) / square;
      const layer = omega * part.doubleLayer_F_per_m2 * surface_1[k];
      add(k, 0, k, 0, yRe, yIm + layer);
      add(k, 0, k, 2, -yRe * perSalt[k], -yIm * perSalt[k]);
      add(k, 2, k, 0, -perCharge * yRe, -perCharge * (yIm + layer));
      add(k, 2, k, 2, perCharge * yRe * perSalt[k], perCharge * yIm * perSalt[k]);
    }
    solveBand(matrix, right);
    for (const part of [0, 1]) {
      const potential = (k: number): number => right[PER_NODE * k + part];
      const pulled = (k: number): number => pull[k] * right[PER_NODE * k + 2 + part];
      const drive = part === 0 ? 1 : 0;
      let volts = potential(last) - potential(0) - drive * grid.collectors_Ohm_m2;
      for (let k = 0; k < last; k++) {
        const salt_V = pulled(k + 1) - pulled(k);
        const flow =
          conductance[k] > 0
            ? conductance[k] * (potential(k + 1) - potential(k) + drive * solid_Ohm_m2[k] + salt_V)
            : drive;
        volts += salt_V - flow * resistance[k];
      }
      if (part === 0) re_Ohm[f] = -volts / parameters.area_m2 + parameters.contact_Ohm;
      else im_Ohm[f] = -volts / parameters.area_m2;
    }
  });
  return { re_Ohm, im_Ohm };
}
