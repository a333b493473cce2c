import { describe, expect, it } from 'vitest';
import { Approach } from '../../../control/review/live/approach.ts';

/** What is told at `at_s` of a course that was looked at every 2 s from 0. */
function told(course: (t_s: number) => number, at_s = 60): number {
  const approach = new Approach();
  for (let t_s = 0; t_s <= at_s; t_s += 2) approach.take(t_s, course(t_s));
  return approach.perSecond();
}

/** Noise that is the same in every run, -1 to 1. */
const noise = (t_s: number): number => Math.sin(t_s * 12.9898) * Math.cos(t_s * 78.233);

describe('a trend towards a limit', () => {
  const step = (from_s: number) => (t_s: number) => (t_s >= from_s ? 5 : 0);
  it.each<[string, (t_s: number) => number]>([
    ['nothing moves', () => 1],
    ['it moves away', t => -t / 10],
    ...[2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 54, 56, 58, 60].map(
      (from_s): [string, (t_s: number) => number] => [`a step ${60 - from_s} s ago`, step(from_s)],
    ),
    ['a step, then it moves away', t => step(30)(t) - t / 100],
    ['a ramp that ended 15 s ago', t => Math.min(t, 45) / 10],
    ['a ramp that turned', t => (t < 40 ? t / 10 : 4 - (t - 40) / 10)],
    ['one spike', t => (t === 50 ? 8 : 0)],
  ])('is none: %s', (_, course) => {
    expect(told(course)).toBeNaN();
  });

  it('is none at any time after a step up and the step down that undoes it', () => {
    const pulse = (t_s: number): number => (t_s >= 61 && t_s < 91 ? 5 : 0);
    for (let at_s = 60; at_s < 200; at_s += 2) expect(told(pulse, at_s)).toBeNaN();
  });

  it('is none before it has been looked at for 40 s', () => {
    expect(told(t => t / 10, 38)).toBeNaN();
    expect(told(t => t / 10, 40)).toBeCloseTo(0.1, 9);
  });

  it.each<[string, (t_s: number) => number, number, number]>([
    ['a ramp', t => t / 10, 0.1, 0.1],
    ['a ramp with noise', t => t / 10 + 0.1 * noise(t), 0.08, 0.12],
    ['a ramp with a spike in it', t => t / 10 + (t === 30 ? 50 : 0), 0.09, 0.11],
    ['a ramp with a step in it', t => t / 10 + step(30)(t), 0.09, 0.11],
    ['it slows down: as it goes now', t => 10 * (1 - Math.exp(-t / 30)), 0.04, 0.08],
    ['it gets faster: as the middle of the minute went', t => t * t * 0.002, 0.08, 0.14],
  ])('is one: %s', (_, course, low, high) => {
    const rate = told(course);
    expect(rate).toBeGreaterThanOrEqual(low - 1e-9);
    expect(rate).toBeLessThanOrEqual(high + 1e-9);
  });

  it('forgets what was before it is cleared', () => {
    const approach = new Approach();
    for (let t_s = 0; t_s <= 60; t_s += 2) approach.take(t_s, t_s);
    approach.clear();
    approach.take(62, 62);
    expect(approach.perSecond()).toBeNaN();
  });
});
