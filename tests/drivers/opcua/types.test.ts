import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { OpcuaNode, OpcuaType } from '../../../sim/device/opcua/server.ts';
import { deviceOf, fileOf, serverOf } from './typed-plc.ts';

/** A PLC with nodes of every type, without a heartbeat, that takes few nodes in one request. */

const held: Record<string, number> = { cells: 3 };
let status = 'Good';
let stamp_ms = Date.parse('2020-01-01T00:00:00Z');
const set = (name: string, type: OpcuaType, more: Partial<OpcuaNode> = {}): OpcuaNode => ({
  node: `s=${name}`,
  type,
  read: () => held[name] ?? 0,
  write(value) {
    held[name] = value;
    return true;
  },
  ...more,
});
const NODES: readonly OpcuaNode[] = [
  set('sbyte', 'SByte'),
  set('byte', 'Byte'),
  set('i16', 'Int16'),
  set('u16', 'UInt16'),
  set('i32', 'Int32'),
  set('u32', 'UInt32'),
  set('i64', 'Int64'),
  set('u64', 'UInt64'),
  set('real', 'Float'),
  set('lreal', 'Double', { alias: 'LREAL' }),
  set('word', 'UInt16', { alias: 'WORD' }),
  set('mode', 'Int32', { names: ['Off', 'Standby', 'Run'] }),
  set('text', 'String'),
  { node: 's=cells', type: 'Float', count: () => held['cells'], read: k => [0.5, 0.75, Number.NaN, 1][k] },
  { node: 's=counts', type: 'Int64', count: () => 3, read: k => [-5, 2 ** 60, 7][k] },
  { node: 's=forced', type: 'Double', read: () => 21, status: () => status },
  { node: 's=gateway', type: 'Double', read: () => 22, sourceTime_ms: () => stamp_ms },
];

const SETTABLES = [
  'sbyte',
  'byte',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'real',
  'lreal',
  'word',
  'mode',
];
const settable = (name: string): string =>
  `name: ${name}Set_degC, node: "s=${name}", range: [-1e19, 1e19], tolerance: 0`;
const channel = (name: string, node = name, more = ''): string =>
  `name: ${name}, node: "s=${node}", range: [-1e19, 1e19]${more}`;

let server: { readonly port: number; end(): Promise<void> };
const devices: Device[] = [];
async function opened(file: string): Promise<Device> {
  const device = deviceOf(server.port, file);
  devices.push(device);
  await device.connect();
  return device;
}
beforeAll(async () => {
  // Fewer than the poll of all below has nodes, and more than one.
  server = await serverOf(NODES, { maxNodesPerRead: 5 });
}, 60_000);
afterAll(async () => {
  for (const device of devices) await device.close();
  await server.end();
});
const shown = async (device: Device) => {
  const { values, quality, reason } = await device.read();
  return { values: [...values], quality: [...quality], reason };
};

describe('set points of every type', () => {
  let device: Device;
  beforeAll(async () => {
    device = await opened(
      fileOf({
        channels: SETTABLES.map(name => channel(`${name}_degC`, name)),
        settables: SETTABLES.map(settable),
      }),
    );
  });

  test.each([
    ['sbyte', -128],
    ['byte', 255],
    ['i16', -32768],
    ['u16', 65535],
    ['i32', -2147483648],
    ['u32', 4294967295],
    ['i64', -4294967297],
    ['i64', Number.MIN_SAFE_INTEGER],
    ['u64', Number.MAX_SAFE_INTEGER],
    ['real', 1.1],
    ['lreal', 1.1],
    ['word', 40000],
    ['mode', 2],
  ] as const)('%s takes %f, and it is read back', async (name, value) => {
    await device.write(`${name}Set_degC`, value);
    expect(held[name]).toBe(name === 'real' ? Math.fround(value) : value);
    const i = SETTABLES.indexOf(name);
    expect((await device.read()).values[i]).toBe(held[name]);
  });

  test.each([
    ['i16', 40000],
    ['u16', -1],
    ['u16', 70000],
    ['byte', 256],
    ['sbyte', 128],
    ['u32', -1],
    ['i32', 2.5],
    ['i64', 2 ** 53],
    ['u64', -1],
    ['word', 65536],
    ['mode', 1.5],
  ] as const)('%s refuses %f before the wire, and the line is kept', async (name, value) => {
    held[name] = 3;
    const states: string[] = [];
    const stop = device.onState(state => states.push(state));
    await expect(device.write(`${name}Set_degC`, value)).rejects.toMatchObject({ code: 'range' });
    expect(held[name]).toBe(3);
    expect((await device.read()).quality[SETTABLES.indexOf(name)]).toBe(QUALITY.good);
    stop();
    expect(states).toEqual([]);
  });

  test('it says that it has no watchdog, and what its outputs do', async () => {
    expect(device.watchdog).toBe(false);
    expect(device.onLoss).toBe('hold');
    expect(await device.armWatchdog(2)).toBeUndefined();
    expect(device.channels.map(c => c.name)).not.toContain('heartbeatTripped_on');
  });
});

