import { describe, expect, it } from 'vitest';
import { EVALUATIONS } from '../../profiles/language/methods/index.ts';
import type { RecordedPart } from '../../profiles/recorded-run.ts';
import { evaluateRun, RETURNED } from '../../profiles/run-kpis.ts';
import { figureOf, NOTHING } from './figures.ts';
import { recordOf } from './record.ts';

describe('largest H2 in O2', () => {
  it.each([
    [0, 0, 'at 0 A no oxygen'],
    [2000, 30, 'cathode pressure'],
    [220, 0, 'low load'],
  ])('at %d A and %d barg says: %s', (load_A, barg, why) => {
    const run = recordOf({
      to_s: 100,
      roles: {
        'o2.h2_vol_pct': t => (Math.abs(t - 70) <= 5 ? 1.23 : t === 20 ? 9 : 0.2),
        'stack.current_A': () => load_A,
        'cathode.pressure_barg': () => barg,
      },
    });
    const found = figureOf(evaluateRun(run, NOTHING), 'h2-in-o2-max');
    // A reading that stands alone is noise: ten seconds count.
    expect(found.value).toBeCloseTo(1.23, 9);
    expect(found.definition).toContain('At 70 s, phase all');
    expect(found.definition).toContain(why);
  });
});

describe('specific energy', () => {
  const accuracy = { 'h2.flow_NL_per_min': { reading_pct: 0.5, abs: 10, basis: 'default' } } as const;
  const found = (flow_NL_per_min: number) => {
    const roles = {
      'stack.current_A': () => 1000,
      'stack.power_W': () => 250_000,
      'h2.flow_NL_per_min': () => flow_NL_per_min,
    };
    return figureOf(evaluateRun(recordOf({ to_s: 3600, roles, accuracy }), NOTHING), 'specific-energy');
  };

  it('is energy over measured hydrogen, with its uncertainty', () => {
    // 250 kWh over 900 NL/min * 60 min * 0.08989 g/NL.
    expect(found(900).value).toBeCloseTo(51.5, 0);
    expect(found(900).u95).toBeCloseTo(51.5 * Math.hypot(0.005, 10 / 900), 1);
  });

  it.each([0, 0.1, 9.9])('is no figure where %d NL/min came out and the meter is good to 10', flow => {
    expect(found(flow)).toMatchObject({ value: null, unit: 'kWh/kg' });
    expect(found(flow).u95).toBeUndefined();
    expect(found(flow).definition).toContain('uncertainty is not smaller than the figure');
  });

  it('is a figure again once the hydrogen is larger than its uncertainty', () => {
    expect(found(11).value).not.toBeNull();
  });
});

/** Whatever a method is called with, it is 1. */
const ONES: Readonly<Record<string, number>> = new Proxy({}, { get: () => 1 });

/** A part of each built-in method with figures, one after the other over the whole time, called with 1 throughout. */
function everyPart(to_s: number): RecordedPart[] {
  const all = Object.keys(EVALUATIONS);
  return all.map((method, i) => ({
    method,
    name: method,
    start_s: (i * to_s) / all.length,
    end_s: ((i + 1) * to_s) / all.length,
    isWhole: true,
    parameters: ONES,
  }));
}

