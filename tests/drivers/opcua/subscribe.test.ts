import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
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
  ]);
  relay = tcpRelay({ env: { rig: bareRig(), clock }, faults, target: server.port, port: 0 });
  await relay.start();
}, 60_000);
afterEach(async () => {
  await device?.close();
  Object.assign(faults, noFaults());
  status = 'Good';
  isBusy = false;
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

test('a value comes by itself, keeps good while it stands still, and a node that is not there is bad alone', async () => {
  const on = await subscribed(CHANNELS);
  const first = await on.read();
  expect([...first.quality]).toEqual([QUALITY.good, QUALITY.good, QUALITY.bad]);
  expect(first.values[0]).toBe(7);
  expect(first.reason).toMatch(/no_V: BadNodeIdUnknown/);
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
