import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUsable, QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, spec } from '../../support/interlock-bench.ts';

/** The healthy path compares figures only: whatever comes, it must decide as the definition of a limit does. */

const reading = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 5, -0, 0, 4.999999999999999, 5.000000000000001),
);
const quality = fc.constantFrom(...Object.values(QUALITY));

describe('healthy path of a limit', () => {
  it('fires exactly when the value is unusable or beyond the limit, above and below', () => {
    fc.assert(
      fc.property(reading, quality, fc.constantFrom('>', '<'), (value, of, trips) => {
        const { raised, one } = bench(spec({ kind: 'threshold', role: 'a.value_V', trips, limit: 5 }));
        one(1, value, [1, 1, 1], of);
        const isBeyond = trips === '>' ? value > 5 : value < 5;
        expect(raised.length === 1).toBe(!isUsable(value, of) || isBeyond);
      }),
    );
  });

  it('follows delay, re-arming and silence over any sequence of readings', () => {
    const limit = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 5, rearm: 3, delay_s: 2 };
    fc.assert(
      fc.property(fc.array(fc.tuple(reading, quality), { maxLength: 30 }), frames => {
        const { locks, raised, cleared, one } = bench(spec({ ...limit, reaction: 'warn' }));
        let filled_s = 0;
        let wasExceeded = false;
        let isActive = false;
        let fired = 0;
        let gone = 0;
        frames.forEach(([value, of], t_s) => {
          one(t_s, value, [1, 1, 1], of);
          locks.tick(t_s);
          const isExceeded = !isUsable(value, of) || value > (isActive ? 3 : 5);
          filled_s = wasExceeded ? filled_s + 1 : Math.max(0, filled_s - 0.25);
          wasExceeded = isExceeded;
          if (isExceeded && !isActive && filled_s >= 2) {
            isActive = true;
            fired++;
          } else if (!isExceeded && isActive) {
            gone++;
            isActive = false;
            filled_s = 0;
          }
        });
        expect([raised.length, cleared.length]).toEqual([fired, gone]);
        locks.tick(frames.length + 10);
        expect(locks.alarms().map(a => a.state)).toEqual(['active']);
      }),
    );
  });

  it('joined limits of single channels and arrays fire one by one, as each would alone', () => {
    const all = [
      { id: 'high', role: 'a.value_V', trips: '>', limit: 5 },
      { id: 'higher', role: 'a.value_V', trips: '>', limit: 9 },
      { id: 'low', role: 'a.value_V', trips: '<', limit: 0 },
      { id: 'cells-high', role: 'cell.voltage_V[]', trips: '>', limit: 4 },
      { id: 'cells-low', role: 'cell.voltage_V[]', trips: '<', limit: -4 },
    ];
    const cells = fc.tuple(reading, reading, reading);
    fc.assert(
      fc.property(fc.array(fc.tuple(reading, cells), { minLength: 1, maxLength: 8 }), frames => {
        const { locks, one } = bench(
          ...all.map(fields => spec({ ...fields, kind: 'threshold', reaction: 'warn' })),
        );
        frames.forEach(([a, c], t_s) => {
          one(t_s, a, c);
          const expected = all.filter(({ role, trips, limit }) =>
            (role === 'a.value_V' ? [a] : c).some(
              v => !Number.isFinite(v) || (trips === '>' ? v > limit : v < limit),
            ),
          );
          const active = locks.alarms().map(alarm => alarm.id);
          expect(active).toEqual(expected.map(limit => limit.id));
        });
      }),
    );
  });

  it('raises in the order of the bench file, whatever kinds stand between', () => {
    const { raised, one } = bench(
      spec({ id: 'first', kind: 'spread', role: 'cell.voltage_V[]', limit: 0.1 }),
      spec({ id: 'second', kind: 'threshold', role: 'a.value_V', trips: '>', limit: 5 }),
      spec({ id: 'third', kind: 'threshold', role: 'cell.voltage_V[]', trips: '>', limit: 2 }),
      spec({ id: 'fourth', kind: 'threshold', role: 'a.value_V', trips: '>', limit: 4 }),
    );
    one(1, 1);
    expect(raised).toEqual([]);
    one(2, 6, [1, 1, 3]);
    expect(raised.map(r => r.id)).toEqual(['first', 'second', 'third', 'fourth']);
  });
});
