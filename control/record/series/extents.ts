import type { Stretch } from '../stretches.ts';

/** Channels that stand side by side in an instrument's table: the members of an array role. */
export interface Members {
  /** Place of the first. */
  readonly first: number;
  readonly count: number;
}

/** What the members of an array role came to in one reading, in its unit; NaN each where one of them is not usable. */
export interface Extent {
  low: number;
  high: number;
  mean: number;
}

/** The same of some rows, row by row. */
export interface Extents {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly mean: Float64Array;
}

/** Those of blocks that are kept: limits and pictures ask for the same members. They go with their block. */
const known = new WeakMap<object, Map<string, Extents>>();

/** What these members came to in each row. Whoever gets it does not change it. */
export function extentsOf(stretch: Pick<Stretch, 'rows' | 'usable' | 'block'>, of: Members): Extents {
  const { block } = stretch;
  if (block === undefined) return workedOut(stretch, of);
  const ofBlock = known.get(block) ?? new Map<string, Extents>();
  known.set(block, ofBlock);
  const name = `${of.first} ${of.count}`;
  const found = ofBlock.get(name) ?? workedOut(stretch, of);
  ofBlock.set(name, found);
  return found;
}

/** Added up in the order of their places. */
function workedOut(stretch: Pick<Stretch, 'rows' | 'usable'>, { first, count }: Members): Extents {
  const { rows } = stretch;
  const low = new Float64Array(rows).fill(Infinity);
  const high = new Float64Array(rows).fill(-Infinity);
  const mean = new Float64Array(rows);
  for (let place = first; place < first + count; place++) addColumn(stretch.usable(place), low, high, mean);
  for (let row = 0; row < rows; row++) {
    mean[row] /= count;
    // A sum with something that is not usable is NaN, whereas it is neither the lowest nor the highest.
    if (Number.isNaN(mean[row])) low[row] = high[row] = Number.NaN;
  }
  return { low, high, mean };
}

function addColumn(values: Float64Array, low: Float64Array, high: Float64Array, sum: Float64Array): void {
  for (let row = 0; row < sum.length; row++) {
    const value = values[row];
    if (value < low[row]) low[row] = value;
    if (value > high[row]) high[row] = value;
    sum[row] += value;
  }
}
