import { describe, expect, it } from 'vitest';
import type { TrendLimit } from '../../../control/view.ts';
import { cellsOf } from '../../../dashboards/page/cells/cell-facts.ts';

const cells = (values: readonly (number | null)[]) => ({ role: 'cell.voltage_V[]', unit: 'V', values });
const limit = (id: string, value: number, reaction: TrendLimit['reaction'] = 'trip'): TrendLimit => ({
  id,
  role: 'cell.voltage_V[].max',
  label: id,
  value,
  trips: '>',
  reaction,
});

describe('the bars of the cells', () => {
  it('lowest, highest, mean, spread, and who has no value', () => {
    const facts = cellsOf(cells([1.85, null, 1.9, 1.8]), [], []);
    expect(facts).toMatchObject({
      lowest: { number: 4, value: 1.8 },
      highest: { number: 3, value: 1.9 },
      unread: [2],
    });
    expect(facts?.mean).toBeCloseTo(1.85, 12);
    expect(facts?.spread).toBeCloseTo(0.1, 12);
  });

  it('span 50 mV at the least: noise stays flat', () => {
    const [low = 0, high = 0] = cellsOf(cells([1.8, 1.801]), [], [])?.scale ?? [];
    expect(high - low).toBeCloseTo(0.05, 12);
    expect((low + high) / 2).toBeCloseTo(1.8005, 12);
  });

  it('limits within their scale are drawn, each once, faint where not armed', () => {
    const limits = [limit('trip', 1.91), limit('far', 2.5), limit('off', 1.79, 'warn')];
    expect(cellsOf(cells([1.8, 1.9]), limits, ['off'])?.limits).toEqual([
      { value: 1.91, acts: true, isArmed: true },
      { value: 1.79, acts: false, isArmed: false },
    ]);
  });

  it('none that has a value: nothing is drawn', () => {
    expect(cellsOf(cells([null, null]), [], [])).toBeUndefined();
  });
});
