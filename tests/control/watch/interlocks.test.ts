import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, spec } from '../../support/interlock-bench.ts';

const HIGH = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10 };

describe('thresholds', () => {
  it.each([
    // [delay, samples (t, value), time of the trip or null]
    [
      'below',
      0,
      [
        [1, 9],
        [2, 10],
      ],
      null,
    ],
    [
      'at once',
      0,
      [
        [1, 9],
        [2, 10.1],
      ],
      2,
    ],
    [
      'delay not over',
      2,
      [
        [1, 11],
        [2, 11],
        [2.9, 11],
      ],
      null,
    ],
    [
      'delay over',
      2,
      [
        [1, 11],
        [2, 11],
        [3, 11],
      ],
      3,
    ],
    [
      'a good value in between lets a quarter of its time leak out',
      2,
      [
        [1, 11],
        [2, 9],
        [3, 11],
        [4.2, 11],
        [4.3, 11],
      ],
      4.3,
    ],
    [
      'NaN counts as exceeded',
      2,
      [
        [1, Number.NaN],
        [3, Number.NaN],
      ],
      3,
    ],
    ['infinite counts as exceeded', 0, [[1, Number.POSITIVE_INFINITY]], 1],
  ] as [string, number, [number, number][], number | null][])('%s', (_, delay_s, samples, expected) => {
    const { raised, one } = bench(spec({ ...HIGH, delay_s }));
    for (const [t, v] of samples) one(t, v);
    expect(raised.map(r => r.t_s)).toEqual(expected === null ? [] : [expected]);
  });

  it('a bad channel trips and says so', () => {
    const { raised, one } = bench(spec(HIGH));
    one(1, 5, [1, 1, 1], QUALITY.bad);
    expect(raised[0].text).toContain('bad');
    expect(raised[0].isUnusable).toBe(true);
  });

  it('one reading that cannot be used is told as that by opposite limits, each with how long', () => {
    const low = { ...HIGH, id: 'low', trips: '<', limit: -10, delay_s: 2 };
    const { raised, one } = bench(spec({ ...HIGH, id: 'high' }), spec(low));
    one(1, 5, [1, 1, 1], QUALITY.bad);
    one(2, 5, [1, 1, 1], QUALITY.bad);
    one(3, 5, [1, 1, 1], QUALITY.bad);
    expect(raised.map(r => [r.id, r.isUnusable, r.text])).toEqual([
      ['high', true, 'not usable: a.value_V (one) is bad'],
      ['low', true, 'not usable for 2.00 s: a.value_V (one) is bad'],
    ]);
  });

  it('a value beyond the limit is no unusable one, and a good one in between begins the time anew', () => {
    const { raised, one } = bench(
      spec({ ...HIGH, id: 'low', trips: '<', limit: -10, delay_s: 2 }),
      spec(HIGH),
    );
    for (const [t, quality] of [
      [1, QUALITY.bad],
      [3, QUALITY.good],
      [5, QUALITY.bad],
      [7.5, QUALITY.bad],
    ] as const)
      one(t, 11, [1, 1, 1], quality);
    expect(raised[0].isUnusable).toBe(true);
    expect(raised.find(r => r.id === 'low')?.text).toBe('not usable for 2.50 s: a.value_V (one) is bad');
    const beyond = bench(spec(HIGH));
    beyond.one(1, 11);
    expect(beyond.raised[0].isUnusable).toBe(false);
  });

  it('names the cell and the figures', () => {
    const { raised, one } = bench(
      spec({ kind: 'threshold', role: 'cell.voltage_V[]', trips: '>', limit: 2.4 }),
    );
    one(1, 0, [1.9, 2.0, 2.5]);
    expect(raised[0].text).toBe('cell.voltage_V[3] = 2.5 V > 2.4');
  });
});

describe('other kinds', () => {
  it('spread: one cell far from the mean of all', () => {
    const { raised, one } = bench(spec({ kind: 'spread', role: 'cell.voltage_V[]', limit: 0.2 }));
    one(1, 0, [1.9, 1.9, 1.7]);
    expect(raised).toEqual([]);
    one(2, 0, [1.9, 1.9, 1.5]);
    expect(raised[0].text).toMatch(/cell\.voltage_V\[3\] is 0\.2666\d* V from the mean/);
  });

  it('difference of two devices, with sign; nothing is judged before both were seen', () => {
    const { raised, one, two } = bench(
      spec({ kind: 'difference', role: 'b.pressure_barg', minus: 'a.value_V', trips: '<', limit: -0.5 }),
    );
    one(1, 5);
    expect(raised).toEqual([]);
    two(1, 4.6);
    one(2, 5);
    expect(raised).toEqual([]);
    one(3, 5.2);
    expect(raised[0].text).toContain('-0.6');
  });

  it('rate over a window, up and down, not before half a window was seen', () => {
    for (const sign of [1, -1]) {
      const { raised, two } = bench(
        spec({ kind: 'rate', role: 'b.pressure_barg', limit_per_min: 2, over_s: 30 }),
      );
      let t = 0;
      for (; t < 60; t++) two(t, (sign * 1.9 * t) / 60);
      expect(raised).toEqual([]);
      for (; t < 120; t++) two(t, sign * (1.9 + (2.4 * (t - 60)) / 60));
      expect(raised).toHaveLength(1);
    }
  });
});

