import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { EaOptions } from '../../../drivers/ea/options.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { SERIES, type SeriesId } from '../../../drivers/ea/series.ts';
import { putText } from '../modbus-peer.ts';
import { type PsbPeer, psbOptions, psbPeer } from './psb-peer.ts';

const clock = realClock();
let peer: PsbPeer;
let device: Device;

function open(options: Partial<EaOptions> = {}): Device {
  device = eaPsb10000.open('supply', { ...psbOptions(peer), ...options }, { clock, baseDir: '.' });
  return device;
}

async function connected(options: Partial<EaOptions> = {}): Promise<void> {
  peer = await psbPeer();
  await open(options).connect();
}

const writes = (): string[] => peer.log.filter(line => line.startsWith('W'));

afterEach(async () => {
  await device?.close();
  await peer?.close();
});

describe("EA PSB 10000 against registers written from the maker's list", () => {
  it('connects by type, class, ratings, status; remote on and proved; sink limits; switches nothing on', async () => {
    await connected();
    expect(peer.log).toEqual([
      'R3 1+20',
      'R3 0+1',
      'R3 121+6',
      'R3 505+2',
      'W5 402=65280',
      'R3 505+2',
      'R3 498+2',
    ]);
    expect(device.state).toBe('ready');
    expect(peer.connections).toBe(1);
  });

  it('reads status and actual values in the groups that the maker allows', async () => {
    await connected();
    // 0x0483 of the guide: USB control, DC on, CC; here with remote (bit 11) and alarm (bit 15).
    peer.holding.set(506, 0x8c83);
    peer.holding.set(507, 0x6666);
    peer.holding.set(508, 0xcccc);
    peer.holding.set(509, 0x3333);
    peer.log.length = 0;
    const frame = await device.read();
    expect(peer.log).toEqual(['R3 505+2', 'R3 507+3']);
    expect([...frame.values]).toEqual([180, 2400, 150000, 1, 1, 1]);
    expect([...frame.quality]).toEqual(Array(6).fill(QUALITY.good));
    expect(frame.reason).toBeUndefined();
  });

  it.each([
    ['sink, bit 12', 0, 0x1c86, -1],
    ['source', 0, 0x0886, 1],
    ['source, an alarm of the sink side before (bit 31)', 0x8000, 0x0886, 1],
  ] as const)('the sign: %s', async (_, high, low, sign) => {
    await connected();
    peer.holding.set(505, high).set(506, low).set(508, 0x6666).set(509, 0x3333);
    const { values } = await device.read();
    expect([values[1], values[2]]).toEqual([sign * 1200, sign * 150000]);
  });

  it.each([
    ['any alarm', 0, 0x8000],
    ['overvoltage', 1, 0],
    ['power fail', 1 << 5, 0],
    ['safety of master/slave', 1 << 13, 0],
  ] as const)('shows %s as an alarm, and acknowledges nothing', async (_, high, low) => {
    await connected();
    peer.holding.set(505, high).set(506, 0x800 | low);
    expect((await device.read()).values[5]).toBe(1);
    expect(writes()).toEqual(['W5 402=65280']);
  });

  it('without a status nobody knows which way the current flows: bad, the voltage good', async () => {
    await connected();
    peer.misbehave = ({ address }) => (address === 505 ? { exception: 4 } : undefined);
    peer.holding.set(507, 0x6666);
    const frame = await device.read();
    expect([...frame.quality]).toEqual([QUALITY.good, ...Array(5).fill(QUALITY.bad)]);
  });

  it.each([
    ['currentSet_A', 1200, 'W6 501=26214', 'R3 501+1'],
    ['voltageSet_V', 360, 'W6 500=52428', 'R3 500+1'],
    ['powerSet_W', 0, 'W6 502=0', 'R3 502+1'],
    ['outputSet_on', 1, 'W5 405=65280', 'R3 505+2'],
  ] as const)('%s = %s goes out as %s and is read back', async (key, value, written, readBack) => {
    await connected();
    peer.log.length = 0;
    await device.write(key, value);
    expect(peer.log).toEqual([written, readBack]);
  });

  it('safe: output off first, then current 0, each read back', async () => {
    await connected();
    peer.holding.set(506, peer.holding.get(506)! | 0x80);
    peer.holding.set(501, 0x6666);
    peer.log.length = 0;
    expect(await device.safe()).toEqual({
      device: 'supply',
      done: ['outputSet_on = 0', 'currentSet_A = 0'],
      failed: [],
    });
    expect(peer.log).toEqual(['W5 405=0', 'W6 501=0', 'R3 505+2', 'R3 501+1']);
  });

  it('says local when the panel has it', async () => {
    await connected();
    for (const exception of [7, 0x17]) {
      peer.misbehave = request => (request.fn === 6 ? { exception } : undefined);
      await expect(device.write('currentSet_A', 1)).rejects.toMatchObject({ code: 'local' });
    }
  });
});

