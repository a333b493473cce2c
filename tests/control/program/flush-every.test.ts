import { expect, it } from 'vitest';
import { flushEvery_s } from '../../../control/program/open-session.ts';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';

/** What was recorded is there for whoever looks on within a second of theirs: marks of alarms in charts, their history. */

it.each([
  ['as fast as it can, unseen', 0, 86_400],
  ['200 s a second', 200, 200],
  ['slower than life', 0.5, 1],
  ['as fast as it can, seen', 1e6, 86_400],
])('a twin %s', (_, pace, every_s) => {
  expect(flushEvery_s(new VirtualClock({ utcStart_ms: 0, pace }), true)).toBe(every_s);
});

it('in real time each second', () => {
  expect(flushEvery_s(realClock(), false)).toBe(1);
});
