import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingSchema } from '../../../control/bench/rules/recording-rules.ts';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import type { JournalEvent } from '../../../control/record/events.ts';
import type { Sink } from '../../../control/record/recording.ts';
import { Thinning } from '../../../control/record/thin/thinning.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';

/** Recording rules: which readings of an instrument are kept. */

interface Kept {
  readonly t_s: number;
  readonly value: number;
}

const ROLES = {
  measured: new Map([['stack.temperature_degC', { device: 'slow', first: 0, count: 1 }]]),
  settable: new Map(),
} as unknown as RoleTable;

/** A thinning of two channels read each second, and what came through. */
function thinning(rules: object, before_s?: number) {
  const kept: Kept[] = [];
  const events: string[] = [];
  const sink: Sink = {
    frame: ({ t_s, values }) => kept.push({ t_s, value: values[0] }),
    event: ({ kind }) => events.push(kind),
    setpoint: () => {},
    checkpoint: () => {},
  };
  const thin = new Thinning(
    sink,
    recordingSchema.parse({
      instruments: { slow: rules },
      ...(before_s === undefined ? {} : { trips: { before_s: 0, after_s: 0 } }),
    }),
    { roles: ROLES, channels: new Map([['slow', 2]]), poll_s: () => 1 },
    before_s,
  );
  return { thin, kept, events };
}

function reading(t_s: number, value: number, quality: number = QUALITY.good, reason?: string): Frame {
  const frame = {
    device: 'slow',
    t_s,
    values: Float64Array.of(value, 7),
    quality: Uint8Array.of(quality, 0),
  };
  return reason === undefined ? frame : { ...frame, reason };
}

const trip = (t_s: number): JournalEvent => ({
  t_s,
  kind: 'alarm',
  text: 'hot',
  data: { id: 'hot', reaction: 'trip' },
});
const times = (kept: readonly Kept[]): number[] => kept.map(({ t_s }) => t_s);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('kept are', () => {
  it('one reading each interval, and the last before the end', () => {
    const { thin, kept } = thinning({ interval_s: 10 });
    for (let t = 0; t <= 500; t++) thin.frame(reading(t, 20));
    // Those of the last minute may still be asked for.
    expect(times(kept)).toEqual(Array.from({ length: 45 }, (_, i) => 10 * i));
    thin.release();
    expect(times(kept).filter(t => t < 439)).toEqual(Array.from({ length: 44 }, (_, i) => 10 * i));
    expect(times(kept).slice(-61)).toEqual(range(440, 500));
    expect(thin.thinned).toEqual([{ device: 'slow', seen: 501, kept: kept.length }]);
  });

  it('what is kept waits for no event: a kill takes what waits', () => {
    const { thin, kept } = thinning({ interval_s: 1 });
    for (let t = 0; t <= 500; t++) thin.frame(reading(t, 20));
    expect(times(kept)).toEqual(range(0, 498));
  });

  it('a move beyond the given, with the reading before it: what lies between was level', () => {
    const { thin, kept } = thinning({ interval_s: 100, change: { 'stack.temperature_degC': 0.5 } });
    for (let t = 0; t < 300; t++) thin.frame(reading(t, t < 50 ? 20 : 30));
    expect(kept.slice(0, 4)).toEqual([
      { t_s: 0, value: 20 },
      { t_s: 49, value: 20 },
      { t_s: 50, value: 30 },
      { t_s: 150, value: 30 },
    ]);
  });

  it('whatever changes its quality or its reason', () => {
    const { thin, kept } = thinning({ interval_s: 100 });
    for (let t = 0; t < 300; t++) {
      const isBad = t >= 40 && t < 50;
      thin.frame(reading(t, 20, isBad ? QUALITY.bad : QUALITY.good, isBad ? `why ${t < 45}` : undefined));
    }
    expect(times(kept).filter(t => t < 100)).toEqual([0, 39, 40, 44, 45, 49, 50]);
  });

  it('all from 60 s before a trip to 10 min after it, each once and in order', () => {
    const { thin, kept } = thinning({ interval_s: 50 });
    for (let t = 0; t < 1200; t++) {
      if (t === 330) thin.event(trip(330));
      if (t === 500) thin.event(trip(500));
      thin.frame(reading(t, 20));
    }
    const seen = times(kept);
    expect(seen.filter(t => t < 270)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(seen.filter(t => t >= 270 && t <= 1100)).toEqual(range(270, 1100));
    expect(seen.filter(t => t > 1100)).toEqual([]);
  });

  it('all around events that are named, and none around others', () => {
    const rules = recordingSchema.parse({
      instruments: { slow: { interval_s: 1000 } },
      trips: { before_s: 0, after_s: 0 },
      events: { step: { before_s: 3, after_s: 5 } },
    });
    const kept: Kept[] = [];
    const sink = { frame: ({ t_s }: Frame) => kept.push({ t_s, value: 0 }), event: () => {} };
    const thin = new Thinning(sink as unknown as Sink, rules, {
      roles: ROLES,
      channels: new Map([['slow', 2]]),
      poll_s: () => 1,
    });
    const step = {
      kind: 'step',
      text: '',
      data: { pc: 0, op: 'set', start_s: 0, ended: 'time', reason: '' },
    };
    for (let t = 0; t < 100; t++) {
      if (t === 40) thin.event({ t_s: 40, ...step } as JournalEvent);
      if (t === 60) thin.event({ t_s: 60, kind: 'load', text: '' });
      thin.frame(reading(t, 20));
    }
    expect(times(kept)).toEqual([0, ...range(37, 45)]);
  });

  it('everything of instruments without a rule, at once', () => {
    const { thin, kept } = thinning({ interval_s: 10 });
    for (let t = 0; t < 50; t++) thin.frame({ ...reading(t, 20), device: 'fast' });
    expect(times(kept)).toEqual(range(0, 49));
  });
});

it('however values and events come: in order, none twice, no interval too long, no move missed', () => {
  const step = fc.record({
    move: fc.constantFrom(0, 0, 0, 0.1, -0.1, 3, -3),
    event: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), steps => {
      const { thin, kept } = thinning({ interval_s: 20, change: { 'stack.temperature_degC': 0.25 } });
      const all: Kept[] = [];
      const trips: number[] = [];
      let value = 20;
      steps.forEach(({ move, event }, t_s) => {
        value += move;
        if (event === 0) {
          trips.push(t_s);
          thin.event(trip(t_s));
        }
        thin.frame(reading(t_s, value));
        all.push({ t_s, value });
      });
      thin.release();
      const seen = new Map(kept.map(({ t_s, value: v }) => [t_s, v]));
      expect(times(kept)).toEqual([...seen.keys()].sort((a, b) => a - b));
      let last = all[0];
      for (const one of all) {
        if (seen.has(one.t_s)) {
          expect(seen.get(one.t_s)).toBe(one.value);
          last = one;
          continue;
        }
        expect(one.t_s - last.t_s).toBeLessThan(20);
        // 0.25 from the last that was kept by its move, twice that from one that was kept beside it.
        expect(Math.abs(one.value - last.value)).toBeLessThanOrEqual(0.5 + 1e-9);
        for (const t of trips) expect(one.t_s < t - 60 || one.t_s > t + 600).toBe(true);
      }
    }),
  );
});

