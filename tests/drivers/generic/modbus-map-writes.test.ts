import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { genericModbusMap } from '../../../drivers/generic/modbus-map.ts';
import { type ModbusPeer, tcpPeer } from '../modbus-peer.ts';
import { ALL_MAP, mapFolder } from './rack-peer.ts';

/** What a map sets, proves and reads beside plain registers, and what it refuses. */

const clock = realClock();
let peer: ModbusPeer | undefined;
let device: Device | undefined;

afterEach(async () => {
  await device?.close();
  await peer?.close();
});

describe('what a map sets and reads beside registers', () => {
  async function opened(text = ALL_MAP, more: object = {}): Promise<Device> {
    peer = await tcpPeer();
    peer.holding.set(0, 0xbe).set(1, 0xef);
    const options = { host: '127.0.0.1', port: peer.port, map: 'map.yaml', ...more };
    device = genericModbusMap.open('rack', options, { clock, baseDir: mapFolder(text) });
    await device.connect();
    return device;
  }
  const value = async (name: string): Promise<number> => {
    const frame = await device!.read();
    return frame.values[device!.channels.findIndex(c => c.name === name)];
  };

  it('coils, discrete inputs, bits of a word, several fault words', async () => {
    await opened();
    peer!.coil.set(3, 1);
    peer!.discrete.set(9, 1);
    peer!.holding.set(20, 0b0110).set(30, 0x7fff);
    expect(await value('pump_on')).toBe(1);
    expect(await value('door_on')).toBe(1);
    expect(await value('overTemperature_on')).toBe(1);
    expect(await value('leak_on')).toBe(0);
    expect(await value('running_on')).toBe(1);
    for (const word of [0x7fff, 0x8000]) {
      peer!.holding.set(30, word);
      expect(await value('probe_degC')).toBeNaN();
    }
    peer!.holding.set(30, 250);
    expect(await value('probe_degC')).toBe(25);
  });

  it('a counter goes on counting when its register is full, and a reset is told', async () => {
    await opened();
    const seen: number[] = [];
    for (const raw of [65000, 65535, 3, 40, 10]) {
      peer!.holding.set(40, raw);
      seen.push(await value('energy_Wh'));
    }
    expect(seen).toEqual([65000, 65535, 65539, 65576, 10]);
    // `check` does not take its counting for scatter.
    const counters = device!.channels.filter(({ counts }) => counts === true).map(({ name }) => name);
    expect(counters).toEqual(['energy_Wh']);
    peer!.holding.set(40, 5);
    const frame = await device!.read();
    const at = device!.channels.findIndex(c => c.name === 'energy_Wh');
    expect(frame.quality[at]).toBe(QUALITY.uncertain);
    expect(frame.reason).toContain('energy_Wh: went back to 5');
  });

  it('what is read less often is not asked with every poll', async () => {
    await opened();
    peer!.log.length = 0;
    for (let n = 0; n < 5; n++) await device!.read();
    expect(peer!.log.filter(line => line === 'R3 50+1')).toHaveLength(1);
    expect(peer!.log.filter(line => line === 'R3 40+1')).toHaveLength(5);
    await clock.sleep(0.25);
    await device!.read();
    expect(peer!.log.filter(line => line === 'R3 50+1')).toHaveLength(2);
  });

  it('coil, word, float and decimal digits are written and read back', async () => {
    await opened();
    await device!.write('pumpSet_on', 1);
    await device!.write('speedSet_pct', 50);
    await device!.write('flowSet_NL_per_min', 12.5);
    await device!.write('dose_count', 1234);
    expect(peer!.coil.get(3)).toBe(1);
    expect(peer!.holding.get(60)).toBe(16384);
    expect([peer!.holding.get(62), peer!.holding.get(63)]).toEqual([0, 0x4148]);
    expect(peer!.holding.get(64)).toBe(0x1234);
    expect(peer!.log.filter(line => line.startsWith('W'))).toEqual([
      'W5 3=65280',
      'W6 60=16384',
      'W16 62=2',
      'W6 64=4660',
    ]);
    expect((await device!.safe()).failed).toEqual([]);
    expect([peer!.coil.get(3), peer!.holding.get(60), peer!.holding.get(63)]).toEqual([0, 0, 0]);
    peer!.misbehave = ({ fn }) => (fn >= 5 ? { ignore: true } : undefined);
    await expect(device!.write('speedSet_pct', 20)).rejects.toMatchObject({ code: 'readback' });
  });

  it.each([5, 6, 0x0b])(
    'exception %i is asked again inside the poll, and told when it goes on',
    async exception => {
      await opened();
      let left = 2;
      peer!.misbehave = ({ address }) => (address === 30 && left-- > 0 ? { exception } : undefined);
      const good = await device!.read();
      expect(good.reason).toBeUndefined();
      left = 100;
      const bad = await device!.read();
      expect(bad.reason).toContain('exception ' + exception);
      expect(device!.state).toBe('ready');
      left = 1;
      peer!.misbehave = ({ fn }) => (fn === 6 && left-- > 0 ? { exception } : undefined);
      await device!.write('speedSet_pct', 10);
    },
  );

  it('a heartbeat is written with each poll once it is armed, and not before', async () => {
    await opened();
    const beats = (): string[] => peer!.log.filter(line => line.startsWith('W6 70='));
    await device!.read();
    expect(beats()).toEqual([]);
    await expect(device!.armWatchdog(1)).rejects.toMatchObject({ code: 'range' });
    expect(await device!.armWatchdog(7)).toBe(5);
    for (let n = 0; n < 4; n++) await device!.read();
    expect(beats().map(line => line.slice(6))).toEqual(['2', '1', '2', '1']);
  });

  it.each([0, 255])('unit %i is taken on TCP', async unit => {
    await opened(ALL_MAP, { unit });
    expect((await device!.read()).reason).toBeUndefined();
    expect(peer!.lastRequest_hex.slice(12, 14)).toBe(unit.toString(16).padStart(2, '0'));
  });

  it.each([
    ['unit 0 on a serial line', { path: '/dev/x', baud: 9600, unit: 0, map: 'map.yaml' }, /unit/],
    ['three stop bits', { path: '/dev/x', baud: 9600, stopBits: 3, map: 'map.yaml' }, /stopBits/],
    [
      'seven data bits, which RTU cannot have',
      { path: '/dev/x', baud: 9600, dataBits: 7, map: 'map.yaml' },
      /dataBits/,
    ],
    ['neither map nor family', { host: 'h' }, /"map" or "family"/],
    ['both', { host: 'h', map: 'm', family: 'keller' }, /"map" or "family"/],
  ])('refuses %s', (_, options, text) => {
    const { error } = genericModbusMap.options.safeParse(options);
    expect(JSON.stringify(error?.issues).replaceAll('\\', '')).toMatch(text);
  });

  it('takes two stop bits', () => {
    expect(
      genericModbusMap.options.safeParse({ path: '/dev/x', baud: 9600, stopBits: 2, map: 'm' }).success,
    ).toBe(true);
  });

  it.each([
    [
      'a settable over another',
      'address: 62, type: float32',
      'address: 63, type: float32',
      /64 belong to|belong to flowSet/,
    ],
    [
      'a settable that is neither safe nor kept',
      ', safe: 0, tolerance: 0.1',
      ', tolerance: 0.1',
      /expected "safe" with a value, or "kept"/,
    ],
    [
      'a range that its register cannot hold',
      'range: [0, 9999]',
      'range: [0, 10000]',
      /10000 does not fit its register \(bcd16 0..9999\)/,
    ],
    ['bits over a whole value', 'address: 20, bits: 1,', 'address: 30, bits: 1,', /30 belong to/],
    [
      'a counter of floats',
      'type: uint16, counter: true',
      'type: float32, counter: true',
      /expected a counter of type/,
    ],
    [
      'nothing that proves the device',
      'identify: { table: holding, address: 0, expect: [0xbe, 0xef] }\n',
      '',
      /"identify", a channel under "plausible"/,
    ],
  ])('refuses %s', (_, from, to, text) => {
    expect(ALL_MAP).toContain(from);
    const folder = mapFolder(ALL_MAP.replace(from, to));
    expect(() => genericModbusMap.describe({ host: 'h', port: 502, map: 'map.yaml' }, folder)).toThrow(text);
  });
});

