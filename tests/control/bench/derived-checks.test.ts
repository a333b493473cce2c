import { describe, expect, it } from 'vitest';
import { parseBench } from '../../../control/bench/bench-file.ts';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { spec } from '../../support/interlock-bench.ts';
import { MINI_BENCH } from '../../support/mini-bench.ts';

/** What a bench file may derive, and what the kinds of interlock that stand on set points and stillness ask of it. */

describe('bench file', () => {
  const load = (sections: object): string => {
    const descriptions = [
      ['voltage_V', 'current_A', 'power_W', 'cell[1].voltage_V', 'cell[2].voltage_V'],
      ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'],
    ].map((channels, k) => ({
      driver: 'test',
      channels: channels.map(name => ({
        name: name as `x_V`,
        range: [0, 1000] as const,
        accuracy: { reading_pct: 0, abs: 0, basis: 'default' as const },
      })),
      settables: (k === 0 ? ['currentSet_A', 'outputSet_on'] : ['pressureSet_barg', 'ventSet_on']).map(
        name => ({
          name: name as `x_V`,
          range: [0, 1000] as const,
          tolerance: 0,
        }),
      ),
      onLoss: 'off' as const,
      watchdog: k === 0,
      safeList: k === 0 ? [['outputSet_on', 0] as const] : [],
    }));
    const bench = {
      ...structuredClone(MINI_BENCH),
      stack: { ...MINI_BENCH.stack, accepted: 'no pressure trip: this is about derived roles' },
      roles: { ...MINI_BENCH.roles, 'cell.voltage_V[]': 'supply.cell[].voltage_V' },
      limits: { ...MINI_BENCH.limits, 'anode.ventValveSet_on': { min: 0, max: 1 } },
      ...sections,
    };
    try {
      const loaded = parseBench(
        'b.yaml',
        JSON.stringify(bench, null, 1),
        () => descriptions.shift() as never,
      );
      const roles: RoleTable = compileRoles(loaded.bench, loaded.descriptions);
      return [...roles.measured.values()]
        .filter(role => role.device === 'derived')
        .map(role => `${role.role} at ${role.first}, stale after ${role.stale_after_s} s`)
        .join('; ');
    } catch (error) {
      return String(error);
    }
  };
  const limitOn = (role: string, fields: object = {}) =>
    MINI_BENCH.interlocks.concat(spec({ id: 'd', kind: 'threshold', role, trips: '>', limit: 5, ...fields }));

  it('takes derived roles and limits on them', () => {
    const sections = {
      derived: {
        'cell.voltageMax_V': { kind: 'max', of: 'cell.voltage_V[]' },
        'stack.currentRate_A_per_min': { kind: 'rate', of: 'stack.current_A', over_s: 60 },
      },
      interlocks: limitOn('cell.voltageMax_V'),
    };
    expect(load(sections)).toBe(
      'cell.voltageMax_V at 0, stale after 3 s; stack.currentRate_A_per_min at 1, stale after 3 s',
    );
  });

  it.each([
    [
      'unknown source',
      { 'x.y_V': { kind: 'max', of: 'cells.voltage_V[]' } },
      /derived\.x\.y_V\.of: .*no role "cells\.voltage_V\[\]" \(did you mean "cell\.voltage_V\[\]"/,
    ],
    [
      'array wanted',
      { 'x.y_A': { kind: 'max', of: 'stack.current_A' } },
      /stack\.current_A is one value, expected a role of many/,
    ],
    [
      'one value wanted',
      { 'x.y_V_per_min': { kind: 'rate', of: 'cell.voltage_V[]', over_s: 9 } },
      /cell\.voltage_V\[\] is many values, expected a role of one value/,
    ],
    [
      'no charge of a voltage',
      { 'x.y_Ah': { kind: 'charge', of: 'stack.voltage_V' } },
      /stack\.voltage_V is in V: there is no charge of that/,
    ],
    [
      'another unit',
      { 'x.y_Wh': { kind: 'charge', of: 'stack.current_A' } },
      /is in Wh, but the charge of stack\.current_A is in Ah, expected the same unit/,
    ],
    [
      'two units',
      { 'x.y_V': { kind: 'difference', of: 'stack.voltage_V', minus: 'stack.current_A' } },
      /expected the same unit/,
    ],
    [
      'a name that is taken',
      { 'stack.voltage_V': { kind: 'max', of: 'cell.voltage_V[]' } },
      /stands in `roles` already/,
    ],
    [
      'only set',
      { 'x.y_Ah': { kind: 'charge', of: 'stack.currentSet_A' } },
      /stack\.currentSet_A is only set, nothing measures it/,
    ],
    [
      'derived of derived',
      {
        'x.y_V': { kind: 'max', of: 'cell.voltage_V[]' },
        'x.z_V_per_min': { kind: 'rate', of: 'x.y_V', over_s: 9 },
      },
      /x\.y_V/,
    ],
    ['unknown kind', { 'x.y_V': { kind: 'median', of: 'cell.voltage_V[]' } }, /kind/],
  ])('%s is one clear error with its line', (_, section, says) => {
    const message = load({ derived: section });
    expect(message).toMatch(/b\.yaml:\d+: /);
    expect(message).toMatch(says);
  });

  it('a limit on a rate that is not known at the start must wait for it, or be armed by a tag', () => {
    const section = { 'x.rate_A_per_min': { kind: 'rate', of: 'stack.current_A', over_s: 60 } };
    const message = (fields: object): string =>
      load({ derived: section, interlocks: limitOn('x.rate_A_per_min', fields) });
    expect(message({})).toMatch(
      /interlocks\[3\]\.role: x\.rate_A_per_min has its first value after 30 s, expected delay_s/,
    );
    expect(message({ delay_s: 30 })).toMatch(/^x\.rate_A_per_min at 0/);
    expect(message({ armed: 'load' })).toMatch(/^x\.rate_A_per_min at 0/);
  });

  it.each([
    [
      'stuck',
      { kind: 'stuck', role: 'stack.current_A', band: 5000, for_s: 9 },
      /\.band: 5000 is out of the range that supply can show/,
    ],
    [
      'follows a role that is only measured',
      { kind: 'follows', role: 'stack.current_A', set: 'stack.voltage_V', within: 1, delay_s: 1 },
      /\.set: no device can set stack\.voltage_V/,
    ],
    [
      'follows another unit',
      { kind: 'follows', role: 'stack.current_A', set: 'cathode.pressureSet_barg', within: 1, delay_s: 1 },
      /\.set: cathode\.pressureSet_barg and stack\.current_A: expected the same unit/,
    ],
    [
      'follows farther than it shows',
      { kind: 'follows', role: 'stack.current_A', set: 'stack.currentSet_A', within: 2000, delay_s: 1 },
      /\.within: 2000 is out of the range/,
    ],
  ])('%s: one clear error with its line', (_, fields, says) => {
    const message = load({ interlocks: [...MINI_BENCH.interlocks, spec(fields)] });
    expect(message).toMatch(/b\.yaml:\d+: interlocks\[3\]/);
    expect(message).toMatch(says);
  });
});
