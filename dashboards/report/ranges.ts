import type { Line } from './figure.ts';
import { valueAt } from './thin.ts';

/** How far the values of a picture reach. */

/** Values that are no farther apart than this part of themselves are drawn as one. */
const SAME = 1e-9;

/** x of what is drawn of a line. */
export function drawnX(line: Line): number[] {
  const first = line.x[0];
  const last = line.x.at(-1);
  return first === undefined || last === undefined
    ? []
    : line.marks === undefined && line.turns !== true
      ? [first, last]
      : [...line.x];
}

/** Lowest and highest y of what is drawn of a line, with its uncertainty; empty where there is nothing. */
export function drawnY(line: Line): number[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < line.y.length; i++) {
    const y = valueAt(line, i);
    if (y === null) continue;
    const u = line.u95?.[i] ?? 0;
    low = Math.min(low, y - u);
    high = Math.max(high, y + u);
  }
  return low > high ? [] : [low, high];
}

/** Ends of an axis; NaN without values. `air`: part of the range that is left free at each end. */
export function rangeOf(values: readonly number[], fromZero: boolean, air: number): [number, number] {
  if (values.length === 0) return [Number.NaN, Number.NaN];
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (fromZero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  // What differs in the last digits of a figure only is one value.
  if (high - low <= SAME * Math.max(Math.abs(low), Math.abs(high))) {
    const half = Math.max(Math.abs(low) * 0.05, 0.5);
    return [low - half, high + half];
  }
  const pad = (high - low) * air;
  return [fromZero && low === 0 ? 0 : low - pad, high + pad];
}
