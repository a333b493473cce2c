import { expect, it } from 'vitest';
import { thinSeries } from '../../../control/record/series/thin-series.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';

const N = 400_000;
const random = seededRandom(1);
const t_s = Float64Array.from({ length: N }, (_, i) => i);
const value = Float64Array.from({ length: N }, () => random.gauss());
value[123_456] = 50;
value[222_222] = -50;
value.fill(Number.NaN, 300_000, 300_500);
value[7] = Number.NaN;

it('keeps every peak, both ends and every gap of a long series, in order of time', () => {
  const thin = thinSeries({ t_s, value });
  expect(thin.t_s.length).toBeLessThanOrEqual(25_000);
  expect(thin.t_s.every((t, i) => i === 0 || t > thin.t_s[i - 1])).toBe(true);
  for (const i of [0, 123_456, 222_222, N - 1]) expect(thin.value[thin.t_s.indexOf(i)]).toBe(value[i]);
  const gaps = [...thin.t_s].filter((_, i) => Number.isNaN(thin.value[i]));
  expect(gaps).toContain(7);
  expect(gaps.filter(t => t >= 300_000 && t < 300_500).length).toBeGreaterThan(5);
  expect(thin.t_s.every((t, i) => Object.is(thin.value[i], value[t]))).toBe(true);
});

it('hands a short series back as it is', () => {
  const short = { t_s: t_s.slice(0, 25_000), value: value.slice(0, 25_000) };
  expect(thinSeries(short)).toBe(short);
});
