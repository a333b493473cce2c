import type { RecordedSeries } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';

/** Second differences beyond so many times their median are steps of the value, no noise. */
const STEP = 6;
const LEAST = 3;

/**
 * Noise of a single reading, standard deviation in the unit of the series, by second differences of neighbours: neither a
 * slow course of the value, even a bent one, nor a step in it enters. NaN with fewer than five usable readings.
 */
export function readingNoise(series: RecordedSeries, from_s: number, to_s: number): number {
  const { value } = windowOf(series, from_s, to_s);
  const seconds = Float64Array.from(value.subarray(Math.min(2, value.length)), (v, i) =>
    Math.abs(v - 2 * value[i + 1] + value[i]),
  )
    .filter(Number.isFinite)
    .sort();
  if (seconds.length < LEAST) return Number.NaN;
  const most = STEP * seconds[seconds.length >> 1];
  let [squares, count] = [0, 0];
  for (const second of seconds) {
    if (most > 0 && second > most) break;
    squares += second * second;
    count++;
  }
  // A second difference of white readings has 1 + 4 + 1 times their variance.
  return Math.sqrt(squares / count / 6);
}
