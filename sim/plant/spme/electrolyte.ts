import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import type { SpmeMesh } from './mesh.ts';
import type { SpmeParameters } from './parameters.ts';
import { type ComplexColumn, complexColumn, solveComplex } from './tridiagonal.ts';

/**
 * Salt in the electrolyte across negative electrode, separator, positive electrode: finite volumes, backward Euler,
 * reaction spread evenly over each electrode. Salt is conserved to rounding. Affine in the current as long as
 * the diffusivity is that of the step's beginning.
 */
export interface Electrolyte {
  readonly salt_mol_per_m3: Float64Array;
  /** After the prepared step: without current, and change per ampere (charge positive). */
  readonly base: Float64Array;
  readonly response: Float64Array;
  /** Each node's share of the cell's thickness. */
  readonly share: Float64Array;
  readonly negativeNodes: number;
  /** First node of the positive electrode. */
  readonly positiveFirst: number;
  prepare(dt_s: number, temperature_K: number): void;
  take(current_A: number): void;
  /** Mean over the thickness of the cell, not weighted with porosity. */
  mean_mol_per_m3(): number;
  /** Salt in the pores, mol. */
  amount_mol(): number;
  /** Small signal per ampere at a frequency, mol/(m3 A), real and imaginary part in `.re` and `.im`. */
  transfer(omega_per_s: number, temperature_K: number): ComplexColumn;
}

/** Concentrations below this share of the initial one count as used up. */
export const DEPLETED_FRAC = 0.01;

/**
 * The concentration itself down to `floor`, below it a positive value that falls smoothly to 0: logarithms, roots
 * and polynomials stay finite whatever is asked of the cell.
 */
export function positive(value: number, floor: number): number {
  return value > floor ? value : (floor * floor) / (2 * floor - value);
}

/** The pores of a cell cut into finite volumes from the negative collector to the positive one. */
export interface SaltGrid {
  readonly count: number;
  readonly negativeNodes: number;
  /** First node of the positive electrode. */
  readonly positiveFirst: number;
  readonly width_m: Float64Array;
  /** Volume of the pores per m2 of cell, m. */
  readonly pores_m: Float64Array;
  /** From the middle of a node to its face, lengthened by the tortuosity, m. */
  readonly halfPath_m: Float64Array;
  /**
   * Mean diffusivity over the salt between two nodes (Simpson) over their distance, m/s, into `link`: where it falls
   * five-fold across an electrode, a few nodes then carry what takes ten times as many with the diffusivity of either.
   */
  links(salt_mol_per_m3: Float64Array, temperature_K: number, link: Float64Array): void;
}

/** Cuts the pores of a cell as a mesh says. */
export function saltGrid(parameters: SpmeParameters, mesh: SpmeMesh): SaltGrid {
  const { negative, separator, positive: cathode } = parameters;
  const { negativeNodes, separatorNodes, positiveNodes } = mesh;
  const positiveFirst = negativeNodes + separatorNodes;
  const count = positiveFirst + positiveNodes;
  const last = count - 1;
  const floor = DEPLETED_FRAC * parameters.electrolyte.initial_mol_per_m3;
  const width_m = new Float64Array(count);
  const pores_m = new Float64Array(count);
  const halfPath_m = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const isNegative = i < negativeNodes;
    const part = isNegative ? negative : i < positiveFirst ? separator : cathode;
    const nodes = isNegative ? negativeNodes : i < positiveFirst ? separatorNodes : positiveNodes;
    width_m[i] = part.thickness_m / nodes;
    pores_m[i] = part.porosity_frac * width_m[i];
    halfPath_m[i] = width_m[i] / (2 * part.porosity_frac ** part.bruggeman_1);
  }
  const diffusivity = (at_mol_per_m3: number, temperature_K: number): number =>
    parameters.electrolyte.diffusivity_m2_per_s(positive(at_mol_per_m3, floor), temperature_K);
  return {
    count,
    negativeNodes,
    positiveFirst,
    width_m,
    pores_m,
    halfPath_m,
    links(salt, temperature_K, link) {
      let here = diffusivity(salt[0], temperature_K);
      for (let i = 0; i < last; i++) {
        const between = diffusivity(0.5 * (salt[i] + salt[i + 1]), temperature_K);
        const next = diffusivity(salt[i + 1], temperature_K);
        link[i] = (here + 4 * between + next) / (6 * (halfPath_m[i] + halfPath_m[i + 1]));
        here = next;
      }
    },
  };
}

/** The electrolyte of a cell at its initial concentration. */
export function electrolyte(parameters: SpmeParameters, mesh: SpmeMesh): Electrolyte {
  const { area_m2, negative, separator, positive: cathode } = parameters;
  const { initial_mol_per_m3, transference_1 } = parameters.electrolyte;
  const grid = saltGrid(parameters, mesh);
  const { count, negativeNodes, positiveFirst, pores_m: pores } = grid;
  const last = count - 1;
  const total_m = negative.thickness_m + separator.thickness_m + cathode.thickness_m;
  // mol/(m2 s) per ampere of charge: taken up by the negative, given off by the positive electrode.
  const perAmpere = (1 - transference_1) / (FARADAY_C_PER_MOL * area_m2);
  const source = new Float64Array(count);
  source.fill(-perAmpere / negativeNodes, 0, negativeNodes);
  source.fill(perAmpere / mesh.positiveNodes, positiveFirst);
  const share = grid.width_m.map(w => w / total_m);
  const salt = new Float64Array(count).fill(initial_mol_per_m3);
  const link = new Float64Array(count);
  const mass = new Float64Array(count);
  const base = salt.slice();
  const response = new Float64Array(count);
  const pivot = new Float64Array(count);
  const column = complexColumn(count);

  return {
    salt_mol_per_m3: salt,
    base,
    response,
    share,
    negativeNodes,
    positiveFirst,
    prepare(dt_s, temperature_K) {
      grid.links(salt, temperature_K, link);
      for (let i = 0; i < count; i++) mass[i] = pores[i] / dt_s;
      let stored = mass[0];
      pivot[0] = 1 / (stored + link[0]);
      base[0] = mass[0] * salt[0];
      response[0] = source[0];
      for (let i = 1; i < count; i++) {
        const f = link[i - 1] * pivot[i - 1];
        stored = mass[i] + f * stored;
        pivot[i] = 1 / (stored + (i < last ? link[i] : 0));
        base[i] = mass[i] * salt[i] + f * base[i - 1];
        response[i] = source[i] + f * response[i - 1];
      }
      base[last] *= pivot[last];
      response[last] *= pivot[last];
      for (let i = last - 1; i >= 0; i--) {
        base[i] = (base[i] + link[i] * base[i + 1]) * pivot[i];
        response[i] = (response[i] + link[i] * response[i + 1]) * pivot[i];
      }
    },
    take(current_A) {
      for (let i = 0; i < count; i++) salt[i] = base[i] + current_A * response[i];
    },
    mean_mol_per_m3() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += share[i] * salt[i];
      return sum;
    },
    amount_mol() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += pores[i] * salt[i];
      return sum * area_m2;
    },
    transfer(omega_per_s, temperature_K) {
      grid.links(salt, temperature_K, link);
      for (let i = 0; i < count; i++) {
        column.diagonal[i] = (i > 0 ? link[i - 1] : 0) + (i < last ? link[i] : 0);
        column.storage[i] = pores[i];
        column.source[i] = source[i];
        column.link[i] = link[i];
      }
      solveComplex(column, omega_per_s);
      return column;
    },
  };
}
