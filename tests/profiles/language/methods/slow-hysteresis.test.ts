import { describe, expect, it } from 'vitest';
import { quasiOcv } from '../../../../profiles/language/methods/cell-pulses/quasi-ocv.ts';
import type { RecordedRun, RecordedSeries } from '../../../../profiles/recorded-run.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { figureOf } from '../../figures.ts';
import { recordOf } from '../../record.ts';

/** A slow discharge and a slow charge, 20 mV apart at the same charge but for their full ends. */

const LONG_S = 20_000;
const REST_S = 1000;
/** 1 A of 5.56 Ah. */
const CURRENT_A = 1;
const HALF_V = 0.01;

/** Open-circuit voltage over the charge that is left, bent at both ends. */
const open_V = (left: number): number => 3 + 1.1 * left - 0.5 * Math.exp(-left / 0.02) + 0.1 * left ** 8;

/** Mean distance over the common charge; `short`: the charge ends so much of it early. */
function hysteresis({ short = 0, thinned_s = 0 }: { short?: number; thinned_s?: number } = {}) {
  const up_s = LONG_S + REST_S;
  const end_s = up_s + (1 - short) * LONG_S;
  const voltage = (t: number): number => {
    if (t <= LONG_S) return open_V(1 - t / LONG_S) - HALF_V;
    if (t < up_s) return open_V(0);
    return open_V(Math.min(t, end_s) / LONG_S - up_s / LONG_S) + (t <= end_s ? HALF_V : 0);
  };
  const current = (t: number): number => {
    if (t <= LONG_S) return -CURRENT_A;
    return t > up_s && t <= end_s ? CURRENT_A : 0;
  };
  const hand = recordOf({
    to_s: end_s + 100,
    roles: { 'cell.voltage_V': voltage, 'cell.current_A': current },
    accuracy: {
      'cell.voltage_V': { reading_pct: 0, abs: 0.001, basis: 'default' },
      'cell.current_A': { reading_pct: 0.01, abs: 0, basis: 'default' },
    },
  });
  const edges = [0, LONG_S, up_s, end_s];
  const isKept = (t: number): boolean =>
    thinned_s === 0 || t % thinned_s === 0 || edges.some(edge => Math.abs(t - edge) <= 2);
  const thin = (series: RecordedSeries): RecordedSeries => {
    if (thinned_s === 0) return series;
    const rows = [...series.t_s.keys()].filter(i => isKept(series.t_s[i]));
    const [t_s, value] = [series.t_s, series.value].map(column => Float64Array.from(rows, i => column[i]));
    return { t_s, value, join_s: 1.5 * thinned_s };
  };
  const step = (id: string, start_s: number, to_s: number) =>
    ({ op: 'cc', id, start_s, end_s: to_s, ended: 'condition', reason: '' }) as const;
  const run = {
    ...hand,
    series: (role: string) => thin(hand.series(role)),
    subject: { ...CELL, kind: 'cell' },
    steps: [step('down', 0, LONG_S), step('up', up_s, end_s)],
  } as never as RecordedRun;
  const part = { method: 'quasi-ocv', name: 'q', start_s: 0, end_s: end_s + 100, isWhole: true };
  return figureOf(quasiOcv.evaluate(run, { ...part, parameters: { smooth_mV: 10 } }), 'hysteresis');
}

describe('the hysteresis of a slow discharge and a slow charge', () => {
  // Ten minutes are 3 % of a step, in which the voltage falls by half a volt at its end.
  it.each([
    ['all rows', {}, 0.1],
    ['a row each minute', { thinned_s: 60 }, 2],
    ['a row each ten minutes', { thinned_s: 600 }, 30],
    ['a charge that ended 1 % early', { short: 0.01 }, 0.1],
    ['that and a row each minute', { short: 0.01, thinned_s: 60 }, 2],
  ])('%s: the truth lies within u95', (_, made, most_mV) => {
    const { value, u95 = Number.NaN } = hysteresis(made);
    expect(Math.abs((value ?? Number.NaN) - 2000 * HALF_V)).toBeLessThanOrEqual(u95);
    expect(u95).toBeLessThan(most_mV);
  });

  it('there is none where the charge ended much too early', () => {
    expect(hysteresis({ short: 0.05 })).toMatchObject({
      value: null,
      definition: expect.stringContaining('ends are not alike'),
    });
  });
});