it('holds a fixed number of readings, however long no event comes and however fast they come', () => {
  const { thin, kept } = thinning({ interval_s: 1000 });
  // Ten times faster than the bench file says.
  for (let i = 0; i < 5000; i++) thin.frame(reading(i / 10, 20));
  thin.event(trip(500));
  thin.release();
  // 4 + 1.1 * 60 are held.
  expect(kept.length).toBeLessThanOrEqual(1 + 70);
  expect(times(kept).at(-1)).toBe(499.9);
});

describe('a method that says which rows are kept', () => {
  const HOT = 'stack.temperature_degC';

  it('changes the rule with its steps; the first and the last row of a step are kept, and before it as long as asked', () => {
    const { thin, kept } = thinning({ interval_s: 100 }, 3);
    for (let t = 0; t < 60; t++) {
      thin.frame(reading(t, 20));
      if (t === 5) thin.keepBy({ every_s: 20 });
      if (t === 40) {
        thin.keepBy({ every_s: 1 });
        thin.keepAll(37, 40);
      }
      if (t === 45) thin.keepBy({});
    }
    thin.frame(reading(70, 20));
    expect(times(kept)).toEqual([0, 5, 6, 26, ...range(37, 46)]);
  });

  it('keeps what moves by as much as the step says, and else as the bench does', () => {
    const { thin, kept } = thinning({ interval_s: 1000, change: { [HOT]: 5 } }, 1);
    thin.keepBy({ change: [[HOT, 0.5]] });
    for (let t = 0; t < 10; t++) thin.frame(reading(t, 20 + (t < 5 ? 0 : 1)));
    thin.keepBy({});
    for (let t = 10; t < 20; t++) thin.frame(reading(t, 21 + (t < 15 ? 0 : 1)));
    thin.frame(reading(30, 22));
    expect(times(kept)).toEqual([0, 4, 5, 9, 10]);
  });

  it('keeps one in as many as are asked for where readings come a little early and late', () => {
    const { thin, kept } = thinning({ interval_s: 1 }, 0);
    thin.keepBy({ every_s: 2 });
    for (let t = 0; t < 100; t++) thin.frame(reading(t + (t % 3 === 0 ? 0.04 : -0.03), 20));
    expect(kept.length).toBeGreaterThan(46);
    expect(kept.length).toBeLessThan(53);
  });
});

describe('what is no reading', () => {
  it('a spectrum goes through whole, whatever rows are left out', () => {
    const points: number[] = [];
    const sink: Sink = {
      frame: () => {},
      event: () => {},
      setpoint: () => {},
      checkpoint: () => {},
      spectrum: ({ name }) => ({ add: ({ values }) => name === 's' && points.push(...values) }),
    };
    const rules = recordingSchema.parse({ instruments: {} });
    const bench = { roles: ROLES, channels: new Map([['slow', 2]]), poll_s: () => 1 };
    const thin = new Thinning(sink, rules, bench, 0);
    thin.keepBy({ every_s: 60 });
    const columns = ['frequency_Hz', 're_Ohm', 'im_Ohm'];
    const open = thin.spectrum({ t_s: 0, kind: 'impedance-spectrum', name: 's', columns, about: '{}' });
    for (let k = 1; k <= 5; k++)
      open.add({ rows: 1, values: Float64Array.of(k), quality: Uint8Array.of(0), reasons: new Map() });
    expect(points).toEqual([1, 2, 3, 4, 5]);
  });
});
