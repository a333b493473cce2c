import { describe, expect, it } from 'vitest';
import {
  H2_G_PER_AH,
  KWH_PER_KG_PER_V,
  specificEnergy_kWh_per_kg,
  voltageEfficiency,
} from '../../profiles/electrolysis.ts';
import { fitLine, integrate, meanOf } from '../../profiles/record-math.ts';
import { heldAt, holding } from '../../profiles/series-parts.ts';
import { energyKpis, startsOf } from '../../profiles/stack/energy.ts';
import { figureOf, figureValue } from './figures.ts';
import { recordOf } from './record.ts';

describe('Faraday and heating values against hand-computed figures', () => {
  it('0.03761 g/(A.h), 26.590 kWh/kg per V, 1.8 V', () => {
    expect(H2_G_PER_AH).toBeCloseTo(0.03761, 5);
    expect(KWH_PER_KG_PER_V).toBeCloseTo(26.59, 2);
    expect(voltageEfficiency(1.8).hhv * 100).toBeCloseTo(82.3, 1);
    expect(voltageEfficiency(1.8).lhv * 100).toBeCloseTo(69.6, 1);
    expect(specificEnergy_kWh_per_kg(1.8)).toBeCloseTo(47.86, 2);
    expect(specificEnergy_kWh_per_kg(1.9)).toBeCloseTo(50.52, 2);
  });
});

describe('integrals', () => {
  const series = (values: readonly number[]) => ({
    t_s: Float64Array.from(values, (_, i) => i),
    value: Float64Array.from(values),
  });

  it('is exact for a straight line', () => {
    expect(integrate(series([0, 1, 2, 3, 4]), 0, 4)).toEqual({
      sum: 8,
      covered_s: 4,
      gap_s: 0,
      samples: 5,
      steps: 2 * Math.sqrt(4 / 12),
    });
  });

  it('joins one missing sample, leaves out and counts a longer gap', () => {
    expect(integrate(series([1, Number.NaN, 1, 1]), 0, 3).covered_s).toBe(3);
    const holed = Array.from({ length: 101 }, (_, i) => (i > 40 && i < 60 ? Number.NaN : 2));
    expect(integrate(series(holed), 0, 100)).toEqual({
      sum: 160,
      covered_s: 80,
      gap_s: 20,
      samples: 82,
      steps: 0,
    });
  });

  it('mean and line pass over unusable values', () => {
    expect(meanOf(series([1, Number.NaN, 3]), 0, 2)).toMatchObject({ mean: 2, count: 2 });
    expect(meanOf(series([Number.NaN]), 0, 1).mean).toBeNaN();
    expect(fitLine([0, 1, 2, 3], [1, 3, Number.NaN, 7])).toMatchObject({ slope: 2, intercept: 1, count: 3 });
    expect(fitLine([0, 1], [0, 1])).toBeUndefined();
    expect(fitLine([1, 1, 1], [0, 1, 2])).toBeUndefined();
  });
});

/** One hour at 1000 A and 1.8 V a cell; the meter shows 99 % of Faraday. */
const hour = {
  to_s: 3600,
  roles: {
    'stack.current_A': () => 1000,
    'stack.power_W': () => 1000 * 1.8 * 135,
    'stack.voltage_V': () => 1.8 * 135,
    'h2.flow_NL_per_min': () => 0.99 * 1000 * 135 * (0.418146 / 60),
  },
};

it('an energy of nothing is as uncertain as the meter that shows it', () => {
  const idle = recordOf({
    to_s: 3600,
    roles: { 'stack.power_W': () => 0, 'stack.current_A': () => 0, 'h2.flow_NL_per_min': () => 0 },
    accuracy: { 'stack.power_W': { reading_pct: 0.2, abs: 100, basis: 'default' } },
  });
  const { value, u95 } = figureOf(energyKpis(idle, 0, 3600), 'energy');
  expect(value).toBe(0);
  expect(u95).toBeCloseTo(0.1, 6);
});

