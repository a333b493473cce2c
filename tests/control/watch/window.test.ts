import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWindow, fill, keptAt, LEAK, leak } from '../../../control/watch/window.ts';
import { bench, spec } from '../../support/interlock-bench.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** Values that come and go must trip; single slips must not; a cause that stays trips when it always did. */

const HIGH = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 2 };

/** Time of the first alarm over samples once a second; null: none. */
function firstAlarm(delay_s: number, value: (t_s: number) => number, until_s: number): number | null {
  const { raised, one } = bench(spec({ ...HIGH, delay_s }));
  for (let t = 0; t <= until_s && raised.length === 0; t++) one(t, value(t));
  return raised[0]?.t_s ?? null;
}

describe('leaky window', () => {
  it.each([
    ['3 and 0.1 in turn', 2, (t: number) => (t % 2 === 1 ? 3 : 0.1)],
    ['NaN and 0.1 in turn', 2, (t: number) => (t % 2 === 1 ? Number.NaN : 0.1)],
    ['one bad and two good in turn', 5, (t: number) => (t % 3 === 1 ? 3 : 0.1)],
    ['60 s with one good sample a minute', 60, (t: number) => (t % 60 === 0 ? 0.1 : 3)],
    ['60 s with NaN every other second', 60, (t: number) => (t % 2 === 1 ? Number.NaN : 0.1)],
  ] as const)('%s trips a delay of %d s within four delays or so', (_, delay_s, value) => {
    const t_s = firstAlarm(delay_s, value, 10 * delay_s + 60);
    expect(t_s).toBeGreaterThanOrEqual(delay_s);
    expect(t_s).toBeLessThanOrEqual(16 * delay_s);
  });

  it.each([
    ['one bad sample in five', 2, (t: number) => (t % 5 === 1 ? 3 : 0.1)],
    ['one lost reply a minute', 2, (t: number) => (t % 60 === 1 ? Number.NaN : 0.1)],
    ['ten bad seconds a minute, delay 60 s', 60, (t: number) => (t % 60 < 10 ? 3 : 0.1)],
  ] as const)('%s never adds up', (_, delay_s, value) => {
    expect(firstAlarm(delay_s, value, 3600)).toBeNull();
  });

  it('property: a cause that stays fires at its first sample plus the delay, whatever the sampling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (steps, delay_s) => {
          const { raised, one } = bench(spec({ ...HIGH, delay_s }));
          let t_s = 0;
          one(t_s, 0.1);
          const times = steps.map(step => {
            t_s += step;
            one(t_s, 3);
            return t_s;
          });
          const expected = times.find(t => t - times[0] >= delay_s);
          expect(raised.map(r => r.t_s)).toEqual(expected === undefined ? [] : [expected]);
        },
      ),
    );
  });

  it('property: holds what was filled minus a quarter of the good time, never below nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), present => {
        const window = emptyWindow();
        let filled_s = 0;
        present.forEach((isPresent, t_s) => {
          if (t_s > 0) filled_s = present[t_s - 1] ? filled_s + 1 : Math.max(0, filled_s - LEAK);
          if (isPresent) expect(fill(window, t_s)).toBe(filled_s);
          else {
            leak(window, t_s);
            expect(keptAt(window, t_s)).toBe(filled_s);
          }
        });
      }),
    );
  });

  it('starts empty after the alarm has cleared, and while it is not armed it leaks', () => {
    const { locks, raised, one } = bench(spec({ ...HIGH, delay_s: 2, reaction: 'warn', armed: 'load' }));
    locks.context('Execute', ['load']);
    for (const [t, v] of [
      [0, 3],
      [1, 3],
      [2, 3],
      [3, 0],
      [4, 3],
      [5, 3],
    ])
      one(t, v);
    expect(raised.map(r => r.t_s)).toEqual([2]);
    locks.context('Execute', []);
    // Two seconds are in: eight seconds without the tag and they are gone.
    for (let t = 6; t < 14; t++) one(t, 3);
    locks.context('Execute', ['load']);
    one(14, 3);
    one(15, 3);
    expect(raised).toHaveLength(1);
    one(16, 3);
    expect(raised).toHaveLength(2);
  });

  it.each([3, Number.NaN])(
    'a run with hydrogen in oxygen at 0.1 and %d %% in turn ends in a trip',
    async bad => {
      const interlocks = MINI_BENCH.interlocks.filter(one => one.id === 'h2-in-o2');
      const mini = await miniRun('- { wait: {}, for_s: 300 }', {
        bench: { ...MINI_BENCH, interlocks },
      });
      let polls = 0;
      const read = mini.plc.read.bind(mini.plc);
      mini.plc.read = () => {
        mini.plc.values[2] = polls++ > 20 && polls % 2 === 1 ? bad : 0.1;
        return read();
      };
      const outcome = await mini.clock.runUntil(mini.execute());
      expect(outcome.state).toBe('Aborted');
      expect(outcome.reason).toMatch(/^h2-in-o2: /);
      await mini.events();
    },
  );
});
