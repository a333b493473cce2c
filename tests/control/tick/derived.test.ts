import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, benchSchema } from '../../../control/bench/bench.ts';
import { DerivedSource } from '../../../control/tick/derived-source.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import { ROLES, spec } from '../../support/interlock-bench.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';
import { openRows } from '../../support/plain-rows.ts';

/** Roles that are worked out of others: right values, no value out of bad ones, JSON memory, all through a run. */

const derived = (fields: Record<string, object>): Bench['derived'] =>
  benchSchema.parse({ ...structuredClone(MINI_BENCH), derived: fields }).derived;
const frame = (device: string, t_s: number, values: number[], quality: number = QUALITY.good): Frame => ({
  device,
  t_s,
  values: Float64Array.from(values),
  quality: new Uint8Array(values.length).fill(quality),
});
const one = (t_s: number, a: number, cells = [1, 1, 1], quality: number = QUALITY.good): Frame =>
  frame('one', t_s, [a, ...cells], quality);

describe('kinds', () => {
  it.each([
    [{ kind: 'max', of: 'cell.voltage_V[]' }, 2.5],
    [{ kind: 'min', of: 'cell.voltage_V[]' }, 1.5],
    [{ kind: 'mean', of: 'cell.voltage_V[]' }, 2],
    [{ kind: 'spread', of: 'cell.voltage_V[]' }, 1],
  ])('%o of an array; one bad member and there is none', (of, expected) => {
    const source = new DerivedSource({ derived: derived({ 'x.value_V': of }) }, ROLES);
    const found = source.take(one(7, 0, [2, 1.5, 2.5], QUALITY.simulated));
    expect(found).toEqual({
      device: 'derived',
      t_s: 7,
      values: Float64Array.of(expected),
      quality: Uint8Array.of(QUALITY.simulated),
    });
    const bad = one(8, 0, [2, Number.NaN, 2.5]);
    expect(source.take(bad)?.values[0]).toBeNaN();
    bad.quality[2] = QUALITY.bad;
    expect(source.take(bad)).toMatchObject({
      quality: Uint8Array.of(QUALITY.bad),
      reason: 'x.value_V: cell.voltage_V[] is bad',
    });
  });

  it('charge counts usable time only: gaps are not bridged, and from then on it is uncertain', () => {
    const source = new DerivedSource(
      { derived: derived({ 'x.charge_Ah': { kind: 'charge', of: 'a.value_V' } }) },
      ROLES,
    );
    const at = (t_s: number, amps: number, quality?: number) => {
      const found = source.take(one(t_s, amps, [1, 1, 1], quality));
      return [found?.values[0], found?.quality[0]];
    };
    expect(at(0, 36)).toEqual([0, QUALITY.good]);
    expect(at(1, 36)).toEqual([0.01, QUALITY.good]);
    // A straight line between readings, both signs.
    expect(at(2, -36)).toEqual([0.01, QUALITY.good]);
    expect(at(3, -36)).toEqual([0, QUALITY.good]);
    expect(at(4, 36, QUALITY.bad)).toEqual([Number.NaN, QUALITY.bad]);
    expect(at(5, 36)).toEqual([0, QUALITY.uncertain]);
    expect(at(6, 36)).toEqual([0.01, QUALITY.uncertain]);
    // Longer than the stale limit of 3 s.
    expect(at(20, 36)).toEqual([0.01, QUALITY.uncertain]);
  });

  it('rate per minute over its window, difference of two devices as each was read last', () => {
    const source = new DerivedSource(
      {
        derived: derived({
          'x.rate_V_per_min': { kind: 'rate', of: 'a.value_V', over_s: 4 },
          'x.gap_bar': { kind: 'difference', of: 'b.pressure_barg', minus: 'a.value_V' },
        }),
      },
      ROLES,
    );
    // Silent until every source has been read once.
    expect(source.take(one(0, 1))).toBeUndefined();
    const first = source.take(frame('two', 0, [5]));
    expect([...(first?.values ?? [])]).toEqual([Number.NaN, 4]);
    expect(first?.reason).toMatch(/^x\.rate_V_per_min: a\.value_V has not been read for half of 4 s yet/);
    source.take(one(1, 1.5));
    expect([...(source.take(one(2, 2))?.values ?? [])]).toEqual([30, 3]);
    // What the silent device said is no value of now: stale limit 3 s.
    const late = source.take(one(3.5, 2));
    expect([...(late?.quality ?? [])]).toEqual([QUALITY.good, QUALITY.stale]);
    expect(late?.reason).toBe('x.gap_bar: nothing lately from two');
  });

  it('property: stopped anywhere, through JSON, on in a new source: the same frames', () => {
    const all = derived({
      'x.max_V': { kind: 'max', of: 'cell.voltage_V[]' },
      'x.charge_Ah': { kind: 'charge', of: 'a.value_V' },
      'x.energy_Wh': { kind: 'energy', of: 'a.value_V' },
      'x.rate_V_per_min': { kind: 'rate', of: 'a.value_V', over_s: 4 },
      'x.gap_bar': { kind: 'difference', of: 'b.pressure_barg', minus: 'a.value_V' },
    });
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const quality = fc.constantFrom(QUALITY.good, QUALITY.simulated, QUALITY.bad);
    const reading = fc.tuple(
      fc.boolean(),
      fc.array(value, { minLength: 4, maxLength: 4 }),
      quality,
      fc.constantFrom(0.5, 1, 5),
    );
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 50 }), fc.nat(49), (readings, breakAt) => {
        const frames = (isBroken: boolean): (Frame | undefined)[] => {
          let source = new DerivedSource({ derived: all }, ROLES);
          let t_s = 0;
          return readings.map(([isOne, values, of, step_s], i) => {
            if (isBroken && i === breakAt)
              source = new DerivedSource(
                { derived: all },
                ROLES,
                JSON.parse(JSON.stringify(source.state())) as Json,
              );
            t_s += step_s;
            return source.take(
              isOne ? frame('one', t_s, values, of) : frame('two', t_s, values.slice(0, 1), of),
            );
          });
        };
        expect(frames(true)).toEqual(frames(false));
      }),
    );
  });
});

