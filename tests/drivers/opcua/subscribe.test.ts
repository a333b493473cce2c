import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { ClockNote, Device } from '../../../drivers/contract/device.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import { noFaults } from '../../../sim/device/faults.ts';
import { tcpRelay } from '../../../sim/device/tcp-relay.ts';
import { bareRig } from '../ea/bare-rig.ts';
import { deviceOf, fileOf, serverOf } from './typed-plc.ts';

/** Values that the server brings: as good as its sign of life, and nothing lost between two polls without a word. */

const clock = realClock();
const faults = noFaults();
let calm = 7;
let status = 'Good';
let isBusy = false;
let count = 0;
let stamp_ms = Date.now();
/** Sources that are so far ahead of the computer's clock, or whose time stands. */
let ahead_ms = 0;
let stands_ms: number | undefined;
const sourceTime = (): number => stands_ms ?? Date.now() + ahead_ms;
const reads = { calm: 0 };
let server: Awaited<ReturnType<typeof serverOf>>;
let relay: ReturnType<typeof tcpRelay>;
let device: Device | undefined;

const accuracyFree = (name: string, node: string, more = ''): string =>
  `name: ${name}, node: "s=${node}", range: [-1e9, 1e9]${more}`;
const CHANNELS = [accuracyFree('calm_V', 'calm'), accuracyFree('busy_V', 'busy'), accuracyFree('no_V', 'no')];

beforeAll(async () => {
  server = await serverOf([
    {
      node: 's=calm',
      type: 'Double',
      read() {
        reads.calm++;
        return calm;
      },
      status: () => status,
    },
    { node: 's=busy', type: 'Double', read: () => (isBusy ? ++count : count) },
    { node: 's=gateway', type: 'Double', read: () => 22, sourceTime_ms: () => stamp_ms },
    { node: 's=a', type: 'Double', read: () => 21, sourceTime_ms: sourceTime },
    { node: 's=b', type: 'Double', count: () => 2, read: k => k, sourceTime_ms: sourceTime },
    { node: 's=c', type: 'Double', read: () => 23 },
  ]);
  relay = tcpRelay({ env: { rig: bareRig(), clock }, faults, target: server.port, port: 0 });
  await relay.start();
}, 60_000);
afterEach(async () => {
  await device?.close();
  Object.assign(faults, noFaults());
  status = 'Good';
  isBusy = false;
  ahead_ms = 0;
  stands_ms = undefined;
});
afterAll(async () => {
  await relay?.stop();
  await server?.end();
});

async function subscribed(channels: readonly string[], subscription: object = {}): Promise<Device> {
  device = deviceOf(relay.port, fileOf({ channels }), {
    read: 'subscribe',
    subscription: { sampling_ms: 50, publishing_ms: 50, ...subscription },
  });
  await device.connect();
  return device;
}
/** Polls until it is so. */
async function until(on: Device, isSo: (frame: Frame) => boolean, limit_s = 5): Promise<Frame> {
  const end_s = clock.now_s() + limit_s;
  for (;;) {
    const frame = await on.read();
    if (isSo(frame) || clock.now_s() > end_s) return frame;
    await clock.sleep(0.03);
  }
}

test('a node that is not there is refused at connect, before anything is subscribed to', async () => {
  await expect(subscribed(CHANNELS)).rejects.toMatchObject({
    code: 'identity',
    message: expect.stringMatching(/no node .* for no_V: expected the nodes of this server/),
  });
});

test('a value comes by itself, and keeps good while it stands still', async () => {
  const on = await subscribed(CHANNELS.slice(0, 2));
  const first = await on.read();
  expect([...first.quality]).toEqual([QUALITY.good, QUALITY.good]);
  expect(first.values[0]).toBe(7);
  calm = 8;
  expect((await until(on, ({ values }) => values[0] === 8)).values[0]).toBe(8);
  // Polls do not reach the server: it looks at its own pace.
  const before = reads.calm;
  for (let i = 0; i < 50; i++) await on.read();
  expect(reads.calm - before).toBeLessThan(25);
});

