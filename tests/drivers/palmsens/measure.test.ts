import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { DatasetRow, ImpedanceRequest } from '../../../drivers/contract/measure/impedance.ts';
import type { SweepRequest } from '../../../drivers/contract/measure/sweep.ts';
import { openTwin } from '../../../sim/twin.ts';
import { cellRig, type PotentiostatBench, potentiostatBench, shown } from './bench.ts';

/** Spectra and curves that the potentiostat measures of a plant, on a pty. */

let bench: PotentiostatBench;
afterEach(() => bench?.end());

const SPECTRUM: ImpedanceRequest = {
  control: 'current',
  amplitude: 0.05,
  from_Hz: 10_000,
  to_Hz: 10,
  pointsPerDecade: 2,
  cycles: 1,
  dc: 'keep',
};

async function connected(hold_A?: number, options?: Parameters<typeof potentiostatBench>[0]) {
  bench = await potentiostatBench({ wire: 'pty', ...options });
  const { device } = bench;
  await device.connect();
  if (hold_A !== undefined) {
    await device.write('currentSet_A', hold_A);
    await device.write('modeSet_count', 1);
    await device.write('outputSet_on', 1);
  }
  return bench;
}

async function measure(request: ImpedanceRequest | SweepRequest, signal = new AbortController().signal) {
  const heard: DatasetRow[] = [];
  const set = await bench.device.measure?.(request, row => heard.push(row), signal);
  expect(set?.rows).toEqual(heard);
  return set ?? { columns: [], rows: [] };
}

/** Largest distance from the plant's own impedance, as a part of it. */
function away(rows: readonly DatasetRow[]): number {
  return Math.max(
    ...rows.map(({ values: [f, re, im] }) => {
      const own = bench.rig.impedance(Float64Array.of(f));
      return Math.hypot(re - own.re_Ohm[0], im - own.im_Ohm[0]) / Math.hypot(own.re_Ohm[0], own.im_Ohm[0]);
    }),
  );
}

/** By the instrument's timer: one after the other, from its first frequency on, and none from beyond its arrival. */
function expectTimes(rows: readonly DatasetRow[]): void {
  const elapsed_s = rows.map(({ values }) => values[3]);
  const first = rows[0].t_s - elapsed_s[0];
  for (const [i, { t_s, values }] of rows.entries()) {
    // Longer than a period of its own, which is what the least of it takes.
    expect(elapsed_s[i] - (elapsed_s[i - 1] ?? 0)).toBeGreaterThan(0.99 / values[0]);
    // Of one clock with what arrived, but for the time between two questions.
    expect(Math.abs(t_s - elapsed_s[i] - first)).toBeLessThan(1);
  }
}

