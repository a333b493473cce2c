import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { genericModbusMap } from '../../../drivers/generic/modbus-map.ts';
import { type BenchMap, benchMap, channelsOf } from '../../../drivers/generic/modbus-map-bench.ts';
import { readModbusMap } from '../../../drivers/generic/modbus-map-file.ts';
import { readSpecs, readsOf } from '../../../drivers/generic/modbus-map-reads.ts';
import { type ModbusPeer, rtuPeer, tcpPeer } from '../modbus-peer.ts';
import { ptyPair } from '../pty-pair.ts';
import { fillRack, mapFolder, RACK_MAP } from './rack-peer.ts';

const clock = realClock();
const mapAt = (path: string, baseDir: string): BenchMap => benchMap(readModbusMap(path, baseDir), {}, path);
let peer: ModbusPeer | undefined;
let device: Device | undefined;

afterEach(async () => {
  await device?.close();
  await peer?.close();
});

describe('register map file', () => {
  it('the example rack of the repository: 139 channels in 3 reads', () => {
    const map = mapAt('cell-rack.yaml', join(import.meta.dirname, '../../../examples/pem-500kw'));
    const channels = channelsOf(map);
    expect(channels).toHaveLength(139);
    expect(channels[4].name).toBe('cell[1].voltage_V');
    expect(channels[138].name).toBe('cell[135].voltage_V');
    expect(readsOf(map).map(r => [r.table, r.address, r.count])).toEqual([
      ['input', 10, 4],
      ['input', 100, 125],
      ['input', 225, 10],
    ]);
  });

  it('merges over small gaps, never over 125 registers, never two tables', () => {
    const map = mapAt('map.yaml', mapFolder());
    expect(readsOf(map).map(r => [r.table, r.address, r.count])).toEqual([
      ['holding', 900, 2],
      ['input', 10, 6],
      ['input', 100, 125],
      ['input', 225, 5],
    ]);
  });

  it('says what is read along where the device may refuse it', () => {
    const map = mapAt('map.yaml', mapFolder());
    const hints = readSpecs(map).map(({ ask }) => 'refusedHint' in ask && ask.refusedHint);
    expect(hints).toContainEqual(expect.stringMatching(/gapRegistersMax: 0 \(default 8\)/));
    const none = readSpecs({ ...map, gapRegistersMax: 0 });
    expect(none.map(({ ask }) => 'refusedHint' in ask)).not.toContain(true);
  });

  it.each([
    ['an unknown key', 'unit: 1', 'unit: 1\nspeed: 3', 'map.yaml:3', 'unknown key "speed"'],
    ['a name without unit', 'inletTemperature_degC', 'inletTemperature', 'map.yaml:7', 'ends in its unit'],
    ['a wrong type', 'type: float32', 'type: double', 'map.yaml:9', 'float32'],
    [
      'a count without []',
      "'cell[].voltage_V'",
      "'cell.voltage_V'",
      'map.yaml:8',
      '"count" together with "[]"',
    ],
    ['a range upside down', 'range: [0, 500]', 'range: [500, 0]', 'map.yaml:9', 'low < high'],
    [
      'a channel twice',
      'inletTemperature_degC',
      'outletTemperature_degC',
      'map.yaml',
      'every channel name once',
    ],
    ['text for a number', 'reply_ms: 60', 'reply_ms: soon', 'map.yaml:3', 'reply_ms'],
    ['no YAML', 'unit: 1', 'unit: [1', 'map.yaml:2', '[ opens here and is not closed'],
  ])('names file, line and what was expected: %s', (_, from, to, where, text) => {
    const broken = mapFolder(RACK_MAP.replace(from, to));
    try {
      genericModbusMap.describe({ host: 'h', port: 502, map: 'map.yaml' }, broken);
      expect.unreachable('the broken map was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(DeviceError);
      const { code, message } = error as DeviceError;
      expect(code).toBe('config');
      expect(message).toContain(where);
      expect(message).toContain(text);
      expect(message.split('\n')).toHaveLength(1);
    }
  });

  it('a missing file is one message too', () => {
    expect(() => readModbusMap('none.yaml', '/nowhere')).toThrow(
      /\/nowhere\/none.yaml: cannot be opened: no such file/,
    );
  });
});

describe('options', () => {
  it('takes a serial line or TCP, nothing mixed', () => {
    const accepts = (options: unknown): boolean => genericModbusMap.options.safeParse(options).success;
    expect(accepts({ path: '/dev/x', baud: 9600, map: 'm' })).toBe(true);
    expect(accepts({ host: 'h', map: 'm' })).toBe(true);
    expect(accepts({ host: 'h', baud: 9600, map: 'm' })).toBe(false);
    expect(accepts({ path: '/dev/x', map: 'm' })).toBe(false);
  });
});

describe('a rack on the wire', () => {
  it('scales, marks faults and over-range as bad, says which', async () => {
    peer = await tcpPeer();
    fillRack(peer);
    const options = { host: '127.0.0.1', port: peer.port, map: 'map.yaml' };
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder() });
    await device.connect();
    const good = await device.read();
    expect([...good.values.slice(0, 4)].map(v => Number(v.toFixed(6)))).toEqual([60, 55, 1.501, 1.502]);
    expect(good.values[132]).toBe(200);
    expect(good.reason).toBeUndefined();
    expect(Math.max(...good.quality)).toBe(QUALITY.good);

    peer.input.set(10, 32767);
    peer.input.set(101, 32500);
    const bad = await device.read();
    expect([...bad.quality.slice(0, 4)]).toEqual([QUALITY.bad, QUALITY.good, QUALITY.good, QUALITY.bad]);
    expect(bad.values[0]).toBeNaN();
    expect(bad.values[3]).toBeNaN();
    expect(bad.reason).toBe('outletTemperature_degC: no value');
  });

  it('a read that fails spoils its own channels only', async () => {
    peer = await tcpPeer();
    fillRack(peer);
    const options = { host: '127.0.0.1', port: peer.port, map: 'map.yaml' };
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder() });
    await device.connect();
    peer.misbehave = ({ address }) => (address === 10 ? { exception: 2 } : undefined);
    const frame = await device.read();
    expect([...frame.quality.slice(0, 3)]).toEqual([QUALITY.bad, QUALITY.bad, QUALITY.good]);
    expect(frame.quality[132]).toBe(QUALITY.good);
    expect(frame.reason).toContain('input 10..15');
  });

  it('RTU over a pty: reads, survives a pulled adapter, comes back by itself', async () => {
    const pair = await ptyPair();
    peer = await rtuPeer(pair.b);
    fillRack(peer);
    const options = { path: pair.a, baud: 115200, parity: 'none' as const, map: 'map.yaml' };
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder() });
    await device.connect();
    const states: string[] = [];
    device.onState((state, reason) => states.push(`${state}: ${reason}`));
    expect((await device.read()).values[2]).toBeCloseTo(1.501, 6);

    await pair.unplug();
    const pulled_s = clock.now_s();
    let frame = await device.read();
    while (device.state !== 'lost' && clock.now_s() < pulled_s + 3) frame = await device.read();
    // Silence, a reset or EIO, whatever the system reports: lost in well under a second, and said so.
    expect(device.state).toBe('lost');
    expect(clock.now_s() - pulled_s).toBeLessThan(1.5);
    frame = await device.read();
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.reason).toBeTruthy();

    const again = await ptyPair(pair.dir);
    await peer.close();
    peer = await rtuPeer(again.b);
    fillRack(peer);
    const back_s = clock.now_s();
    while (device.state !== 'ready' && clock.now_s() < back_s + 5) await clock.sleep(0.02);
    expect(device.state).toBe('ready');
    expect((await device.read()).values[0]).toBe(60);
    expect(states[0]).toMatch(/^lost: /);
    expect(states.at(-1)).toMatch(/^ready: /);
    await device.close();
    await again.unplug();
  });
});

