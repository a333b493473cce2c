import type { Quantity } from '../contract/units.ts';

/**
 * Set points as the bench says them, and what the one source of the instrument makes of them. Its function never changes
 * while we drive: changing it switches the output off (recalled), and a relay that opens is a glitch in a run.
 *
 * - `voltage`: a voltage source with a limit of current, on something that stores energy. A charge sources the highest
 *   voltage, a discharge the lowest, both with the current as their limit: so whatever becomes of us, the instrument by
 *   itself never takes the cell past either voltage. (A current source has one limit for both signs of the voltage: left
 *   alone it would draw an empty cell down to minus that.) Keithley's own way for rechargeable cells (2460 user's manual,
 *   section 6).
 * - `current`: a current source with a limit of voltage, on something that takes what it is given (an electrolysis cell).
 */
export type Drive = 'voltage' | 'current';

/** Numbers of `modeSet_count`, as those of the other channels in the examples. */
export const MODE = { current: 1, voltage: 2 } as const;

/** What has been asked for, in the units of the names. */
export interface SetPoints {
  readonly modeSet_count: number;
  readonly currentSet_A: number;
  readonly voltageSet_V: number;
  readonly voltageMaxSet_V: number;
  readonly voltageMinSet_V: number;
}
export type SetPoint = keyof SetPoints & Quantity;

/** What the source is set to: V and A of a voltage source, A and V of a current source. */
export interface Source {
  readonly level: number;
  readonly limit: number;
}

/** Limits of this bench. */
export interface Bounds {
  readonly drive: Drive;
  readonly currentMax_A: number;
  /** Least limit that the instrument takes, A of a voltage source, V of a current source. */
  readonly leastLimit: number;
}

/** What the source must be set to; a text where these set points cannot be driven, and why. */
export function sourceOf(points: SetPoints, { drive, currentMax_A, leastLimit }: Bounds): Source | string {
  if (drive === 'current') {
    const { currentSet_A: level, voltageSet_V: limit } = points;
    return limit < leastLimit ? tooLow(`${limit} V`, `${leastLimit} V`, 'voltageRange_V') : { level, limit };
  }
  if (points.modeSet_count === MODE.voltage) return { level: points.voltageSet_V, limit: currentMax_A };
  const limit = Math.abs(points.currentSet_A);
  if (limit < leastLimit) return tooLow(`${limit} A`, `${leastLimit} A`, 'currentRange_A');
  return { level: points.currentSet_A > 0 ? points.voltageMaxSet_V : points.voltageMinSet_V, limit };
}

/** What the instrument holds of a set point; that of the bench where it has no place for it now. */
export function heldOf(key: SetPoint, points: SetPoints, source: Source, { drive }: Bounds): number {
  if (drive === 'current') return key === 'currentSet_A' ? source.level : source.limit;
  if (points.modeSet_count === MODE.voltage) return key === 'voltageSet_V' ? source.level : points[key];
  const isCharge = points.currentSet_A > 0;
  if (key === 'currentSet_A') return isCharge ? source.limit : -source.limit;
  if (key === (isCharge ? 'voltageMaxSet_V' : 'voltageMinSet_V')) return source.level;
  return points[key];
}

const tooLow = (value: string, least: string, option: string): string =>
  `${value} as a limit is less than the ${least} that its range takes: rest, or choose a lower ${option}`;
