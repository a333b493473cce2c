import type { SlotPlace } from './code.ts';

/** What is worked out of all members of an array role. */

const UNKNOWN = Number.NaN;

/** Infinity is no reading and no result. */
export function finite(value: number): number {
  return value - value === 0 ? value : UNKNOWN;
}

/** One member without a value, and nothing is known of all. */
export function overArray(
  step: number,
  { first, count }: SlotPlace,
  values: Float64Array,
  stack: Float64Array,
  top: number,
): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = first; i < first + count; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
    sum += values[i];
  }
  const value = step === 22 ? low : step === 23 ? high : step === 24 ? sum / count : high - low;
  stack[top] = finite(sum - sum === 0 ? value : UNKNOWN);
}
