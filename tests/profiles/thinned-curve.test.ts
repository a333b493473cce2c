import { describe, expect, it } from 'vitest';
import type { RecordedSeries, StackRun } from '../../profiles/recorded-run.ts';
import { pointsOfPart } from '../../profiles/stack/curve.ts';
import { polarisationFigures } from '../../profiles/stack/polarisation.ts';
import { recordOf } from './record.ts';

/** A curve up and down of a stack that warms meanwhile, of which a row each minute was kept beside those at each step. */

const DWELL_S = 20;
const LOADS_A = [200, 400, 600, 800, 1000, 800, 600, 400, 200];
const CELLS = 135;
/** So much does the voltage of a cell fall in a dwell, faster on the way up: the stack is cold then. */
const DRIFT_V_PER_S = [2e-4, 5e-5];

function curve(thinned_s: number) {
  const stepAt = (t: number): number => Math.min(LOADS_A.length - 1, Math.floor(t / DWELL_S));
  const cell_V = (t: number): number => {
    const step = stepAt(t);
    const drift = DRIFT_V_PER_S[step < 5 ? 0 : 1];
    return 1.5 + LOADS_A[step] * 5e-4 - drift * (t - step * DWELL_S);
  };
  const to_s = LOADS_A.length * DWELL_S;
  const hand = recordOf({
    to_s,
    roles: {
      'stack.voltage_V': t => CELLS * cell_V(t),
      'stack.current_A': t => LOADS_A[stepAt(t)],
      'stack.temperature_degC': () => 60,
    },
    accuracy: { 'stack.voltage_V': { reading_pct: 0.1, abs: 0, basis: 'default' } },
    points: LOADS_A.map((_, k) => ({
      phase: 'p',
      leg: 'up',
      from_s: (k + 0.5) * DWELL_S,
      to_s: (k + 1) * DWELL_S - 0.5,
    })) as never,
  });
  const isKept = (t: number): boolean =>
    thinned_s === 0 || t % thinned_s === 0 || t % DWELL_S === 0 || t % DWELL_S === DWELL_S - 1;
  const thin = (series: RecordedSeries): RecordedSeries => {
    if (thinned_s === 0) return series;
    const rows = [...series.t_s.keys()].filter(k => isKept(series.t_s[k]));
    const [t_s, value] = [series.t_s, series.value].map(column => Float64Array.from(rows, k => column[k]));
    return { t_s, value, join_s: 1.5 * thinned_s };
  };
  const run: StackRun = { ...hand, series: role => thin(hand.series(role)) };
  const points = pointsOfPart(run, { name: 'p', start_s: 0, end_s: to_s });
  const found = polarisationFigures(run, 'p', points).find(({ id }) => id === 'hysteresis');
  return { value: found?.value ?? Number.NaN, u95: found?.u95 ?? Number.NaN };
}

describe('the hysteresis of a curve', () => {
  it('of which rows were left out holds what all rows say within its u95', () => {
    const [whole, thinned] = [curve(0), curve(60)];
    expect(Math.abs(whole.value)).toBeGreaterThan(1);
    expect(Math.abs(thinned.value - whole.value)).toBeLessThanOrEqual(thinned.u95);
    expect(thinned.u95).toBeLessThan(3);
  });
});