describe('what the bench file says of a family', () => {
  const describeWith = (more: object) => () =>
    genericModbusMap.describe(
      { host: 'h', port: 502, family: 'adam-601x', about: { module: '6017' }, ...more } as never,
      '.',
    );
  const point = {
    name: 'a_barg',
    at: 'ai[0]',
    code: '4..20 mA',
    range: [0, 30],
    accuracy: { reading_pct: 0, abs: 1, basis: 'default' },
  };

  it.each([
    ['an unknown family', { family: 'adam' }, /no such family; expected one of adam-601x, /],
    [
      'nothing where something is needed',
      { about: {} },
      /about\.module is missing: module, one of 6015, 6017/,
    ],
    [
      'an unknown statement',
      { about: { module: '6017', colour: 1 } },
      /about\.colour: not known here, expected one of module/,
    ],
    [
      'a word that is none',
      { about: { module: '6018' } },
      /about\.module: "6018", expected one of 6015, 6017/,
    ],
    ['no terminal', {}, /name a terminal under "points"/],
    [
      'a terminal that is not there',
      { points: [{ ...point, at: 'ai[8]' }] },
      /a_barg: there is no terminal ai\[8\], expected one of ai\[0..7\]/,
    ],
    [
      'a code that is none',
      { points: [{ ...point, code: '4-20mA' }] },
      /code "4-20mA", expected one of \+-150 mV, /,
    ],
    ['a terminal twice', { points: [point, { ...point, name: 'b_barg' }] }, /b_barg: 0 belong to a_barg too/],
    ['an input in the safe state', { points: [{ ...point, safe: 0 }] }, /ai\[0\] is no output/],
    ['no accuracy', { points: [{ ...point, accuracy: undefined }] }, /accuracy is missing/],
  ])('refuses %s', (_, more, text) => {
    expect(describeWith(more)).toThrow(text);
  });

  it('takes a terminal that is right', () => {
    expect(describeWith({ points: [point] })().channels.map(c => c.name)).toEqual(['a_barg']);
  });
});
