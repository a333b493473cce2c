import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { type SaltGrid, saltGrid } from '../spme/electrolyte.ts';
import type { SpmeMesh } from '../spme/mesh.ts';
import type { SpmeElectrode, SpmeParameters } from '../spme/parameters.ts';

/** For stepping at 1 Hz. */
export const FAST_DFN_MESH: SpmeMesh = {
  shells: 12,
  shellGrowth_1: 1.3,
  negativeNodes: 10,
  separatorNodes: 5,
  positiveNodes: 10,
  surface: 'parabola',
};

/** For validation: further refinement changes nothing that the reference tables show. */
export const FINE_DFN_MESH: SpmeMesh = {
  shells: 40,
  shellGrowth_1: 1.08,
  negativeNodes: 40,
  separatorNodes: 20,
  positiveNodes: 40,
  surface: 'parabola',
};

/**
 * The mesh PyBaMM takes when nobody asks for another one: twenty of everything, even shells, surface by a straight line,
 * harmonic means. Only to compare with results that were made on it.
 */
export const TWENTY_DFN_MESH: SpmeMesh = {
  shells: 20,
  shellGrowth_1: 1,
  negativeNodes: 20,
  separatorNodes: 20,
  positiveNodes: 20,
  surface: 'line',
  between: 'harmonic',
};

/** Porous electrodes and separator cut into nodes from the negative collector to the positive one. */
export interface PorousGrid extends SaltGrid {
  /** Surface of a node's particles per m2 of cell; 0 in the separator. */
  readonly surface_1: Float64Array;
  /** Inflow into the particles (mol/(m2 s) over c_max) per oxidation current, m3/(A s): negative; 0 in the separator. */
  readonly inflow: Float64Array;
  /** Solid between the middle of a node and that of the next, Ohm m2; 0 where the next is another layer. */
  readonly solid_Ohm_m2: Float64Array;
  /** Solid between the outer nodes' middles and their collectors, Ohm m2: negative, and both together. */
  readonly negativeCollector_Ohm_m2: number;
  readonly collectors_Ohm_m2: number;
  isNegative(node: number): boolean;
  /** The electrode of a node, undefined in the separator. */
  electrodeAt(node: number): SpmeElectrode | undefined;
}

/** Cuts a cell as a mesh says. */
export function porousGrid(parameters: SpmeParameters, mesh: SpmeMesh): PorousGrid {
  const { negative, positive } = parameters;
  const grid = saltGrid(parameters, mesh);
  const { count, negativeNodes, positiveFirst, width_m } = grid;
  const surface_1 = new Float64Array(count);
  const inflow = new Float64Array(count);
  const solid_Ohm_m2 = new Float64Array(count);
  const electrodeAt = (k: number): SpmeElectrode | undefined => {
    if (k < negativeNodes) return negative;
    return k < positiveFirst ? undefined : positive;
  };
  for (let k = 0; k < count; k++) {
    const part = electrodeAt(k);
    if (part === undefined) continue;
    surface_1[k] = (3 * part.active_frac * width_m[k]) / part.particleRadius_m;
    inflow[k] = -1 / (FARADAY_C_PER_MOL * part.maximum_mol_per_m3);
    if (electrodeAt(k + 1) === part && k + 1 < count)
      solid_Ohm_m2[k] = width_m[k] / part.conductivity_S_per_m;
  }
  const negativeCollector_Ohm_m2 = width_m[0] / (2 * negative.conductivity_S_per_m);
  return {
    ...grid,
    surface_1,
    inflow,
    solid_Ohm_m2,
    negativeCollector_Ohm_m2,
    collectors_Ohm_m2: negativeCollector_Ohm_m2 + width_m[count - 1] / (2 * positive.conductivity_S_per_m),
    isNegative: k => k < negativeNodes,
    electrodeAt,
  };
}
