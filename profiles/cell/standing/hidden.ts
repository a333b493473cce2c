import type { CellFacts, RecordedRun } from '../../recorded-run.ts';
import { indexAt } from '../../series-parts.ts';
import type { Rest } from './rests.ts';

/** What a gap in the record may hide between two rests. */

/** Role of the terminal voltage. */
const VOLTAGE = 'cell.voltage_V';
/** A voltage that moves further over a gap than a cell relaxes was moved by a current, V: soon after a step, and later. */
const MOVES_V = 0.15;
const MOVES_RELAXED_V = 0.05;
const RELAXED_S = 600;
/** A cell takes and gives no more than this part of its nominal capacity at once. */
const MOST_FRAC = 1.2;
/** Voltages are read at most so many rows away from the gap: some may not be usable. */
const NEAR_ROWS = 5;

/**
 * Charge that may have flowed between two rows of the same rest with a gap between them, Ah: what the channel carries in
 * that time, one whole capacity at most, if the voltage moved as no rest moves it; otherwise 0.
 */
export function hiddenInRest(
  run: RecordedRun,
  cell: CellFacts,
  rests: readonly Rest[],
): (from_s: number, to_s: number) => number {
  const { t_s, value } = run.series(VOLTAGE);
  const near = (row: number, way: 1 | -1): number => {
    for (let k = 0; k < NEAR_ROWS; k++)
      if (Number.isFinite(value[row + way * k])) return value[row + way * k];
    return Number.NaN;
  };
  return (from_s, to_s) => {
    const moved_V = near(indexAt(t_s, to_s - 1e-9), 1) - near(indexAt(t_s, from_s + 1e-9) - 1, -1);
    const rest = rests.find(r => r.to_s >= to_s - 1e-9);
    const rested_s = rest === undefined ? 0 : (from_s - rest.from_s) * run.timeFactor;
    if (!(Math.abs(moved_V) > (rested_s < RELAXED_S ? MOVES_V : MOVES_RELAXED_V))) return 0;
    const long_h = ((to_s - from_s) * run.timeFactor) / 3600;
    return Math.min(cell.currentMax_A * long_h, MOST_FRAC * cell.capacity_Ah);
  };
}
