import { describe, expect, it } from 'vitest';
import {
  H2_G_PER_AH,
  KWH_PER_KG_PER_V,
  specificEnergy_kWh_per_kg,
  voltageEfficiency,
} from '../../profiles/electrolysis.ts';
import type { KpiValue } from '../../profiles/kpi.ts';
import { curvesOf } from '../../profiles/methods/curve.ts';
import { energyKpis, startsOf } from '../../profiles/methods/energy.ts';
import { METHODS } from '../../profiles/methods/registry.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import { fitLine, integrate, meanOf } from '../../profiles/record-math.ts';
import type { RecordedPhase, RecordedPoint } from '../../profiles/recorded-run.ts';
import { evaluateRun } from '../../profiles/run-kpis.ts';
import { recordOf } from './record.ts';

const NOTHING: Procedure = { method: 'm', version: 1, instructions: [], planned_s: 0, sets: [], reads: [] };
const of = (kpis: readonly KpiValue[], id: string, phase?: string): KpiValue => {
  const found = kpis.find(k => k.id === id && k.phase === phase);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
};
const value = (kpis: readonly KpiValue[], id: string, phase?: string): number =>
  of(kpis, id, phase).value ?? Number.NaN;

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
    expect(integrate(series([0, 1, 2, 3, 4]), 0, 4)).toEqual({ sum: 8, covered_s: 4, gap_s: 0, samples: 5 });
  });

  it('joins one missing sample, leaves out and counts a longer gap', () => {
    expect(integrate(series([1, Number.NaN, 1, 1]), 0, 3).covered_s).toBe(3);
    const holed = Array.from({ length: 101 }, (_, i) => (i > 40 && i < 60 ? Number.NaN : 2));
    expect(integrate(series(holed), 0, 100)).toEqual({ sum: 160, covered_s: 80, gap_s: 20, samples: 82 });
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
    expect(value(kpis, id)).toBeCloseTo(expected, digits);
  });

  it('is the same for a record compressed 100 times', () => {
    const fast = recordOf({ ...hour, to_s: 36, dt_s: 0.1, timeFactor: 100 });
    const short = energyKpis(fast, 0, 36);
    for (const { id, value: long } of kpis) expect(value(short, id)).toBeCloseTo(long ?? Number.NaN, 6);
  });

  it('adds the declared accuracies of both meters', () => {
    const accuracy = {
      'stack.power_W': { reading_pct: 0.3, abs: 0, basis: 'default' },
      'h2.flow_NL_per_min': { reading_pct: 0, abs: 9.313, basis: 'default' },
    } as const;
    const e = of(energyKpis(recordOf({ ...hour, accuracy }), 0, 3600), 'specific-energy');
    expect((100 * (e.u95 ?? 0)) / (e.value ?? 1)).toBeCloseTo(Math.hypot(0.3, 1), 2);
  });

  it('says what is missing instead of inventing a 0', () => {
    const deaf = energyKpis(
      recordOf({ ...hour, roles: { ...hour.roles, 'h2.flow_NL_per_min': () => Number.NaN } }),
      0,
      3600,
    );
    expect(of(deaf, 'h2-measured')).toMatchObject({ value: null });
    expect(of(deaf, 'specific-energy').definition).toContain('No value:');
    expect(of(deaf, 'specific-energy').u95).toBeUndefined();
    expect(value(deaf, 'specific-energy-faraday')).toBeCloseTo(47.863, 2);
  });

  it('does not take the N2 of a purge for hydrogen', () => {
    const halfHour = { ...hour.roles, 'stack.current_A': (t: number) => (t < 1800 ? 1000 : 0.2) };
    const kpis = energyKpis(recordOf({ ...hour, roles: halfHour }), 0, 3600);
    expect(value(kpis, 'h2-measured')).toBeCloseTo(5.02622 / 2, 2);
    expect(value(kpis, 'faradaic-efficiency')).toBeCloseTo(99, 0);
  });

  it('gives no phase figures where no load was carried', () => {
    const idle = recordOf({ ...hour, roles: { ...hour.roles, 'stack.current_A': () => 0.3 } });
    expect(energyKpis(idle, 0, 3600, 'purge')).toEqual([]);
    expect(of(energyKpis(idle, 0, 3600), 'specific-energy').value).toBeNull();
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

describe('load following', () => {
  const phase: RecordedPhase = {
    name: 'wind',
    method: 'load-following',
    start_s: 0,
    end_s: 3600,
    ended_by: 'time',
  };
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
    phases: [phase],
  });
  const kpis = METHODS['load-following'].evaluate(run, phase);

  it.each([
    // 10 kW of 500 kW.
    ['tracking-error', 2, 1],
    ['energy-offered', 220, 0],
    ['energy-used', 150, 0],
    ['energy-curtailed', 70, 0],
    // sqrt((100^2 + 40^2)/2)/500
    ['tracking-error-offered', 15.23, 1],
  ])('%s = %d', (id, expected, digits) => {
    expect(value(kpis, id, 'wind')).toBeCloseTo(expected, digits);
  });

  it('has no figures without a profile', () => {
    const bare = METHODS['load-following'].evaluate({ ...run, asked: () => run.series('none') }, phase);
    expect(of(bare, 'energy-curtailed', 'wind').value).toBeNull();
    expect(of(bare, 'tracking-error', 'wind').value).toBeNull();
  });
});

