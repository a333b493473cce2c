import type { Accuracy } from '../../drivers/contract/device.ts';

/**
 * How far an instrument wanders about its fixed error within a run (control/decisions/0021). Makers seldom state it:
 * a tenth of the declared accuracy, as a first-order process with a correlation time of an hour, is our choice. Offset and
 * gain of one instrument cancel in differences and ratios but for this.
 */

/**
 * Declared accuracy at a reading, k = 2, unit of the channel: gain and offset are independent of each other and add up as the
 * root of their squares (GUM 5.1.2).
 */
export function declaredAt({ reading_pct, abs }: Accuracy, value: number): number {
  return Math.hypot((value * reading_pct) / 100, abs);
}

/** Repeatability as a part of the declared accuracy, k = 2. */
export const REPEATABILITY_FRAC = 0.1;
/** Correlation time of the wander, s of life. */
export const WANDER_S = 3600;
/** Farther apart than so many correlation times nothing is in common. */
const APART = 12;

/** The mean of a reading over a window (life s), and how it enters a figure. */
export interface WeightedWindow {
  readonly from_s: number;
  readonly to_s: number;
  readonly weight: number;
}

/**
 * What a wander of amplitude 1 makes of a sum of weighted means: 1 for a single short window of weight 1, sqrt(2) for a
 * difference of two far apart, less for near ones and for long windows. Exact for a first-order (Ornstein-Uhlenbeck) process.
 */
export function wanderOf(windows: readonly WeightedWindow[]): number {
  const sorted = windows.toSorted((a, b) => a.from_s - b.from_s);
  let variance = 0;
  for (let i = 0; i < sorted.length; i++) {
    variance += sorted[i].weight ** 2 * common(sorted[i], sorted[i]);
    for (let j = i + 1; j < sorted.length; j++) {
      if (sorted[j].from_s - sorted[i].to_s > APART * WANDER_S) break;
      variance += 2 * sorted[i].weight * sorted[j].weight * common(sorted[i], sorted[j]);
    }
  }
  return Math.sqrt(Math.max(0, variance));
}

/** The same of the least-squares slope over a window, per s of life; `parts`: so many means stand for the readings. */
export function wanderOfSlope(from_s: number, to_s: number, parts = 24): number {
  const width_s = (to_s - from_s) / parts;
  const middle = (parts - 1) / 2;
  const squares = (parts * (parts * parts - 1)) / 12;
  return wanderOf(
    Array.from({ length: parts }, (_, k) => ({
      from_s: from_s + k * width_s,
      to_s: from_s + (k + 1) * width_s,
      weight: (k - middle) / (squares * width_s),
    })),
  );
}

/** Correlation of the means over two windows: exp(-|t - s| / WANDER_S) averaged over both. */
function common(a: WeightedWindow, b: WeightedWindow): number {
  const [da, db] = [a.to_s - a.from_s, b.to_s - b.from_s];
  // Windows that are next to nothing beside the hour: their middles tell, and differences of large numbers do not.
  if (Math.max(da, db) < 1e-3 * WANDER_S)
    return Math.exp(-Math.abs(a.from_s + da / 2 - b.from_s - db / 2) / WANDER_S);
  if (Math.min(da, db) < 1e-3 * WANDER_S) {
    const [wide, at_s] = da > db ? [a, b.from_s + db / 2] : [b, a.from_s + da / 2];
    return toPoint(wide, at_s);
  }
  const sum =
    twice(a.to_s - b.from_s) - twice(a.from_s - b.from_s) - twice(a.to_s - b.to_s) + twice(a.from_s - b.to_s);
  return sum / (da * db);
}

/** The mean over a window against a moment. */
function toPoint({ from_s, to_s }: WeightedWindow, at_s: number): number {
  const once = (x: number): number => Math.sign(x) * WANDER_S * (1 - Math.exp(-Math.abs(x) / WANDER_S));
  return (once(to_s - at_s) - once(from_s - at_s)) / (to_s - from_s);
}

/** Second antiderivative of exp(-|x| / WANDER_S). */
function twice(x: number): number {
  const r = Math.abs(x) / WANDER_S;
  return WANDER_S ** 2 * (Math.exp(-r) + r - 1);
}