describe('energy and hydrogen of an hour at 1000 A and 1.8 V', () => {
  const kpis = energyKpis(recordOf(hour), 0, 3600);

  it.each([
    ['energy', 243, 6],
    ['h2-faraday', 5.07699, 4],
    ['h2-measured', 5.02622, 3],
    ['faradaic-efficiency', 99, 2],
    ['specific-energy', 48.346, 2],
    ['specific-energy-faraday', 47.863, 2],
    ['voltage-efficiency-hhv', 82.289, 3],
    ['voltage-efficiency-lhv', 69.617, 3],
  ])('%s = %d', (id, expected, digits) => {
    expect(figureValue(kpis, id)).toBeCloseTo(expected, digits);
  });

  it('is the same for a record compressed 100 times', () => {
    const fast = recordOf({ ...hour, to_s: 36, dt_s: 0.1, timeFactor: 100 });
    const short = energyKpis(fast, 0, 36);
    for (const { id, value: long } of kpis) expect(figureValue(short, id)).toBeCloseTo(long ?? Number.NaN, 6);
  });

  it('adds the declared accuracies of both meters', () => {
    const accuracy = {
      'stack.power_W': { reading_pct: 0.3, abs: 0, basis: 'default' },
      'h2.flow_NL_per_min': { reading_pct: 0, abs: 9.313, basis: 'default' },
    } as const;
    const e = figureOf(energyKpis(recordOf({ ...hour, accuracy }), 0, 3600), 'specific-energy');
    expect((100 * (e.u95 ?? 0)) / (e.value ?? 1)).toBeCloseTo(Math.hypot(0.3, 1), 2);
  });

  it('says what is missing instead of inventing a 0', () => {
    const deaf = energyKpis(
      recordOf({ ...hour, roles: { ...hour.roles, 'h2.flow_NL_per_min': () => Number.NaN } }),
      0,
      3600,
    );
    expect(figureOf(deaf, 'h2-measured')).toMatchObject({ value: null });
    expect(figureOf(deaf, 'specific-energy').definition).toContain('No value:');
    expect(figureOf(deaf, 'specific-energy').u95).toBeUndefined();
    expect(figureValue(deaf, 'specific-energy-faraday')).toBeCloseTo(47.863, 2);
  });

  it('does not take the N2 of a purge for hydrogen', () => {
    const halfHour = { ...hour.roles, 'stack.current_A': (t: number) => (t < 1800 ? 1000 : 0.2) };
    const kpis = energyKpis(recordOf({ ...hour, roles: halfHour }), 0, 3600);
    expect(figureValue(kpis, 'h2-measured')).toBeCloseTo(5.02622 / 2, 2);
    expect(figureValue(kpis, 'faradaic-efficiency')).toBeCloseTo(99, 0);
  });

  it('gives no phase figures where no load was carried', () => {
    const idle = recordOf({ ...hour, roles: { ...hour.roles, 'stack.current_A': () => 0.3 } });
    expect(energyKpis(idle, 0, 3600, 'purge')).toEqual([]);
    expect(figureOf(energyKpis(idle, 0, 3600), 'specific-energy').value).toBeNull();
  });
});

describe('starts', () => {
  it('counts rises through both thresholds, not noise between them', () => {
    // 0 | 50 (2.5 %, neither) | 500 | 50 | 500 | NaN | 0 | 500
    const steps = [0, 50, 500, 50, 500, Number.NaN, 0, 500];
    const run = recordOf({ to_s: 79, roles: { 'stack.current_A': t => steps[Math.floor(t / 10)] } });
    expect(startsOf(run, 0, 79)).toBe(2);
    expect(startsOf(recordOf({ to_s: 9, roles: {} }), 0, 9)).toBeNull();
  });
});

it('a value held between its times is the same whether searched or followed', () => {
  const series = { t_s: Float64Array.of(1, 2, 2, 5, 9), value: Float64Array.of(10, 20, 21, 50, 90) };
  for (const start_s of [0, 1, 1.5, 2, 6, 20]) {
    const at = holding(series);
    for (let t_s = start_s; t_s < 21; t_s += 0.25) expect(at(t_s)).toBe(heldAt(series, t_s));
  }
});
