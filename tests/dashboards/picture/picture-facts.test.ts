import { describe, expect, it } from 'vitest';
import type { Picture, RoleValue } from '../../../control/view.ts';
import { cornersOf, drawnOf } from '../../../dashboards/page/picture/picture-facts.ts';

const GOOD = { quality: 'good', channel: 'plc.x' } as const;
const valve = (value: number | null, set?: number | null): RoleValue => ({
  ...GOOD,
  role: 'h2.outletValve_on',
  unit: 'on',
  value,
  ...(set === undefined ? {} : { set: { value: set, min: 0, max: 1 } }),
  ...(value === null ? { quality: 'stale' } : {}),
});
const picture = (symbol: Picture['nodes'][number]['symbol'], roles: string[]): Picture => ({
  columns: 12,
  rows: 6,
  nodes: [{ id: 'one', symbol, at: [1, 1], roles, travel_s: 5 }],
  lines: [],
  unplaced: [],
});
const OUTLET = picture('valve', ['h2.outletValve_on']);

describe('a symbol', () => {
  it.each([
    [valve(1), 'on'],
    [valve(0), 'off'],
    [valve(1, 1), 'on'],
    [valve(1, null), 'on'],
    [valve(null, 1), 'unread'],
  ])('that reads %o is %s', (value, state) => {
    expect(drawnOf(OUTLET, [value], 0, new Map())[0].state).toBe(state);
  });

  it('moves for as long as it may, then it has not followed; and follows again', () => {
    const since = new Map<string, number>();
    const at = (t_s: number, value: number, set: number) =>
      drawnOf(OUTLET, [valve(value, set)], t_s, since)[0].state;
    expect([at(100, 0, 1), at(105, 0, 1), at(105.5, 0, 1), at(106, 1, 1), at(107, 0, 1)]).toEqual([
      'moving',
      'moving',
      'differs',
      'on',
      'moving',
    ]);
    // A run that begins anew has its own time.
    expect([at(0, 0, 1), at(6, 0, 1)]).toEqual(['moving', 'differs']);
  });

  it('without a state is unread when none of its values may be used', () => {
    const pt = picture('pressure', ['p']);
    const p = (quality: RoleValue['quality'], value: number | null) =>
      drawnOf(pt, [{ role: 'p', unit: 'barg', channel: 'x', quality, value }], 0, new Map())[0].state;
    expect([p('good', 1), p('bad', 1), p('stale', null), p('good', null)]).toEqual([
      'none',
      'unread',
      'unread',
      'none',
    ]);
  });

  it('of a vessel shows how full it is', () => {
    const level = { ...GOOD, role: 'water.level_pct', unit: 'pct', value: 48 };
    expect(drawnOf(picture('separator', ['water.level_pct']), [level], 0, new Map())[0].level).toBe(0.48);
    expect(drawnOf(picture('analyser', ['water.level_pct']), [level], 0, new Map())[0].level).toBeNull();
  });
});

describe('a pipe', () => {
  it('goes along its row, then up or down before the other field', () => {
    const field = { width: 100, height: 50 };
    expect(cornersOf([1, 1], [3, 1], field)).toEqual([
      [50, 25],
      [250, 25],
    ]);
    expect(cornersOf([1, 1], [3, 2], field)).toEqual([
      [50, 25],
      [200, 25],
      [200, 75],
      [250, 75],
    ]);
    expect(cornersOf([3, 2], [3, 1], field)).toHaveLength(2);
  });
});
