import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { MODELS } from '../../../drivers/palmsens/models.ts';
import { holdScript } from '../../../drivers/palmsens/scripts.ts';
import { type PotentiostatBench, potentiostatBench, shown } from './bench.ts';

/** What goes wrong on the line while a script runs, and what the cell does then. */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 0);
const clock = realClock();
let bench: PotentiostatBench;
afterEach(() => bench?.end());

async function holding(options?: Parameters<typeof potentiostatBench>[0], current_A = 0.05): Promise<Device> {
  bench = await potentiostatBench({ ...options, clock });
  const { device } = bench;
  await device.connect();
  await device.write('currentSet_A', current_A);
  await device.write('modeSet_count', 1);
  await device.write('outputSet_on', 1);
  expect(bench.instrument.cellIsOn).toBe(true);
  return device;
}

async function until(what: () => boolean, limit_s: number): Promise<void> {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.005);
  expect(what()).toBe(true);
}

describe('a trip', () => {
  it.each(['a hold', 'a spectrum'])(
    'while %s runs, behind a queue and a delay, on a pty: cell off, proven',
    async what => {
      const device = await holding({ wire: 'pty' });
      const { instrument } = bench;
      instrument.faults.delay_ms = 60;
      const measured =
        what === 'a hold'
          ? undefined
          : device.measure?.(
              {
                control: 'current',
                amplitude: 0.02,
                from_Hz: 100,
                to_Hz: 1,
                pointsPerDecade: 5,
                cycles: 1,
                dc: 'keep',
              },
              () => {},
              new AbortController().signal,
            );
      measured?.catch(() => {});
      await clock.sleep(0.6);
      // What was asked for before the trip never comes to the cell after it.
      const queued = [0.06, 0.07, 0.08].map(value => device.write('currentSet_A', value));
      const polls = device.read();
      for (const write of queued) write.catch(() => {});
      const asked_s = clock.now_s();
      const safe = device.safe();
      await until(() => !instrument.cellIsOn, 0.5);
      const report = await safe;
      expect(report).toMatchObject({ done: ['outputSet_on = 0'], failed: [] });
      expect(clock.now_s() - asked_s).toBeLessThan(2);
      await polls;
      await Promise.allSettled(queued);
      await clock.sleep(0.3);
      expect(instrument.cellIsOn).toBe(false);
      expect(instrument.isRunning).toBe(false);
      if (measured !== undefined) await expect(measured).rejects.toMatchObject({ code: 'refused' });
      expect(shown(device, await device.read(), 'output_on')).toBe(0);
    },
  );
});

it('an instrument that hangs while it holds: no reading is good any more', async () => {
  const device = await holding();
  bench.instrument.faults.silence = true;
  await clock.sleep(0.6);
  const frame = await device.read();
  expect([...frame.quality]).toEqual([4, 4, 4]);
  expect(frame.reason).toMatch(/nothing within/);
});

