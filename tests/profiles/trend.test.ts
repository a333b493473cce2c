import { describe, expect, it } from 'vitest';
import { student95 } from '../../profiles/uncertainty/student.ts';
import { fitTrend } from '../../profiles/uncertainty/trend.ts';
import { correlated, seeded } from '../validate/figures/seeded.ts';

/** A slope's interval must hold the truth whatever the scatter is made of; the true slope is 0 or as given. */

const SECONDS = Float64Array.from({ length: 1801 }, (_, i) => i);
const DRAWS = 150;

function insideOf(draw: (seed: number) => Float64Array, true_slope = 0): number {
  let inside = 0;
  for (let seed = 0; seed < DRAWS; seed++) {
    const trend = fitTrend(SECONDS, draw(seed));
    if (trend !== undefined && Math.abs(trend.slope - true_slope) <= trend.u95) inside++;
  }
  return inside / DRAWS;
}

// 95 % of 150 draws scatter by 1.8 % (one sigma): within three of them. 1,000 draws each: npm run validate:figures.
describe.each([0, 10, 60, 300])('noise that hangs together over %d s', correlation_s => {
  it('lies within the interval as often as it says', () => {
    const draw = (seed: number): Float64Array => {
      const next = correlated(seeded(seed), 1, correlation_s);
      return SECONDS.map(t => 0.01 * t + next());
    };
    const part = insideOf(draw, 0.01);
    expect(part).toBeGreaterThan(0.896);
  });
});

it("a thermostat's swing is not a drift, and is named", () => {
  const swing = (seed: number): Float64Array => {
    const chance = seeded(seed);
    const phase = 2 * Math.PI * chance.uniform();
    return SECONDS.map(t => 9 * Math.sin((2 * Math.PI * t) / 660 + phase) + chance.gauss());
  };
  expect(insideOf(swing)).toBeGreaterThan(0.896);
  const trend = fitTrend(SECONDS, swing(1));
  expect(trend?.periods[0]).toBeCloseTo(660, -1);
  // White noise of 1 over 1801 s: 2 sqrt(12 / 1801^3) = 9.1e-5 and no more than a third above.
  expect(trend?.u95).toBeLessThan(1.3e-4);
});

it('white noise does not pay for what it is not', () => {
  const mean = Array.from({ length: 50 }, (_, seed) => {
    const chance = seeded(seed);
    return fitTrend(SECONDS, SECONDS.map(chance.gauss))?.u95 ?? Number.NaN;
  }).reduce((sum, u) => sum + u / 50, 0);
  expect(mean / 9.07e-5).toBeGreaterThan(0.9);
  expect(mean / 9.07e-5).toBeLessThan(1.25);
});

it('three points know little: the factor is that of one degree of freedom', () => {
  const trend = fitTrend([0, 1, 2], [0, 1.1, 1.9]);
  // Slope 0.95, error 0.0866; 12.7 times that, if the scatter is independent.
  expect(trend?.slope).toBeCloseTo(0.95, 2);
  expect(trend?.u95).toBeGreaterThan(0.8);
  expect(student95(1)).toBeCloseTo(12.706, 2);
  expect(student95(30)).toBeCloseTo(2.0423, 3);
});

it('an exact line has no uncertainty; fewer than three points no slope', () => {
  const exact = fitTrend(
    SECONDS,
    SECONDS.map(t => 3 - 2e-9 * t),
  );
  expect(exact?.slope).toBeCloseTo(-2e-9, 15);
  expect(exact?.u95).toBeLessThan(1e-15);
  expect(fitTrend([0, 1], [0, 1])).toBeUndefined();
  expect(fitTrend([1, 1, 1], [0, 1, 2])).toBeUndefined();
});

it('a hole in the record does not change the slope of what is left', () => {
  const chance = seeded(3);
  const holed = SECONDS.map(t => (t > 500 && t < 1100 ? Number.NaN : 5e-4 * t + 0.01 * chance.gauss()));
  const trend = fitTrend(SECONDS, holed);
  expect(Math.abs((trend?.slope ?? 0) - 5e-4)).toBeLessThan(trend?.u95 ?? 0);
  expect(trend?.count).toBe(1801 - 599);
});
