import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { DatasetRow } from '../../../drivers/contract/measure/impedance.ts';
import type { SweepRequest } from '../../../drivers/contract/measure/sweep.ts';
import { commandOf, lineOf, saidIn } from '../../../drivers/iorodeo/commands.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type RodeostatInstrument, rodeostat } from '../../../sim/device/rodeostat.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import { findPlant } from '../../../sim/plants.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { openTwin } from '../../../sim/twin.ts';
import { shown } from '../palmsens/bench.ts';

const clock = realClock();
let instrument: RodeostatInstrument;
let device: Device;
let pty: PtyPair | undefined;

afterEach(async () => {
  await device?.close();
  await instrument?.end();
  await pty?.unplug();
});

const rigOf = () =>
  findPlant('li-metal').create({
    set: 'li-li-carbonate',
    parameters: {},
    subject: { cells: 1, activeArea_cm2: 1.131, currentNominal_A: 0.01 },
    random: NO_CHANCE,
  });

const optionsOf = (more: object = {}) => ({
  path: pty?.bench,
  variant: '10V_milliAmpV0.2',
  deviceId: 7,
  voltageRange: '1V',
  currentRange: '24000uA',
  ...more,
});

/** The own sweep of the plant in virtual time. */
async function ownSweep(request: SweepRequest): Promise<readonly DatasetRow[]> {
  const virtual = new VirtualClock({ utcStart_ms: 0 });
  const roles = [...device.channels, ...device.settables].map(
    ({ name }) => [name, `cell.${name}`] as [string, string],
  );
  const rig = rigOf();
  rig.set(rig.actuatorIndex('cell.modeSet_count'), 2);
  const twin = openTwin('pstat', device, new Map(roles), rig, virtual);
  await virtual.runUntil(twin.connect());
  await virtual.runUntil(twin.write('voltageSet_V', request.from_V));
  await virtual.runUntil(twin.write('outputSet_on', 1));
  const end = twin.measure?.(request, () => {}, new AbortController().signal);
  return (await virtual.runUntil(end ?? Promise.reject(new Error('the twin sweeps nothing')))).rows;
}

async function open(
  more: object = {},
  ready: (made: RodeostatInstrument) => void = () => {},
): Promise<Device> {
  const rig = rigOf();
  pty = await openPtyPair(mkdtempSync(join(tmpdir(), 'rodeostat-')), 'line');
  instrument = rodeostat(
    { rig, clock, beforeReply: () => rig.advanceTo(clock.now_s()) },
    {
      variant: '10V_milliAmpV0.2',
      deviceId: 7,
      subject: 'cell',
      voltageRanges: ['1V', '2V', '5V', '10V'],
      currentRanges: { '100uA': 100, '1000uA': 1000, '24000uA': 24_048 },
      path: pty.instrument,
    },
  );
  ready(instrument);
  await instrument.start();
  const driver = findDriver('iorodeo/rodeostat');
  const options = driver.options.parse(optionsOf(more));
  device = driver.open('pstat', options, { clock, baseDir: '.' });
  expect(device).toMatchObject(driver.describe(options, '.'));
  return device;
}

