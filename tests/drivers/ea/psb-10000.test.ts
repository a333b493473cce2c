import { describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { psbBench } from './psb-bench.ts';
import { psbPeer } from './psb-peer.ts';

const psb = psbBench();

describe("EA PSB 10000 against registers written from the maker's list", () => {
  it('connects by type, class, ratings, status; remote on and proved; sink limits; switches nothing on', async () => {
    await psb.connected();
    expect(psb.peer.log).toEqual([
      'R3 1+20',
      'R3 0+1',
      'R3 121+6',
      'R3 505+2',
      'W5 402=65280',
      'R3 505+2',
      'R3 498+2',
    ]);
    expect(psb.device.state).toBe('ready');
    expect(psb.peer.connections).toBe(1);
  });

  it('reads status and actual values in the groups that the maker allows', async () => {
    await psb.connected();
    // 0x0483 of the guide: USB control, DC on, CC; here with remote (bit 11) and alarm (bit 15).
    psb.peer.holding.set(506, 0x8c83);
    psb.peer.holding.set(507, 0x6666);
    psb.peer.holding.set(508, 0xcccc);
    psb.peer.holding.set(509, 0x3333);
    psb.peer.log.length = 0;
    const frame = await psb.device.read();
    expect(psb.peer.log).toEqual(['R3 505+2', 'R3 507+3']);
    expect([...frame.values]).toEqual([180, 2400, 150000, 1, 1, 1]);
    expect([...frame.quality]).toEqual(Array(6).fill(QUALITY.good));
    expect(frame.reason).toBeUndefined();
  });

  it.each([
    ['sink, bit 12', 0, 0x1c86, -1],
    ['source', 0, 0x0886, 1],
    ['source, an alarm of the sink side before (bit 31)', 0x8000, 0x0886, 1],
  ] as const)('the sign: %s', async (_, high, low, sign) => {
    await psb.connected();
    psb.peer.holding.set(505, high).set(506, low).set(508, 0x6666).set(509, 0x3333);
    const { values } = await psb.device.read();
    expect([values[1], values[2]]).toEqual([sign * 1200, sign * 150000]);
  });

  it.each([
    ['any alarm', 0, 0x8000],
    ['overvoltage', 1, 0],
    ['power fail', 1 << 5, 0],
    ['safety of master/slave', 1 << 13, 0],
  ] as const)('shows %s as an alarm, and acknowledges nothing', async (_, high, low) => {
    await psb.connected();
    psb.peer.holding.set(505, high).set(506, 0x800 | low);
    expect((await psb.device.read()).values[5]).toBe(1);
    expect(psb.writes()).toEqual(['W5 402=65280']);
  });

  it('without a status nobody knows which way the current flows: bad, the voltage good', async () => {
    await psb.connected();
    psb.peer.misbehave = ({ address }) => (address === 505 ? { exception: 4 } : undefined);
    psb.peer.holding.set(507, 0x6666);
    const frame = await psb.device.read();
    expect([...frame.quality]).toEqual([QUALITY.good, ...Array(5).fill(QUALITY.bad)]);
  });

  it.each([
    ['currentSet_A', 1200, 'W6 501=26214', 'R3 501+1'],
    ['voltageSet_V', 360, 'W6 500=52428', 'R3 500+1'],
    ['powerSet_W', 0, 'W6 502=0', 'R3 502+1'],
    ['outputSet_on', 1, 'W5 405=65280', 'R3 505+2'],
  ] as const)('%s = %s goes out as %s and is read back', async (key, value, written, readBack) => {
    await psb.connected();
    psb.peer.log.length = 0;
    await psb.device.write(key, value);
    expect(psb.peer.log).toEqual([written, readBack]);
  });

  it('safe: output off first, then current 0, each read back', async () => {
    await psb.connected();
    psb.peer.holding.set(506, psb.peer.holding.get(506)! | 0x80);
    psb.peer.holding.set(501, 0x6666);
    psb.peer.log.length = 0;
    expect(await psb.device.safe()).toEqual({
      device: 'supply',
      done: ['outputSet_on = 0', 'currentSet_A = 0'],
      failed: [],
    });
    expect(psb.peer.log).toEqual(['W5 405=0', 'W6 501=0', 'R3 505+2', 'R3 501+1']);
  });

  it('says local when the panel has it', async () => {
    await psb.connected();
    for (const exception of [7, 0x17]) {
      psb.peer.misbehave = request => (request.fn === 6 ? { exception } : undefined);
      await expect(psb.device.write('currentSet_A', 1)).rejects.toMatchObject({ code: 'local' });
    }
  });
});

describe('the sink side', () => {
  const sink = { currentMax_A: 240, powerMax_W: 60_000 };

  it('is closed at connect where the bench does not speak of it, whatever was left there', async () => {
    psb.peer = await psbPeer();
    psb.peer.holding.set(498, 0xcccc).set(499, 0xcccc);
    await psb.open().connect();
    expect(psb.writes()).toEqual(['W5 402=65280', 'W6 498=0', 'W6 499=0']);
    expect(psb.device.settables.map(s => s.name)).not.toContain('sinkCurrentSet_A');
  });

  it('a limit that does not take is no connection', async () => {
    psb.peer = await psbPeer();
    psb.peer.holding.set(499, 0xcccc);
    psb.peer.misbehave = ({ fn, address }) => (fn === 6 && address === 499 ? { ignore: true } : undefined);
    await expect(psb.open().connect()).rejects.toMatchObject({
      code: 'readback',
      message: expect.stringContaining('register 499 stays above its bound'),
    });
  });

  it.each([
    ['closed', undefined, { 498: 0, 499: 0 }],
    ['of an odd part of its rating', { currentMax_A: 200, powerMax_W: 50_050 }, { 498: 4372, 499: 4368 }],
  ])('%s: what is read back a step of the converter higher is within its bound', async (_, given, sets) => {
    psb.peer = await psbPeer();
    const { holding } = psb.peer;
    holding.set(498, 0xcccc).set(499, 0xcccc);
    const { onWrite } = psb.peer;
    psb.peer.onWrite = (address, value, fn) => {
      onWrite(address, value, fn);
      if (fn === 6 && value < 0xcccc) holding.set(address, value + 2);
    };
    await psb.open(given === undefined ? {} : { sink: given }).connect();
    // Whole steps, never above what the bench says.
    const said = Object.entries(sets).map(([register, raw]) => `W6 ${register}=${raw}`);
    expect(psb.writes()).toEqual(['W5 402=65280', ...said]);
    holding.set(499, (holding.get(499) ?? 0) + 2);
    psb.peer.onWrite = onWrite;
    psb.peer.misbehave = ({ fn }) => (fn === 6 ? { ignore: true } : undefined);
    await psb.device.close();
    await expect(psb.open(given === undefined ? {} : { sink: given }).connect()).rejects.toMatchObject({
      code: 'readback',
    });
  });

  it('is bounded by the bench, can be set within that, and is part of the safe state', async () => {
    psb.peer = await psbPeer();
    // One above, one below its bound: a running discharge is not touched by a reconnect.
    psb.peer.holding.set(498, 0xcccc).set(499, 1000);
    await psb.open({ sink }).connect();
    expect(psb.writes()).toEqual(['W5 402=65280', 'W6 498=5242']);
    await psb.device.write('sinkCurrentSet_A', 240);
    expect(psb.peer.log.slice(-2)).toEqual(['W6 499=5243', 'R3 499+1']);
    await expect(psb.device.write('sinkCurrentSet_A', 241)).rejects.toMatchObject({ code: 'range' });
    await expect(psb.device.write('sinkPowerSet_W', 60_001)).rejects.toMatchObject({ code: 'range' });
    expect((await psb.device.safe()).done).toEqual([
      'outputSet_on = 0',
      'currentSet_A = 0',
      'sinkCurrentSet_A = 0',
    ]);
  });

  it('current whose direction changed while it was read is uncertain', async () => {
    await psb.connected({ sink });
    psb.peer.holding.set(506, 0x0880).set(508, 0x6666);
    expect((await psb.device.read()).quality[1]).toBe(QUALITY.good);
    let reads = 0;
    psb.peer.misbehave = ({ address }) => {
      if (address === 505 && ++reads === 2) psb.peer.holding.set(506, 0x1880);
      return undefined;
    };
    const frame = await psb.device.read();
    expect([...frame.quality.slice(0, 4)]).toEqual([
      QUALITY.good,
      QUALITY.uncertain,
      QUALITY.uncertain,
      QUALITY.good,
    ]);
    expect((await psb.device.read()).values[1]).toBe(-1200);
  });
});

describe('what it shows', () => {
  it.each([
    [1 << 16, 'alarm: overvoltage'],
    [1 << 19, 'alarm: overtemperature'],
    [(1 << 17) | (1 << 21), 'alarm: overcurrent, power fail'],
    [1 << 26, 'alarm: supervision of current, too low (UCD)'],
    [0, 'alarm: it does not say which'],
  ])('an alarm (%i) is told to people, once', async (bits, text) => {
    await psb.connected();
    const told: string[] = [];
    psb.device.onNews?.(line => told.push(line));
    const put = (status: number): void => {
      psb.peer.holding.set(505, status >>> 16).set(506, status & 0xffff);
    };
    await psb.device.read();
    put((0x0806 | (1 << 15) | bits) >>> 0);
    await psb.device.read();
    await psb.device.read();
    expect(told).toEqual([`${text}; it is acknowledged at the supply`]);
    put(0x0806);
    await psb.device.read();
    expect(told).toHaveLength(1);
  });

  it.each([
    [0x1c, 'remote control ended by its interface monitoring'],
    [0x01, 'remote control ended: it is in local at its panel'],
    [0x03, 'remote control ended: USB has it'],
    [0x00, 'remote control ended: nobody has it'],
    [0x1f, 'remote control ended: control location 0x1f'],
  ])('who has it (location %i) when remote control is gone', async (location, text) => {
    await psb.connected();
    const told: string[] = [];
    psb.device.onNews?.(line => told.push(line));
    psb.peer.holding.set(506, 0x0806);
    await psb.device.read();
    psb.peer.holding.set(506, location);
    await psb.device.read();
    await psb.device.read();
    expect(told).toEqual([text]);
  });
});