describe('silence', () => {
  it('trips after the stale limit without any frame, and at once beyond it', () => {
    const { locks, raised, one } = bench(spec({ ...HIGH, delay_s: 5 }));
    one(1, 5);
    locks.tick(3.9);
    expect(raised).toEqual([]);
    locks.tick(4.1);
    expect(raised[0].text).toContain('no reading from one for 3.10 s');
  });

  it('counts from the begin of sampling, not from time zero', () => {
    const { locks, raised } = bench(spec(HIGH));
    locks.begin(100);
    locks.tick(102.9);
    expect(raised).toEqual([]);
    locks.tick(103.1);
    expect(raised).toHaveLength(1);
  });
});

describe('latch, hysteresis, arming', () => {
  it('latches: acknowledging clears only when the cause is gone', () => {
    const { locks, one, raised } = bench(spec({ ...HIGH, rearm: 8 }));
    one(1, 11);
    expect(locks.acknowledge(undefined)).toEqual({ cleared: [], standing: ['x'] });
    expect(locks.alarms()[0]).toMatchObject({ state: 'active', acknowledged: true });
    one(2, 9);
    expect(locks.alarms()[0].state).toBe('active');
    one(3, 7);
    // Acknowledged before, cause now clear: it goes.
    expect(locks.alarms()).toEqual([]);
    one(4, 11);
    one(5, 7);
    expect(locks.alarms()[0]).toMatchObject({ state: 'latched', acknowledged: false });
    expect(locks.isBlocked()).toBe(true);
    expect(locks.acknowledge('x')).toEqual({ cleared: ['x'], standing: [] });
    expect(locks.isBlocked()).toBe(false);
    expect(raised).toHaveLength(2);
  });

  it('says on clearing what is read now, not what raised it', () => {
    const all = bench(
      spec({ ...HIGH, id: 'high', rearm: 8 }),
      spec({ id: 'cells', kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: 0.5 }),
      spec({ id: 'spread', kind: 'spread', role: 'cell.voltage_V[]', limit: 0.4 }),
      spec({
        id: 'gap',
        kind: 'difference',
        role: 'b.pressure_barg',
        minus: 'a.value_V',
        trips: '<',
        limit: -2,
      }),
    );
    all.two(0, 9);
    all.one(1, 12, [1, 1, 0.1]);
    expect(all.raised.map(r => r.id).sort()).toEqual(['cells', 'gap', 'high', 'spread']);
    all.one(2, 7, [1, 0.9, 0.95]);
    expect(all.cleared).toEqual([
      'high: a.value_V = 7 V',
      'cells: cell.voltage_V[2] = 0.9 V',
      'spread: cell.voltage_V[1] is 0.05 V from the mean',
      'gap: b.pressure_barg - a.value_V = 2 barg',
    ]);
  });

  it('clears a rate with the rate of now', () => {
    const { cleared, two } = bench(
      spec({ kind: 'rate', role: 'b.pressure_barg', limit_per_min: 2, over_s: 10 }),
    );
    for (let t = 0; cleared.length === 0 && t < 60; t++) two(t, Math.min(t, 20) / 10);
    expect(cleared).toEqual(['x: b.pressure_barg changes by 1.8 barg/min']);
  });

  it('says when it is only no longer armed', () => {
    const { locks, cleared, one } = bench(spec({ ...HIGH, armed: 'load' }));
    locks.context('Execute', ['load']);
    one(1, 11);
    locks.context('Execute', []);
    one(2, 11);
    expect(cleared).toEqual(['x: no longer armed']);
  });

  it('a warning goes by itself', () => {
    const { locks, one } = bench(spec({ ...HIGH, reaction: 'warn' }));
    one(1, 11);
    expect(locks.alarms()).toHaveLength(1);
    one(2, 9);
    expect(locks.alarms()).toEqual([]);
  });

  it('armed only in steps with its tag; the delay does not run while it is not', () => {
    const { locks, one, raised } = bench(spec({ ...HIGH, delay_s: 2, armed: 'load' }));
    locks.context('Execute', []);
    one(1, 11);
    one(5, 11);
    expect(raised).toEqual([]);
    locks.context('Execute', ['load']);
    one(6, 11);
    one(7, 11);
    expect(raised).toEqual([]);
    one(8, 11);
    expect(raised).toHaveLength(1);
  });

  it('property: fires iff the window is filled at an exceeded sample; each sample counts until the next', () => {
    const sample = fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 4 }),
        (values, delay_s) => {
          const { raised, one } = bench(spec({ ...HIGH, delay_s }));
          values.forEach((v, i) => {
            one(i, v);
          });
          let filled = 0;
          let expected = false;
          values.forEach((v, i) => {
            if (i > 0) filled = values[i - 1] <= 10 ? Math.max(0, filled - 0.25) : filled + 1;
            if (!(v <= 10) && filled >= delay_s) expected = true;
          });
          expect(raised.length > 0).toBe(expected);
        },
      ),
    );
  });
});

describe('what is told with an alarm', () => {
  it.each([
    ['above', { ...HIGH }, 12, { value: 12, limit: 10, unit: 'V' }],
    ['below', { ...HIGH, trips: '<' }, 8, { value: 8, limit: 10, unit: 'V' }],
    ['not read', { ...HIGH }, Number.NaN, { value: null, limit: 10, unit: 'V' }],
  ] as const)('value when it came, limit and unit: %s', (_, fields, value, came) => {
    const { one, raised } = bench(spec(fields));
    one(1, value);
    expect(raised.map(said => said.came)).toEqual([came]);
  });
});
