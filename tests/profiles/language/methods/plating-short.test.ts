import { expect, it } from 'vitest';
import { platingStripping } from '../../../../profiles/language/methods/cell-metal/plating-stripping.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { runWithTruth } from '../../../support/truth-run.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { figureOf } from '../../figures.ts';
import { recordOf } from '../../record.ts';

/** A cell that shorts while metal is plated or stripped: the figures are of the time before, or there are none. */

const BENCH = new URL('../../../../examples/li-li/bench.yaml', import.meta.url).pathname;

it('in the first plating: it is seen, and what it leaves is no overpotential', async () => {
  const call =
    '- { call: plating-stripping, with: { j_mA_per_cm2: 5, plated_mAh_per_cm2: 5, cycles_count: 2 } }';
  const { kpis, steps } = await runWithTruth(BENCH, `method: m\nversion: 2\nsteps:\n${call}\n`);
  expect(steps.flatMap(({ id }) => id ?? [])).toEqual(['first']);
  const found = (id: string) => kpis.find(kpi => kpi.id === id);
  expect(found('short-time')?.value).toBeCloseTo(0.48, 1);
  expect(found('overpotential')).toMatchObject({
    value: null,
    definition: expect.stringContaining('short in the first plating'),
  });
});

const HALF_S = 600;
const AT = 0.1;
/** Halves of 10 minutes at 0.1 V, then one that begins so and is a short of 3 mV from its middle on, when it is left. */
function shortAfter(halves: number, cycles_count: number) {
  const short_s = halves * HALF_S + HALF_S / 2;
  const to_s = short_s + 10;
  const sign = (t: number): number => (Math.floor(t / HALF_S) % 2 === 0 ? -1 : 1);
  const hand = recordOf({
    to_s: to_s + 20,
    roles: {
      'cell.voltage_V': t => sign(t) * (t < short_s ? AT : 0.003),
      'cell.current_A': t => sign(t),
    },
    accuracy: {
      'cell.voltage_V': { reading_pct: 0, abs: 0.001, basis: 'default' },
      'cell.current_A': { reading_pct: 0.1, abs: 0, basis: 'default' },
    },
  });
  const steps = Array.from({ length: halves + 1 }, (_, k) => ({
    op: 'cc',
    id: k === 0 ? 'first' : k % 2 === 1 ? 'strip' : 'plate',
    start_s: k * HALF_S,
    end_s: Math.min((k + 1) * HALF_S, to_s),
    ended: k === halves ? 'condition' : 'time',
    reason: 'as it was',
  }));
  const run = { ...hand, subject: { ...CELL, kind: 'cell' }, steps } as never as RecordedRun;
  const parameters = { cycles_count, stripped_V: 0.5, short_pct: 30 };
  const kpis = platingStripping.evaluate(run, {
    method: 'plating-stripping',
    name: 'p',
    start_s: 0,
    end_s: to_s,
    isWhole: true,
    parameters,
  });
  return (id: string) => figureOf(kpis, id);
}

it('in the first stripping: what it lets through was not stripped', () => {
  const found = shortAfter(1, 5);
  expect(found('efficiency')).toMatchObject({ value: null, definition: expect.stringContaining('short') });
  expect(found('short-time').value).toBeCloseTo((1.5 * HALF_S + 5) / 3600, 4);
});

it('in the last plating: it is none the less one, and the overpotential is of the cycle before', () => {
  const found = shortAfter(4, 2);
  expect(found('short-time').value).toBeCloseTo((4.5 * HALF_S + 5) / 3600, 4);
  expect(found('overpotential').value).toBeCloseTo(1000 * AT, 3);
});
