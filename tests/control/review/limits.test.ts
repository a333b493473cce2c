import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InterlockSpec } from '../../../control/bench/bench.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, spec } from '../../support/interlock-bench.ts';
import { closest, constant, type Reading } from './nearest/hand-made.ts';

/** The nearest approach to a limit is what the interlock itself would say: a limit short of it fires, one beyond not. */

/** Whether the interlocks that watch a run fire on these readings. */
function fires(one: InterlockSpec, readings: readonly Reading[]): boolean {
  const b = bench(one);
  readings.forEach(({ one: values, two, quality, tags = [] }, i) => {
    b.locks.context('Execute', tags);
    b.one(i, values[0], values.slice(1), quality);
    b.two(i, two);
  });
  return b.raised.length > 0;
}

describe('the nearest approach', () => {
  it('of hand-made readings: value, time, distance, part of the limit, part of the way', () => {
    const [found] = closest(
      [spec({ kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10 })],
      constant([1, 2, 9, 4, 4]),
    );
    expect(found).toMatchObject({
      closest: 9,
      distance: 1,
      ofLimit_frac: 0.9,
      peak: 9,
      fired: 0,
      armed_s: 4,
    });
    expect(found.at?.t_s).toBe(2);
    // Mean 4: 5 of the 6 V to the limit.
    expect(found.way_frac).toBeCloseTo(5 / 6, 12);
    expect(found.unit).toBe('V');
  });

  it('with a delay counts only what lasts; the peak stands beside it', () => {
    const s = spec({ kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10, delay_s: 2 });
    const [found] = closest([s], constant([1, 8, 7, 9, 12, 3]));
    // 8 7 9 and 7 9 12 last 2 s: at least 7 all through.
    expect(found).toMatchObject({ closest: 7, distance: 3, peak: 12 });
    expect(found.at?.t_s).toBe(2);
  });

  it.each([
    ['>', [12, 12, 12, 1, 12, 1], 2, 0],
    ['<', [1, 1, 1, 12, 1, 12], 2, 0],
  ] as const)(
    'beyond (%s) while no step with its tag runs, for its delay and longer',
    (trips, values, beyond_s, t_s) => {
      const tagged = values.map((v, i) => ({
        one: [v, 0, 0, 0] as const,
        two: 0,
        tags: i === 3 ? ['gas'] : [],
      }));
      const s = { kind: 'threshold', role: 'a.value_V', trips, limit: 10, delay_s: 1 } as const;
      const [found, always] = closest([spec({ ...s, armed: 'gas' }), spec({ ...s, id: 'always' })], tagged);
      expect(found.unwatched).toEqual({ beyond_s, at: { t_s, phase: 'p', step: 's' } });
      expect(always.unwatched).toBeUndefined();
    },
  );

  it('of a limit that trips below, and of the member of an array that is nearest', () => {
    const [found] = closest(
      [spec({ kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: 1 })],
      [
        { one: [0, 1.8, 1.7, 1.9], two: 0 },
        { one: [0, 1.8, 1.9, 1.25], two: 0 },
      ],
    );
    expect(found).toMatchObject({
      closest: 1.25,
      distance: 0.25,
      ofLimit_frac: 0.8,
      member: 'cell.voltage_V[3]',
    });
  });

  it('only while armed; never armed says so', () => {
    const s = (tag: string) =>
      spec({ kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10, armed: tag });
    const readings = constant([9, 5, 6, 8]).map((r, i) =>
      i === 1 || i === 2 ? { ...r, tags: ['load'] } : r,
    );
    const [armed, never] = closest([s('load'), s('purge')], readings);
    expect(armed).toMatchObject({ closest: 6, armed_s: 1 });
    expect(never).toMatchObject({ closest: null, distance: null, at: null, armed_s: 0 });
  });

  it('readings that are not usable are counted and are no value', () => {
    const readings = constant([1, 2, 3]).map((r, i) => (i === 1 ? { ...r, quality: QUALITY.bad } : r));
    const s = spec({ kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10, delay_s: 1 });
    const [found] = closest([s], readings);
    expect(found).toMatchObject({ unusable: 1, peak: 3 });
    // Unusable counts as exceeded: together with its neighbour it lasts the delay.
    expect(found.closest).toBe(3);
  });
});

