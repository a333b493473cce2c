import type { BatteryState } from './battery-model.ts';

/**
 * What is inside a cell of particles and electrolyte, so that another model of the same cell on the same mesh can go on
 * with it: nothing is made or lost on the way. Shells inside first, nodes from the negative collector.
 */
export interface CellContents {
  readonly negative_frac: Float64Array;
  readonly positive_frac: Float64Array;
  readonly negativeSurface_frac: number;
  readonly positiveSurface_frac: number;
  readonly salt_mol_per_m3: Float64Array;
  /** Film on the negative particles, in series, and lithium in film and metal, Ah. */
  readonly film_Ohm: number;
  readonly lost_Ah: number;
  readonly state: Readonly<BatteryState>;
}
