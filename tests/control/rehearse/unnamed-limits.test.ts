import { expect, it } from 'vitest';
import type { SettableRole } from '../../../control/contract/role-table.ts';
import { unnamedLimits } from '../../../control/rehearse/unnamed-limits.ts';
import type { DeviceDescription } from '../../../drivers/contract/device.ts';

/** What nobody sets of a supply is told before the night: the real one may hold 0 there. */

const SUPPLY = ['currentSet_A', 'voltageSet_V', 'powerSet_W', 'outputSet_on'];

it.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['all three are named', SUPPLY, SUPPLY, []],
  ['the power is not', SUPPLY, ['currentSet_A', 'voltageSet_V', 'outputSet_on'], ['supply.powerSet_W']],
  [
    'the current alone is',
    SUPPLY,
    ['currentSet_A', 'outputSet_on'],
    ['supply.voltageSet_V', 'supply.powerSet_W'],
  ],
  ['it has no power to set', ['currentSet_A', 'voltageSet_V'], ['currentSet_A', 'voltageSet_V'], []],
  ['it is not driven by its current', SUPPLY, ['voltageSet_V', 'outputSet_on'], []],
  ['it is a cycler', [...SUPPLY, 'modeSet_count'], ['currentSet_A', 'voltageSet_V', 'modeSet_count'], []],
  [
    'it is driven as a load',
    ['sinkCurrentSet_A', 'sinkPowerSet_W', 'voltageSet_V'],
    ['sinkCurrentSet_A'],
    ['supply.sinkPowerSet_W'],
  ],
  [
    'it is one output of several',
    ['out[2].currentSet_A', 'out[2].powerSet_W', 'out[1].powerSet_W'],
    ['out[2].currentSet_A'],
    ['supply.out[2].powerSet_W'],
  ],
])('where %s', (_, settables, named, told) => {
  const description = { settables: settables.map(name => ({ name })) } as unknown as DeviceDescription;
  const roles = named.map(key => [`stack.${key}`, { device: 'supply', key } as SettableRole] as const);
  const texts = unnamedLimits(new Map([['supply', description]]), { settable: new Map(roles) });
  expect(texts.map(text => /No role names (\S+),/.exec(text)?.[1])).toEqual(told);
});