describe('refused at connect', () => {
  test.each([
    [
      'a text',
      'name: aSet_degC, node: "s=text", range: [0, 1], tolerance: 0',
      '[]',
      /s=text: is a text, expected a number/,
    ],
    [
      'an array',
      'name: aSet_degC, node: "s=cells", range: [0, 1], tolerance: 0',
      '[]',
      /s=cells: holds an array/,
    ],
    [
      'a safe value that the node cannot hold',
      'name: aSet_degC, node: "s=i16", range: [0, 50000], tolerance: 0',
      '[{ set: aSet_degC, to: 40000 }]',
      /s=i16 is of type Int16, which cannot hold the safe value 40000/,
    ],
  ])('%s', async (_what, line, safe, message) => {
    const device = deviceOf(
      server.port,
      fileOf({ channels: [channel('a_V', 'real')], settables: [line], safe }),
    );
    const refused = device.connect();
    await expect(refused).rejects.toMatchObject({ code: 'identity' });
    await expect(refused).rejects.toThrow(message);
  });
});

describe('readings', () => {
  test('an array is a channel a member, each with its own quality', async () => {
    held['cells'] = 3;
    const device = await opened(
      fileOf({ channels: [channel('"cell[].voltage_V"', 'cells', ', count: 3'), channel('a_V', 'forced')] }),
    );
    expect(device.channels.map(c => c.name)).toEqual([
      'cell[1].voltage_V',
      'cell[2].voltage_V',
      'cell[3].voltage_V',
      'a_V',
    ]);
    expect(await shown(device)).toEqual({
      values: [0.5, 0.75, Number.NaN, 21],
      quality: [QUALITY.good, QUALITY.good, QUALITY.bad, QUALITY.good],
      reason: 'cell[3].voltage_V: no value',
    });
    held['cells'] = 4;
    expect(await shown(device)).toEqual({
      values: [Number.NaN, Number.NaN, Number.NaN, 21],
      quality: [QUALITY.bad, QUALITY.bad, QUALITY.bad, QUALITY.good],
      reason: 'cell[].voltage_V: the node holds an array of 4, expected 3 (count in the nodes file)',
    });
  });

  test('64-bit numbers are exact, or bad', async () => {
    const device = await opened(fileOf({ channels: [channel('"n[].x_count"', 'counts', ', count: 3')] }));
    expect(await shown(device)).toEqual({
      values: [-5, Number.NaN, 7],
      quality: [QUALITY.good, QUALITY.bad, QUALITY.good],
      reason: 'n[].x_count: the node holds a whole number beyond 2^53, which would be rounded',
    });
  });

  test.each([
    ['GoodLocalOverride', 21, QUALITY.good],
    ['GoodClamped', 21, QUALITY.good],
    ['UncertainSensorNotAccurate', 21, QUALITY.uncertain],
    ['BadCommunicationError', Number.NaN, QUALITY.bad],
  ])('%s', async (name, value, quality) => {
    status = name;
    const device = await opened(fileOf({ channels: [channel('a_V', 'forced')] }));
    expect(await shown(device)).toMatchObject({ values: [value], quality: [quality] });
    status = 'Good';
  });

  test('a text is no number, an array is not one value', async () => {
    const device = await opened(fileOf({ channels: [channel('a_V', 'text'), channel('b_V', 'counts')] }));
    const { quality, reason } = await shown(device);
    expect(quality).toEqual([QUALITY.bad, QUALITY.bad]);
    expect(reason).toBe('a_V: the node holds no number but a text');
  });

  test('a source time stamp that stands still makes the value bad, where the file asks for it', async () => {
    stamp_ms = Date.parse('2020-01-01T00:00:00Z');
    const trusting = await opened(fileOf({ channels: [channel('a_V', 'gateway')] }));
    expect(await shown(trusting)).toMatchObject({ values: [22], quality: [QUALITY.good] });
    const device = await opened(
      fileOf({
        head: 'onLoss: hold\nstaleAfter_s: 0.3',
        channels: [channel('a_V', 'gateway'), channel('b_V', 'gateway2', ', staleAfter_s: 0')].slice(0, 1),
      }),
    );
    expect(await shown(device)).toMatchObject({
      values: [Number.NaN],
      quality: [QUALITY.bad],
      reason: expect.stringMatching(
        /^a_V: its source time stamp has stood still for \d+\.\d s, at most 0\.3 s/,
      ),
    });
    stamp_ms = Date.now();
    expect(await shown(device)).toMatchObject({ values: [22], quality: [QUALITY.good] });
  });
});
