import { afterEach, expect, it } from 'vitest';
import type { SweepRequest } from '../../../drivers/contract/measure/sweep.ts';
import { clock, type RodeostatBench, rodeostatBench } from './bench.ts';

/** A Rodeostat whose answers take their time, and what the safe state overtakes there. */

let bench: RodeostatBench;
afterEach(() => bench.end());

const CYCLE = {
  kind: 'cv',
  from_V: 0.02,
  vertices_V: [0.08, -0.02],
  step_V: 0.004,
  rate_V_per_s: 0.2,
  scans: 1,
} as const satisfies SweepRequest;
const SLOW_ms = 100;
const OFF = '{"command":"setCtrElectConnected","connected":false}';

/** A sweep on a cell that is held, and how it ends. */
async function swept({
  signal = new AbortController().signal,
  delay_ms = SLOW_ms,
  scans = 1,
} = {}): Promise<Promise<string>[]> {
  bench = await rodeostatBench();
  await bench.device.connect();
  await bench.device.write('voltageSet_V', 0.02);
  await bench.device.write('outputSet_on', 1);
  bench.instrument.faults.delay_ms = delay_ms;
  const sweep =
    bench.device.measure?.({ ...CYCLE, scans }, () => {}, signal) ?? Promise.reject(new Error('none'));
  return [
    sweep.then(
      () => 'measured',
      error => String(error.code),
    ),
  ];
}
const started = (): number => bench.instrument.heard.filter(line => line.includes('runTest')).length;

it.each([50, 150, 250, 350])(
  'the safe state %i ms after a sweep was asked for: none begins behind it',
  async ms => {
    const [end] = await swept();
    await clock.sleep(ms / 1000);
    expect((await bench.device.safe()).failed).toEqual([]);
    await clock.sleep(1.5);
    expect(bench.instrument.electrodes.Ctr).toBe(false);
    const { heard } = bench.instrument;
    expect(heard.slice(heard.lastIndexOf(OFF)).join()).not.toContain('runTest');
    expect(await end).not.toBe('measured');
  },
  20_000,
);

it('a sweep on a line that takes its time for each answer is measured, and what was set holds again', async () => {
  const [end] = await swept();
  expect(await end).toBe('measured');
  expect(bench.instrument.electrodes.Ctr).toBe(true);
  const frame = await bench.device.read();
  expect(frame.values[2]).toBe(1);
  expect(frame.values[0]).toBeCloseTo(0.02, 3);
}, 20_000);

it('a sweep that is given up before it has begun is ended when it has', async () => {
  const given = new AbortController();
  const [end] = await swept({ signal: given.signal, delay_ms: 250, scans: 20 });
  await clock.sleep(0.4);
  given.abort('another step');
  expect(await end).toBe('cancelled');
  bench.instrument.faults.delay_ms = 0;
  const { heard } = bench.instrument;
  const last = (what: string): number => heard.findLastIndex(line => line.includes(what));
  await expect.poll(() => last('runTest'), { timeout: 20_000 }).toBeGreaterThan(0);
  await expect.poll(() => last('stopTest'), { timeout: 20_000 }).toBeGreaterThan(last('runTest'));
  expect(bench.instrument.electrodes.Ctr).toBe(false);
}, 20_000);

it.each([0, 100, 200, 300])(
  'the safe state %i ms after what was set is put back: off leaves at once',
  async ms => {
    const [end] = await swept({ delay_ms: 5 });
    await expect.poll(started, { timeout: 20_000 }).toBe(1);
    await clock.sleep(0.5);
    bench.instrument.faults.delay_ms = SLOW_ms;
    const { heard } = bench.instrument;
    await expect.poll(() => heard.at(-1), { timeout: 20_000, interval: 5 }).toMatch(/setVoltRange/);
    await clock.sleep(ms / 1000);
    const before = heard.length;
    const report = bench.device.safe();
    await expect.poll(() => heard.lastIndexOf(OFF), { timeout: 20_000 }).toBeGreaterThanOrEqual(before);
    expect(heard.slice(before, heard.lastIndexOf(OFF)).join()).not.toMatch(/setVoltRange.*setVoltRange/);
    expect((await report).failed).toEqual([]);
    await clock.sleep(1);
    expect(bench.instrument.electrodes.Ctr).toBe(false);
    await end;
  },
  20_000,
);
