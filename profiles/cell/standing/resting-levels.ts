import type { CellFacts, RecordedSeries } from '../../recorded-run.ts';
import { QUIET_PER_H, REST_PER_H, type Rest } from './rests.ts';

/**
 * Rests that a meter's zero hides: where it stands beyond the current below which a cell rests, a rest looks like a small
 * current. It is known by coming back: the same steady current after a charge and after a discharge, and never the
 * opposite one.
 */

/** Levels within C/1000 are the same, and so near to it are most readings of a steady one. */
const SAME_PER_H = 1 / 1000;
const STEADY_FRAC = 0.9;
const LEAST_READINGS = 9;
const LEAST_S = 60;
/** A stretch that would move more than this part of the capacity is a slow charge or discharge. */
const MOST_MOVED_FRAC = 0.05;

interface Level extends Rest {
  readonly level_A: number;
  /** What went before it: 1 charge, -1 discharge, 0 nothing. */
  readonly after: number;
}

/** Rests with a steady small current beyond C/300 in them, in order. `current` holds usable readings only. */
export function restsBeyondZero(current: RecordedSeries, cell: CellFacts, timeFactor: number): Rest[] {
  const levels = levelsOf(current, cell, timeFactor);
  const same_A = cell.capacity_Ah * SAME_PER_H;
  const isLike = (a: number, b: number): boolean => Math.abs(a - b) <= same_A;
  const comesBack = (one: Level): boolean =>
    one.after !== 0 && levels.some(other => other.after === -one.after && isLike(other.level_A, one.level_A));
  const isOneWay = (one: Level): boolean => !levels.some(other => isLike(other.level_A, -one.level_A));
  const known = levels.filter(one => comesBack(one) && isOneWay(one));
  // What comes before all charges and discharges is a rest if it is like those.
  const first = levels.filter(
    one => one.after === 0 && known.some(rest => isLike(rest.level_A, one.level_A)),
  );
  return [...first, ...known].map(({ from_s, to_s }) => ({ from_s, to_s }));
}

function levelsOf({ t_s, value }: RecordedSeries, cell: CellFacts, timeFactor: number): Level[] {
  const quiet_A = cell.capacity_Ah * QUIET_PER_H;
  const found: Level[] = [];
  let after = 0;
  for (let i = 0; i < value.length; i++) {
    if (Math.abs(value[i]) >= quiet_A) {
      after = Math.sign(value[i]);
      continue;
    }
    const from = i;
    while (i < value.length && Math.abs(value[i]) < quiet_A) i++;
    const level = levelOf(value.subarray(from, i), cell);
    const long_s = (t_s[i - 1] - t_s[from]) * timeFactor;
    const moved_Ah = (Math.abs(level ?? 0) * long_s) / 3600;
    if (level !== undefined && long_s >= LEAST_S && moved_Ah <= MOST_MOVED_FRAC * cell.capacity_Ah)
      found.push({ from_s: t_s[from], to_s: t_s[i - 1], level_A: level, after });
    i--;
  }
  return found;
}

/** The steady current of a stretch, A; undefined where it is not steady, or small enough to be a rest by itself. */
function levelOf(value: Float64Array, cell: CellFacts): number | undefined {
  if (value.length < LEAST_READINGS) return undefined;
  const middle = value.toSorted()[value.length >> 1];
  if (Math.abs(middle) < cell.capacity_Ah * REST_PER_H) return undefined;
  const near_A = cell.capacity_Ah * SAME_PER_H;
  const near = value.reduce((n, v) => n + (Math.abs(v - middle) <= near_A ? 1 : 0), 0);
  return near >= STEADY_FRAC * value.length ? middle : undefined;
}
