import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  readThermal,
  thermalFamilies,
  thermalText,
  thermalValue,
} from '../../../drivers/generic/thermal-file.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { SUM_CHECKSUM } from '../../../drivers/transport/text/checksum.ts';
import { type Bath, bath } from '../../../sim/device/thermal/bath.ts';
import { THERMAL_DIALECTS } from '../../../sim/device/thermal/dialects.ts';
import { type ThermalInstrument, thermalInstrument } from '../../../sim/device/thermal/instrument.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { bareRig } from '../ea/bare-rig.ts';

/** Each family of the program on an emulator that knows nothing of its file, over a real wire. */

const clock = realClock();
let instrument: ThermalInstrument;
let one: Bath;
let device: Device;
let pty: PtyPair | undefined;
let felt: number | undefined;

afterEach(async () => {
  await device?.close();
  await instrument?.end();
  await pty?.unplug();
  pty = undefined;
  felt = undefined;
});

async function opened(family: string, more: object = {}, wire: 'tcp' | 'pty' = 'tcp'): Promise<Device> {
  const dialect = THERMAL_DIALECTS[family];
  pty = wire === 'pty' ? await openPtyPair(mkdtempSync(join(tmpdir(), 'thermal-')), 'bath') : undefined;
  one = bath({ clock, felt: () => felt }, [0, 100]);
  instrument = thermalInstrument({ rig: bareRig(), clock }, one, dialect, {
    plate: dialect.plate,
    ...(pty === undefined ? {} : { path: pty.instrument }),
  });
  await instrument.start();
  const driver = findDriver('generic/thermal');
  const options = driver.options.parse({
    ...(pty === undefined ? { host: '127.0.0.1', port: instrument.port } : { path: pty.bench, baud: 9600 }),
    family,
    [family === 'huber' ? 'serial' : 'model']: dialect.plate,
    temperatureMin_degC: 5,
    temperatureMax_degC: 95,
    ...more,
  });
  device = driver.open('bath', options, { clock, baseDir: '.' });
  expect(device).toMatchObject(driver.describe(options, '.'));
  return device;
}

