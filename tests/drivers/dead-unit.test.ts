import { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { isUsable } from '../../drivers/contract/frame.ts';
import { findDriver } from '../../drivers/registry.ts';
import { mapFolder } from './generic/rack-peer.ts';
import { crc16 } from './modbus-peer.ts';
import { type PtyPair, ptyPair } from './pty-pair.ts';

/**
 * Three units on one RS-485 line (a real pty), one of which falls silent, answers late, and comes back: the others keep their
 * polls. Register n of unit u holds 1000 u + n; written without a library.
 */

const clock = realClock();
const BAUD = 115200;
const REPLY_ms = 400;
const UNITS = [1, 2, 3] as const;
/** The silent one may take so much of the line. */
const SHARE_MOST = 0.2;

let pair: PtyPair;
let far: SerialPort;
let devices: Device[] = [];
let isPolling = true;
let polls: Promise<void>[] = [];
/** When each question of a unit came, s. */
const heard = new Map<number, number[]>();
/** How late unit 2 answers, s; undefined: not at all. */
let late_s: number | undefined = 0;
const wrong: string[] = [];
const good = new Map<number, number[]>();

function answer(frame: Buffer): void {
  const [unit, fn] = frame;
  heard.get(unit)?.push(clock.now_s());
  const wait_s = unit === 2 ? late_s : 0;
  if (wait_s === undefined) return;
  const [address, count] = [frame.readUInt16BE(2), frame.readUInt16BE(4)];
  const words = Array.from({ length: count }, (_, i) => 1000 * unit + address + i);
  const body = [unit, fn, 2 * count, ...words.flatMap(w => [w >> 8, w & 0xff])];
  const crc = crc16(Uint8Array.from(body));
  void clock.sleep(wait_s).then(() => {
    if (far.isOpen) far.write(Buffer.from([...body, crc & 0xff, crc >> 8]));
  });
}

const mapOf = (unit: number): string => `
device: unit ${unit}
unit: ${unit}
reply_ms: ${REPLY_ms}
identify: { table: holding, address: 90, expect: [${1000 * unit + 90}] }
channels:
  - { name: first_count, table: holding, address: 1, type: uint16, range: [0, 65535], accuracy: { reading_pct: 0, abs: 0, basis: default } }
  - { name: second_count, table: holding, address: 2, type: uint16, range: [0, 65535], accuracy: { reading_pct: 0, abs: 0, basis: default } }
onLoss: hold
`;

beforeEach(async () => {
  pair = await ptyPair();
  far = new SerialPort({ path: pair.b, baudRate: BAUD, autoOpen: false });
  let rest = Buffer.alloc(0);
  far.on('error', () => {});
  far.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 8; rest = rest.subarray(8)) answer(rest.subarray(0, 8));
  });
  await new Promise<void>((resolve, reject) => far.open(e => (e ? reject(e) : resolve())));
  const driver = findDriver('generic/modbus-map');
  for (const unit of UNITS) {
    heard.set(unit, []);
    good.set(unit, []);
    const options = driver.options.parse({ path: pair.a, baud: BAUD, map: 'map.yaml' });
    devices.push(driver.open(`u${unit}`, options, { clock, baseDir: mapFolder(mapOf(unit)) }));
  }
  for (const device of devices) await device.connect();
  isPolling = true;
  polls = devices.map((device, i) => poll(device, UNITS[i]));
});

async function poll(device: Device, unit: number): Promise<void> {
  for (; isPolling; await clock.sleep(0.1)) {
    const { values, quality } = await device.read();
    if (values.every((v, k) => v === 1000 * unit + 1 + k)) good.get(unit)?.push(clock.now_s());
    else if (values.some((v, k) => isUsable(v, quality[k]))) wrong.push(`unit ${unit}: ${values.join(' ')}`);
  }
}

afterEach(async () => {
  isPolling = false;
  await Promise.all(polls);
  for (const device of devices.splice(0)) await device.close();
  await new Promise<void>(resolve => (far.isOpen ? far.close(() => resolve()) : resolve()));
  await pair.unplug();
  devices = [];
});

const within = (times: readonly number[] = [], from_s = 0, to_s = 0): number =>
  times.filter(t => t >= from_s && t < to_s).length;

it("a silent unit on a shared line takes a bounded part of it; its late answers are nobody else's; it comes back by itself", async () => {
  const begun_s = clock.now_s();
  await clock.sleep(3);
  const before = within(good.get(1), begun_s, begun_s + 3) / 3;
  late_s = undefined;
  await clock.sleep(6);
  // Given up by now, and asked again and again.
  const silent_s = clock.now_s();
  await clock.sleep(10);
  const over_s = clock.now_s();
  const asked = within(heard.get(2), silent_s, over_s);
  expect(asked).toBeGreaterThan(0);
  expect((asked * REPLY_ms) / 1000 / (over_s - silent_s)).toBeLessThan(SHARE_MOST);
  for (const unit of [1, 3]) {
    const rate = within(good.get(unit), silent_s, over_s) / (over_s - silent_s);
    expect(rate, `polls of unit ${unit}`).toBeGreaterThan(0.6 * before);
  }
  // It answers again, but later than anybody waits.
  late_s = 1.6 * (REPLY_ms / 1000);
  await clock.sleep(8);
  late_s = 0;
  await expect.poll(() => devices[1].state, { timeout: 30_000, interval: 50 }).toBe('ready');
  const back_s = clock.now_s();
  await expect
    .poll(() => within(good.get(2), back_s, clock.now_s()), { timeout: 30_000, interval: 50 })
    .toBeGreaterThan(0);
  expect(wrong).toEqual([]);
}, 120_000);