test('a bad value that came and went between two polls, and an overflow of the queue, are told and not good', async () => {
  const on = await subscribed(CHANNELS.slice(0, 2), { publishing_ms: 500, queue: 2 });
  await on.read();
  status = 'BadSensorFailure';
  await clock.sleep(0.15);
  status = 'Good';
  await clock.sleep(0.7);
  const gone = await on.read();
  expect(gone.reason).toMatch(/calm_V: was BadSensorFailure between two polls/);
  expect([...gone.quality]).toEqual([QUALITY.uncertain, QUALITY.good]);
  expect([...(await on.read()).quality]).toEqual([QUALITY.good, QUALITY.good]);
  isBusy = true;
  const lost = await until(on, ({ reason }) => reason !== undefined);
  expect(lost.reason).toMatch(/busy_V: values were lost in the server's queue/);
  expect([...lost.quality]).toEqual([QUALITY.good, QUALITY.uncertain]);
});

test('a server that falls silent is bad within a keep-alive, and is subscribed to afresh', async () => {
  const on = await subscribed(CHANNELS.slice(0, 1));
  expect((await on.read()).values[0]).toBe(8);
  faults.silence = true;
  const since_s = clock.now_s();
  const silent = await until(on, ({ quality }) => quality[0] === QUALITY.bad);
  expect(clock.now_s() - since_s).toBeLessThan(2);
  expect(silent.values[0]).toBeNaN();
  expect(silent.reason).toMatch(/the subscription is silent for 1\.\d s, expected a keep-alive within/);
  faults.silence = false;
  calm = 9;
  const again = await until(on, ({ quality }) => quality[0] === QUALITY.good, 10);
  expect(again.values[0]).toBe(9);
  calm = 10;
  expect((await until(on, ({ values }) => values[0] === 10)).values[0]).toBe(10);
});

test('a line that is cut again and again: values come again each time, and the server keeps one subscription', async () => {
  const on = await subscribed(CHANNELS.slice(0, 1));
  for (let n = 0; n < 4; n++) {
    await relay.stop();
    await until(on, ({ quality }) => quality[0] === QUALITY.bad);
    await relay.start();
    calm = 20 + n;
    const again = await until(on, ({ values }) => values[0] === 20 + n, 10);
    expect([n, ...again.values, ...again.quality]).toEqual([n, 20 + n, QUALITY.good]);
  }
  expect(server.subscriptions).toBe(1);
});

test('a source time stamp that stands still is stale, one that moves under the same value is not', async () => {
  const on = await subscribed([accuracyFree('gateway_V', 'gateway', ', staleAfter_s: 0.3')]);
  stamp_ms = Date.now();
  expect((await until(on, ({ quality }) => quality[0] === QUALITY.good)).quality[0]).toBe(QUALITY.good);
  const stale = await until(on, ({ quality }) => quality[0] === QUALITY.bad);
  expect(stale.reason).toMatch(/its source time stamp has stood still/);
  stamp_ms = Date.now();
  expect((await until(on, ({ quality }) => quality[0] === QUALITY.good)).quality[0]).toBe(QUALITY.good);
});

test('a server that looks less often than asked is refused with its figure', async () => {
  device = deviceOf(relay.port, fileOf({ channels: CHANNELS.slice(0, 1) }), {
    read: 'subscribe',
    subscription: { sampling_ms: 10, publishing_ms: 10 },
  });
  await expect(device.connect()).rejects.toThrow(
    /the server takes \d+ ms for subscription\.publishing_ms: 10, expected that figure or more/,
  );
});

test('a subscription beside polling is a slip of the bench file', () => {
  expect(() => deviceOf(1, 'n.yaml', { subscription: {} })).toThrow(/expected read: subscribe beside it/);
});

const TIMED = [
  'name: a_V, node: s=a, range: [0, 100], sourceTime: true',
  "name: 'cell[].voltage_V', count: 2, node: s=b, range: [0, 100], sourceTime: true",
  'name: c_V, node: s=c, range: [0, 100]',
];
const opened = async (head = 'onLoss: hold', channels: readonly string[] = TIMED) => {
  device = deviceOf(relay.port, fileOf({ head, channels }));
  await device.connect();
  const notes: ClockNote[] = [];
  device.onClock?.(note => notes.push(note));
  return { device, notes };
};

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
    device = deviceOf(relay.port, fileOf({ channels: [TIMED[0]] }), { read: 'subscribe' });
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
    const { device } = await opened('onLoss: hold\nsourceTime: true\nstaleAfter_s: 0.2', [TIMED[2]]);
    expect(device.channels.map(({ name }) => name)).toEqual(['c_V', 'cInstrumentTime_s']);
    const still = await opened('onLoss: hold\nstaleAfter_s: 0.2', [TIMED[0]]);
    stands_ms = Date.now() - 5000;
    const { values, quality } = await still.device.read();
    expect(quality[0]).toBe(QUALITY.bad);
    expect(values[1]).toBeLessThan(-4.9);
    await device.close();
  });
});
