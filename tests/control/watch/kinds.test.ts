import { describe, expect, it } from 'vitest';
import { lapseBench } from '../../../control/bench/time-lapse.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, spec } from '../../support/interlock-bench.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** Readings that stand still, that do not follow what was set, that are beyond a limit that hangs on another one. */

const STUCK = { kind: 'stuck', role: 'a.value_V', band: 0.1, for_s: 10 };
const FOLLOWS = { kind: 'follows', role: 'a.value_V', set: 'a.valueSet_V', within: 1, delay_s: 2 };

describe('stuck', () => {
  it.each([
    ['frozen', (_t: number): number => 5, 10],
    ['noise within the band', (t: number) => 5 + (t % 2 === 0 ? 0.05 : -0.04), 10],
    ['moves for 7 s, then frozen', (t: number) => Math.min(t, 7), 17],
    ['moves once within the time', (t: number) => (t < 6 ? 5 : 6), 16],
    ['a slow ramp', (t: number) => 0.02 * t, null],
    ['steps every 8 s', (t: number) => Math.floor(t / 8), null],
  ] as const)('%s', (_, value, expected) => {
    const { raised, one } = bench(spec(STUCK));
    for (let t = 0; t <= 60 && raised.length === 0; t++) one(t, value(t));
    expect(raised[0]?.t_s ?? null).toBe(expected);
  });

  it('sees one frozen member of an array and names it', () => {
    const { raised, one } = bench(spec({ ...STUCK, role: 'cell.voltage_V[]' }));
    for (let t = 0; t <= 10; t++) one(t, 0, [t, 1.85, 2 * t]);
    expect(raised[0].text).toBe(
      'cell.voltage_V[2] stands still at 1.85 V: no change by more than 0.1 V for 10.0 s (limit 10 s)',
    );
  });

  it('counts only armed time, and clears when the value moves', () => {
    const { locks, raised, cleared, one } = bench(spec({ ...STUCK, armed: 'load', reaction: 'warn' }));
    for (let t = 0; t < 100; t++) one(t, 5);
    locks.context('Execute', ['load']);
    for (let t = 100; t < 110; t++) one(t, 5);
    expect(raised).toEqual([]);
    one(110, 5);
    expect(raised).toHaveLength(1);
    one(111, 5.2);
    expect(cleared).toEqual(['x: a.value_V moves: 5.2 V']);
  });

  it('an unusable reading counts as exceeded and is no movement', () => {
    const { raised, one } = bench(spec({ ...STUCK, delay_s: 3 }));
    for (let t = 0; t <= 20; t++) one(t, 5, [1, 1, 1], t === 5 ? QUALITY.bad : QUALITY.good);
    // Still since 0: exceeded from 10 on; the bad second has leaked out by then.
    expect(raised.map(r => r.t_s)).toEqual([13]);
    const bad = bench(spec(STUCK));
    bad.one(0, 5, [1, 1, 1], QUALITY.bad);
    expect(bad.raised[0].text).toContain('a.value_V (one) is bad');
  });

  it('a supply frozen at load ends the run', async () => {
    const stuck = spec({
      ...STUCK,
      id: 'voltage-stuck',
      role: 'stack.voltage_V',
      band: 0.001,
      armed: 'load',
    });
    const mini = await miniRun(
      ['- set: { stack.output_on: on, stack.current_A: 80 }', '- { wait: {}, for_s: 300, tags: [load] }'],
      { bench: { ...MINI_BENCH, interlocks: [...MINI_BENCH.interlocks, stuck] } },
    );
    const read = mini.supply.read.bind(mini.supply);
    mini.supply.read = () => {
      // The instrument's noise, until it freezes at 60 s.
      if (mini.clock.now_s() < 60) mini.supply.values[0] = 4 + 0.01 * Math.sin(mini.clock.now_s());
      return read();
    };
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toMatch(/^voltage-stuck: stack\.voltage_V stands still/);
    const trip = (await mini.events()).find(e => e.kind === 'alarm');
    expect(trip?.t_s).toBeGreaterThanOrEqual(68);
    expect(trip?.t_s).toBeLessThanOrEqual(71);
  });
});