describe('a spectrum', () => {
  it('of a current, under a direct current that goes on: within 1 % of the plant, and the cell is read meanwhile', async () => {
    const { device, instrument } = await connected(0.1);
    const seen: number[] = [];
    const stop = bench.clock.every(0.2, () => {
      void device.read().then(frame => seen.push(frame.values[1], frame.quality[1]));
    });
    const { columns, rows } = await measure(SPECTRUM);
    stop();
    expect(columns).toEqual(['frequency_Hz', 're_Ohm', 'im_Ohm', 'elapsed_s']);
    expect(rows).toHaveLength(7);
    for (const [i, { values, quality }] of rows.entries()) {
      expect(values[0]).toBeCloseTo(10_000 * 10 ** (-i / 2), -Math.log10(values[0]) + 3);
      expect([...quality]).toEqual([0, 0, 0, 0]);
    }
    expect(away(rows)).toBeLessThan(0.01);
    expect(seen.length).toBeGreaterThan(6);
    for (let i = 0; i < seen.length; i += 2) {
      expect(seen[i]).toBeCloseTo(0.1, 3);
      expect(seen[i + 1]).toBeLessThanOrEqual(QUALITY.uncertain);
    }
    expectTimes(rows);
    // It goes on holding without a gap: one script.
    expect(instrument.cellIsOn).toBe(true);
    const frame = await device.read();
    expect(shown(device, frame, 'current_A')).toBeCloseTo(0.1, 3);
  });

  it('of a voltage at open circuit, its watchdog armed: within 1 % of the plant, off afterwards', async () => {
    const { device, instrument } = await connected();
    await device.armWatchdog(2);
    const end = measure({ ...SPECTRUM, control: 'voltage', amplitude: 0.0005, to_Hz: 100, dc: 'open' });
    await bench.clock.sleep(0.5);
    // What was set stands, though the spectrum has the cell on; nothing is asked of the instrument meanwhile.
    expect(await device.readBack?.('outputSet_on')).toBe(0);
    expect(shown(device, await device.read(), 'output_on')).toBe(1);
    const { rows } = await end;
    expect(rows).toHaveLength(5);
    expect(away(rows)).toBeLessThan(0.01);
    expectTimes(rows);
    expect(instrument.heard.filter(line => line === 'Y').length).toBeGreaterThanOrEqual(5);
    await bench.clock.sleep(0.3);
    expect(instrument.cellIsOn).toBe(false);
  });

  it('with more amplitude than the ranges take is overloaded, and none of it good', async () => {
    await connected();
    const { rows } = await measure({
      ...SPECTRUM,
      control: 'voltage',
      amplitude: 0.1,
      to_Hz: 1000,
      dc: 'open',
    });
    expect(rows.map(({ quality }) => [...quality])).toEqual(rows.map(() => [4, 4, 4, 0]));
  });

  it('given up: at once, and the cell is off', async () => {
    const { instrument } = await connected();
    const off = new AbortController();
    const end = measure({ ...SPECTRUM, to_Hz: 1 }, off.signal);
    end.catch(() => {});
    await bench.clock.sleep(0.8);
    expect(instrument.cellIsOn).toBe(true);
    const asked_s = bench.clock.now_s();
    off.abort('a trip');
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
    expect(bench.clock.now_s() - asked_s).toBeLessThan(0.25);
    await bench.clock.sleep(0.4);
    expect(instrument.cellIsOn).toBe(false);
  });

  it.each([
    [{ from_Hz: 1e6 }, /1000000 Hz, expected 1..200000 Hz/],
    [{ amplitude: 1 }, /amplitude 1 A, expected at most 0.2 A/],
  ])('what it cannot is refused and nothing sent: %j', async (more, message) => {
    const { device, instrument } = await connected();
    const before = instrument.heard.length;
    await expect(
      device.measure?.({ ...SPECTRUM, ...more }, () => {}, new AbortController().signal),
    ).rejects.toThrow(message);
    expect(instrument.heard.length).toBe(before);
  });
});

/** The plant's own sweep in virtual time: held at the first potential for as long, then step by step. */
async function ownSweep(request: SweepRequest, held_s: number): Promise<readonly DatasetRow[]> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const rig = cellRig();
  const { device } = bench;
  const roles = [...device.channels, ...device.settables].map(
    ({ name }) => [name, `cell.${name}`] as [string, string],
  );
  const twin = openTwin('pstat', device, new Map(roles), rig, clock);
  await clock.runUntil(twin.connect());
  await clock.runUntil(twin.write('voltageSet_V', request.from_V));
  await clock.runUntil(twin.write('modeSet_count', 2));
  await clock.runUntil(twin.write('outputSet_on', 1));
  await clock.runUntil(clock.sleep(held_s));
  const swept = twin.measure?.(request, () => {}, new AbortController().signal);
  const { rows } = await clock.runUntil(swept ?? Promise.reject(new Error('the twin sweeps nothing')));
  return rows;
}