describe('leak test', () => {
  const phase: RecordedPhase = {
    name: 'leak',
    method: 'leak-test',
    start_s: 0,
    end_s: 1000,
    ended_by: 'time',
  };
  const points: RecordedPoint[] = [{ phase: 'leak', leg: 'single', setpoint: 0, from_s: 50, to_s: 950 }];
  /** 330 L at 33 barg losing 1 NL/min, while it cools by 2 K: pressure from the ideal gas. */
  const kelvin = (t_s: number): number => 300 - (2 * t_s) / 1000;
  const gas_NL = (t_s: number): number => 10_000 - t_s / 60;
  const barg = (t_s: number): number => (gas_NL(t_s) * 1.01325 * kelvin(t_s)) / 273.15 / 330 - 1.01325;
  const roles = {
    'cathode.pressure_barg': barg,
    'anode.pressure_barg': barg,
    'stack.temperature_degC': (t_s: number) => kelvin(t_s) - 273.15,
  };

  it('finds the leak behind a falling temperature', () => {
    const kpis = METHODS['leak-test'].evaluate(
      recordOf({ to_s: 1000, roles, phases: [phase], points }),
      phase,
      {},
    );
    expect(value(kpis, 'leak-rate', 'leak')).toBeCloseTo(1, 6);
    expect(value(kpis, 'leak-decay', 'leak')).toBeCloseTo(0.15, 4);
  });

  it('takes volumes from the parameters and life time from the time factor', () => {
    const run = recordOf({ to_s: 1000, roles, phases: [phase], points, timeFactor: 10 });
    const kpis = METHODS['leak-test'].evaluate(run, phase, { cathodeVolume_L: 500, anodeVolume_L: 160 });
    expect(value(kpis, 'leak-rate', 'leak')).toBeCloseTo(0.2, 6);
  });

  it('gives no rate without the hold', () => {
    const kpis = METHODS['leak-test'].evaluate(recordOf({ to_s: 1000, roles, phases: [phase] }), phase, {});
    expect(of(kpis, 'leak-rate', 'leak').value).toBeNull();
  });
});

/** Two curves 10 h apart: U = 1.45 V + 0.2 ohm.cm2 j, the second 3 mV higher, 19 points up and 18 down. */
function twoCurves(warmer_K = 0, timeFactor = 1) {
  const loads = Array.from({ length: 19 }, (_, i) => 200 + 100 * i);
  const way = [...loads, ...loads.slice(0, -1).reverse()];
  const later_s = 36_000 / timeFactor;
  const phases: RecordedPhase[] = ['a', 'b'].map((name, n) => ({
    name,
    method: 'polarisation-curve',
    start_s: n * later_s,
    end_s: n * later_s + 370,
    ended_by: 'time',
  }));
  const points: RecordedPoint[] = phases.flatMap(phase =>
    way.map((setpoint, i) => ({
      phase: phase.name,
      leg: i < loads.length ? 'up' : 'down',
      setpoint,
      from_s: phase.start_s + 10 * i + 2,
      to_s: phase.start_s + 10 * i + 9,
    })),
  );
  const current = (t: number): number => way[Math.min(way.length - 1, Math.floor((t % later_s) / 10))];
  return recordOf({
    to_s: later_s + 370,
    roles: {
      'stack.current_A': current,
      'stack.voltage_V': t => 135 * (1.45 + 0.2 * (current(t) / 1000) + (t < later_s ? 0 : 0.003)),
      'stack.temperature_degC': t => (t < later_s ? 60 : 60 + warmer_K),
    },
    phases,
    points,
    accuracy: { 'stack.voltage_V': { reading_pct: 0.1, abs: 0.36, basis: 'sourced' } },
    timeFactor,
  });
}

