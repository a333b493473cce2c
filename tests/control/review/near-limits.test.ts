import { describe, expect, it } from 'vitest';
import type { SettableRole } from '../../../control/contract/role-table.ts';
import { NearLimits } from '../../../control/review/live/near-limits.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, ROLES, spec } from '../../support/interlock-bench.ts';

/** The hand-made bench of the interlocks with what is kept of it. */
function watched(...specs: ReturnType<typeof spec>[]) {
  const made = bench(...specs);
  made.locks.context('Execute', []);
  let values = Float64Array.of(0, 1, 1, 1);
  let set = 5;
  const near = new NearLimits({
    interlocks: made.locks,
    image: { frame: () => ({ values }) } as never,
    gate: { applied: () => set },
    parts: {
      roles: {
        ...ROLES,
        settable: new Map([['a.valueSet_V', { role: 'a.valueSet_V' } as SettableRole]]),
      },
    },
  });
  const ask = (value: number): void => {
    set = value;
  };
  const read = (t_s: number, a: number, cells = [1, 1, 1], quality: number = QUALITY.good): void => {
    values = Float64Array.of(a, ...cells);
    made.one(t_s, a, cells, quality);
    near.look(t_s);
  };
  return { ...made, near, read, ask };
}

const high = spec({ id: 'high', kind: 'threshold', role: 'a.value_V', trips: '>', limit: 10 });
const low = spec({ id: 'low', kind: 'threshold', role: 'a.value_V', trips: '<', limit: -10 });
const cells = spec({ id: 'cells', kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: 0.5 });

describe('the nearest limits', () => {
  it('say by when one is reached as it moved in the last minute', () => {
    const { near, read } = watched(high, low);
    for (let t_s = 0; t_s <= 60; t_s++) read(t_s, t_s / 10);
    const [first, second] = near.nearest(8);
    expect(first).toMatchObject({ id: 'high', is: 'near', value: 6, margin: 4, way_frac: 0.6 });
    expect(first.toLimit_s).toBeCloseTo(40, 6);
    // It moves away from the other one.
    expect(second).toMatchObject({ id: 'low', value: 6, margin: 16, toLimit_s: null });
  });

  it('tell no time where the value goes because it is set so, nor after it was stepped', () => {
    const { near, read, ask } = watched(high);
    for (let t_s = 0; t_s <= 60; t_s++) {
      ask(t_s / 10);
      read(t_s, t_s / 10);
    }
    expect(near.nearest(8)[0]).toMatchObject({ value: 6, toLimit_s: null });
    // The set point stands, and the value goes on without it.
    for (let t_s = 61; t_s <= 110; t_s++) read(t_s, 6 + (t_s - 60) / 20);
    expect(near.nearest(8)[0].toLimit_s).toBeCloseTo(30, 3);
    ask(0);
    for (let t_s = 111; t_s <= 180; t_s++) {
      read(t_s, 0.5);
      expect(near.nearest(8)[0].toLimit_s).toBeNull();
    }
  });

  it.each<[string, object, number | null]>([
    ['without', {}, null],
    ['that is the limit itself', { rearm: 10 }, null],
    ['of its own', { rearm: 8 }, 8],
  ])('with a hysteresis %s say where the cause is gone', (_, more, rearm) => {
    const { near, read } = watched(spec({ ...high, ...more }));
    read(0, 11);
    read(2, 9.5);
    const [found] = near.nearest(8);
    expect(found).toMatchObject({ limit: 10, value: 9.5, margin: 0.5, rearm, toLimit_s: null });
    expect(found.is).toBe(rearm === null || rearm === 10 ? 'near' : 'fired');
  });

  it('come by time before all that stand still, however near these are', () => {
    const steady = spec({ id: 'steady', kind: 'threshold', role: 'b.pressure_barg', trips: '>', limit: 10 });
    const { near, read, two } = watched(steady, high);
    for (let t_s = 0; t_s <= 60; t_s++) {
      two(t_s, 9.9);
      read(t_s, 1 + t_s / 60);
    }
    expect(near.nearest(8).map(({ id, toLimit_s }) => [id, toLimit_s === null])).toEqual([
      ['high', false],
      ['steady', true],
    ]);
    // What takes longer than ten minutes is told by its way.
    for (let t_s = 61; t_s <= 130; t_s++) {
      two(t_s, 9.9);
      read(t_s, 2 + t_s / 6000);
    }
    expect(near.nearest(8).map(({ id, toLimit_s }) => [id, toLimit_s])).toEqual([
      ['steady', null],
      ['high', null],
    ]);
  });

  it('below zero and below a normal value are measured from where the value usually is', () => {
    const { near, read } = watched(cells);
    for (let t_s = 0; t_s < 100; t_s++) read(t_s, 0, [1.5, 1.5, 1.5]);
    read(100, 0, [1.5, 0.9, 1.4]);
    const [found] = near.nearest(8);
    expect(found).toMatchObject({ id: 'cells', value: 0.9, member: 'cell.voltage_V[2]' });
    expect(found.way_frac).toBeCloseTo(0.59, 1);
    const deep = watched(low);
    deep.read(0, -8);
    expect(deep.near.nearest(8)[0]).toMatchObject({ value: -8, margin: 2, way_frac: 0.8 });
  });

  it('that have fired stand first, the gravest first; what cannot be read is as good as fired', () => {
    const warn = spec({
      id: 'warn',
      kind: 'threshold',
      role: 'a.value_V',
      trips: '>',
      limit: 5,
      reaction: 'warn',
    });
    const { near, read } = watched(cells, warn, high);
    read(0, 7);
    expect(near.nearest(8).map(({ id, is }) => [id, is])).toEqual([
      ['warn', 'fired'],
      ['high', 'near'],
      ['cells', 'near'],
    ]);
    read(2, 11);
    expect(near.nearest(2).map(({ id, is, margin }) => [id, is, margin])).toEqual([
      ['high', 'fired', -1],
      ['warn', 'fired', -6],
    ]);
    read(4, 0, [1, 1, 1], QUALITY.bad);
    expect(near.nearest(8)[0]).toMatchObject({ is: 'unusable', value: null, margin: null, toLimit_s: null });
  });

  it('that do not count now are left out, and begin anew when they do', () => {
    const loaded = spec({ ...high, id: 'loaded', armed: 'load' });
    const { near, read, locks } = watched(loaded);
    for (let t_s = 0; t_s <= 60; t_s++) read(t_s, t_s / 10);
    expect(near.nearest(8)).toEqual([]);
    locks.context('Execute', ['load']);
    read(62, 6.2);
    expect(near.nearest(8)).toMatchObject([{ id: 'loaded', toLimit_s: null }]);
  });

  it('of a rehearsal are followed from the first look on', () => {
    const made = bench(high);
    made.locks.context('Execute', []);
    const near = new NearLimits(
      {
        interlocks: made.locks,
        image: { frame: () => undefined } as never,
        gate: { applied: () => Number.NaN },
        parts: { roles: ROLES },
      },
      true,
    );
    const read = (from_s: number): void => {
      for (let t_s = from_s; t_s < from_s + 60; t_s++) {
        made.one(t_s, 2 + t_s / 30);
        near.look(t_s);
      }
    };
    read(0);
    expect(near.nearest(8)[0].toLimit_s).toBeNull();
    read(60);
    expect(near.nearest(8)[0].toLimit_s).toBeGreaterThan(0);
  });
});
