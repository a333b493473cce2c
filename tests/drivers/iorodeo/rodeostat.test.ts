import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { commandOf, lineOf, saidIn } from '../../../drivers/iorodeo/commands.ts';
import { findDriver } from '../../../drivers/registry.ts';
import type { RodeostatInstrument } from '../../../sim/device/rodeostat.ts';
import { shown } from '../palmsens/bench.ts';
import { clock, type RodeostatBench, rodeostatBench } from './bench.ts';

let bench: RodeostatBench | undefined;
let instrument: RodeostatInstrument;
let device: Device;

afterEach(() => bench?.end());

async function open(...how: Parameters<typeof rodeostatBench>): Promise<Device> {
  bench = await rodeostatBench(...how);
  ({ device, instrument } = bench);
  const driver = findDriver('iorodeo/rodeostat');
  const options = {
    path: 'x',
    variant: '10V_milliAmpV0.2',
    deviceId: 7,
    voltageRange: '1V',
    currentRange: '24000uA',
  };
  expect(device).toMatchObject(driver.describe(driver.options.parse({ ...options, ...how[0] }), '.'));
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
