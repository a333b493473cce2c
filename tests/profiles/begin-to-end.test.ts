import { describe, expect, it } from 'vitest';
import type { RecordedPhase, RecordedPoint } from '../../profiles/recorded-run.ts';
import { evaluateRun } from '../../profiles/run-kpis.ts';
import { curvesOf } from '../../profiles/stack/curve.ts';
import { figureOf, figureValue, NOTHING } from './figures.ts';
import { recordOf } from './record.ts';

/** Two curves 10 h apart: U = 1.45 V + 0.2 ohm.cm2 j, the second 3 mV higher, 19 points up and 18 down. */
function twoCurves(
  warmer_K = 0,
  timeFactor = 1,
  hours = 10,
  end: { more_Ohm_cm2?: number; warming_K_cm2_per_A?: number } = {},
) {
  const { more_Ohm_cm2 = 0, warming_K_cm2_per_A = 0 } = end;
  const loads = Array.from({ length: 19 }, (_, i) => 200 + 100 * i);
  const way = [...loads, ...loads.slice(0, -1).reverse()];
  const later_s = (hours * 3600) / timeFactor;
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
      'stack.voltage_V': t =>
        135 *
        (1.45 + 0.2 * (current(t) / 1000) + (t < later_s ? 0 : 0.003 + more_Ohm_cm2 * (current(t) / 1000))),
      'stack.temperature_degC': t =>
        t < later_s ? 60 : 60 + warmer_K + warming_K_cm2_per_A * (current(t) / 1000),
    },
    phases,
    points,
    accuracy: { 'stack.voltage_V': { reading_pct: 0.1, abs: 0.36, basis: 'sourced' } },
    timeFactor,
  });
}

const REPEATS_mV = ((100 * Math.hypot(0.22275, 0.36)) / 135) * Math.sqrt(1 + Math.exp(-200 / 3600));

