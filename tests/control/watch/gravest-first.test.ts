import { expect, it } from 'vitest';
import { bench, spec } from '../../support/interlock-bench.ts';

/** Of one reading that trips, stops and holds the trip acts first, whatever stands first in the bench file. */

const high = { kind: 'threshold', role: 'a.value_V', trips: '>' };
const all = () =>
  bench(
    spec({ ...high, id: 'warns', limit: 1, reaction: 'warn' }),
    spec({ ...high, id: 'holds', limit: 2, reaction: 'hold' }),
    spec({
      ...high,
      id: 'suspends',
      limit: 3,
      reaction: 'suspend',
      recover: { set: {}, for_s: 1, within_s: 10, at_most: 1 },
    }),
    spec({ ...high, id: 'stops', limit: 3, reaction: 'stop' }),
    spec({ ...high, id: 'trips', limit: 4, reaction: 'trip' }),
    spec({ ...high, id: 'trips-2', limit: 4, reaction: 'trip' }),
  );
const ORDER = ['trips', 'trips-2', 'stops', 'suspends', 'holds', 'warns'];

it('by a value', () => {
  const { one, raised } = all();
  one(1, 0);
  one(2, 9);
  expect(raised.map(({ id }) => id)).toEqual(ORDER);
});

it('by silence', () => {
  const { one, locks, raised } = all();
  one(1, 0);
  locks.tick(10);
  expect(raised.map(({ id }) => id)).toEqual(ORDER);
});
