import type { RecordedSeries } from '../recorded-run.ts';

/** A charge counter of an instrument, made whole: resets, rollovers and jumps do not count. */

/** Charge since the first reading, Ah, at the times of the readings. */
export interface WholeCounter {
  readonly t_s: Float64Array;
  readonly total_Ah: Float64Array;
  /** Running variance of it, Ah2: where what went on before a reset is not known but for its bounds. */
  readonly variance: Float64Array;
  /** How often it began anew, rolled over, or jumped by more than the channel can carry. */
  readonly resets: number;
  /** Times of readings before which a reset fell into a gap: what was counted until the reset is lost. */
  readonly lost_s: readonly number[];
}

/** What is known beside a counter, of the instrument and of the current. */
export interface BesideCounter {
  /** More than the channel carries, life time. */
  readonly most_A: number;
  /** A smaller way back is the counter's last digit. */
  readonly resolution_Ah: number;
  /** Hours of life in a second of the record. */
  readonly life_h: number;
  /** The integral of the current the counter's way; NaN where that has a gap. */
  between_Ah(from_s: number, to_s: number): number;
  /**
   * What went the counter's way between two readings before it began anew; known to +- halfWidth_Ah, evenly. Undefined
   * where the current has a gap.
   */
  beforeReset(
    from_s: number,
    to_s: number,
  ): { readonly Ah: number; readonly halfWidth_Ah: number } | undefined;
}

/**
 * Adds up a counter that only ever rises but for resets and rollovers. Where it begins anew, what it shows then went
 * through since, beside what did before; a leap up that it cannot have made takes its charge from the integral.
 */
export function wholeCounter(counter: RecordedSeries, beside: BesideCounter): WholeCounter {
  const { most_A, resolution_Ah, life_h } = beside;
  const { t_s, value } = counter;
  const total_Ah = new Float64Array(value.length);
  const variance = new Float64Array(value.length);
  const lost_s: number[] = [];
  let resets = 0;
  for (let i = 1; i < value.length; i++) {
    const step = value[i] - value[i - 1];
    const most_Ah = most_A * (t_s[i] - t_s[i - 1]) * life_h + resolution_Ah;
    let counted = Math.max(0, step);
    variance[i] = variance[i - 1];
    if (step < -resolution_Ah || step > most_Ah) {
      resets++;
      const shown_Ah = step < 0 && value[i] <= most_Ah ? value[i] : Number.NaN;
      const before = beside.beforeReset(t_s[i - 1], t_s[i]);
      counted = beside.between_Ah(t_s[i - 1], t_s[i]);
      if (Number.isNaN(counted)) {
        lost_s.push(t_s[i]);
        counted = Number.isNaN(shown_Ah) ? 0 : shown_Ah;
      } else if (before !== undefined && !Number.isNaN(shown_Ah)) {
        counted = Math.max(0, before.Ah + shown_Ah);
        variance[i] += before.halfWidth_Ah ** 2 / 3;
      }
    }
    total_Ah[i] = total_Ah[i - 1] + counted;
  }
  return { t_s, total_Ah, variance, resets, lost_s };
}
