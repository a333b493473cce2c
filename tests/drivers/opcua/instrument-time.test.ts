import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { ClockNote, Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { opcuaLads } from '../../../drivers/opcua/lads.ts';
import { ladsFill } from '../../../drivers/opcua/lads-fill.ts';
import { ladsOptions } from '../../../drivers/opcua/lads-options.ts';
import { noFaults } from '../../../sim/device/faults.ts';
import type { OpcuaServer } from '../../../sim/device/opcua/server.ts';
import { tcpRelay } from '../../../sim/device/tcp-relay.ts';
import { bareRig } from '../ea/bare-rig.ts';
import { deviceOf, fileOf, serverOf } from './typed-plc.ts';

/** The server's sources: so far ahead of the computer's clock, or at a time that stands. */
let ahead_ms = 0;
let stands_ms: number | undefined;
const stamp = (): number => stands_ms ?? Date.now() + ahead_ms;
const clock = realClock();
const faults = noFaults();
let server: OpcuaServer;
let relay: ReturnType<typeof tcpRelay>;
let device: Device | undefined;

beforeAll(async () => {
  server = await serverOf([
    { node: 's=a', type: 'Double', read: () => 21, sourceTime_ms: stamp },
    { node: 's=b', type: 'Double', count: () => 2, read: k => k, sourceTime_ms: stamp },
    { node: 's=c', type: 'Double', read: () => 23 },
  ]);
  relay = tcpRelay({ env: { rig: bareRig(), clock }, faults, target: server.port, port: 0 });
  await relay.start();
}, 60_000);
afterEach(async () => {
  await device?.close();
  Object.assign(faults, noFaults());
  ahead_ms = 0;
  stands_ms = undefined;
});
afterAll(async () => {
  await relay.stop();
  await server.end();
});

const CHANNELS = [
  'name: a_V, node: s=a, range: [0, 100], sourceTime: true',
  "name: 'cell[].voltage_V', count: 2, node: s=b, range: [0, 100], sourceTime: true",
  'name: c_V, node: s=c, range: [0, 100]',
];
const opened = async (head = 'onLoss: hold', channels: readonly string[] = CHANNELS) => {
  device = deviceOf(relay.port, fileOf({ head, channels }));
  await device.connect();
  const notes: ClockNote[] = [];
  device.onClock?.(note => notes.push(note));
  return { device, notes };
};

test('names of time stamps that would be there twice are a slip', () => {
  const twice = [CHANNELS[0], 'name: a_A, node: s=c, range: [0, 100], sourceTime: true'];
  expect(() => deviceOf(1, fileOf({ channels: twice }))).toThrow(
    /channels: .*expected each name once, aInstrumentTime_s of a source time stamp \(sourceTime\) is there twice/,
  );
});

test('of a laboratory device come behind its states', () => {
  const reading = { range: [0, 100], accuracy: { reading_pct: 0, abs: 1, basis: 'default' } };
  const options = ladsOptions.parse({
    endpoint: 'opc.tcp://127.0.0.1:1',
    device: { name: 'Stand', model: 'S', serialNumber: '1' },
    security: 'none',
    sensors: [
      { function: 'Loop/Level', name: 'level_pct', ...reading },
      { function: 'Loop/Inlet', name: 'inlet_degC', sourceTime: true, ...reading },
    ],
  });
  const { channels } = opcuaLads.describe(options, '.');
  expect(channels.map(({ name }) => name)).toEqual([
    'level_pct',
    'inlet_degC',
    'deviceState_count',
    'inletInstrumentTime_s',
  ]);
  expect(channels[3].instrumentTime).toEqual({ clock: 'utc', of: [1] });
  const fill = ladsFill(options.sensors, ['deviceState_count'], () => 0);
  const good = { status: 'Good', severity: 'good' } as const;
  const values = new Float64Array(4);
  const say = (value: number, sourceTime_ms: number) => ({ ...good, value, sourceTime_ms });
  fill.values(
    { readings: [say(50, 1000), say(1, 2000), say(21, 3500), say(1, 4000)] },
    values,
    new Uint8Array(4),
    () => {},
  );
  expect([...values]).toEqual([50, 21, 0, 3.5]);
});

describe('source time stamps', () => {
  test('come beside the values, one for each node that is asked for them', async () => {
    const { device, notes } = await opened();
    expect(device.channels.map(({ name }) => name)).toEqual([
      'a_V',
      'cell[1].voltage_V',
      'cell[2].voltage_V',
      'c_V',
      'aInstrumentTime_s',
      'cell.voltageInstrumentTime_s',
    ]);
    expect(device.channels.slice(4).map(({ instrumentTime }) => instrumentTime?.of)).toEqual([[0], [1, 2]]);
    const { values, quality, reason } = await device.read();
    expect(reason).toBeUndefined();
    expect([...quality]).toEqual(new Array(6).fill(QUALITY.good));
    for (const offset_s of values.slice(4)) {
      expect(offset_s).toBeLessThan(0.01);
      expect(offset_s).toBeGreaterThan(-5);
    }
    expect(notes).toEqual([]);
  });

  test('over a line with a delay tell how long the value was on its way', async () => {
    const { device } = await opened();
    faults.delay_ms = 250;
    const { values } = await device.read();
    expect(values[0]).toBe(21);
    expect(values[4]).toBeLessThan(-0.2);
    expect(values[4]).toBeGreaterThan(-5);
  });

  test('of a clock that is off and then set: told once each, rows stay in the order of arrival', async () => {
    const { device, notes } = await opened();
    ahead_ms = 3_600_000;
    const times_s: number[] = [];
    for (let n = 0; n < 8; n++) {
      // Set back by two hours.
      if (n === 4) ahead_ms = -3_600_000;
      const { t_s, values, quality } = await device.read();
      times_s.push(t_s);
      expect(Math.round(values[4] / 60)).toBe(n < 4 ? 60 : -60);
      expect(quality[0]).toBe(QUALITY.good);
      await clock.sleep(0.005);
    }
    expect(times_s).toEqual([...times_s].sort((a, b) => a - b));
    expect(notes.map(({ what, by_s }) => [what, Math.round(by_s / 60)])).toEqual([
      ['offset', 60],
      ['jump', -120],
    ]);
  });

  test('of a subscription are those of the newest value', async () => {
    device = deviceOf(relay.port, fileOf({ channels: [CHANNELS[0]] }), { read: 'subscribe' });
    await device.connect();
    ahead_ms = 60_000;
    const until_s = clock.now_s() + 10;
    let offset_s = 0;
    // The value stands, its time moves on.
    while (!(offset_s > 50) && clock.now_s() < until_s) {
      await clock.sleep(0.05);
      [, offset_s] = (await device.read()).values;
    }
    expect(offset_s).toBeGreaterThan(50);
    expect(offset_s).toBeLessThan(60.1);
  });

  test('for the whole file, and a source that stands still is told as before', async () => {
    const { device } = await opened('onLoss: hold\nsourceTime: true\nstaleAfter_s: 0.2', [CHANNELS[2]]);
    expect(device.channels.map(({ name }) => name)).toEqual(['c_V', 'cInstrumentTime_s']);
    const still = await opened('onLoss: hold\nstaleAfter_s: 0.2', [CHANNELS[0]]);
    stands_ms = Date.now() - 5000;
    const { values, quality } = await still.device.read();
    expect(quality[0]).toBe(QUALITY.bad);
    expect(values[1]).toBeLessThan(-4.9);
    await device.close();
  });
});
