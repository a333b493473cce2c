import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoleValue, TrendLimit } from '../../../control/view.ts';
import { nearestLimit, placeOn, type TileFacts, tilesOf } from '../../../dashboards/page/tiles/tile-facts.ts';

const value = (role: string, unit: string, v: number | null, more: Partial<RoleValue> = {}): RoleValue => ({
  role,
  unit,
  value: v,
  quality: 'good',
  channel: `rack.${role}`,
  ...more,
});
const limit = (role: string, id: string, trips: '>' | '<', at: number, reaction: TrendLimit['reaction']) => ({
  id,
  role,
  label: `${reaction} ${at}`,
  value: at,
  trips,
  reaction,
});

const ROLES = [
  value('stack.current_A', 'A', 1200, { set: { value: 1210, min: 0, max: 2000 } }),
  value('stack.power_W', 'W', 300_000),
  ...(['min', 'mean', 'max'] as const).map((figure, i) =>
    value(`cell.voltage_V[].${figure}`, 'V', [1.8, 1.85, 1.9][i]),
  ),
  value('oven.state_count', 'count', 3, { word: 'heating' }),
  value('room.h2_vol_pct', 'vol_pct', null, { quality: 'bad' }),
];
const TRENDS = [
  'stack.current_A',
  'stack.power_W',
  'cell.voltage_V[].min',
  'cell.voltage_V[].mean',
  'cell.voltage_V[].max',
  'oven.state_count',
  'room.h2_vol_pct',
];
const LIMITS = [
  limit('stack.current_A', 'current-high', '>', 2150, 'trip'),
  limit('cell.voltage_V[].max', 'cell-high', '>', 2.4, 'trip'),
  limit('cell.voltage_V[].min', 'cell-low', '<', 1.4, 'warn'),
  limit('room.h2_vol_pct', 'room', '>', 1, 'trip'),
];
const tiles = tilesOf(ROLES, TRENDS, LIMITS, ['cell-low']);
const tile = (role: string): TileFacts => {
  const found = tiles.find(one => one.role === role);
  if (found === undefined) throw new Error(`no tile of ${role}`);
  return found;
};

describe('the tiles of a bench', () => {
  it('are its trends, each array once, no states', () => {
    expect(tiles.map(({ role }) => role)).toEqual([
      'stack.current_A',
      'stack.power_W',
      'cell.voltage_V',
      'room.h2_vol_pct',
    ]);
  });

  it('say what is set, and stand on a scale of limits and set range', () => {
    const { set, scale, value: shown } = tile('stack.current_A');
    expect([shown, set]).toEqual([1200, 1210]);
    expect(scale).toEqual([0, 2150 * 1.08]);
    expect('set' in tile('room.h2_vol_pct')).toBe(false);
  });

  it('are in the unit of the page; without a limit there is nothing to measure by', () => {
    const { value: power, unit, scale, limits } = tile('stack.power_W');
    expect([power, unit, scale, limits]).toEqual([300, 'kW', undefined, []]);
  });

  it('of an array: mean, spread, and the armed limit that one of its members is nearest to', () => {
    const cells = tile('cell.voltage_V');
    expect([cells.value, cells.spread]).toEqual([1.85, { min: 1.8, max: 1.9 }]);
    expect(cells.limits.map(({ id, isArmed }) => [id, isArmed])).toEqual([
      ['cell-high', true],
      ['cell-low', false],
    ]);
    expect(nearestLimit(cells)?.id).toBe('cell-high');
    const armed = tilesOf(ROLES, TRENDS, LIMITS, []).find(({ role }) => role === 'cell.voltage_V');
    expect(armed === undefined ? undefined : nearestLimit(armed)?.id).toBe('cell-low');
  });

  it('beyond several limits the gravest counts, whichever was passed last', () => {
    const limits = [
      limit('o2.h2_vol_pct', 'warn', '>', 1, 'warn'),
      limit('o2.h2_vol_pct', 'trip', '>', 2, 'trip'),
      limit('o2.h2_vol_pct', 'hold', '>', 1.5, 'hold'),
    ];
    const at = (v: number): string | undefined => {
      const [made] = tilesOf([value('o2.h2_vol_pct', 'vol_pct', v)], ['o2.h2_vol_pct'], limits, []);
      return made === undefined ? undefined : nearestLimit(made)?.id;
    };
    expect([0.2, 1.2, 1.7, 2.76].map(at)).toEqual(['warn', 'warn', 'hold', 'trip']);
  });

  it('what is bad has no value and is near nothing', () => {
    const dead = tile('room.h2_vol_pct');
    expect(dead.value).toBeNull();
    expect(nearestLimit(dead)).toBeUndefined();
  });

  it('nine at most', () => {
    const many = Array.from({ length: 20 }, (_, i) => value(`a${i}.pressure_barg`, 'barg', i));
    expect(
      tilesOf(
        many,
        many.map(({ role }) => role),
        [],
        [],
      ),
    ).toHaveLength(9);
  });

  it('property: limits lie on the bar in their order, a value beyond it at its end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        (at, v) => {
          const own = at.map((one, i) => limit('x.pressure_barg', `l${i}`, '>', one, 'trip'));
          const [made] = tilesOf([value('x.pressure_barg', 'barg', v)], ['x.pressure_barg'], own, []);
          const { scale } = made;
          if (scale === undefined) return;
          const places = [...at].sort((a, b) => a - b).map(one => placeOn(scale, one));
          for (const [i, place] of places.entries()) {
            expect(place).toBeGreaterThanOrEqual(0);
            expect(place).toBeLessThanOrEqual(1);
            if (i > 0) expect(place).toBeGreaterThanOrEqual(places[i - 1]);
          }
          expect(placeOn(scale, v)).toBeGreaterThanOrEqual(0);
          expect(placeOn(scale, v)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
