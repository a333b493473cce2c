import { describe, expect, it } from 'vitest';
import { changedLimit } from '../../../control/watch/changed-limits.ts';
import { goneAtOf } from '../../../control/watch/guarded.ts';
import { bench, spec } from '../../support/interlock-bench.ts';

const high = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 3.8 };
const low = { ...high, trips: '<' };

describe('where the cause of an alarm is gone', () => {
  it.each<[string, object, ReturnType<typeof goneAtOf>]>([
    ['at its limit: its words say so', high, null],
    ['below it', { ...high, rearm: 3.7 }, { is: 'below', value: 3.7, for_s: 0 }],
    ['above it', { ...low, rearm: 3.9 }, { is: 'above', value: 3.9, for_s: 0 }],
    [
      'and for how long, of what suspends',
      { ...high, reaction: 'suspend', recover: { for_s: 300, within_s: 900, at_most: 3 } },
      { is: 'below', value: 3.8, for_s: 300 },
    ],
    [
      'of a spread',
      { kind: 'spread', role: 'cell.voltage_V[]', limit: 0.1, rearm: 0.08 },
      { is: 'below', value: 0.08, for_s: 0 },
    ],
    [
      'of a curve, as its distance',
      {
        kind: 'curve',
        role: 'a.value_V',
        over: 'b.pressure_barg',
        trips: '<',
        limits: [
          [0, 1],
          [9, 2],
        ],
        rearm_by: 0.2,
      },
      { is: 'above', value: 0.2, for_s: 0 },
    ],
  ])('%s', (_, fields, expected) => {
    expect(goneAtOf(spec(fields))).toEqual(expected);
  });

  it('goes along with a limit that was made stricter', () => {
    const changed = changedLimit(spec({ ...high, rearm: 3.7 }), 3.6);
    if ('code' in changed) throw new Error(changed.code);
    expect(goneAtOf(changed)?.value).toBeCloseTo(3.5, 9);
  });

  it('is what it was told to wait for: it stands until there', () => {
    const { locks, one } = bench(spec({ ...high, id: 'high', rearm: 3.7 }));
    const standsAt = (t_s: number, value: number): boolean => {
      one(t_s, value);
      return locks.isActive('high');
    };
    expect([3.81, 3.751, 3.71, 3.7].map((value, t_s) => standsAt(t_s, value))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(locks.look('high')?.goneAt).toEqual({ is: 'below', value: 3.7, for_s: 0 });
  });
});
