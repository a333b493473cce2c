import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { Quantity } from '../../../drivers/contract/units.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { modbusFamilies, modbusFamilyFile, readModbusMap } from '../../../drivers/generic/modbus-map-file.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { FAMILIES, type FamilyBench, familyBench } from './modbus-bench.ts';

/** Each family of the program on an emulator that knows nothing of its file, over a real wire. */

const clock = realClock();
let bench: FamilyBench | undefined;
afterEach(async () => {
  await bench?.end();
  bench = undefined;
});

async function connected(family: string): Promise<FamilyBench> {
  bench = await familyBench(family);
  await bench.device.connect();
  return bench;
}

async function until(what: () => boolean, limit_s: number): Promise<void> {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.01);
  expect(what()).toBe(true);
}

const at = (device: Device, name: string): number => device.channels.findIndex(c => c.name === name);
const writes = ({ instrument }: FamilyBench): string[] =>
  instrument.heard.filter(line => line.startsWith('W'));

it('every family of the program is tried here', () => {
  expect(Object.keys(FAMILIES).sort()).toEqual(modbusFamilies());
});

it.each(modbusFamilies())('%s: every register has its basis, and a paper', family => {
  const map = readModbusMap(modbusFamilyFile(family), '.');
  expect(map.manual).toBeTruthy();
  expect(map.triedOn).toBeTruthy();
  if (map.identify !== undefined) expect(map.identify.basis).toBeDefined();
  for (const { name, basis } of [...map.channels, ...map.settables]) expect(basis, name).toBeDefined();
});

describe.each(modbusFamilies())('%s', family => {
  const { reads, breaks, first, stranger } = FAMILIES[family];

  it('takes both ends of every range, reads good and right, goes to its safe state', async () => {
    const { device, driven } = await connected(family);
    if (device.watchdog) expect(await device.armWatchdog(3)).toBe(3);
    if (first !== undefined) await device.write(first[0] as Quantity, first[1]);
    const frame = await device.read();
    expect(frame.reason).toBeUndefined();
    expect(Math.max(...frame.quality)).toBe(QUALITY.good);
    for (const [name, value] of Object.entries(reads))
      expect(frame.values[at(device, name)], name).toBeCloseTo(value, 2);
    for (const { name, range } of device.settables) for (const end of range) await device.write(name, end);
    expect((await device.safe()).failed).toEqual([]);
    for (const [name, value] of device.safeList)
      expect(await device.readBack?.(name), name).toBeCloseTo(value, 3);
    if (FAMILIES[family].guarded !== undefined)
      expect(driven.get(FAMILIES[family].guarded?.drive ?? '')).toBe(0);
  });

  it('describes itself without a wire as it does open', async () => {
    const { device, options } = await connected(family);
    const driver = findDriver('generic/modbus-map');
    const described = driver.describe(driver.options.parse(options), '.');
    expect(device).toMatchObject(described);
    for (const { name, range } of [...described.channels, ...described.settables]) {
      expect(unitOf(name), name).toBeDefined();
      expect(range[0], name).toBeLessThan(range[1]);
    }
  });

  it('refuses another instrument, writes nothing to it, leaves nothing open', async () => {
    bench = await familyBench(family, stranger);
    await expect(bench.device.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(writes(bench)).toEqual([]);
    expect(bench.device.state).toBe('closed');
    expect(Math.min(...(await bench.device.read()).quality)).toBe(QUALITY.bad);
  });

  it('NaN, out of range and unknown keys never reach the wire', async () => {
    const { device, instrument } = await connected(family);
    const before = instrument.heard.length;
    for (const { name, range } of device.settables) {
      const span = range[1] - range[0];
      for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 1e-3 * span, range[1] + 1e-3 * span]) {
        await expect(device.write(name, value), `${name} = ${value}`).rejects.toMatchObject({
          code: 'range',
        });
        await expect(device.write(name, value, { urgent: true })).rejects.toMatchObject({ code: 'range' });
      }
    }
    await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    expect(instrument.heard.length).toBe(before);
  });

  it('damaged answers and a broken sensor are never a value; a write that is not answered is an error', async () => {
    const { device, instrument, feels } = await connected(family);
    if (breaks !== undefined) {
      feels.set(breaks[0], Number.NaN);
      const broken = await device.read();
      expect(broken.quality[at(device, breaks[1])], breaks[1]).toBe(QUALITY.bad);
      expect(broken.values[at(device, breaks[1])]).toBeNaN();
    }
    instrument.faults.corrupt = true;
    const damaged = await device.read();
    // What is read less often keeps its last value for so long.
    const known = device.channels.filter((_, i) => !Number.isNaN(damaged.values[i])).map(c => c.name);
    expect(known).toEqual(family.startsWith('enapter') ? ['uptime_s'] : []);
    expect(damaged.reason).toBeTruthy();
    const [settable] = device.settables;
    if (settable !== undefined) {
      await expect(device.write(settable.name, settable.range[1])).rejects.toMatchObject({
        code: expect.stringMatching(/garbled|timeout|closed/),
      });
    }
  });
});