describe('kinds with a history of their own', () => {
  it('expression: of one comparison how far beyond it, of several whether it was true', () => {
    const [one, several] = closest(
      [
        spec({ id: 'one', kind: 'expression', when: 'a.value_V - max(cell.voltage_V) > 2' }),
        spec({
          id: 'several',
          kind: 'expression',
          when: 'a.value_V > 2 and b.pressure_barg > 3',
          delay_s: 2,
        }),
      ],
      [
        { one: [1, 0, 0, 0], two: 0 },
        { one: [3, 0, 1.5, 0], two: 9 },
        { one: [2, 1, 1, 1], two: 9 },
      ],
    );
    expect(one).toMatchObject({ closest: -0.5, distance: 0.5, limit: 0, unit: 'V', fired: 0 });
    expect(one.at?.t_s).toBe(1);
    expect(one.role).toBe('a.value_V - max(cell.voltage_V) > 2');
    // Once true, but not for its delay.
    expect(several).toMatchObject({ closest: 0, limit: 0.5, unit: 'on', peak: 1 });
  });

  it('stuck: how long it stood still, in s', () => {
    const s = spec({ kind: 'stuck', role: 'a.value_V', band: 0.5, for_s: 10 });
    const [found] = closest([s], constant([1, 1, 1.2, 1.4, 3, 3, 5]));
    expect(found).toMatchObject({ closest: 3, distance: 7, unit: 's', member: null });
    expect(found.at?.t_s).toBe(3);
  });

  it('follows: how far from the set point, beyond the part that is allowed of it', () => {
    const s = spec({
      kind: 'follows',
      role: 'a.value_V',
      set: 'a.valueSet_V',
      within: 2,
      within_pct: 10,
      delay_s: 1,
    });
    const applied = [
      { t_s: 0, role: 'a.valueSet_V', applied: 10 },
      { t_s: 3, role: 'a.valueSet_V', applied: 20 },
    ];
    // From 1 s on 10 is applied, from 4 s on 20: 0.4, 0.5, then 0.3 for long enough; the 9 lasts a moment only.
    const [found] = closest([s], constant([99, 11.4, 11.5, 20, 22.3, 22.4, 22]), applied);
    expect(found).toMatchObject({ role: 'a.value_V from a.valueSet_V', peak: 9, fired: 0 });
    expect(found.closest).toBeCloseTo(0.5, 12);
  });
});

describe('agrees with the interlock itself', () => {
  const value = fc.integer({ min: -400, max: 400 }).map(n => n / 100);
  const reading = fc.record({
    one: fc.tuple(value, value, value, value),
    two: value,
    quality: fc.constantFrom(QUALITY.good, QUALITY.good, QUALITY.good, QUALITY.good, QUALITY.bad),
    tags: fc.constantFrom(['load'], ['load'], ['load'], []),
  });
  const delay_s = fc.constantFrom(0, 1, 2, 5);
  const armed = fc.constantFrom('always', 'load');
  const kinds: [string, (limit: number) => object][] = [
    ['threshold above', limit => ({ kind: 'threshold', role: 'a.value_V', trips: '>', limit })],
    ['threshold below', limit => ({ kind: 'threshold', role: 'a.value_V', trips: '<', limit: -limit })],
    ['threshold of an array', limit => ({ kind: 'threshold', role: 'cell.voltage_V[]', trips: '>', limit })],
    [
      'difference',
      limit => ({ kind: 'difference', role: 'a.value_V', minus: 'b.pressure_barg', trips: '>', limit }),
    ],
    [
      'difference below',
      limit => ({
        kind: 'difference',
        role: 'b.pressure_barg',
        minus: 'a.value_V',
        trips: '<',
        limit: -limit,
      }),
    ],
    [
      'curve',
      limit => ({
        kind: 'curve',
        role: 'a.value_V',
        over: 'b.pressure_barg',
        trips: '>',
        limits: [
          [-4, limit],
          [1, limit + 2],
          [4, limit - 1],
        ],
      }),
    ],
    ['spread', limit => ({ kind: 'spread', role: 'cell.voltage_V[]', limit })],
    ['stuck', limit => ({ kind: 'stuck', role: 'a.value_V', band: 1, for_s: limit })],
    ['rate', limit => ({ kind: 'rate', role: 'a.value_V', limit_per_min: limit, over_s: 4 })],
  ];

  it.each(kinds)('%s: just short of the closest fires, just beyond does not', (kind, of) => {
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 40 }),
        delay_s,
        armed,
        (readings, delay, when) => {
          const at = (limit: number) => spec({ ...of(limit), delay_s: delay, armed: when });
          // The distance from a curve is told from the curve as it stands.
          const [found] = closest([at(kind === 'curve' ? 0 : 1000)], readings);
          if (found.closest === null) {
            // Nothing usable for long enough: no limit can fire, unless unusable readings alone last the delay.
            if (found.unusable === 0) expect(fires(at(0.001), readings)).toBe(false);
            return;
          }
          const figure = kind.endsWith('below') ? -found.closest : found.closest;
          // Rates and spreads have no limits below 0.
          const isPositive = kind === 'rate' || kind === 'spread' || kind === 'stuck';
          if (!isPositive || figure > 1e-6) expect(fires(at(figure - 1e-7), readings)).toBe(true);
          if (!isPositive || figure >= 0) expect(fires(at(figure + 1e-7), readings)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
