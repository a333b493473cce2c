import { describe, expect, it } from 'vitest';
import type { KpiValue } from '../../profiles/kpi.ts';
import type { StackRun } from '../../profiles/recorded-run.ts';
import { crossoverFigures } from '../../profiles/stack/gas/permeation.ts';
import { followingFigures } from '../../profiles/stack/grid/following.ts';
import { type LeakPart, leakFigures } from '../../profiles/stack/leak.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { figureOf, figureValue } from './figures.ts';
import { recordOf } from './record.ts';

/** The stack's rated current is its limit. */
const FOLLOWED = { most_pct: 100, set: 'stack.currentSet_A' };

describe('load following', () => {
  const part = { start_s: 0, end_s: 3600 };
  const evaluated = (run: StackRun, of = part): readonly KpiValue[] => followingFigures(run, of, FOLLOWED);
  const run = recordOf({
    to_s: 3600,
    roles: { 'stack.power_W': t => (t < 1800 ? 300_000 : 0), 'stack.current_A': t => (t < 1800 ? 1200 : 0) },
    asked: {
      'load.available_kW': [
        [0, 400],
        [1800, 40],
      ],
      'stack.powerAsked_kW': [
        [0, 310],
        [1800, 0],
      ],
    },
  });
  const kpis = evaluated(run);

  it.each([
    // 10 kW of 500 kW.
    ['tracking-error', 2, 1],
    ['energy-offered', 220, 0],
    ['energy-used', 150, 0],
    ['energy-curtailed', 70, 0],
    // sqrt((100^2 + 40^2)/2)/500
    ['tracking-error-offered', 15.23, 1],
  ])('%s = %d', (id, expected, digits) => {
    expect(figureValue(kpis, id)).toBeCloseTo(expected, digits);
  });

  describe('holds each reading against what was in force when it was taken', () => {
    // Each second another power; a reading shows what the second before had set. 2 kW less is drawn than asked.
    const wanted_kW = (t_s: number): number => 200 + 100 * Math.sin(t_s * 1.7);
    const follow = (delay_s: number, poll_s: number) => {
      const beats = Array.from({ length: 600 }, (_, t_s) => [t_s, wanted_kW(t_s)] as const);
      const drawn_W = (t_s: number): number => {
        const beat = Math.ceil(t_s - delay_s - 1e-9) - 1;
        return beat < 0 ? 0 : 1000 * (wanted_kW(beat) - 2);
      };
      return evaluated(
        recordOf({
          to_s: 600,
          dt_s: poll_s,
          roles: { 'stack.power_W': drawn_W, 'stack.current_A': t_s => drawn_W(t_s) / 250 },
          asked: {
            'load.available_kW': beats,
            'stack.powerAsked_kW': beats,
            'stack.currentSet_A': beats.map(([t_s, kW]) => [t_s + delay_s, 4 * kW] as const),
          },
        }),
        { start_s: 0, end_s: 600 },
      );
    };

    it.each([
      ['at once, read each second', 0, 1],
      ['after 30 ms, read each second', 0.03, 1],
      ['after 30 ms, read each 100 ms', 0.03, 0.1],
      ['after 400 ms, read each 100 ms', 0.4, 0.1],
    ])('applied %s', (_, delay_s, poll_s) => {
      const figures = follow(delay_s, poll_s);
      // 2 kW of 500 kW, and 2 kW over 600 s.
      expect(figureValue(figures, 'tracking-error')).toBeCloseTo(0.4, 3);
      expect(figureValue(figures, 'energy-curtailed')).toBeCloseTo(2 / 6, 2);
    });
  });

  it('noise of the meter is no curtailed energy', () => {
    const chance = seeded(7);
    const beats = Array.from({ length: 3600 }, (_, t_s) => [t_s, 300] as const);
    const noisy = recordOf({
      to_s: 3600,
      roles: { 'stack.power_W': () => 300_000 + 5000 * chance.gauss() },
      asked: { 'load.available_kW': beats, 'stack.powerAsked_kW': beats },
    });
    // One second at a time it would be 2 kWh.
    const kWh = figureValue(evaluated(noisy), 'energy-curtailed');
    expect(kWh).toBeLessThan(0.25);
  });

  it('has no figures without a profile', () => {
    const bare = evaluated({ ...run, asked: () => run.series('none') });
    expect(figureOf(bare, 'energy-curtailed').value).toBeNull();
    expect(figureOf(bare, 'tracking-error').value).toBeNull();
  });
});

