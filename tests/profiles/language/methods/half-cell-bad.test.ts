import { describe, expect, it } from 'vitest';
import { halfCellRate } from '../../../../profiles/language/methods/cell-metal/half-cell-rate.ts';
import type { RecordedRun } from '../../../../profiles/recorded-run.ts';
import { unusableIn } from '../../../../profiles/uncertainty/unusable-time.ts';
import { CELL } from '../../../validate/figures/cell-record.ts';
import { recordOf } from '../../record.ts';

/** A lowest potential of a charge of which a part has no usable readings. */

const ROLE = 'cell.negativePotential_V';

/** `bad`: from which second on so many readings are none; `isLeftOut`: they are not in the series at all. */
function marginWith(bad: number, isLeftOut: boolean) {
  const isBad = (t: number): boolean => t >= 400 && t < 400 + bad;
  const hand = recordOf({ to_s: 1000, roles: { [ROLE]: t => (isBad(t) && !isLeftOut ? Number.NaN : 0.05) } });
  const whole = hand.series(ROLE);
  const kept = Array.from(whole.t_s, (_, i) => i).filter(i => !isLeftOut || !isBad(whole.t_s[i]));
  const series = {
    t_s: Float64Array.from(kept, i => whole.t_s[i]),
    value: Float64Array.from(kept, i => whole.value[i]),
  };
  const steps = [{ op: 'cccv', id: 'up', start_s: 0, end_s: 1000, ended: 'condition', reason: '' }];
  const run = { ...hand, subject: { ...CELL, kind: 'cell' }, steps, series: () => series };
  const [figure] = halfCellRate.evaluate(run as never as RecordedRun, {
    method: 'half-cell-rate',
    name: 'h',
    start_s: 0,
    end_s: 1000,
    isWhole: true,
    parameters: { rates_C: [1], least_mV: 10 },
  });
  return figure;
}

describe.each([
  ['as rows without a value', false],
  ['as rows that are not there', true],
])('bad readings %s', (_what, isLeftOut) => {
  it('of more than 5 % of the charge: no figure, and undecided', () => {
    expect(marginWith(300, isLeftOut)).toMatchObject({
      value: null,
      definition: expect.stringMatching(
        /30 % of the time of its charge had no usable cell\.negativePotential_V/,
      ),
      criterion: { outcome: 'undecided' },
    });
  });

  it('of less: the figure says how much was not seen', () => {
    const { value, definition } = marginWith(20, isLeftOut);
    expect(value).toBeCloseTo(50, 6);
    expect(definition).toMatch(/2 % of the time of the charge was not seen/);
  });

  it('of none: not a word', () => {
    const { value, definition } = marginWith(0, isLeftOut);
    expect(value).toBeCloseTo(50, 6);
    expect(definition).not.toMatch(/not seen/);
  });
});

it('a window without a reading is unusable as a whole', () => {
  expect(unusableIn({ t_s: Float64Array.of(5), value: Float64Array.of(Number.NaN) }, 0, 10)).toBe(1);
});
