import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { lineDevice } from '../support/line-device.ts';

/** One lost or late reply does not end a night; a dead instrument is found out as soon as ever. */

async function connected(options: { seed?: number; isQueueing?: boolean; reply_s?: number } = {}) {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const device = lineDevice('supply', {
    clock,
    channels: ['voltage_V', 'current_A'],
    settables: ['currentSet_A'],
    ...options,
  });
  await clock.runUntil(device.connect());
  return { clock, device, instrument: device.instrument };
}

describe.each([
  ['asked again at once (Modbus TCP, OPC UA)', true],
  ['asked again after a quiet time (serial lines)', false],
])('%s', (_, isQueueing) => {
  it('1000 polls over a line that loses one frame in a thousand each way: no bad frame', async () => {
    let retries = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const { clock, device, instrument } = await connected({ seed, isQueueing });
      instrument.lossRate = 1e-3;
      for (let poll = 0; poll < 1000; poll++) {
        const frame = await clock.runUntil(device.read());
        expect(Math.max(...frame.quality), frame.reason).toBeLessThanOrEqual(QUALITY.uncertain);
        await clock.runUntil(clock.sleep(1));
      }
      expect(device.state).toBe('ready');
      retries += device.retries ?? 0;
      await clock.runUntil(device.close());
    }
    expect(retries).toBeGreaterThan(3);
  });

  it.each(['isMute', 'isDead'] as const)('%s: bad within three deadlines, lost within 1 s', async trouble => {
    const { clock, device, instrument } = await connected({ isQueueing });
    instrument[trouble] = true;
    const start_s = clock.now_s();
    let lost_s = Number.NaN;
    device.onState(state => {
      if (state === 'lost' && Number.isNaN(lost_s)) lost_s = clock.now_s() - start_s;
    });
    const frame = await clock.runUntil(device.read());
    expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.bad]);
    expect(clock.now_s() - start_s).toBeLessThanOrEqual(isQueueing ? 0.401 : 0.601);
    await clock.runUntil(clock.sleep(2));
    // Without repetitions it was five deadlines.
    expect(lost_s).toBeLessThanOrEqual(isQueueing ? 0.801 : 1.001);
    await clock.runUntil(device.close());
  });

  it('one lost reply to a write, to its read-back: written once or twice, proved', async () => {
    for (const lose of [0, 1]) {
      const { clock, device, instrument } = await connected({ isQueueing });
      const writing = device.write('currentSet_A', 80);
      clock.schedule(lose * 0.005 + 0.001, () => {
        instrument.repliesToLose = 1;
      });
      await clock.runUntil(writing);
      expect(instrument.sets.get('currentSet_A')).toBe(80);
      expect(device.retries).toBe(1);
      await clock.runUntil(device.close());
    }
  });

  it.each([
    [undefined, false],
    [1, true],
  ])(
    'an instrument that stands still for 0.8 s, reply_s %s of the bench file: written %s',
    async (reply_s, isWritten) => {
      const { clock, device, instrument } = await connected({ isQueueing, reply_s });
      instrument.latency_s = 0.8;
      clock.schedule(0.8, () => {
        instrument.latency_s = 0.005;
      });
      const written = device.write('currentSet_A', 80).then(
        () => true,
        () => false,
      );
      expect(await clock.runUntil(written)).toBe(isWritten);
      expect(device.retries).toBe(isWritten ? 0 : 1);
      await clock.runUntil(device.close());
    },
  );

  it('a garbled reply is asked for again, a refused one is not', async () => {
    const { clock, device, instrument } = await connected({ isQueueing });
    instrument.garbleRate = 1;
    clock.schedule(0.01, () => {
      instrument.garbleRate = 0;
    });
    expect(Math.max(...(await clock.runUntil(device.read())).quality)).toBe(QUALITY.uncertain);
    expect(device.retries).toBe(1);
    const before = instrument.log.length;
    instrument.refuses.add('all');
    const frame = await clock.runUntil(device.read());
    expect(frame.reason).toContain('refused by the instrument');
    expect(instrument.log.length - before).toBe(1);
    expect(device.retries).toBe(1);
    await clock.runUntil(device.close());
  });
});

describe('a driver with a bug', () => {
  it.each(['reply', 'values'])(
    'that throws over the %s makes bad frames with its reason, never a stuck device',
    async what => {
      const clock = new VirtualClock({ utcStart_ms: 0 });
      let isBroken = true;
      const device = lineDevice('rack', {
        clock,
        channels: ['voltage_V'],
        onPoll() {
          if (isBroken) throw new TypeError(`cannot read ${what}`);
        },
      });
      await clock.runUntil(device.connect());
      const frame = await clock.runUntil(device.read());
      expect(frame.quality[0]).toBe(QUALITY.bad);
      expect(frame.reason).toBe(`cannot read ${what}`);
      isBroken = false;
      expect((await clock.runUntil(device.read())).quality[0]).toBe(QUALITY.good);
      await clock.runUntil(device.close());
    },
  );
});