describe.each(modbusFamilies().filter(f => FAMILIES[f].guarded !== undefined))('watchdog of %s', family => {
  const { set, to, drive, time_s } = FAMILIES[family].guarded!;

  it('ends it when we fall silent, and is armed again before anything is switched on after a reconnect', async () => {
    const { device, instrument, driven } = await connected(family);
    await expect(device.armWatchdog(1e6)).rejects.toMatchObject({ code: 'range' });
    expect(await device.armWatchdog(time_s + 0.0004)).toBe(time_s);
    // Its questions go behind polls, which keep it quiet meanwhile.
    let isSaid = false;
    const said = device.readWatchdog?.().finally(() => {
      isSaid = true;
    });
    while (!isSaid) await device.read();
    expect(await said).toMatchObject({ isArmed: true });
    await device.write(set as Quantity, to);
    expect(driven.get(drive)).toBeGreaterThan(0);
    // Polls keep it quiet.
    const polled_s = clock.now_s() + time_s + 0.2;
    while (clock.now_s() < polled_s) {
      await device.read();
      await clock.sleep(0.05);
    }
    expect(driven.get(drive)).toBeGreaterThan(0);
    await clock.sleep(time_s + 0.1);
    expect(driven.get(drive)).toBe(0);
    await instrument.stop();
    await until(() => device.state === 'lost', 1);
    await instrument.start();
    await until(() => device.state === 'ready', 3);
    await expect(device.write(set as Quantity, to)).rejects.toThrow('not armed yet');
    expect(driven.get(drive)).toBe(0);
    await device.read();
    instrument.heard.length = 0;
    await device.write(set as Quantity, to).catch(() => {});
    expect(instrument.heard.some(line => line.startsWith('W'))).toBe(true);
  });
});

describe('a Beckhoff coupler says how it is', () => {
  it('EK9000: without the E-bus its inputs stand still, so that none of them is a value', async () => {
    const { device, feels } = await connected('beckhoff-ek9000');
    const pressure = at(device, 'inletPressure_barg');
    expect((await device.read()).values[pressure]).toBeCloseTo(20, 2);
    feels.set('eBusFault', 1);
    feels.set('ai1', 32767);
    const dead = await device.read();
    expect([...dead.values]).toEqual(device.channels.map(() => Number.NaN));
    expect(dead.reason).toMatch(/E-bus runs: holding 4160 is 0, expected 1/);
    feels.set('eBusFault', 0);
    const back = await device.read();
    expect(back.reason).toBeUndefined();
    expect(back.values[pressure]).toBeCloseTo(40, 2);
  });

  it('EK9000: how often its watchdog has acted', async () => {
    const { device } = await connected('beckhoff-ek9000');
    const acted = at(device, 'watchdogActed_count');
    expect((await device.read()).values[acted]).toBe(0);
    await device.armWatchdog(0.1);
    await device.write('valveSet_pct' as Quantity, 50);
    await clock.sleep(1.1);
    expect((await device.read()).values[acted]).toBe(1);
  });

  it('BK9000: its diagnosis', async () => {
    const { device, feels } = await connected('beckhoff-bk9000');
    const shown = async () => {
      const { values } = await device.read();
      return ['terminalDiagnosis_count', 'couplerStatus_count'].map(name => values[at(device, name)]);
    };
    expect(await shown()).toEqual([0, 0]);
    feels.set('couplerStatus', 3);
    await clock.sleep(1.1);
    expect(await shown()).toEqual([0, 3]);
  });
});

it.each([
  ['sensorState', 2, /its sensor is ready: holding 99 is 2, expected 3/],
  ['sensorFault', 3, /it has no fault: holding 303 is 3, expected 0 or 1 or 2/],
] as const)(
  'XgardIQ: with %s %i it shows no content, and no hydrogen is not said',
  async (sense, value, reason) => {
    const { device, feels } = await connected('crowcon-xgardiq');
    feels.set('content', 0);
    feels.set(sense, value);
    const frame = await device.read();
    const bad = device.channels.filter((_, i) => frame.quality[i] === QUALITY.bad).map(c => c.name);
    expect(bad).toEqual(['h2_vol_pct']);
    expect(frame.reason).toMatch(reason);
    feels.set(sense, 0);
    expect((await device.read()).values[at(device, 'h2_vol_pct')]).toBe(0);
  },
);