describe('a map that tells the words of a float the wrong way round', () => {
  it.each([
    ['ABCD', 20, QUALITY.bad],
    ['CDAB', 20, QUALITY.good],
    ['ABCD', 37.5, QUALITY.bad],
    ['ABCD', 0, QUALITY.good],
    ['BADC', 20, QUALITY.bad],
  ] as const)('%s, of a device with the low word first that shows %f', async (order, shows, quality) => {
    const text = RACK_MAP.replace('order: CDAB', `order: ${order}`).replace(
      'range: [0, 500]',
      'range: [0, 40]',
    );
    peer = await tcpPeer();
    fillRack(peer);
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(shows);
    peer.holding.set(900, bytes.readUInt16BE(2)).set(901, bytes.readUInt16BE(0));
    const options = genericModbusMap.options.parse({ host: '127.0.0.1', port: peer.port, map: 'map.yaml' });
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder(text) });
    await device.connect();
    const frame = await device.read();
    const i = device.channels.findIndex(channel => channel.name === 'flow_L_per_min');
    expect(frame.quality[i]).toBe(quality);
    if (order === 'ABCD' && shows > 0)
      expect(frame.reason).toBe(
        `flow_L_per_min: next to nothing, but ${shows} in the order CDAB: is "order" right?`,
      );
  });

  it('a filter that runs out into nothing is no such thing', async () => {
    peer = await tcpPeer();
    fillRack(peer);
    const options = genericModbusMap.options.parse({ host: '127.0.0.1', port: peer.port, map: 'map.yaml' });
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder() });
    await device.connect();
    const i = device.channels.findIndex(channel => channel.name === 'flow_L_per_min');
    for (const low of [0xffff, 0x2000, 0x0100, 1, 0]) {
      peer.holding.set(900, low).set(901, 0);
      expect((await device.read()).quality[i]).toBe(QUALITY.good);
    }
  });
});