describe('begin to end', () => {
  it('gives ASR, difference and drift of two lines', () => {
    const kpis = evaluateRun(twoCurves(), NOTHING);
    expect(value(kpis, 'asr-begin')).toBeCloseTo(200, 6);
    expect(value(kpis, 'asr-end')).toBeCloseTo(200, 6);
    expect(value(kpis, 'voltage-difference')).toBeCloseTo(3, 6);
    expect(value(kpis, 'voltage-drift')).toBeCloseTo(300, 4);
  });

  it('lets the common offset cancel, keeps the gain of the difference, and says both', () => {
    const difference = of(evaluateRun(twoCurves(), NOTHING), 'voltage-difference');
    // Repeatability: root 2 x a tenth of (0.1 % of 222.75 V + 0.36 V) over 135 cells = 0.61047 mV; gain: 0.003 mV.
    expect(difference.u95).toBeCloseTo(Math.hypot(0.003, 0.610469), 5);
    // 1.65 V: 0.1 % + 0.36 V / 135 = 4.32 mV, times root 2.
    expect(difference.definition).toContain('+-6.1 mV');
    expect(difference.definition).toContain('cancel');
  });

  it('counts a temperature that was not the same', () => {
    const difference = of(evaluateRun(twoCurves(0.4), NOTHING), 'voltage-difference');
    // 0.4 K x 5 mV/K, and the voltmeter's repeatability.
    expect(difference.u95).toBeCloseTo(Math.hypot(2, 0.61), 2);
    expect(difference.definition).toContain('0.40 K warmer');
  });

  it('counts hours of life in a compressed record, and says so', () => {
    const drift = of(evaluateRun(twoCurves(0, 10), NOTHING), 'voltage-drift');
    expect(drift.value).toBeCloseTo(300, 4);
    expect(drift.definition).toContain('time-compressed x10');
  });

  it('has no difference with one curve', () => {
    const both = twoCurves();
    const kpis = evaluateRun({ ...both, phases: both.phases.slice(0, 1) }, NOTHING);
    expect(of(kpis, 'voltage-difference').value).toBeNull();
    expect(of(kpis, 'voltage-difference').definition).toContain('No value: the run has no two');
    expect(of(kpis, 'asr-end').value).toBeNull();
    expect(value(kpis, 'asr-begin')).toBeCloseTo(200, 6);
  });

  it('hands out the curves for the report', () => {
    const curves = curvesOf(twoCurves());
    expect(curves.map(c => [c.name, c.points.length])).toEqual([
      ['begin', 37],
      ['end', 37],
    ]);
    expect(curves[0].points[18]).toMatchObject({ leg: 'up', current_A: 2000 });
    expect(curves[0].points[18].cellVoltage_V).toBeCloseTo(1.85, 9);
    expect(curves[0].points[18].u95_V).toBeCloseTo(0.00185 + 0.36 / 135, 6);
  });
});

describe('largest H2 in O2', () => {
  it.each([
    [0, 0, 'at 0 A no oxygen'],
    [2000, 30, 'cathode pressure'],
    [220, 0, 'low load'],
  ])('at %d A and %d barg says: %s', (load_A, barg, why) => {
    const run = recordOf({
      to_s: 100,
      roles: {
        'o2.h2_vol_pct': t => (t === 70 ? 1.23 : 0.2),
        'stack.current_A': () => load_A,
        'cathode.pressure_barg': () => barg,
      },
    });
    const found = of(evaluateRun(run, NOTHING), 'h2-in-o2-max');
    expect(found.value).toBe(1.23);
    expect(found.definition).toContain('At 70 s, phase all');
    expect(found.definition).toContain(why);
  });
});

describe('the whole run', () => {
  it('never yields NaN, whatever is missing', () => {
    const phases = Object.keys(METHODS).map((method, i) => ({
      name: method,
      method,
      start_s: i * 10,
      end_s: i * 10 + 10,
      ended_by: 'time',
    }));
    const dead = (): number => Number.NaN;
    const empty = recordOf({ to_s: 90, roles: {}, phases });
    const bad = recordOf({ to_s: 90, roles: { 'stack.current_A': dead, 'stack.voltage_V': dead }, phases });
    for (const run of [empty, bad, { ...empty, phases: [] }]) {
      for (const k of evaluateRun(run, NOTHING)) {
        expect(k.value === null || Number.isFinite(k.value), k.id).toBe(true);
        expect(k.u95 === undefined || Number.isFinite(k.u95), k.id).toBe(true);
        expect(k.definition).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });

  it('takes less than 300 ms for 60,000 samples a role', () => {
    const phases = Object.keys(METHODS).map((method, i) => ({
      name: method,
      method,
      start_s: i * 7500,
      end_s: i * 7500 + 7500,
      ended_by: 'time',
    }));
    const wave = (t: number): number => 1000 + 900 * Math.sin(t / 600);
    const asked = Array.from({ length: 28_800 }, (_, i): readonly [number, number] => [
      30_000 + i,
      wave(i) / 4,
    ]);
    const run = recordOf({
      to_s: 60_000,
      phases,
      points: [{ phase: 'leak-test', leg: 'single', setpoint: 0, from_s: 100, to_s: 1000 }],
      roles: Object.fromEntries(
        [
          'stack.current_A',
          'stack.voltage_V',
          'stack.power_W',
          'h2.flow_NL_per_min',
          'o2.h2_vol_pct',
          'h2.o2_vol_pct',
          'stack.temperature_degC',
          'cathode.pressure_barg',
          'anode.pressure_barg',
        ].map(role => [role, wave]),
      ),
      asked: { 'load.available_kW': asked, 'stack.powerAsked_kW': asked },
    });
    evaluateRun(run, NOTHING);
    const start = performance.now();
    evaluateRun(run, NOTHING);
    const took_ms = performance.now() - start;
    console.log(`all figures of 60,000 samples a role: ${took_ms.toFixed(0)} ms`);
    expect(took_ms).toBeLessThan(300);
  });
});
