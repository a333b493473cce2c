import { expect, it } from 'vitest';
import type { RoleTable } from '../../../../control/contract/role-table.ts';
import { unreadDevices } from '../../../../control/review/lost/unread.ts';
import { recordOf } from '../../../profiles/record.ts';

const measured = (role: string, device: string) =>
  [
    role,
    {
      ...{ role, device, channel: `${device}.x`, first: 0, count: 1, stale_after_s: 2 },
      accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
    },
  ] as const;
const roles: RoleTable = {
  measured: new Map([
    measured('chiller.pressure_barg', 'gauge'),
    measured('stack.current_A', 'supply'),
    measured('stack.voltage_V', 'supply'),
  ]),
  settable: new Map(),
};
const run = recordOf({
  to_s: 28,
  roles: {
    'chiller.pressure_barg': t => (t < 6 ? 1.5 : Number.NaN),
    'stack.current_A': () => 30,
    'stack.voltage_V': t => (t === 9 ? Number.NaN : 4.5),
  },
});

it('an instrument that died is told, by role, with since when; a reading that failed once is not', () => {
  const counts = [
    { id: 'gauge', frames: 29, badFrames: 23 },
    { id: 'supply', frames: 29, badFrames: 2 },
  ];
  expect(unreadDevices(run, roles, counts)).toEqual([
    {
      device: 'gauge',
      roles: ['chiller.pressure_barg'],
      part_frac: expect.closeTo(22 / 28, 3),
      from_s: 6,
      long_s: 22,
    },
  ]);
});

it('an instrument that died right after the start is told as well', () => {
  const early = recordOf({
    to_s: 28,
    roles: { 'chiller.pressure_barg': t => (t < 2 ? 1.5 : Number.NaN) },
  });
  const [{ part_frac, from_s }] = unreadDevices(early, roles, [{ id: 'gauge', frames: 29, badFrames: 27 }]);
  expect([part_frac, from_s]).toEqual([expect.closeTo(26 / 28, 3), 2]);
});
