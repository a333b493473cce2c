import { afterEach, expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { DatasetRow } from '../../../drivers/contract/measure/impedance.ts';
import type { SweepRequest } from '../../../drivers/contract/measure/sweep.ts';
import type { RodeostatInstrument } from '../../../sim/device/rodeostat.ts';
import { openTwin } from '../../../sim/twin.ts';
import { shown } from '../palmsens/bench.ts';
import { clock, lithiumRig, type RodeostatBench, rodeostatBench } from './bench.ts';

/** Sweeps of the Rodeostat on a pty: its tests, whose samples come without being asked for. */

let bench: RodeostatBench | undefined;
let instrument: RodeostatInstrument;
let device: Device;

afterEach(() => bench?.end());

/** The own sweep of the plant in virtual time. */
async function ownSweep(request: SweepRequest): Promise<readonly DatasetRow[]> {
  const virtual = new VirtualClock({ utcStart_ms: 0 });
  const roles = [...device.channels, ...device.settables].map(
    ({ name }) => [name, `cell.${name}`] as [string, string],
  );
  const rig = lithiumRig();
  rig.set(rig.actuatorIndex('cell.modeSet_count'), 2);
  const twin = openTwin('pstat', device, new Map(roles), rig, virtual);
  await virtual.runUntil(twin.connect());
  await virtual.runUntil(twin.write('voltageSet_V', request.from_V));
  await virtual.runUntil(twin.write('outputSet_on', 1));
  const end = twin.measure?.(request, () => {}, new AbortController().signal);
  return (await virtual.runUntil(end ?? Promise.reject(new Error('the twin sweeps nothing')))).rows;
}

const CYCLE: SweepRequest = {
  kind: 'cv',
  from_V: 0.02,
  vertices_V: [0.08, -0.02],
  step_V: 0.004,
  rate_V_per_s: 0.2,
  scans: 1,
};

async function held(set_V: number, more: object = {}): Promise<Device> {
  bench = await rodeostatBench(more);
  ({ device, instrument } = bench);
  await device.connect();
  await device.write('voltageSet_V', set_V);
  await device.write('outputSet_on', 1);
  return device;
}
const swept = (request: SweepRequest, signal = new AbortController().signal) =>
  device.measure?.(request, () => {}, signal) ?? Promise.reject(new Error('it sweeps nothing'));

it('agrees with the own one of the plant; the cell is read meanwhile, then what was set holds again', async () => {
  await held(0.02);
  const seen: number[] = [];
  const stop = clock.every(0.15, () => {
    void device.read().then(({ quality, values }) => {
      if (quality.every(q => q <= QUALITY.uncertain)) seen.push(values[0]);
    });
  });
  const { columns, rows } = await swept(CYCLE);
  stop();
  expect(columns).toEqual(['scan_count', 'voltageSet_V', 'voltage_V', 'current_A', 'elapsed_s']);
  expect(rows).toHaveLength(50);
  // What is set is known, what is at the cell is not measured.
  const { good, uncertain } = QUALITY;
  for (const { quality } of rows) expect([...quality]).toEqual([good, good, uncertain, good, good]);
  expect(device.sweep?.voltageIs).toBe('set');
  // Its own time: a step of 20 ms each, however many points come with one answer.
  for (const [i, { values }] of rows.entries()) expect(values[4]).toBeCloseTo(0.02 * (i + 1), 6);
  expect(Math.max(...rows.map(({ values }) => values[1]))).toBeCloseTo(0.08, 3);
  expect(Math.min(...rows.map(({ values }) => values[1]))).toBeCloseTo(-0.02, 3);
  // Upwards first.
  expect(rows[5].values[1]).toBeGreaterThan(0.035);
  expect(new Set(seen.map(v => v.toFixed(3))).size).toBeGreaterThan(2);
  const own = await ownSweep(CYCLE);
  expect(own[1].values[4]).toBeCloseTo(0.02 + own[0].values[4], 6);
  const far = Math.max(...own.map(({ values }) => Math.abs(values[3])));
  for (const [i, { values }] of rows.entries()) {
    // The twin has a point at its begin, too.
    const of = own[i + 1].values;
    // A step of the meter beside it.
    expect(Math.abs(values[3] - of[3])).toBeLessThan(0.01 * far + 5e-6);
  }
  const after = await device.read();
  expect([...after.quality]).toEqual([0, 0, 0]);
  expect(shown(device, after, 'voltage_V')).toBeCloseTo(0.02, 3);
  expect(shown(device, after, 'output_on')).toBe(1);
});

it('given up, or switched off: the test is stopped, and the cell is off', async () => {
  const off = new AbortController();
  await held(0.02);
  const given = swept({ ...CYCLE, scans: 5 }, off.signal);
  given.catch(() => {});
  await clock.sleep(0.4);
  expect(instrument.electrodes.Ctr).toBe(true);
  off.abort('a trip');
  await expect(given).rejects.toMatchObject({ code: 'cancelled' });
  await clock.sleep(0.2);
  expect(instrument.electrodes.Ctr).toBe(false);
  expect(instrument.heard).toContain('{"command":"stopTest"}');
  expect((await device.read()).values[2]).toBe(0);
  await device.write('voltageSet_V', 0.02);
  await device.write('outputSet_on', 1);
  const cut = swept({ ...CYCLE, scans: 5 });
  await clock.sleep(0.3);
  expect((await device.safe()).failed).toEqual([]);
  expect(instrument.electrodes.Ctr).toBe(false);
  await expect(cut).rejects.toThrow(/its output was switched/);
});

it.each([
  ['a begin outside its vertices', { from_V: 0.1 }, /expected a begin between its vertices -0.02 and 0.08 V/],
  [
    'a potential beyond its range',
    { vertices_V: [1.5, 0] as const },
    /sweep through 1.5 V, expected -1..1 V/,
  ],
])('%s is refused before anything is sent', async (_, more, message) => {
  await held(0.02);
  await expect(swept({ ...CYCLE, ...more })).rejects.toThrow(message);
  expect(instrument.heard.filter(line => /setParam|runTest/.test(line))).toEqual([]);
});

it('a test that somebody else has left running is ended first, and its cell let go of', async () => {
  await held(0.02);
  const cut = swept({ ...CYCLE, scans: 50 });
  cut.catch(() => {});
  await clock.sleep(0.3);
  await device.close();
  device = bench?.other() ?? device;
  await device.connect();
  expect(instrument.electrodes.Ctr).toBe(false);
  expect((await device.read()).quality[0]).toBe(0);
});