describe('a line that is cut', () => {
  it('while a script holds the cell: connected again, ended, off, read; its old output is not read', async () => {
    const device = await holding();
    const { instrument } = bench;
    await instrument.stop();
    await clock.sleep(0.3);
    expect(instrument.cellIsOn).toBe(true);
    await instrument.start();
    await until(() => device.state === 'ready', 4);
    expect(instrument.cellIsOn).toBe(false);
    const frame = await device.read();
    expect(frame.reason).toBeUndefined();
    expect(shown(device, frame, 'output_on')).toBe(0);
    expect(shown(device, frame, 'current_A')).toBe(0);
    // What was set before the cut is not known any more.
    await expect(device.write('outputSet_on', 1)).rejects.toThrow(/no mode has been set/);
  });

  it('a pty that vanishes and comes back', async () => {
    const device = await holding({ wire: 'pty' });
    const { instrument, pty } = bench;
    await device.armWatchdog(1);
    await pty?.unplug();
    // Found out by what is written: the word that keeps the script going.
    const polling = clock.every(0.1, () => void device.read());
    await until(() => device.state === 'lost', 3);
    polling();
    expect(Math.min(...(await device.read()).quality)).toBe(QUALITY.bad);
    await instrument.stop();
    await pty?.plug();
    await instrument.start();
    await until(() => device.state === 'ready', 5);
    expect(instrument.cellIsOn).toBe(false);
    expect((await device.read()).reason).toBeUndefined();
  });

  it.each([
    ['at rest', 0],
    ['while it holds the cell', 0.05],
  ])('behind an adapter that stays, %s: lost after three questions without a byte', async (_, current_A) => {
    const device = await holding({ wire: 'pty' });
    if (current_A === 0) await device.write('outputSet_on', 0);
    await bench.instrument.stop();
    const cut_s = clock.now_s();
    while (device.state === 'ready' && clock.now_s() - cut_s < 12) {
      await device.read();
      await clock.sleep(0.02);
    }
    expect(device.state).toBe('lost');
    await expect(device.read()).resolves.toMatchObject({
      reason: expect.stringContaining('without an answer'),
    });
    expect(clock.now_s() - cut_s).toBeLessThan(3.5);
    await bench.instrument.start();
    await until(() => device.state === 'ready', 5);
  });

  it('anywhere in a script that is sent: whoever connects next finds a cell that is off', async () => {
    bench = await potentiostatBench();
    const { instrument } = bench;
    const lines = holdScript(
      { model: MODELS.es4_hr, number: 7, currentMax_A: 0.2, watchdog_s: undefined },
      { control: 'voltage', value: 3.75 },
    );
    const script = `${lines.join('\n')}\n`;
    const random = seededRandom(11);
    const afterCellOn = script.indexOf('cell_on') + 8;
    const places = [0, 1, afterCellOn, script.length - 1, script.length];
    for (let i = 0; i < 3 + RUNS; i++) places.push(Math.floor(random.uniform() * script.length));
    for (const place of places) {
      const socket = createConnection({ host: '127.0.0.1', port: instrument.port });
      await new Promise<void>(resolve => socket.once('connect', () => resolve()));
      await new Promise<void>(resolve => socket.write(script.slice(0, place), () => resolve()));
      await clock.sleep(0.02);
      socket.destroy();
      const next = bench.other({});
      await next.connect();
      expect(instrument.cellIsOn, `cut at ${place}`).toBe(false);
      const frame = await next.read();
      expect(frame.reason, `cut at ${place}`).toBeUndefined();
      await next.close();
    }
  });
});

it('late answers, in order: no reading of another set point, none of good quality that is old', async () => {
  const device = await holding();
  const { instrument } = bench;
  const random = seededRandom(5);
  const stop = clock.every(0.05, () => {
    instrument.faults.delay_ms = random.uniform() < 0.2 ? 50 + 450 * random.uniform() : 0;
  });
  const set: { readonly t_s: number; readonly value: number }[] = [{ t_s: clock.now_s(), value: 0.05 }];
  const seen: { readonly t_s: number; readonly value: number; readonly quality: number }[] = [];
  const end_s = clock.now_s() + 4 + RUNS / 100;
  for (let n = 0; clock.now_s() < end_s; n++) {
    const value = [0.05, -0.05, 0.1, -0.1][n % 4];
    set.push({ t_s: clock.now_s(), value });
    await device.write('currentSet_A', value).catch(async () => {
      // A set point that was not proved is off the cell: on again.
      await device.write('outputSet_on', 1).catch(() => {});
    });
    set.push({ t_s: clock.now_s(), value });
    for (let i = 0; i < 4; i++) {
      const frame = await device.read();
      seen.push({ t_s: frame.t_s, value: frame.values[1], quality: frame.quality[1] });
      await clock.sleep(0.1);
    }
  }
  stop();
  instrument.faults.delay_ms = 0;
  // One set point, or the one before it: a reading may have been on its way for half a second.
  const usable = seen.filter(({ quality, value }) => quality <= QUALITY.uncertain && Number.isFinite(value));
  expect(usable.length).toBeGreaterThan(8);
  const wrong = usable.filter(({ t_s, value }) => {
    // 0 is a cell that is off, and the set points of the last moments before it came.
    const last = set.filter(({ t_s: at_s }) => at_s <= t_s).slice(-2);
    return value !== 0 && !last.some(one => Math.abs(one.value - value) < 2e-3);
  });
  expect(wrong).toEqual([]);
});