describe('a curve', () => {
  it('linear: its columns, the way of the voltage, the currents of the own sweep of the plant; no word ends it', async () => {
    const { device, instrument } = await connected();
    // Polls send the word that keeps a guarded script running: the sweep must not take it for its end.
    await device.armWatchdog(2);
    const stop = bench.clock.every(0.1, () => void device.read().catch(() => {}));
    const [open_V] = (await device.read()).values;
    const from_V = Math.round(open_V * 1e4) / 1e4;
    const request: SweepRequest = {
      kind: 'lsv',
      from_V: from_V - 0.0004,
      to_V: from_V + 0.0012,
      step_V: 0.0002,
      rate_V_per_s: 0.004,
    };
    const { columns, rows } = await measure(request);
    stop();
    expect(columns).toEqual(['scan_count', 'voltageSet_V', 'voltage_V', 'current_A', 'elapsed_s']);
    expect(rows).toHaveLength(9);
    // Several come with one answer; when each was measured its own timer says.
    expect(new Set(rows.map(({ t_s }) => t_s)).size).toBeLessThan(9);
    const elapsed_s = rows.map(({ values }) => values[4]);
    expect(elapsed_s[0]).toBeGreaterThan(0.045);
    for (const [i, at_s] of elapsed_s.entries())
      if (i > 0) expect(at_s - elapsed_s[i - 1]).toBeGreaterThan(0.045);
    expect(rows.map(({ quality }) => [...quality])).toEqual(rows.map(() => [0, 0, 0, 0, 0]));
    const set = rows.map(({ values }) => values[1]);
    for (const [i, value] of set.entries()) expect(value).toBeCloseTo(from_V - 0.0004 + 0.0002 * i, 6);
    for (const { values } of rows) expect(values[2]).toBeCloseTo(values[1], 3);
    const own = await ownSweep(request, 0);
    const span_A = own[8].values[3] - own[0].values[3];
    expect(span_A).toBeGreaterThan(0.02);
    // Steps of 50 ms on a line of a busy machine: a hundredth of what the current moves, and of its own.
    for (const [i, { values }] of own.entries())
      expect(Math.abs(values[3] - rows[i].values[3])).toBeLessThan(0.01 * (span_A + Math.abs(values[3])));
    await bench.clock.sleep(0.2);
    expect(instrument.cellIsOn).toBe(false);
  });

  it('cyclic: each scan numbered, both vertices reached; then the current that was held', async () => {
    const { device } = await connected(0.02);
    const [held_V] = (await device.read()).values;
    const from_V = Math.round(held_V * 1e4) / 1e4;
    const { rows } = await measure({
      kind: 'cv',
      currentMax_A: 0.15,
      from_V,
      vertices_V: [from_V + 0.0006, from_V - 0.0006],
      step_V: 0.0002,
      rate_V_per_s: 0.04,
      scans: 2,
    });
    expect(rows).toHaveLength(26);
    // Every 5 ms: too quick for a time with each point.
    expect(rows.map(({ quality }) => [quality[3], quality[4]])).toEqual(rows.map(() => [0, 4]));
    expect(rows.map(({ values }) => values[0])).toEqual(rows.map((_, i) => (i < 13 ? 1 : 2)));
    const set = rows.map(({ values }) => values[1]);
    expect(Math.max(...set)).toBeCloseTo(from_V + 0.0006, 6);
    expect(Math.min(...set)).toBeCloseTo(from_V - 0.0006, 6);
    await bench.clock.sleep(0.3);
    expect(shown(device, await device.read(), 'current_A')).toBeCloseTo(0.02, 3);
  });

  it('beyond its largest current it ends, is told, and the cell is off', async () => {
    const { device, instrument } = await connected();
    const [open_V] = (await device.read()).values;
    const from_V = Math.round(open_V * 1e4) / 1e4;
    const way = { from_V, to_V: from_V + 0.004, step_V: 0.0002, rate_V_per_s: 0.02 };
    await expect(measure({ kind: 'lsv', currentMax_A: 0.02, ...way })).rejects.toThrow(
      /A at .* V is beyond currentMax of 0.02 A/,
    );
    expect(instrument.heard).toContain('if c > 20m');
    await bench.clock.sleep(0.2);
    expect(instrument.cellIsOn).toBe(false);
  });

  it.each([
    [{ to_V: 7 }, /sweep through 7 V, expected -6..6 V/],
    [{ step_V: 0 }, /step of 0 V/],
    [{ rate_V_per_s: Number.NaN }, /NaN V\/s/],
  ])('what it cannot is refused and nothing sent: %j', async (more, message) => {
    const { device, instrument } = await connected();
    const before = instrument.heard.length;
    const request = { kind: 'lsv', from_V: 3, to_V: 4, step_V: 0.01, rate_V_per_s: 0.1, ...more } as const;
    await expect(device.measure?.(request, () => {}, new AbortController().signal)).rejects.toThrow(message);
    expect(instrument.heard.length).toBe(before);
  });
});
