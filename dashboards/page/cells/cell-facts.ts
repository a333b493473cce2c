import type { CellValues, TrendLimit } from '../../../control/view.ts';

/** What the bars of the cells show. Pure. */

/** A cell by its number from 1, V. */
export interface OneCell {
  readonly number: number;
  readonly value: number;
}

export interface CellFacts {
  readonly lowest: OneCell;
  readonly highest: OneCell;
  /** Of all cells that are read, V. */
  readonly mean: number;
  readonly spread: number;
  /** Cells without a value. */
  readonly unread: readonly number[];
  /** Lower and upper end of the bars, V. */
  readonly scale: readonly [number, number];
  /** Limits within that scale, each once. */
  readonly limits: readonly { readonly value: number; readonly acts: boolean; readonly isArmed: boolean }[];
}

/** Bars span this much at the least, V: what is noise stays flat. */
const LEAST_SPAN_V = 0.05;
/** Room beyond the outermost cell, part of the span. */
const AIR = 0.15;
const OF_CELLS = /^cell\.voltage_V\[\]\.(min|mean|max)$/;

/** Undefined: no cell has a value. */
export function cellsOf(
  { values }: CellValues,
  limits: readonly TrendLimit[],
  suppressed: readonly string[],
): CellFacts | undefined {
  let lowest: OneCell | undefined;
  let highest: OneCell | undefined;
  let [sum, count] = [0, 0];
  const unread: number[] = [];
  values.forEach((value, i) => {
    if (value === null) {
      unread.push(i + 1);
      return;
    }
    if (lowest === undefined || value < lowest.value) lowest = { number: i + 1, value };
    if (highest === undefined || value > highest.value) highest = { number: i + 1, value };
    sum += value;
    count++;
  });
  if (lowest === undefined || highest === undefined) return undefined;
  const low = lowest as OneCell;
  const high = highest as OneCell;
  const spread = high.value - low.value;
  const air = Math.max(LEAST_SPAN_V - spread, 2 * AIR * spread) / 2;
  const scale = [low.value - air, high.value + air] as const;
  const drawn = new Map(
    limits
      .filter(({ role, value }) => OF_CELLS.test(role) && value >= scale[0] && value <= scale[1])
      .map(({ id, value, reaction }) => [
        value,
        { value, acts: reaction !== 'warn', isArmed: !suppressed.includes(id) },
      ]),
  );
  return {
    lowest: low,
    highest: high,
    mean: sum / count,
    spread,
    unread,
    scale,
    limits: [...drawn.values()],
  };
}
