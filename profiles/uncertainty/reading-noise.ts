import type { RecordedSeries } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';

/**
 * Noise of a single reading, standard deviation in the unit of the series, by second differences of neighbours: a slow
 * course of the value, even a bent one, does not enter it. NaN with fewer than five usable readings.
 */
export function readingNoise(series: RecordedSeries, from_s: number, to_s: number): number {
  const { value } = windowOf(series, from_s, to_s);
  let [squares, count] = [0, 0];
  for (let i = 2; i < value.length; i++) {
    const second = value[i - 2] - 2 * value[i - 1] + value[i];
    if (Number.isNaN(second)) continue;
    squares += second * second;
    count++;
  }
  // A second difference of white readings has 1 + 4 + 1 times their variance.
  return count < 3 ? Number.NaN : Math.sqrt(squares / count / 6);
}