describe('begin to end', () => {
  it('gives ASR, difference and drift of two lines', () => {
    const kpis = evaluateRun(twoCurves(), NOTHING);
    expect(figureValue(kpis, 'asr-begin')).toBeCloseTo(200, 6);
    expect(figureValue(kpis, 'asr-end')).toBeCloseTo(200, 6);
    expect(figureValue(kpis, 'voltage-difference')).toBeCloseTo(3, 6);
    expect(figureValue(kpis, 'voltage-drift')).toBeCloseTo(300, 4);
  });

  it('lets the common offset cancel, keeps the gain of the difference, and says both', () => {
    const difference = figureOf(evaluateRun(twoCurves(), NOTHING), 'voltage-difference');
    // Repeatability: a tenth of 0.1 % of 222.75 V and 0.36 V over 135 cells, twice (10 h have next to nothing in common), each
    // time the mean of two legs 200 s apart, which have exp(-200/3600) in common; gain: 0.003 mV.
    expect(difference.u95).toBeCloseTo(Math.hypot(0.003, REPEATS_mV), 4);
    // 1.65 V: 0.1 % and 0.36 V / 135 are 3.14 mV, times root 2.
    expect(difference.definition).toContain('+-4.4 mV');
    expect(difference.definition).toContain('cancel');
  });

  it('counts a temperature that was not the same', () => {
    const difference = figureOf(evaluateRun(twoCurves(0.4), NOTHING), 'voltage-difference');
    // 0.4 K x (5 + 2) mV/K, and the voltmeter's repeatability.
    expect(difference.u95).toBeCloseTo(Math.hypot(2.8, REPEATS_mV), 3);
    expect(difference.definition).toContain('0.40 K warmer');
  });

  it('is not known where the temperature was another one altogether', () => {
    expect(figureValue(evaluateRun(twoCurves(19), NOTHING), 'voltage-difference')).toBeCloseTo(3, 6);
    for (const id of ['voltage-difference', 'voltage-drift'])
      expect(figureOf(evaluateRun(twoCurves(-25), NOTHING), id)).toMatchObject({
        value: null,
        definition: expect.stringContaining('25.0 K colder in the last curve, expected at most 20 K'),
      });
  });

  it('counts a curve whose legs lie apart, the stack being still on its way', () => {
    const rest = twoCurves();
    // 1 mV higher on the way down of the first curve.
    const drifting = {
      ...rest,
      series: (role: string) => {
        const { t_s, value } = rest.series(role);
        if (role !== 'stack.voltage_V') return { t_s, value };
        return { t_s, value: value.map((v, i) => (t_s[i] > 190 && t_s[i] < 370 ? v + 0.135 : v)) };
      },
    };
    const difference = figureOf(evaluateRun(drifting, NOTHING), 'voltage-difference');
    // Half of 1 mV, and no less than what the mean of both legs is off.
    expect(difference.value).toBeCloseTo(2.5, 2);
    expect(difference.u95).toBeCloseTo(Math.hypot(0.5, REPEATS_mV), 2);
  });

  it('counts hours of life in a compressed record, and says so', () => {
    const drift = figureOf(evaluateRun(twoCurves(0, 10), NOTHING), 'voltage-drift');
    expect(drift.value).toBeCloseTo(300, 4);
    expect(drift.definition).toContain('time-compressed x10');
  });

  it('says what was done: the ASR and its range, and how long the run was', () => {
    const kpis = evaluateRun(twoCurves(), NOTHING);
    expect(figureOf(kpis, 'voltage-difference').definition).toContain(
      'brought to equal current with the ASR',
    );
    expect(figureOf(kpis, 'asr-begin').definition).toContain('over 0.500 to 1.50 A/cm2 (22 points)');
    expect(figureOf(kpis, 'voltage-drift').definition).toContain('too short to be a degradation rate');
    const long = figureOf(evaluateRun(twoCurves(0, 1000, 600), NOTHING), 'voltage-drift');
    expect(long.definition).not.toContain('too short');
  });

  it('brings nothing to equal current without an ASR, and says so', () => {
    const few = twoCurves();
    const kpis = evaluateRun({ ...few, points: few.points.filter(p => p.setpoint === 200) }, NOTHING);
    expect(figureOf(kpis, 'asr-begin').value).toBeNull();
    const text = figureOf(kpis, 'voltage-difference').definition;
    expect(text).toContain('not brought to equal current (no ASR');
    expect(text).not.toContain('with the ASR');
  });

  it.each<[what: string, more_Ohm_cm2: number, warming_K_cm2_per_A: number, text: RegExp]>([
    [
      'no more than both uncertainties',
      0,
      0,
      /Last minus first: -?0\.0 .* none beyond both uncertainties\.$/,
    ],
    // 5 mV/K x 4 K per A/cm2 are 20 mOhm.cm2.
    [
      'what a warmer end of one curve makes',
      -0.015,
      4,
      /: -15\.0 .* temperature explains it, not to be read as ageing: .* by 0\.0 K per A\/cm2 in the first and by 4\.0 in the last, which makes -20\.0 .* First at 60\.0 to 60\.0 degC, last at 62\.0 to 66\.0 degC\.$/,
    ],
    ['more than that', -0.05, 4, /: -50\.0 .* more than temperature explains: .* makes -20\.0/],
    ['as a warmer end never makes', 0.015, 4, /: 15\.0 .* more than temperature explains: .* makes -20\.0/],
    ['a slope at one temperature', 0.02, 0, /: 20\.0 .* more than temperature explains: .* makes 0\.0/],
    ['no temperature', 0.02, Number.NaN, /no usable temperature .* not to be read as ageing\.$/],
  ])('says of two ASR that differ by %s what it is', (_what, more_Ohm_cm2, warming_K_cm2_per_A, text) => {
    const kpis = evaluateRun(twoCurves(0, 1, 10, { more_Ohm_cm2, warming_K_cm2_per_A }), NOTHING);
    for (const id of ['asr-begin', 'asr-end']) expect(figureOf(kpis, id).definition).toMatch(text);
    // Nothing is corrected.
    expect(figureValue(kpis, 'asr-end')).toBeCloseTo(200 + 1000 * more_Ohm_cm2, 6);
  });

  it('reads an ASR off a curve that ends at 0.5 A/cm2', () => {
    const short = twoCurves();
    const low = { ...short, points: short.points.filter(p => p.setpoint <= 500) };
    expect(figureValue(evaluateRun(low, NOTHING), 'asr-begin')).toBeCloseTo(200, 6);
  });

  it('has no difference with one curve', () => {
    const both = twoCurves();
    const kpis = evaluateRun({ ...both, phases: both.phases.slice(0, 1) }, NOTHING);
    expect(figureOf(kpis, 'voltage-difference').value).toBeNull();
    expect(figureOf(kpis, 'voltage-difference').definition).toContain('No value: the run has no two');
    expect(figureOf(kpis, 'asr-end').value).toBeNull();
    expect(figureValue(kpis, 'asr-begin')).toBeCloseTo(200, 6);
  });

  it('hands out the curves for the report', () => {
    const curves = curvesOf(twoCurves());
    expect(curves.map(c => [c.name, c.points.length])).toEqual([
      ['begin', 37],
      ['end', 37],
    ]);
    expect(curves[0].points[18]).toMatchObject({ leg: 'up', current_A: 2000 });
    expect(curves[0].points[18].cellVoltage_V).toBeCloseTo(1.85, 9);
    expect(curves[0].points[18].u95_V).toBeCloseTo(Math.hypot(0.00185, 0.36 / 135), 6);
  });
});
