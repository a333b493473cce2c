import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, expect, it, vi } from 'vitest';
import { openPtyPair, type PtyPair } from '../../sim/pty.ts';

/** The emulated serial cable, used as drivers and emulators use it: through serialport, by its two names. */

const folder = mkdtempSync(join(tmpdir(), 'cellbench-pty-test-'));
const open: SerialPort[] = [];
let pair: PtyPair | undefined;

async function port(path: string): Promise<SerialPort> {
  const fresh = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  fresh.on('error', () => {});
  // serialport notices a vanished line only while it reads.
  fresh.on('data', () => {});
  await new Promise<void>((resolve, reject) => fresh.open(error => (error ? reject(error) : resolve())));
  open.push(fresh);
  return fresh;
}

const close = (of: SerialPort): Promise<void> =>
  new Promise(resolve => (of.isOpen ? of.close(() => resolve()) : resolve()));

function heard(on: SerialPort): () => Buffer {
  let bytes = Buffer.alloc(0);
  on.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  return () => bytes;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(close));
  await pair?.unplug();
  pair = undefined;
  for (const left of readdirSync(folder)) rmSync(join(folder, left));
});

it('carries every byte both ways, unchanged', async () => {
  pair = await openPtyPair(folder, 'line');
  const bench = await port(pair.bench);
  const instrument = await port(pair.instrument);
  const all = Buffer.from(Array.from({ length: 2048 }, (_, i) => (i * 7) & 0xff));
  const [atInstrument, atBench] = [heard(instrument), heard(bench)];
  bench.write(all);
  instrument.write(all);
  await vi.waitUntil(() => atInstrument().length >= all.length && atBench().length >= all.length, {
    timeout: 20_000,
  });
  expect(atInstrument().equals(all)).toBe(true);
  expect(atBench().equals(all)).toBe(true);
});

it('echoes nothing while the instrument is away, and goes on when its port is opened again', async () => {
  pair = await openPtyPair(folder, 'line');
  const bench = await port(pair.bench);
  const atBench = heard(bench);
  bench.write(Buffer.from([1, 13, 10, 3]));
  const first = await port(pair.instrument);
  await close(first);
  const instrument = await port(pair.instrument);
  const atInstrument = heard(instrument);
  bench.write(Buffer.from([0x11, 0x13, 0x04]));
  // What was under way when the port was opened may come before it.
  await vi.waitUntil(() => atInstrument().includes(Buffer.from([0x11, 0x13, 0x04])), { timeout: 20_000 });
  expect([...atBench()]).toEqual([]);
});

it('pulled, its names vanish at once; put back, another line has the same names', async () => {
  pair = await openPtyPair(folder, 'line');
  const { bench: name } = pair;
  await port(pair.bench);
  const device = realpathSync(name);
  await pair.unplug();
  expect(existsSync(name)).toBe(false);
  expect(existsSync(device)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);

  await pair.plug();
  expect(pair.bench).toBe(name);
  const [bench, instrument] = [await port(pair.bench), await port(pair.instrument)];
  const atBench = heard(bench);
  instrument.write('back');
  await vi.waitUntil(() => atBench().length >= 4, { timeout: 20_000 });
  expect(atBench().toString()).toBe('back');
});

it('leaves no open file behind, however often it is pulled', async () => {
  const files = (): number => readdirSync('/proc/self/fd').length;
  pair = await openPtyPair(folder, 'line');
  await pair.unplug();
  const before = files();
  for (let n = 0; n < 10; n++) {
    await pair.plug();
    await pair.unplug();
  }
  expect(files()).toBe(before);
});