describe('which supply it is', () => {
  const refused = async (options: Partial<EaOptions>, change: () => void, text: string): Promise<void> => {
    peer = await psbPeer();
    change();
    await expect(open(options).connect()).rejects.toMatchObject({
      code: 'identity',
      message: expect.stringContaining(text),
    });
    expect(device.state).toBe('closed');
    expect(writes()).toEqual([]);
  };
  const type = (text: string) => () => putText(peer.holding, 1, text, 20);

  it.each([
    ['other ratings', { currentNominal_A: 2000 }, () => {}, 'reports 2400, the bench file says 2000'],
    ['a PSB 9000', {}, type('PSB 9360-30'), 'expected a PSB 10000'],
    ['a PSBE 10000', {}, type('PSBE 10360-240'), 'expected a PSB 10000'],
    ['a name that only holds it', {}, type('EA PSB 10360-2400'), 'expected a PSB 10000'],
    ['another class', {}, () => peer.holding.set(0, 84), 'device class 84'],
    ['another model', { model: 'PSB 10360-2400 4U' }, () => {}, 'the bench file says "PSB 10360-2400 4U"'],
    ['another serial number', { serial: '1' }, () => {}, 'serial number "1234560001"'],
    ['the master of several', {}, () => peer.holding.set(506, 1 << 6), 'master'],
  ] as const)('%s is refused, and nothing is written to it', (_, options, change, text) =>
    refused(options, change, text),
  );

  it.each([
    ['psb-10000', 'PSB 10360-2400', 66],
    ['psbe-10000', 'PSBE 10360-240', 84],
    ['psi-10000', 'PSI 10360-240', 82],
    ['ps-10000', 'PS 10360-240', 85],
    ['elr-10000', 'ELR 10360-240', 81],
    ['psi-9000', 'PSI 9360-30', 1],
    ['ps-9000', 'PS 9360-30', 1],
    ['elr-9000', 'ELR 9360-30', 1],
  ] as const)(
    '%s: by its type and class, sign and sink limits by the way it flows',
    async (series, text, code) => {
      peer = await psbPeer();
      putText(peer.holding, 1, text, 20);
      peer.holding.set(0, code).set(498, 0xcccc).set(499, 0xcccc).set(508, 0x6666).set(501, 0x1000);
      await open({ series }).connect();
      const { flow } = SERIES[series];
      // Registers that only a supply with a sink has are not touched elsewhere.
      const sinkWrites = writes().filter(line => /W6 49[89]/.test(line));
      expect(sinkWrites).toEqual(flow === 'both' ? ['W6 498=0', 'W6 499=0'] : []);
      expect((await device.read()).values[1]).toBe(flow === 'sink' ? -1200 : 1200);
      const current = flow === 'sink' ? 'sinkCurrentSet_A' : 'currentSet_A';
      await device.write(current, 1200);
      expect(peer.log.slice(-2)).toEqual(['W6 501=26214', 'R3 501+1']);
      expect((await device.safe()).done).toEqual(['outputSet_on = 0', `${current} = 0`]);
    },
  );

  it('a series is in the bench file by name; a sink only where it may flow both ways, in its bounds', () => {
    const base = { host: 'x', voltageNominal_V: 80, currentNominal_A: 1000, powerNominal_W: 30000 };
    const parse = (more: object) => eaPsb10000.options.safeParse({ ...base, ...more });
    expect(parse({}).data).toMatchObject({ port: 5025, series: 'psb-10000' });
    for (const series of Object.keys(SERIES) as SeriesId[]) {
      const sink = { currentMax_A: 30, powerMax_W: 1000 };
      expect(parse({ series, sink }).success, series).toBe(SERIES[series].flow === 'both');
    }
    expect(parse({ series: 'psb-9000' }).success).toBe(false);
    expect(parse({ scpiPort: 5025 }).success).toBe(false);
    expect(parse({ sink: { currentMax_A: 1021, powerMax_W: 1000 } }).success).toBe(false);
    expect(parse({ sink: { currentMax_A: 30, powerMax_W: Number.NaN } }).success).toBe(false);
  });
});

