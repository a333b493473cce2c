import { expect, it } from 'vitest';
import { Lasting } from '../../../control/rehearse/lasting.ts';

/** When a rehearsal counts as one that never ends, looked at each minute. */

const endsAt_s = (
  procedure: { planned_s: number; longest_s?: number },
  step_s: number,
  most_s: number,
): number => {
  const lasting = new Lasting(procedure);
  for (let t_s = 0; t_s < most_s; t_s += 60) if (lasting.isOver(t_s, step_s - (t_s % step_s))) return t_s;
  return Number.POSITIVE_INFINITY;
};

it('steps that go on and on end, whatever their times', () => {
  expect(endsAt_s({ planned_s: 60 }, 600, 1e6)).toBeLessThan(100_000);
  expect(endsAt_s({ planned_s: 60 }, Number.POSITIVE_INFINITY, 1e6)).toBeLessThan(20_000);
});

it('a step of ten hours in a plan of a minute is waited for, one of many years is not, nor any where the method says its longest time', () => {
  expect(endsAt_s({ planned_s: 60 }, 36_000, 36_000)).toBe(Number.POSITIVE_INFINITY);
  expect(endsAt_s({ planned_s: 60 }, 1e9, 1e5)).toBe(4260);
  expect(endsAt_s({ planned_s: 60, longest_s: 60 }, 36_000, 36_000)).toBe(4260);
});
