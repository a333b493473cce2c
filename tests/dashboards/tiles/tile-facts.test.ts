import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveAlarm, RoleValue, TrendLimit } from '../../../control/view.ts';
import {
  isBeyond,
  nearestLimit,
  placeOn,
  type TileFacts,
  tilesOf,
} from '../../../dashboards/page/tiles/tile-facts.ts';

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

  it('a limit that its hysteresis keeps says where its cause is gone, the gravest first; beyond it the limit does', () => {
    const own = [
      limit('cell.voltage_V', 'warn', '>', 3.8, 'warn'),
      limit('cell.voltage_V', 'hold', '>', 3.9, 'hold'),
      limit('cell.voltage_V', 'trip', '<', 2.5, 'trip'),
    ];
    const alarm = (id: string, more: Partial<LiveAlarm> = {}): LiveAlarm => ({
      id,
      reaction: 'warn',
      priority: 'low',
      state: 'unacknowledged',
      since_s: 5,
      gone_s: null,
      text: '',
      acknowledged: false,
      acknowledgedBy: '',
      count: 1,
      peak: 3.95,
      unit: 'V',
      goneAt: { is: 'below', value: 3.7, for_s: 0 },
      isFirstOut: false,
      shelved: null,
      ...more,
    });
    const tileAt = (v: number | null, alarms: readonly LiveAlarm[]): TileFacts => {
      const [made] = tilesOf([value('cell.voltage_V', 'V', v)], ['cell.voltage_V'], own, [], alarms);
      if (made === undefined) throw new Error('no tile');
      return made;
    };
    const both = [alarm('warn'), alarm('hold', { goneAt: { is: 'below', value: 3.85, for_s: 0 } })];
    expect(tileAt(3.75, [alarm('warn')]).held).toEqual({ reaction: 'warn', gone: 'below', value: 3.7 });
    expect(tileAt(3.78, both).held).toEqual({ reaction: 'hold', gone: 'below', value: 3.85 });
    expect(tileAt(3.85, both).held?.reaction).toBe('hold');
    expect(tileAt(3.95, both).held).toBeUndefined();
    expect(tileAt(3.75, [alarm('warn', { gone_s: 9, state: 'returned' })]).held).toBeUndefined();
    expect(tileAt(3.75, [alarm('warn', { goneAt: null })]).held).toBeUndefined();
    const beyond = tileAt(3.85, both);
    expect(beyond.limits.map(one => isBeyond(one, beyond))).toEqual([true, false, false]);
  });

  it('say of what is set whether it is in force', () => {
    const off = { value: 1.67, min: -5, max: 5, is: 'off' } as const;
    const [made] = tilesOf([value('cell.current_A', 'A', 0, { set: off })], ['cell.current_A'], [], []);
    expect(made).toMatchObject({ set: 1.67, setIs: 'off' });
    expect(tile('stack.current_A')).not.toHaveProperty('setIs');
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
