import type { RecordedSeries } from '../recorded-run.ts';

/** A charge counter of an instrument, made whole: resets, rollovers and jumps do not count. */

/** Charge since the first reading, Ah, at the times of the readings. */
export interface WholeCounter {
  readonly t_s: Float64Array;
  readonly total_Ah: Float64Array;
  /** How often it began anew, rolled over, or jumped by more than the channel can carry. */
  readonly resets: number;
  /** Times of readings before which a reset fell into a gap: what was counted until the reset is lost. */
  readonly lost_s: readonly number[];
}

/**
 * Adds up a counter that only ever rises but for resets and rollovers. A step that it cannot have made takes its
 * charge from `between_Ah` (the integral of the current); NaN from there: what it shows since the reset is all that is known.
 * `most_A`: more than the channel carries, life time; `resolution_Ah`: a smaller way back is its last digit.
 */
export function wholeCounter(
  counter: RecordedSeries,
  most_A: number,
  resolution_Ah: number,
  life_h: number,
  between_Ah: (from_s: number, to_s: number) => number,
): WholeCounter {
  const { t_s, value } = counter;
  const total_Ah = new Float64Array(value.length);
  const lost_s: number[] = [];
  let resets = 0;
  for (let i = 1; i < value.length; i++) {
    const step = value[i] - value[i - 1];
    const most_Ah = most_A * (t_s[i] - t_s[i - 1]) * life_h + resolution_Ah;
    let counted = Math.max(0, step);
    if (step < -resolution_Ah || step > most_Ah) {
      resets++;
      const seen_Ah = between_Ah(t_s[i - 1], t_s[i]);
      if (Number.isNaN(seen_Ah)) lost_s.push(t_s[i]);
      counted = Number.isNaN(seen_Ah) ? (step < 0 && value[i] <= most_Ah ? value[i] : 0) : seen_Ah;
    }
    total_Ah[i] = total_Ah[i - 1] + counted;
  }
  return { t_s, total_Ah, resets, lost_s };
}