it('open circuit, then a potential: read back, with the sign of its current, and off again', async () => {
  await (await open()).connect();
  const rest = await device.read();
  expect(rest.reason).toBeUndefined();
  expect([...rest.quality]).toEqual([0, 0, 0]);
  expect([shown(device, rest, 'current_A'), shown(device, rest, 'output_on')]).toEqual([0, 0]);
  expect(instrument.electrodes).toEqual({ Ref: true, Wrk: true, Ctr: false });
  // Nothing is driven before its potential is proved.
  await expect(device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
  for (const [set_V, sign] of [
    [0.05, 1],
    [-0.05, -1],
  ]) {
    await device.write('voltageSet_V', set_V);
    await device.write('outputSet_on', 1);
    await clock.sleep(0.02);
    const held = await device.read();
    expect(shown(device, held, 'voltage_V')).toBeCloseTo(set_V, 3);
    expect(Math.sign(shown(device, held, 'current_A'))).toBe(sign);
    expect(Math.abs(shown(device, held, 'current_A'))).toBeGreaterThan(1e-4);
  }
  expect((await device.safe()).failed).toEqual([]);
  expect(instrument.electrodes.Ctr).toBe(false);
});

it('a current at the end of its range is no reading', async () => {
  await (await open({ currentRange: '100uA' })).connect();
  await device.write('voltageSet_V', 0.2);
  await device.write('outputSet_on', 1);
  await clock.sleep(0.02);
  const frame = await device.read();
  expect(frame.quality[1]).toBe(QUALITY.bad);
  expect(frame.values[1]).toBeNaN();
  expect(frame.reason).toContain('at the end of its range');
});

it.each([
  ['another number', { deviceId: 8 }, 'HW0.2', /deviceId 7, expected 8/],
  ['another variant', { variant: '10V_microAmpV0.2' }, 'HW0.2', /variant 10V_milliAmpV0.2, expected/],
  ['a board that cannot let go of the cell', {}, '', /cannot disconnect its electrodes/],
])('%s is refused, nothing is set', async (_, more, hardware, text) => {
  await open(more, made => {
    made.hardware = hardware;
  });
  await expect(device.connect()).rejects.toThrow(text);
  expect(device.state).toBe('closed');
  expect(instrument.heard.filter(line => line.includes('"set'))).toEqual([]);
});

it('NaN, out of range and unknown keys never reach the wire', async () => {
  await (await open({ voltageMax_V: 0.5 })).connect();
  const before = instrument.heard.length;
  for (const { name, range } of device.settables)
    for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 0.01, range[1] + 0.01])
      await expect(device.write(name, value)).rejects.toMatchObject({ code: 'range' });
  await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
  expect(instrument.heard.length).toBe(before);
});

it('damaged, deaf and silent: found out', async () => {
  await (await open()).connect();
  await device.write('voltageSet_V', 0.05);
  await device.write('outputSet_on', 1);
  instrument.isDeaf = true;
  await expect(device.write('voltageSet_V', 0.1)).rejects.toMatchObject({ code: 'readback' });
  expect((await device.safe()).failed.map(f => f.key)).toEqual(['outputSet_on']);
  instrument.isDeaf = false;
  instrument.faults.corrupt = true;
  expect((await device.read()).values.every(Number.isNaN)).toBe(true);
  instrument.faults.corrupt = false;
  await device.read();
  instrument.faults.silence = true;
  const silent = await device.read();
  expect(silent.values.every(Number.isNaN)).toBe(true);
  expect(silent.reason).toBeTruthy();
});

describe('commands', () => {
  it('no message has a length at which the device hangs, and none is changed by that', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 150 }), text => {
        const line = lineOf({ command: text });
        expect([(line.length + 1) % 64, (line.length + 2) % 64]).not.toContain(0);
        expect(JSON.parse(line)).toEqual({ command: text });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['{"success":true,"response":{"command":"getCurr","i":-0.095238}}', true],
    ['{"success":true,"response":{"command":"getVolt","v":-0.000244}}', false],
    ['{"success":true,"response":{"command":"getCurr"}}', false],
    ['{"success":false,"message":"no","response":{}}', true],
    ['{"t":10,"v":0.1,"i":0.5}', false],
    ['{}', false],
    ['{"success":true', false],
    ['null', false],
  ])('%s is an answer to getCurr: %s', (text, is) => {
    expect(commandOf('getCurr', 'i').fits(text)).toBe(is);
  });

  it('a refusal is told with its words', () => {
    expect(saidIn('{"success":false,"message":"unknown current range","response":{}}')?.refusal).toBe(
      'unknown current range',
    );
    expect(() => commandOf('setVolt', 'v', { v: Number.NaN })).toThrow(/no set value/);
  });
});

