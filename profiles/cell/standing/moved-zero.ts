import type { CellFacts } from '../../recorded-run.ts';
import { toldRange } from '../../told.ts';
import type { Zero } from './rests.ts';

/** A zero that goes from rest to rest by more than this part of the capacity an hour and of what its noise explains, moved. */
const MOVED_PER_H = 1e-3;
const MOVED_NOISE = 3;

/** How far a meter's zero went between the rests in which it was measured, unit of the meter; 0 where it stood. */
function movedBy(zero: Zero | undefined, capacity: number): number {
  if (zero === undefined) return 0;
  const moved = zero.highest - zero.lowest;
  return moved > MOVED_PER_H * capacity && moved > MOVED_NOISE * zero.noise ? moved : 0;
}

/** A zero that moved may have stood anywhere between its rests' means at any time: it is uncertain by all of that. */
export function uncertainZero(zero: Zero | undefined, capacity: number): Zero | undefined {
  return zero && { ...zero, spread: Math.max(zero.spread, movedBy(zero, capacity)) };
}

/**
 * That the meter's zero was not the same in all rests, in words; empty where it was, as far as it can be told. `upTo`: what
 * that may make of the figure, for one that it moves; given the way that the zero went, unit of the meter.
 */
export function movedText(
  zero: Zero | undefined,
  cell: CellFacts,
  of: 'current' | 'power',
  upTo?: (moved: number) => string,
): string {
  const capacity = of === 'current' ? cell.capacity_Ah : cell.capacity_Ah * cell.voltageMax_V;
  const moved = movedBy(zero, capacity);
  if (zero === undefined || moved === 0) return '';
  const effect = upTo === undefined ? '' : `, which may be ${upTo(moved)} here`;
  return ` The zero was not the same in all rests: ${toldRange(zero.lowest, zero.highest, of === 'current' ? 'A' : 'W')}; one mean was taken off${effect}.`;
}
