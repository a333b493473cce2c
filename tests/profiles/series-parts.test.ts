import fc from 'fast-check';
import { expect, it } from 'vitest';
import { thinSeries } from '../../control/record/series/thin-series.ts';
import { integrate, joinLimit_s, largestMeanOf, meanOf, randomOfMean } from '../../profiles/record-math.ts';
import type { RecordedSeries } from '../../profiles/recorded-run.ts';
import { heldAt, holding, partsOf, readingsOf, windowOf } from '../../profiles/series-parts.ts';

/** The same readings in parts of these sizes, the last part the rest. */
function inParts(whole: RecordedSeries, sizes: readonly number[]): RecordedSeries {
  const starts: number[] = [];
  for (let at = 0, i = 0; at < whole.t_s.length; at += sizes[i++ % sizes.length]) starts.push(at);
  const refused = (): never => {
    throw new Error('asked for all readings at once');
  };
  return {
    get t_s() {
      return refused();
    },
    get value() {
      return refused();
    },
    parts: {
      count: starts.length,
      readings: whole.t_s.length,
      startsAt_s: part => whole.t_s[starts[part]],
      part: part => ({
        t_s: whole.t_s.subarray(starts[part], starts[part + 1]),
        value: whole.value.subarray(starts[part], starts[part + 1]),
      }),
    },
  };
}

const step_s = fc.constantFrom(0.5, 1, 1, 1, 1, 2, 30);
const reading = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const someSeries = fc.array(fc.tuple(step_s, reading), { maxLength: 120 }).map(rows => {
  let now_s = 10;
  const t_s = rows.map(([step]) => (now_s += step));
  return { t_s: Float64Array.from(t_s), value: Float64Array.from(rows, row => row[1]) };
});
const window = fc.tuple(fc.integer({ min: 0, max: 160 }), fc.integer({ min: 0, max: 160 }));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

it('in parts, a series gives the same sums, means, windows and held values, and nobody asks for all of it', () => {
  fc.assert(
    fc.property(someSeries, sizes, window, (whole, cut, [from_s, long_s]) => {
      const parts = inParts(whole, cut);
      const to_s = from_s + long_s;
      const same = <T>(of: (series: RecordedSeries) => T): void => expect(of(parts)).toEqual(of(whole));
      same(readingsOf);
      same(joinLimit_s);
      same(series => integrate(series, from_s, to_s));
      same(series => meanOf(series, from_s, to_s));
      same(series => randomOfMean(series, from_s, to_s));
      same(series => largestMeanOf(series, from_s, to_s, 5));
      same(series => heldAt(series, to_s));
      same(series => [...partsOf(series, from_s, to_s)].flatMap(part => [...part.value]));
      const { t_s, value } = windowOf(parts, from_s, to_s);
      const inside = [...whole.t_s].map(t => t >= from_s && t <= to_s);
      expect([...t_s]).toEqual([...whole.t_s].filter((_, i) => inside[i]));
      expect([...value]).toEqual([...whole.value].filter((_, i) => inside[i]));
      const held = holding(parts);
      for (let at_s = from_s; at_s <= to_s; at_s += 1.5) expect(held(at_s)).toEqual(heldAt(whole, at_s));
    }),
    { numRuns: 300 },
  );
});

it('a picture of a series in parts is that of the whole', () => {
  const n = 60_000;
  const whole = {
    t_s: Float64Array.from({ length: n }, (_, i) => i),
    value: Float64Array.from({ length: n }, (_, i) =>
      i % 977 === 0 ? Number.NaN : Math.sin(i / 50) * (i % 13),
    ),
  };
  const thin = thinSeries(whole);
  expect(thinSeries(inParts(whole, [4000, 1, 977]))).toEqual(thin);
  // Of each bucket of 12 rows its lowest and highest are there, and where it holds a gap, one.
  const shown = new Map([...thin.t_s].map((t, i) => [t, thin.value[i]]));
  for (let bucket = 0; bucket < n / 12; bucket++) {
    const rows = Array.from({ length: 12 }, (_, i) => 12 * bucket + i);
    const usable = rows.filter(row => !Number.isNaN(whole.value[row]));
    const kept = rows.filter(row => shown.has(row));
    expect(Math.max(...kept.map(row => whole.value[row]).filter(Number.isFinite))).toBe(
      Math.max(...usable.map(row => whole.value[row])),
    );
    expect(kept.some(row => Number.isNaN(whole.value[row]))).toBe(usable.length < 12);
  }
});