describe('a sweep', () => {
  const CYCLE: SweepRequest = {
    kind: 'cv',
    from_V: 0.01,
    vertices_V: [0.08, -0.02],
    step_V: 0.004,
    rate_V_per_s: 0.2,
    scans: 1,
  };

  async function held(set_V: number, more: object = {}): Promise<Device> {
    await (await open(more)).connect();
    await device.write('voltageSet_V', set_V);
    await device.write('outputSet_on', 1);
    return device;
  }
  const swept = (request: SweepRequest, signal = new AbortController().signal) =>
    device.measure?.(request, () => {}, signal) ?? Promise.reject(new Error('it sweeps nothing'));

  it('agrees with the own one of the plant; the cell is read meanwhile, then what was set holds again', async () => {
    await held(0.01);
    const seen: number[] = [];
    const stop = clock.every(0.15, () => {
      void device.read().then(({ quality, values }) => {
        if (quality.every(q => q <= QUALITY.uncertain)) seen.push(values[0]);
      });
    });
    const { columns, rows } = await swept(CYCLE);
    stop();
    expect(columns).toEqual(['scan_count', 'voltageSet_V', 'voltage_V', 'current_A']);
    expect(rows).toHaveLength(50);
    expect(Math.max(...rows.map(({ values }) => values[1]))).toBeCloseTo(0.08, 3);
    expect(Math.min(...rows.map(({ values }) => values[1]))).toBeCloseTo(-0.02, 3);
    // Upwards first.
    expect(rows[5].values[1]).toBeGreaterThan(0.025);
    expect(new Set(seen.map(v => v.toFixed(3))).size).toBeGreaterThan(2);
    const own = await ownSweep(CYCLE);
    const far = Math.max(...own.map(({ values }) => Math.abs(values[3])));
    for (const [i, { values }] of rows.entries()) {
      // The twin has a point at its begin, too.
      const of = own[i + 1].values;
      // A step of the meter beside it.
      expect(Math.abs(values[3] - of[3])).toBeLessThan(0.01 * far + 5e-6);
    }
    const after = await device.read();
    expect([...after.quality]).toEqual([0, 0, 0]);
    expect(shown(device, after, 'voltage_V')).toBeCloseTo(0.01, 3);
    expect(shown(device, after, 'output_on')).toBe(1);
  });

  it('given up, or switched off: the test is stopped, and the cell is off', async () => {
    const off = new AbortController();
    await held(0.01);
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
    await device.write('voltageSet_V', 0.01);
    await device.write('outputSet_on', 1);
    const cut = swept({ ...CYCLE, scans: 5 });
    await clock.sleep(0.3);
    expect((await device.safe()).failed).toEqual([]);
    expect(instrument.electrodes.Ctr).toBe(false);
    await expect(cut).rejects.toThrow(/its output was switched/);
  });

  it.each([
    [
      'a begin outside its vertices',
      { from_V: 0.1 },
      /expected a begin between its vertices -0.02 and 0.08 V/,
    ],
    [
      'a potential beyond its range',
      { vertices_V: [1.5, 0] as const },
      /sweep through 1.5 V, expected -1..1 V/,
    ],
  ])('%s is refused before anything is sent', async (_, more, message) => {
    await held(0.01);
    await expect(swept({ ...CYCLE, ...more })).rejects.toThrow(message);
    expect(instrument.heard.filter(line => /setParam|runTest/.test(line))).toEqual([]);
  });

  it('a test that somebody else has left running is ended first, and its cell let go of', async () => {
    await open();
    await device.connect();
    await device.write('voltageSet_V', 0.01);
    await device.write('outputSet_on', 1);
    const cut = swept({ ...CYCLE, scans: 50 });
    cut.catch(() => {});
    await clock.sleep(0.3);
    await device.close();
    const driver = findDriver('iorodeo/rodeostat');
    device = driver.open('pstat', driver.options.parse(optionsOf()), { clock, baseDir: '.' });
    await device.connect();
    expect(instrument.electrodes.Ctr).toBe(false);
    expect((await device.read()).quality[0]).toBe(0);
  });
});