const reading = async (name: string): Promise<{ value: number; quality: number; reason?: string }> => {
  const frame = await device.read();
  const at = device.channels.findIndex(c => c.name === name);
  return { value: frame.values[at], quality: frame.quality[at], reason: frame.reason };
};
const COMMAND = /^(OUT_|START|STOP|11001|14001|\{M..[0-9A-F]{4}|\[M01G0D(?!\*{6}))/;

it('every family of the program has an emulator, a paper, and a basis for each fact', () => {
  expect(Object.keys(THERMAL_DIALECTS).sort()).toEqual(thermalFamilies());
  for (const family of thermalFamilies()) {
    const { manual, triedOn } = readThermal(family, '.');
    expect(manual.length, family).toBeGreaterThan(10);
    expect(triedOn).toBe('emulator only');
  }
});

describe.each(thermalFamilies())('%s', family => {
  // A serial line is one for all families.
  it.each(family === 'julabo' ? (['tcp', 'pty'] as const) : (['tcp'] as const))(
    'over %s: set, started, read, stopped by its safe state',
    async wire => {
      await opened(family, {}, wire);
      await device.connect();
      const [low, high] = device.settables.find(s => s.name === 'temperatureSet_degC')?.range ?? [0, 0];
      for (const value of [low, high, 60.25]) await device.write('temperatureSet_degC', value);
      expect(one.setpoint).toBe(60.25);
      await device.write('runSet_on', 1);
      expect(one.running).toBe(true);
      felt = 41.5;
      const frame = await device.read();
      expect(frame.reason).toBeUndefined();
      expect(Math.max(...frame.quality)).toBe(QUALITY.good);
      expect((await reading('internalTemperature_degC')).value).toBe(41.5);
      expect((await reading('alarm_on')).value).toBe(0);
      expect((await device.safe()).failed).toEqual([]);
      expect(one.running).toBe(false);
    },
  );

  it('goes on at the temperature of the safe state where the bench has one', async () => {
    await opened(family, { temperatureSafe_degC: 20 });
    await device.connect();
    await device.write('temperatureSet_degC', 80);
    await device.write('runSet_on', 1);
    expect((await device.safe()).failed).toEqual([]);
    expect(one).toMatchObject({ setpoint: 20, running: true });
  });

  it('refuses another instrument, writes nothing to it', async () => {
    await opened(family, family === 'huber' ? { serial: '0001' } : { model: 'ANOTHER' });
    await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(instrument.heard.filter(line => COMMAND.test(line))).toEqual([]);
  });

  it('NaN, out of range and unknown keys never reach the wire', async () => {
    await opened(family);
    await device.connect();
    const before = instrument.heard.length;
    for (const { name, range } of device.settables) {
      for (const value of [Number.NaN, Infinity, range[0] - 0.1, range[1] + 0.1])
        await expect(device.write(name, value)).rejects.toMatchObject({ code: 'range' });
    }
    await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    expect(instrument.heard.length).toBe(before);
  });

  it('what it does not take is found out: beyond its own limits, in alarm', async () => {
    await opened(family, { temperatureMax_degC: 120 });
    await device.connect();
    const code = expect.stringMatching(/refused|readback/);
    await expect(device.write('temperatureSet_degC', 110)).rejects.toMatchObject({ code });
    one.alarm = true;
    expect((await reading('alarm_on')).value).toBe(1);
    await expect(device.write('runSet_on', 1)).rejects.toMatchObject({ code });
    expect(one.alarm).toBe(true);
    expect(one.running).toBe(false);
  });

  it('silence, late and damaged answers are never a value', async () => {
    await opened(family);
    await device.connect();
    instrument.faults.corrupt = true;
    const damaged = await device.read();
    expect(damaged.values.every(Number.isNaN)).toBe(true);
    expect(damaged.reason).toBeTruthy();
    instrument.faults.corrupt = false;
    felt = 30;
    instrument.faults.delay_ms = 900;
    await device.read();
    instrument.faults.delay_ms = 0;
    felt = 77;
    // What was asked late may come now; it must not stand as good beside another time.
    for (let n = 0; n < 4; n++) {
      const { value, quality } = await reading('internalTemperature_degC');
      if (quality === QUALITY.good) expect(value).toBe(77);
    }
    instrument.faults.silence = true;
    expect((await device.read()).values.every(Number.isNaN)).toBe(true);
  });

  it('a cut wire: bad, and good again when it is back', async () => {
    await opened(family);
    await device.connect();
    await instrument.stop();
    expect(Math.min(...(await device.read()).quality)).toBe(QUALITY.bad);
    await instrument.start();
    const end_s = clock.now_s() + 6;
    while (device.state !== 'ready' && clock.now_s() < end_s) await clock.sleep(0.02);
    expect((await reading('internalTemperature_degC')).quality).toBe(QUALITY.good);
  });
});

it('lauda: its time-out is armed, read back, and stops it when the line falls silent', async () => {
  await opened('lauda');
  await device.connect();
  await expect(device.armWatchdog?.(0.5)).rejects.toMatchObject({ code: 'range' });
  expect(await device.armWatchdog?.(1.9)).toBe(1);
  expect(one.timeout_s).toBe(1);
  expect(await device.readWatchdog?.()).toMatchObject({ isArmed: true });
  one.timeout_s = 60;
  expect(await device.readWatchdog?.()).toEqual({ isArmed: false, armed: 'IN_SP_08 1', read: 'IN_SP_08 60' });
  one.timeout_s = 1;
  await device.write('runSet_on', 1);
  await clock.sleep(1.3);
  expect(one).toMatchObject({ running: false, alarm: true });
  // A trip of its own is seen and not cleared.
  expect((await reading('alarm_on')).value).toBe(1);
});

it.each(['huber', 'huber-lai', 'lauda', 'julabo'])('%s: a missing external probe is bad', async family => {
  await opened(family, { external: true });
  await device.connect();
  one.hasProbe = false;
  expect(await reading('externalTemperature_degC')).toMatchObject({
    value: Number.NaN,
    quality: QUALITY.bad,
  });
});

it('julabo at its panel ignores what it is told: the read-back says so', async () => {
  await opened('julabo');
  await device.connect();
  one.local = true;
  await expect(device.write('temperatureSet_degC', 70)).rejects.toMatchObject({ code: 'readback' });
});

it('worked frames: Huber -10 degC is FC18, 25.5 degC 09F6', () => {
  const set = readThermal('huber', '.').sets[0];
  expect(thermalText(-10, set)).toBe('FC18');
  expect(thermalText(25.5, set)).toBe('09F6');
  expect(thermalValue('{S00FC18', set)).toBe(-10);
  expect(thermalValue('{S0009F6', set)).toBe(25.5);
  expect(thermalValue('{S007FFF', set)).toBeNaN();
  expect(thermalValue('{S0109F6', set)).toBeUndefined();
  expect(() => thermalText(Number.NaN, set)).toThrow(/no set value/);
});

it('frames of Huber LAI have their sum behind them, and none without it is heard', () => {
  expect(SUM_CHECKSUM.add('[M01V07')).toBe('[M01V07C6');
  expect(SUM_CHECKSUM.take('[M01V07C6')).toBe('[M01V07');
  for (const damaged of ['[M01V07C7', '[M01V06C6', 'C6', ''])
    expect(SUM_CHECKSUM.take(damaged)).toBeUndefined();
});

it('no text that is no number is a value', () => {
  const places = thermalFamilies().flatMap(family => readThermal(family, '.').reads);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.constantFrom(...places), (text, place) => {
      const value = thermalValue(text, place);
      if (value !== undefined && !Number.isNaN(value)) expect(text).toMatch(/[0-9A-F]/);
    }),
    { numRuns: 300 },
  );
});
