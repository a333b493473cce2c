import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { genericModbusMap } from '../../../drivers/generic/modbus-map.ts';
import { modbusRack } from '../../../sim/device/modbus-rack.ts';
import { bareRig } from '../ea/bare-rig.ts';
import { type ModbusPeer, tcpPeer } from '../modbus-peer.ts';

/** What an instrument must say of itself before its readings count. */

const folder = mkdtempSync(join(tmpdir(), 'map-health-'));
const clock = realClock();
let device: Device | undefined;
let peer: ModbusPeer | undefined;
afterEach(async () => {
  await device?.close();
  await peer?.close();
});

const ACCURACY =
  'type: uint16, raw: [0, 1], eng: [0, 1], accuracy: { reading_pct: 0, abs: 0, basis: default }';
function mapWith(of = ''): string {
  const path = join(folder, 'map.yaml');
  writeFileSync(
    path,
    `device: rack
unit: 1
reply_ms: 60
gapRegistersMax: 0
identify: { table: holding, address: 0, expect: [0xBEEF] }
healthy: [{ what: its bus runs, table: holding, address: 50, is: [1, 2]${of}, basis: default }]
channels:
  - { name: inlet_degC, table: holding, address: 10, range: [0, 100], ${ACCURACY} }
  - { name: slow_degC, table: holding, address: 20, every_ms: 100000, range: [0, 100], ${ACCURACY} }
`,
  );
  return path;
}

const open = (port: number): Device => {
  const options = genericModbusMap.options.parse({ host: '127.0.0.1', port, map: 'map.yaml' });
  device = genericModbusMap.open('rack', options, { clock, baseDir: folder });
  return device;
};

async function connected(of?: string): Promise<{ on: Device; at: ModbusPeer }> {
  mapWith(of);
  peer = await tcpPeer();
  for (const [address, value] of [
    [0, 0xbeef],
    [10, 21],
    [20, 22],
    [50, 1],
  ] as const)
    peer.holding.set(address, value);
  const on = open(peer.port);
  await on.connect();
  return { on, at: peer };
}

const [GOOD, BAD] = [QUALITY.good, QUALITY.bad];

it('counts while it says so, each of its words; else nothing does, whatever is read less often', async () => {
  const { on, at } = await connected();
  for (const [state, quality] of [
    [1, [GOOD, GOOD]],
    [0, [BAD, BAD]],
    [2, [GOOD, GOOD]],
    [0xffff, [BAD, BAD]],
    [1, [GOOD, GOOD]],
  ] as const) {
    at.holding.set(50, state);
    const frame = await on.read();
    expect([...frame.quality]).toEqual(quality);
    expect(frame.reason).toBe(
      quality[0] === GOOD ? undefined : `its bus runs: holding 50 is ${state}, expected 1 or 2`,
    );
  }
});

it.each([
  ['refuses to say', { exception: 2 }],
  ['does not say', { drop: true }],
  ['says it damaged', { garble: true }],
])('counts for nothing while it %s', async (_, misdeed) => {
  const { on, at } = await connected();
  expect([...(await on.read()).quality]).toEqual([GOOD, GOOD]);
  at.misbehave = ({ address }) => (address === 50 ? misdeed : undefined);
  const frame = await on.read();
  expect([...frame.quality]).toEqual([BAD, BAD]);
  expect(frame.reason).toBeTruthy();
});

it('may be about some channels only', async () => {
  const { on, at } = await connected(', of: [slow_degC]');
  at.holding.set(50, 0);
  expect([...(await on.read()).quality]).toEqual([GOOD, BAD]);
});

it('of a channel that is not there is refused', () => {
  mapWith(', of: [outlet_degC]');
  expect(() => open(1)).toThrow(
    /map\.yaml:6: healthy.*expected the name of a channel, there is no outlet_degC/,
  );
});

it('is well on an emulated rack', async () => {
  const rack = modbusRack({ rig: bareRig(), clock }, { units: [{ mapFile: mapWith(), roles: {} }], port: 0 });
  await rack.start();
  try {
    const on = open(rack.port);
    await on.connect();
    expect((await on.read()).reason).not.toMatch(/its bus runs/);
  } finally {
    await device?.close();
    await rack.end();
  }
});