describe('follows', () => {
  it.each([
    ['nothing applied: nothing to judge', {}, Number.NaN, 50, null],
    ['within', {}, 10, 10.9, null],
    ['exactly at the limit', {}, 10, 11, null],
    ['above', {}, 10, 11.1, 2],
    ['below', {}, 10, 8.9, 2],
    ['a part of the set value is allowed beside it', { within_pct: 10 }, 20, 22.9, null],
    ['and no more than that', { within_pct: 10 }, 20, 23.1, 2],
    ['of the amount of a negative one', { within_pct: 10 }, -20, -22.9, null],
    ['not usable', {}, 10, Number.NaN, 2],
  ] as const)('%s', (_, fields, set, value, expected) => {
    const { applied, raised, one } = bench(spec({ ...FOLLOWS, ...fields }));
    applied.set('a.valueSet_V', set);
    for (let t = 0; t <= 5; t++) one(t, value);
    expect(raised[0]?.t_s ?? null).toBe(expected);
  });

  it('says what was read and what was set', () => {
    const { applied, raised, one } = bench(spec(FOLLOWS));
    applied.set('a.valueSet_V', 80);
    for (let t = 0; t <= 2; t++) one(t, 0);
    expect(raised[0].text).toBe('a.value_V = 0 V does not follow a.valueSet_V = 80 V, allowed are 1 V');
  });

  it('a current that stays at 0 A with 80 A set ends the run; one that follows does not', async () => {
    const follows = spec({
      ...FOLLOWS,
      id: 'current-follows',
      role: 'stack.current_A',
      set: 'stack.currentSet_A',
      within_pct: 1,
    });
    for (const isStuck of [true, false]) {
      const mini = await miniRun(
        ['- set: { stack.output_on: on, stack.current_A: 80 }', '- { wait: {}, for_s: 60 }'],
        { bench: { ...MINI_BENCH, interlocks: [...MINI_BENCH.interlocks, follows] } },
      );
      const write = mini.supply.write.bind(mini.supply);
      mini.supply.write = async (key, value, options) => {
        await write(key, value, options);
        if (isStuck) mini.supply.values[1] = 0;
      };
      const outcome = await mini.clock.runUntil(mini.execute());
      expect(outcome.state).toBe(isStuck ? 'Aborted' : 'Complete');
      if (isStuck) expect(outcome.reason).toMatch(/^current-follows: stack\.current_A = 0 A does not follow/);
      await mini.events();
    }
  });
});

describe('shortened for a run over wires', () => {
  it('what is time or rate of the plant goes with it, each kind for itself', () => {
    const rate = { kind: 'rate', role: 'a.value_V', limit_per_min: 2, over_s: 600, delay_s: 5 };
    const kinds = [
      rate,
      { ...STUCK, for_s: 600 },
      { ...FOLLOWS, delay_s: 300 },
      { ...FOLLOWS, delay_s: 0.5 },
    ];
    const interlocks = kinds.map(kind => spec(kind));
    const found = lapseBench({ ...MINI_BENCH, interlocks }, 60).interlocks;
    expect(found).toEqual([
      { ...interlocks[0], limit_per_min: 120, over_s: 10, delay_s: 1 },
      { ...interlocks[1], for_s: 10 },
      { ...interlocks[2], delay_s: 5 },
      { ...interlocks[3], delay_s: 0.5 },
    ]);
  });

  it('polls faster, and neither stale limits nor watchdogs get shorter: instruments may have to wait for a core', () => {
    const device = {
      driver: 'test/line',
      poll_s: 1,
      stale_after_s: 3,
      options: {},
      watchdog: { timeout_s: 5 },
    };
    const quick = { ...device, poll_s: 0.05, stale_after_s: 0.6 };
    const found = lapseBench({ ...MINI_BENCH, devices: { device, quick } }, 60).devices;
    expect(found).toEqual({
      device: { ...device, poll_s: 0.1, reply_s: 1 },
      quick: { ...quick, reply_s: expect.closeTo(0.2, 9) },
    });
  });
});

/** A least value that rises with the pressure. */
const LEAST = {
  kind: 'curve',
  role: 'a.value_V',
  over: 'b.pressure_barg',
  trips: '<',
  limits: [
    [0, 2],
    [10, 6],
    [20, 10],
  ],
};

describe('curve', () => {
  it.each([
    [
      'below the least current of this pressure',
      5,
      10,
      'a.value_V = 5 V at b.pressure_barg = 10 barg, < 6 V',
    ],
    ['on the curve', 6, 10, null],
    ['between two points', 7.9, 15, 'a.value_V = 7.9 V at b.pressure_barg = 15 barg, < 8 V'],
    ['above it', 8.1, 15, null],
    ['on the last point', 10, 20, null],
    [
      'beyond the last point its limit holds',
      9.9,
      20.1,
      'a.value_V = 9.9 V at b.pressure_barg = 20.1 barg, < 10 V',
    ],
    [
      'before the first one its limit holds',
      1.9,
      -0.1,
      'a.value_V = 1.9 V at b.pressure_barg = -0.1 barg, < 2 V',
    ],
    ['the other role is not read', 50, Number.NaN, 'not usable: b.pressure_barg (two) is good'],
  ] as const)('%s', (_, value, over, expected) => {
    const { raised, one, two } = bench(spec(LEAST));
    one(1, value);
    expect(raised).toEqual([]); // nothing is judged before both were seen
    two(1, over);
    expect(raised[0]?.text ?? null).toBe(expected);
  });

  it('gone only so far on the good side', () => {
    const { raised, cleared, one, two } = bench(spec({ ...LEAST, rearm_by: 0.5, reaction: 'warn' }));
    two(1, 10);
    one(1, 5.9);
    one(2, 6.4);
    expect([raised.length, cleared]).toEqual([1, []]);
    one(3, 6.5);
    expect(cleared).toEqual(['x: a.value_V = 6.5 V at b.pressure_barg = 10 barg']);
  });
});