describe('leak test', () => {
  const part: LeakPart = { name: 'leak', hold: { from_s: 50, to_s: 950 } };
  const done = { testPressure_barg: 30, factor: 1.1, hold_s: 900, cathodeVolume_L: 330, anodeVolume_L: 0 };
  /** 330 L at 33 barg losing 1 NL/min, while it cools by 2 K: pressure from the ideal gas. */
  const kelvin = (t_s: number): number => 300 - (2 * t_s) / 1000;
  const gas_NL = (t_s: number): number => 10_000 - t_s / 60;
  const barg = (t_s: number): number => (gas_NL(t_s) * 1.01325 * kelvin(t_s)) / 273.15 / 330 - 1.01325;
  const roles = {
    'cathode.pressure_barg': barg,
    'anode.pressure_barg': barg,
    'stack.temperature_degC': (t_s: number) => kelvin(t_s) - 273.15,
  };

  it.each(['cathode.pressure_barg', 'anode.pressure_barg'] as const)(
    'proves nothing where %s stood still for most of the hold',
    role => {
      const frozen = { ...roles, [role]: (t: number) => roles[role](t > 300 && t < 900 ? 300 : t) };
      const [rate, decay] = leakFigures(recordOf({ to_s: 1000, roles: frozen }), part, done);
      expect([rate?.value, decay?.value]).toEqual([null, null]);
      expect(decay?.definition).toMatch(
        new RegExp(`${role} repeats .* to the last digit in 6\\d\\d readings`),
      );
    },
  );

  it('proves nothing where the thermometer that corrects it stood still after noise, but on a plateau', () => {
    const noise = (t: number): number => 0.1 * Math.sin(12.9898 * t) * Math.cos(78.233 * t * t);
    const decay = (of: (t: number) => number) =>
      figureOf(
        leakFigures(recordOf({ to_s: 1000, roles: { ...roles, 'stack.temperature_degC': of } }), part, done),
        'leak-decay',
        'leak',
      );
    expect(decay(t => 25 + noise(Math.min(t, 300)))).toMatchObject({
      value: null,
      definition: expect.stringContaining('stack.temperature_degC repeats'),
    });
    expect(decay(() => 25).value).not.toBeNull();
  });

  it('finds the leak behind a falling temperature', () => {
    const kpis = leakFigures(recordOf({ to_s: 1000, roles }), part, done);
    expect(figureValue(kpis, 'leak-rate', 'leak')).toBeCloseTo(1, 6);
    expect(figureValue(kpis, 'leak-decay', 'leak')).toBeCloseTo(0.15, 4);
  });

  it.each([
    { hold_s: 900, limit: 0.5 },
    { hold_s: 60, limit: 0.5 / 15 },
    { hold_s: 3600, limit: 2 },
  ])(
    'a hold of $hold_s s may lose $limit % : the same leak is judged alike however long it is held',
    ({ hold_s, limit }) => {
      const kpis = leakFigures(recordOf({ to_s: 1000, roles }), part, { ...done, hold_s });
      const decay = figureOf(kpis, 'leak-decay', 'leak');
      expect(decay.criterion?.limit).toBeCloseTo(limit, 9);
      // 1 NL/min of 10,000 NL: 0.15 % in 15 min.
      expect(decay.criterion?.outcome).toBe('pass');
      expect((decay.value ?? 0) / (decay.criterion?.limit ?? 1)).toBeCloseTo(0.3, 3);
    },
  );

  it('takes volumes from the parameters and life time from the time factor', () => {
    const run = recordOf({ to_s: 1000, roles, timeFactor: 10 });
    const kpis = leakFigures(run, part, { ...done, cathodeVolume_L: 500, anodeVolume_L: 160 });
    expect(figureValue(kpis, 'leak-rate', 'leak')).toBeCloseTo(0.2, 6);
  });

  it('gives no rate without the hold', () => {
    const kpis = leakFigures(recordOf({ to_s: 1000, roles }), { ...part, hold: undefined }, done);
    expect(figureOf(kpis, 'leak-rate', 'leak').value).toBeNull();
  });
});

describe('hydrogen in oxygen behind an analyser that lags', () => {
  // The load falls at 600 s. 80 L at 60 degC and 200 A of 135 cells: renewed in 42 s; 20 s of line.
  const TAU_S = 42;
  const goesTo = (t_s: number): number => 0.4 - 0.14 * Math.exp(-Math.max(0, t_s - 620) / TAU_S);
  const at = (dwell_s: number, average_s: number, anodeVolume_L = 80): readonly KpiValue[] => {
    const to_s = 600 + dwell_s;
    const run = recordOf({
      to_s,
      roles: {
        'o2.h2_vol_pct': t => (t < 620 ? 0.26 : goesTo(t)),
        'stack.current_A': t => (t < 600 ? 2000 : 200),
        'stack.temperature_degC': () => 60,
        'anode.pressure_barg': () => 0,
      },
      points: [{ phase: 'x', leg: 'single', setpoint: 10, from_s: to_s - average_s, to_s }],
      accuracy: { 'o2.h2_vol_pct': { reading_pct: 0, abs: 0.002, basis: 'default' } },
    });
    return crossoverFigures(run, { name: 'x', start_s: 0, end_s: to_s }, { anodeVolume_L, lag_s: 20 });
  };

  it.each([
    [120, 20],
    [150, 60],
    [300, 60],
    [1200, 120],
  ])('holds where it goes after %d s, mean of %d s', (dwell_s, average_s) => {
    const { value, u95 = 0 } = figureOf(at(dwell_s, average_s), 'h2-in-o2');
    expect(Math.abs(Number(value) - 0.4)).toBeLessThanOrEqual(u95);
    expect(u95).toBeLessThan(0.04);
  });

  it.each([30, 60])('says after %d s only that this is too short', dwell_s => {
    const kpis = at(dwell_s, 5);
    expect(kpis.map(({ value }) => value)).toEqual([null, null]);
    expect(figureOf(kpis, 'h2-in-o2').definition).toContain('renews the gas at the anode in 4');
  });

  it('says that the gas is not in it where nobody gave its volume', () => {
    expect(figureOf(at(60, 5, Number.NaN), 'h2-in-o2').definition).toContain('its volume was not given');
  });
});
