import { expect, test } from 'vitest';
import { unitSlip } from '../../../drivers/opcua/own-units.ts';
import type { ShownUnit } from '../../../sim/device/opcua/server.ts';
import { nodesWith, plc, reading } from './plc-on-a-cable.ts';

/** A PLC whose nodes say their engineering units: one in another unit than its channel is found before anything is driven. */

const UNECE = 'http://www.opcfoundation.org/UA/units/un/cefact';
const OWN = { unitId: 17, namespaceUri: 'urn:maker:units' };

test('nodes that show the units of their channels are taken, over the wire', async () => {
  const { device } = await plc();
  await device.connect();
  expect(await reading(device, 'n2Pressure_barg')).toMatchObject({ value: 0.25 });
});

test.each<[what: string, channel: string, shown: ShownUnit | null]>([
  ['without the property', 'n2Pressure_barg', null],
  ['with an id of the maker and a text that is right', 'n2Pressure_barg', { code: OWN, text: 'bar(g)' }],
])('a node %s is taken', async (_what, channel, shown) => {
  const { device } = await plc({ units: { [channel]: shown } });
  await device.connect();
  expect(device.state).toBe('ready');
});

test.each<[what: string, channel: string, shown: ShownUnit, message: RegExp]>([
  [
    'a reading in mbar',
    'n2Pressure_barg',
    { code: 'MBR', text: 'mbar' },
    /node s="Bench"\."n2Pressure" is in "mbar" \(MBR, unit id 5063250\), expected barg \(BAR\) for n2Pressure_barg$/,
  ],
  [
    'a set point in pascal',
    'n2PressureSet_barg',
    { code: 'PAL', text: 'Pa' },
    /"n2PressureSet" is in "Pa" \(PAL, .*expected barg/,
  ],
  [
    "an id of the maker's own",
    'n2Pressure_barg',
    { code: OWN, text: 'psi' },
    /is in "psi" \(unit id 17\), expected barg/,
  ],
])('%s is refused, and nothing is driven', async (_what, channel, shown, message) => {
  const { device, set, server } = await plc({ units: { [channel]: shown } });
  const refused = device.connect();
  await expect(refused).rejects.toMatchObject({ code: 'identity' });
  await expect(refused).rejects.toThrow(message);
  expect(device.state).toBe('closed');
  expect(new Set(set.values())).toEqual(new Set([0]));
  expect(server.heartbeat.timeout_s).toBe(0);
});

test('a text that the lab knows is taken where the nodes file says it', async () => {
  const units = { n2Pressure_barg: { code: OWN, text: 'Druck' } };
  const node = `node: 's="Bench"."n2Pressure"',`;
  const { device } = await plc({ units, driverNodes: nodesWith(node, `${node} unit: Druck,`) });
  await device.connect();
  expect(device.state).toBe('ready');
});

/** Ids as in the list of the OPC Foundation: BAR, CEL, FAH, P1, L2, VLT. */
const [BAR, CEL, FAH, P1, L2, VLT] = [4342098, 4408652, 4604232, 20529, 19506, 5655636];
test.each<[channel: string, unitId: number, text: string, namespaceUri: string, taken: boolean]>([
  ['inlet_barg', BAR, 'bar', UNECE, true],
  ['inlet_bara', BAR, 'bar', UNECE, true],
  ['inlet_barg', BAR, 'bar(a)', UNECE, false],
  ['inlet_bara', BAR, 'barg', UNECE, false],
  ['inlet_barg', BAR, 'Bar Überdruck', UNECE, true],
  ['inlet_barg', BAR, '', UNECE, true],
  ['inlet_barg', BAR, '', 'urn:maker:units', false],
  ['inlet_degC', CEL, '°C', UNECE, true],
  ['inlet_degC', FAH, '°F', UNECE, false],
  ['inlet_degC', FAH, '', UNECE, false],
  ['inlet_degC', VLT, '°C', UNECE, false],
  ['h2_vol_pct', P1, '%', UNECE, true],
  ['h2_vol_pct', 13625, 'ppm', UNECE, false],
  ['h2_NL_per_min', L2, 'Nl/min', UNECE, true],
  ['water_L_per_min', L2, 'Nl/min', UNECE, false],
  ['line_MPa', 5066817, 'MPa', UNECE, true],
  ['line_MPa', -1, 'mPa', '', false],
  ['line_MPa', -1, 'MPa', '', true],
  ['line_MPa', -1, '', '', true],
  ['line_MPa', 0, '', '', true],
  ['valve_on', -1, 'open', '', true],
])('%s with unit id %i "%s" of %s: taken %s', (channel, unitId, text, namespaceUri, taken) => {
  const slip = unitSlip(channel, { unitId, text, namespaceUri }, undefined);
  if (taken) expect(slip).toBeUndefined();
  else expect(slip).toMatch(new RegExp(`"${text.replace(/[()]/g, '\\$&')}".*, expected .* for ${channel}$`));
});