describe('through a run', () => {
  it('is recorded at the time of its source, ends a step, and trips', async () => {
    const bench = benchSchema.parse({
      ...structuredClone(MINI_BENCH),
      derived: { 'stack.charge_Ah': { kind: 'charge', of: 'stack.current_A' } },
      interlocks: [
        ...MINI_BENCH.interlocks,
        spec({ id: 'charge-high', kind: 'threshold', role: 'stack.charge_Ah', trips: '>', limit: 1.5 }),
      ],
    });
    const mini = await miniRun(
      [
        '- set: { stack.output_on: on, stack.current_A: 60 }',
        '- { wait: {}, until: stack.charge_Ah > 0.5, within_s: 600, otherwise: trip }',
        '- { wait: {}, for_s: 600 }',
      ],
      { bench },
    );
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toMatch(/^charge-high: stack\.charge_Ah = 1\.5\d* Ah > 1\.5/);
    const trip = (await mini.events()).find(e => e.kind === 'alarm');
    const db = openRows(mini.path);
    const rows = db.prepare('SELECT t_s, "stack.charge_Ah" AS value FROM frames_derived').all();
    db.close();
    const seen = rows as { t_s: number; value: number }[];
    expect(seen.find(({ value }) => value > 1.5)?.t_s).toBe(trip?.t_s);
    // 60 A for 84 s are 1.4 Ah.
    const at60A_s = seen.filter(({ value }) => value > 0.1 && value <= 1.5).length;
    expect(Math.abs(at60A_s - 84)).toBeLessThanOrEqual(2);
  });
});