describe('the whole run', () => {
  it('never yields NaN, whatever is missing', () => {
    const dead = (): number => Number.NaN;
    const parts = everyPart(10 * Object.keys(EVALUATIONS).length);
    const to_s = parts.at(-1)?.end_s ?? 0;
    const empty = { ...recordOf({ to_s, roles: {} }), parts };
    const roles = { 'stack.current_A': dead, 'stack.voltage_V': dead };
    const bad = { ...recordOf({ to_s, roles }), parts };
    for (const run of [empty, bad, { ...empty, phases: [] }]) {
      for (const k of evaluateRun(run, NOTHING)) {
        expect(k.value === null || Number.isFinite(k.value), k.id).toBe(true);
        expect(k.u95 === undefined || Number.isFinite(k.u95), k.id).toBe(true);
        expect(k.definition).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });

  /** Time of all figures of a run of so many seconds, the best of three. */
  function best_ms(to_s: number): number {
    const wave = (t: number): number => 1000 + 900 * Math.sin(t / 600);
    const asked = Array.from({ length: to_s / 2 }, (_, i): readonly [number, number] => [
      to_s / 2 + i,
      wave(i) / 4,
    ]);
    const hand = recordOf({
      to_s,
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
    const run = { ...hand, parts: everyPart(to_s) };
    const times = [0, 1, 2].map(() => {
      const start = performance.now();
      evaluateRun(run, NOTHING);
      return performance.now() - start;
    });
    return Math.min(...times);
  }

  it('costs as much more as there are more samples: eight times for eight times as many', () => {
    best_ms(7_500);
    // What else the machine does counts for one of them only; anything that looks back over the run for each sample would be
    // 64 each time.
    const ratios = Array.from({ length: 5 }, () => {
      const short_ms = best_ms(7_500);
      return best_ms(60_000) / short_ms;
    });
    expect(Math.min(...ratios)).toBeLessThan(24);
  });
});

describe('a record whose rows were thinned by a rule', () => {
  /** A load that goes on and off at odd times, and one that wanders; 250 V. */
  const load_A = (t_s: number): number =>
    Math.sin(t_s / 97) > 0.2 ? 1000 + 600 * Math.sin(t_s / 1300) + 200 * Math.sin(t_s / 31) : 0;
  const whole = recordOf({
    to_s: 20 * 3600,
    roles: {
      'stack.current_A': load_A,
      'stack.power_W': t => 250 * load_A(t),
      'h2.flow_NL_per_min': t => 0.9 * load_A(t),
      'o2.h2_vol_pct': () => 0.2,
    },
  });
  const thinned = (every_s: number, isBounded: boolean) => ({
    ...whole,
    series: (role: string) => {
      const { t_s, value } = whole.series(role);
      const isKept = (_: number, i: number): boolean => i % every_s === 0;
      return { t_s: t_s.filter(isKept), value: value.filter(isKept), join_s: 2 * every_s, isBounded };
    },
  });
  const truth = evaluateRun(whole, NOTHING);

  it.each([60, 300, 1800, 3600])('holds the truth in rows %i s apart, and gives no starts', every_s => {
    const found = evaluateRun(thinned(every_s, false), NOTHING);
    for (const id of ['energy', 'h2-faraday', 'h2-measured', 'faradaic-efficiency']) {
      const { value, u95 } = figureOf(found, id);
      expect(Math.abs((value ?? Number.NaN) - (figureOf(truth, id).value ?? Number.NaN))).toBeLessThan(
        u95 ?? 0,
      );
    }
    expect(figureOf(found, 'starts')).toMatchObject({ value: null });
    expect(figureOf(found, 'starts').definition).toContain(
      `rows were kept up to ${every_s} s apart, a start between two of them is not seen`,
    );
    expect(figureOf(found, 'h2-in-o2-max').definition).toContain(`Of rows kept up to ${every_s} s apart`);
    expect(figureOf(found, 'h2-in-o2-max').u95).toBeUndefined();
    expect(figureOf(found, 'h2-in-o2-max').definition).toContain('it may have been more');
  });

  it('counts starts where a row was kept whenever the load had moved', () => {
    expect(figureOf(evaluateRun(thinned(60, true), NOTHING), 'starts').value).toBeGreaterThan(50);
    expect(figureOf(truth, 'starts').value).toBeGreaterThan(100);
  });
});

it('what a method returns says what it is made of, and that it has no uncertainty', () => {
  const expression = { tree: { op: 'value', value: 1 }, slots: [], text: 'now.u_V - begin.u_V' } as const;
  const procedure = { ...NOTHING, program: { returns: { rise_mV: expression } } as never };
  const run = { ...recordOf({ to_s: 10, roles: {} }), returned: { rise_mV: 0.08 } };
  const found = figureOf(evaluateRun(run, procedure), 'rise', RETURNED);
  expect(found.value).toBe(0.08);
  expect(found.u95).toBeUndefined();
  expect(found.definition).toContain('says: now.u_V - begin.u_V. No uncertainty: made of what was read');
});

it('two returned figures that share a name but for the unit are told apart by it', () => {
  const returned = { ch_Wh: 18, ch_Ah: 5, dis_Ah: 4.9 };
  const found = evaluateRun({ ...recordOf({ to_s: 10, roles: {} }), returned }, NOTHING);
  expect(found.filter(({ phase }) => phase === RETURNED).map(({ id, unit }) => [id, unit])).toEqual([
    ['ch_Wh', 'Wh'],
    ['ch_Ah', 'Ah'],
    ['dis', 'Ah'],
  ]);
});
