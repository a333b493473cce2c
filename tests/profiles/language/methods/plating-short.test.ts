import { expect, it } from 'vitest';
import { platingStripping } from '../../../../profiles/language/methods/cell-metal/plating-stripping.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { runWithTruth } from '../../../support/truth-run.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { figureOf } from '../../figures.ts';
import { recordOf } from '../../record.ts';
import { Bench, FakeCell } from '../run/fake-cell.ts';

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

/** A cell of 0.1 Ohm that is a short from so long on; one without open circuit voltage. */
class Shorting extends FakeCell {
  short_s = 0;
  override get voltage_V(): number {
    return (this.t_s < this.short_s ? 0.1 : 0.003) * this.current_A;
  }
}

/** Steps that begin, of half cycles of `half_s` of a cell that shorts at `short_s`. */
function halves(half_s: number, short_s: number): number {
  const env = Object.assign(new Shorting(), { short_s });
  const plated = half_s / 36;
  const call = `- { call: plating-stripping, with: { j_mA_per_cm2: 100, plated_mAh_per_cm2: ${plated}, cycles_count: 4 } }`;
  return new Bench(call, { env }).go(10 * half_s).told.lines.filter(line => line.includes('(cc): ')).length;
}

it.each([
  ['the first plating', 36, 20, 1],
  ['the first plating of one just long enough', 12, 5, 1],
  ['a later half cycle', 36, 92, 3],
  ['none of them', 36, 1000, 9],
  ['later half cycles, too short for it to be seen in one', 6, 20, 5],
])('%s of halves of %d s', (_, half_s, short_s, steps) => {
  expect(halves(half_s, short_s)).toBe(steps);
});

interface Made {
  readonly half_s?: number;
  readonly poll_s?: number;
  /** The last half ends by its own time at the moment at which the short is seen. */
  readonly isByTime?: boolean;
  /** So long is the short in the last half cycle, s; 0: there is none. */
  readonly seen_s?: number;
}

const HALF_S = 600;
const AT = 0.1;
/** Halves of 10 minutes at 0.1 V, then one that begins so and is a short of 3 mV from its middle on, when it is left. */
function shortAfter(
  halves: number,
  cycles_count: number,
  { half_s = HALF_S, poll_s = 1, isByTime = false, seen_s = 10 }: Made = {},
) {
  const to_s = seen_s === 0 || isByTime ? (halves + 1) * half_s : halves * half_s + half_s / 2 + seen_s;
  const short_s = to_s - seen_s;
  const sign = (t: number): number => (Math.floor(t / half_s) % 2 === 0 ? -1 : 1);
  const hand = recordOf({
    to_s: to_s + 20,
    dt_s: poll_s,
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
    start_s: k * half_s,
    end_s: Math.min((k + 1) * half_s, to_s),
    ended: k === halves && !isByTime && seen_s > 0 ? 'condition' : 'time',
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

it.each([
  ['as its last half cycle ends by its time', 36, 4, 10],
  ['in its very last seconds', 36, 2, 6],
  ['in halves too short for it: the loop was left all the same', 6, 9, 5],
])('a run that ends %s is one', (_, half_s, cycles_count, seen_s) => {
  const found = shortAfter(4, cycles_count, { half_s, isByTime: true, seen_s });
  expect(found('short-time').value).toBeCloseTo((5 * half_s - 5) / 3600, 6);
});

it.each([
  ['long ones', {}, /no short in all cycles/],
  ['ones of 36 s', { half_s: 36 }, /no short in all cycles/],
  ['ones of 4 s', { half_s: 4 }, /half cycles of 4 s are too short/],
  ['ones of 6 s', { half_s: 6 }, /half cycles of 6 s are too short to see a short in the first/],
  [
    'ones of few readings',
    { half_s: 36, poll_s: 10 },
    /half cycles of 36 s with \d readings are too short to see a short in/,
  ],
])('halves without a short: %s', (_, made, why) => {
  const found = shortAfter(4, 2, { ...made, seen_s: 0 });
  expect(found('short-time').value).toBeNull();
  expect(found('short-time').definition).toMatch(why);
});