describe('the sink side', () => {
  const sink = { currentMax_A: 240, powerMax_W: 60_000 };

  it('is closed at connect where the bench does not speak of it, whatever was left there', async () => {
    peer = await psbPeer();
    peer.holding.set(498, 0xcccc).set(499, 0xcccc);
    await open().connect();
    expect(writes()).toEqual(['W5 402=65280', 'W6 498=0', 'W6 499=0']);
    expect(device.settables.map(s => s.name)).not.toContain('sinkCurrentSet_A');
  });

  it('a limit that does not take is no connection', async () => {
    peer = await psbPeer();
    peer.holding.set(499, 0xcccc);
    peer.misbehave = ({ fn, address }) => (fn === 6 && address === 499 ? { ignore: true } : undefined);
    await expect(open().connect()).rejects.toMatchObject({
      code: 'readback',
      message: expect.stringContaining('register 499 stays above its bound'),
    });
  });

  it('is bounded by the bench, can be set within that, and is part of the safe state', async () => {
    peer = await psbPeer();
    // One above, one below its bound: a running discharge is not touched by a reconnect.
    peer.holding.set(498, 0xcccc).set(499, 1000);
    await open({ sink }).connect();
    expect(writes()).toEqual(['W5 402=65280', 'W6 498=5243']);
    await device.write('sinkCurrentSet_A', 240);
    expect(peer.log.slice(-2)).toEqual(['W6 499=5243', 'R3 499+1']);
    await expect(device.write('sinkCurrentSet_A', 241)).rejects.toMatchObject({ code: 'range' });
    await expect(device.write('sinkPowerSet_W', 60_001)).rejects.toMatchObject({ code: 'range' });
    expect((await device.safe()).done).toEqual([
      'outputSet_on = 0',
      'currentSet_A = 0',
      'sinkCurrentSet_A = 0',
    ]);
  });

  it('current whose direction changed while it was read is uncertain', async () => {
    await connected({ sink });
    peer.holding.set(506, 0x0880).set(508, 0x6666);
    expect((await device.read()).quality[1]).toBe(QUALITY.good);
    let reads = 0;
    peer.misbehave = ({ address }) => {
      if (address === 505 && ++reads === 2) peer.holding.set(506, 0x1880);
      return undefined;
    };
    const frame = await device.read();
    expect([...frame.quality.slice(0, 4)]).toEqual([
      QUALITY.good,
      QUALITY.uncertain,
      QUALITY.uncertain,
      QUALITY.good,
    ]);
    expect((await device.read()).values[1]).toBe(-1200);
  });
});

describe('the watchdog (interface monitoring)', () => {
  it('is armed after it is read back that DC goes off when remote control ends', async () => {
    await connected();
    peer.log.length = 0;
    expect(await device.armWatchdog(5.9)).toBe(5);
    expect(peer.log).toEqual([
      'R3 505+2',
      'POW:STAG:AFT:REM OFF',
      'POW:STAG:AFT:REM?',
      'SYST:COMM:MON:TIM 5',
      'SYST:COMM:MON:TIM?',
      'SYST:COMM:MON:ACT ON',
      'SYST:COMM:MON:ACT?',
    ]);
    expect(peer.connections).toBe(1);
  });

  it.each([
    ['POW:STAG:AFT:REM', 'AUTO'],
    ['SYST:COMM:MON:TIM', '4'],
    ['SYST:COMM:MON:ACT', 'OFF'],
  ] as const)('is not believed where %s stays %s', async (word, value) => {
    await connected();
    const { onLine } = peer;
    peer.onLine = line => (line === `${word}?` ? value : onLine(line));
    await expect(device.armWatchdog(5)).rejects.toMatchObject({ code: 'readback' });
    // Nothing that comes behind is switched on.
    const armed = peer.log.includes('SYST:COMM:MON:ACT ON');
    expect(armed).toBe(word === 'SYST:COMM:MON:ACT');
  });

  it('is not believed where the instrument does not answer, and no time is out of its range', async () => {
    await connected();
    for (const timeout_s of [0.9, 36_001]) {
      await expect(device.armWatchdog(timeout_s)).rejects.toMatchObject({ code: 'range' });
    }
    peer.onLine = () => undefined;
    await expect(device.armWatchdog(5)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('a value that comes late is waited for', async () => {
    await connected();
    const { onLine } = peer;
    let asked = 0;
    peer.onLine = line => (line === 'SYST:COMM:MON:ACT?' && ++asked < 3 ? 'OFF' : onLine(line));
    expect(await device.armWatchdog(5)).toBe(5);
    expect(asked).toBe(3);
  });

  it('is armed again by the first poll after a reconnect, and before that the output stays off', async () => {
    await connected();
    expect(await device.armWatchdog(5)).toBe(5);
    peer.log.length = 0;
    peer.cut();
    const until_s = clock.now_s() + 3;
    while (device.state === 'ready' && clock.now_s() < until_s) await clock.sleep(0.005);
    while (device.state !== 'ready' && clock.now_s() < until_s) await clock.sleep(0.005);
    await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
    expect(writes()).not.toContain('W5 405=65280');
    expect((await device.read()).quality[0]).toBe(QUALITY.good);
    expect(peer.log).toContain('SYST:COMM:MON:ACT ON');
    await device.write('outputSet_on', 1);
  });

  it('takes remote control again where the time-out has ended it', async () => {
    await connected();
    peer.holding.set(506, 0x1c);
    peer.log.length = 0;
    await device.armWatchdog(5);
    expect(peer.log.slice(0, 3)).toEqual(['R3 505+2', 'W5 402=65280', 'R3 505+2']);
  });

  it('is off and remote control given back at the end, in this order', async () => {
    await connected();
    await device.armWatchdog(5);
    peer.log.length = 0;
    await device.close();
    expect(peer.log).toEqual(['R3 505+2', 'SYST:COMM:MON:ACT OFF', 'SYST:COMM:MON:ACT?', 'W5 402=0']);
  });
});
