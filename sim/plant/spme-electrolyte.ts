import { FARADAY_C_PER_MOL } from './constants.ts';
import type { SpmeMesh } from './spme-mesh.ts';
import type { SpmeParameters } from './spme-parameters.ts';
import { type ComplexColumn, complexColumn, solveComplex } from './spme-tridiagonal.ts';

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

/** The electrolyte of a cell at its initial concentration. */
export function electrolyte(parameters: SpmeParameters, mesh: SpmeMesh): Electrolyte {
  const { area_m2, negative, separator, positive: cathode } = parameters;
  const { initial_mol_per_m3, transference_1 } = parameters.electrolyte;
  const { negativeNodes, separatorNodes, positiveNodes } = mesh;
  const positiveFirst = negativeNodes + separatorNodes;
  const count = positiveFirst + positiveNodes;
  const last = count - 1;
  const floor = DEPLETED_FRAC * initial_mol_per_m3;
  const total_m = negative.thickness_m + separator.thickness_m + cathode.thickness_m;
  const width = new Float64Array(count);
  const pores = new Float64Array(count);
  const halfPath = new Float64Array(count);
  const source = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const isNegative = i < negativeNodes;
    const part = isNegative ? negative : i < positiveFirst ? separator : cathode;
    const nodes = isNegative ? negativeNodes : i < positiveFirst ? separatorNodes : positiveNodes;
    width[i] = part.thickness_m / nodes;
    pores[i] = part.porosity_frac * width[i];
    halfPath[i] = width[i] / (2 * part.porosity_frac ** part.bruggeman_1);
    // mol/(m2 s) per ampere of charge: taken up by the negative, given off by the positive electrode.
    const sign = isNegative ? -1 : i < positiveFirst ? 0 : 1;
    source[i] = (sign * (1 - transference_1)) / (FARADAY_C_PER_MOL * area_m2 * nodes);
  }
  const share = width.map(w => w / total_m);
  const salt = new Float64Array(count).fill(initial_mol_per_m3);
  const link = new Float64Array(count);
  const mass = new Float64Array(count);
  const base = salt.slice();
  const response = new Float64Array(count);
  const pivot = new Float64Array(count);
  const column = complexColumn(count);

  const diffusivity = (at_mol_per_m3: number, temperature_K: number): number =>
    parameters.electrolyte.diffusivity_m2_per_s(positive(at_mol_per_m3, floor), temperature_K);
  // Mean diffusivity over the salt between two nodes (Simpson): where it falls five-fold across an electrode, a
  // few nodes then carry what takes ten times as many with the diffusivity of either node.
  const lookUp = (temperature_K: number): void => {
    let here = diffusivity(salt[0], temperature_K);
    for (let i = 0; i < last; i++) {
      const between = diffusivity(0.5 * (salt[i] + salt[i + 1]), temperature_K);
      const next = diffusivity(salt[i + 1], temperature_K);
      link[i] = (here + 4 * between + next) / (6 * (halfPath[i] + halfPath[i + 1]));
      here = next;
    }
  };

  return {
    salt_mol_per_m3: salt,
    base,
    response,
    share,
    negativeNodes,
    positiveFirst,
    prepare(dt_s, temperature_K) {
      lookUp(temperature_K);
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
      lookUp(temperature_K);
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
