import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { alicat } from '../../../sim/device/modbus/alicat.ts';
import { eurotherm } from '../../../sim/device/modbus/controllers.ts';
import {
  type Ground,
  type Make,
  type ModbusInstrument,
  modbusInstrument,
} from '../../../sim/device/modbus/instrument.ts';
import { keller } from '../../../sim/device/modbus/transmitters.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { FAMILIES } from './modbus-bench.ts';

/** A flow controller, a pressure transmitter and a temperature controller on one two-wire line, each a device of its own. */

const clock = realClock();
let pty: PtyPair;
let line: ModbusInstrument;
let devices: Device[] = [];
let units: Map<number, Make>;
const driven = new Map<string, number>();
const ground: Ground = {
  clock,
  sense: name => ({ flow: 10, pressure: 12.25, temperature: 24.2 })[name] ?? Number.NaN,
  drive: (name, value) => {
    driven.set(name, value);
  },
};

beforeEach(async () => {
  pty = await openPtyPair(mkdtempSync(join(tmpdir(), 'line-')), 'line');
  units = new Map([
    [2, keller(ground, { serial: 702413 })],
    [3, eurotherm(ground, { decimals: 1, ident: 0x2461, sensorMax: 600 })],
  ]);
  line = modbusInstrument(
    alicat(ground, { gas: 6, fullScale: 20, units: { flow: 7, pressure: 10 } }),
    ground,
    {
      unit: 1,
      others: units,
      path: pty.instrument,
      baud: 115200,
    },
  );
  await line.start();
  devices = ['alicat', 'keller', 'eurotherm-2000-3000'].map((family, i) => {
    const driver = findDriver('generic/modbus-map');
    const options = { family, path: pty.bench, baud: 115200, unit: i + 1, ...FAMILIES[family].options };
    return driver.open(family, driver.options.parse(options), { clock, baseDir: '.' });
  });
  await Promise.all(devices.map(device => device.connect()));
});

afterEach(async () => {
  await Promise.all(devices.map(device => device.close()));
  await line.end();
  await pty.unplug();
});

const good = async (device: Device): Promise<boolean> =>
  Math.max(...(await device.read()).quality) === QUALITY.good;

describe('three devices on one serial line', () => {
  it('all read good at once, and each sets its own', async () => {
    expect(await Promise.all(devices.map(good))).toEqual([true, true, true]);
    await Promise.all([
      devices[0].write('flowSet_NL_per_min', 9.15),
      devices[2].write('setpointSet_degC', 80),
    ]);
    expect(driven.get('flow')).toBeCloseTo(10, 4);
    expect(
      (await Promise.all(devices.map(device => device.safe()))).flatMap(report => report.failed),
    ).toEqual([]);
    expect(driven.get('flow')).toBe(0);
  });

  it('one that is switched off is lost alone, the others go on, and it comes back by itself', async () => {
    const off = units.get(2)!;
    units.delete(2);
    const end_s = clock.now_s() + 3;
    while (devices[1].state === 'ready' && clock.now_s() < end_s)
      await Promise.all(devices.map(d => d.read()));
    expect(devices.map(device => device.state)).toEqual(['ready', 'lost', 'ready']);
    for (let n = 0; n < 5; n++)
      expect(await Promise.all([good(devices[0]), good(devices[2])])).toEqual([true, true]);
    units.set(2, off);
    const back_s = clock.now_s() + 5;
    while (devices[1].state !== 'ready' && clock.now_s() < back_s) await clock.sleep(0.02);
    expect(await good(devices[1])).toBe(true);
  });

  it('a pulled adapter is told to all, and all come back', async () => {
    await line.stop();
    await pty.unplug();
    const end_s = clock.now_s() + 4;
    while (devices.some(d => d.state === 'ready') && clock.now_s() < end_s)
      await Promise.all(devices.map(d => d.read()));
    expect(devices.map(device => device.state)).toEqual(['lost', 'lost', 'lost']);
    await pty.plug();
    await line.start();
    const back_s = clock.now_s() + 6;
    while (devices.some(d => d.state !== 'ready') && clock.now_s() < back_s) await clock.sleep(0.02);
    expect(await Promise.all(devices.map(good))).toEqual([true, true, true]);
  });
});
