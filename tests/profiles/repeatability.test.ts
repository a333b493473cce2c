import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declaredAt, wanderOf, wanderOfSlope } from '../../profiles/uncertainty/repeatability.ts';

/** Correlation of the means over two windows, summed up second by second. */
function summed(a: readonly [number, number], b: readonly [number, number], step_s: number): number {
  let [sum, count] = [0, 0];
  for (let t = a[0] + step_s / 2; t < a[1]; t += step_s)
    for (let s = b[0] + step_s / 2; s < b[1]; s += step_s) {
      sum += Math.exp(-Math.abs(t - s) / 3600);
      count++;
    }
  return sum / count;
}

const at = (t_s: number, weight: number) => ({ from_s: t_s, to_s: t_s, weight });

describe('declared accuracy at a reading', () => {
  it.each([
    [{ reading_pct: 0.1, abs: 0 }, 250, 0.25],
    [{ reading_pct: 0, abs: 0.36 }, 250, 0.36],
    [{ reading_pct: 0.1, abs: 0.36 }, -480, 0.6],
  ])('%o at %d: %d', (accuracy, reading, expected) => {
    expect(declaredAt({ ...accuracy, basis: 'default' }, reading)).toBeCloseTo(expected, 9);
  });
});

describe('what a wander of an hour makes of', () => {
  it('one reading, and a difference: nothing at once, 1 - 1/e of two after an hour, two after a day', () => {
    expect(wanderOf([at(0, 1)])).toBeCloseTo(1, 12);
    expect(wanderOf([at(0, 1), at(0, -1)])).toBeCloseTo(0, 12);
    expect(wanderOf([at(0, 1), at(3600, -1)])).toBeCloseTo(Math.sqrt(2 * (1 - Math.exp(-1))), 12);
    expect(wanderOf([at(0, 1), at(86400, -1)])).toBeCloseTo(Math.SQRT2, 9);
  });

  it('means over windows, wherever they lie: as summed up', () => {
    const window = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 200, max: 9000 }));
    fc.assert(
      fc.property(window, window, ([a, long], [b, wide]) => {
        const [one, other] = [
          { from_s: a, to_s: a + long, weight: 1 },
          { from_s: b, to_s: b + wide, weight: -1 },
        ];
        const expected =
          summed([a, a + long], [a, a + long], 50) +
          summed([b, b + wide], [b, b + wide], 50) -
          2 * summed([a, a + long], [b, b + wide], 50);
        expect(Math.abs(wanderOf([one, other]) ** 2 - expected)).toBeLessThan(0.01);
      }),
      { numRuns: 25 },
    );
  });

  it('a slope: that of a random walk over minutes (6/5 of its spread over the window)', () => {
    const T = 300;
    // First order for T << 3600 s: variance of an increment 2 T / 3600, of the slope 6/5 of it over T squared.
    expect(wanderOfSlope(0, T)).toBeCloseTo(Math.sqrt((1.2 * 2 * T) / 3600) / T, 4);
    expect(wanderOfSlope(0, 10 * 86400)).toBeLessThan(wanderOfSlope(0, 86400) / 10);
  });
});
