import type { Accuracy } from '../../drivers/contract/device.ts';

/** Means over a stretch of a reading less what was asked of it, all in the unit of the channel or its square. */
export interface ErrorMeans {
  /** Of the error squared. */
  readonly square: number;
  /** Of the error, and of the error times the reading. */
  readonly error: number;
  readonly byReading: number;
  /** Of the square of the declared accuracy at each reading. */
  readonly own: number;
}

/**
 * Uncertainty k = 2 of a root mean square error, unit of the channel: what gain and zero of the meter do to it in the first
 * order, and in the second where the error is as small as theirs; never more than the meter's own root mean square.
 */
export function rmsU95(means: ErrorMeans, { reading_pct, abs }: Accuracy): number {
  const [rms, own] = [Math.sqrt(means.square), Math.sqrt(means.own)];
  if (!(rms > 0)) return own;
  const first = Math.hypot((means.byReading * reading_pct) / 100, means.error * abs) / rms;
  return Math.min(own, Math.hypot(first, means.own / (2 * rms)));
}
