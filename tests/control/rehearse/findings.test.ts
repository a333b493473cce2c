import { expect, it } from 'vitest';
import { findingsOf } from '../../../control/rehearse/findings.ts';
import type { Rehearsal } from '../../../control/rehearse/summary.ts';
import type { LimitDistance } from '../../../control/review/result.ts';

/** What a rehearsal is told to look at. */

const LIMIT: Partial<LimitDistance> = {
  role: 'cell.current_A',
  reaction: 'trip',
  unit: 'A',
  closest: null,
  member: null,
  at: null,
};
const found = (...limits: Partial<LimitDistance>[]): Omit<Rehearsal, 'findings'> =>
  ({
    end: null,
    outcome: 'completed',
    judged: [],
    steps: [],
    badReadings: [],
    setpoints: [],
    methodLimits: [],
    shortSteps: [],
    sameFigures: [],
    limits: limits.map(limit => ({ ...LIMIT, ...limit })),
  }) as unknown as Omit<Rehearsal, 'findings'>;

it('one reading that cannot be used is not told as too high and too low at once', () => {
  const high = { id: 'current-high', trips: '>', limit: 5, fired: 1, firedUnusable: 1 } as const;
  const low = { ...high, id: 'current-low', trips: '<', limit: -11, fired: 2 } as const;
  expect(findingsOf(found(high, low)).map(({ text }) => text)).toEqual([
    'current-high (trip > 5 A) acts once because cell.current_A is not usable, which counts as exceeded',
    'current-low (trip < -11 A) fires once',
    'current-low (trip < -11 A) acts once because cell.current_A is not usable, which counts as exceeded',
  ]);
});
