import { afterEach, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { sharedAddress } from '../../../drivers/transport/text/shared.ts';
import { type ModbusInstrument, modbusInstrument } from '../../../sim/device/modbus/instrument.ts';
import { keller } from '../../../sim/device/modbus/transmitters.ts';

/** Register maps over frames of the serial line on TCP: one connection, two units on it. */

const clock = realClock();
const accuracy = { reading_pct: 0, abs: 0.1, basis: 'default' };
let instrument: ModbusInstrument | undefined;
let devices: Device[] = [];
afterEach(async () => {
  for (const device of devices) await device.close();
  await instrument?.end();
  devices = [];
});

async function two(frames: 'tcp' | 'rtu' = 'rtu'): Promise<Device[]> {
  const felt = (value: number) => ({
    clock,
    sense: (name: string) => (name === 'pressure' ? value : 20),
    drive: () => {},
  });
  const [first, second] = [felt(3), felt(7)];
  instrument = modbusInstrument(keller(first, { serial: 11 }), first, {
    unit: 1,
    others: new Map([[2, keller(second, { serial: 22 })]]),
    frames: 'rtu',
  });
  await instrument.start();
  const shared = sharedAddress(2);
  const driver = findDriver('generic/modbus-map');
  const { port } = instrument;
  devices = [1, 2].map(unit => {
    const options = driver.options.parse({
      ...{ host: '127.0.0.1', port, frames, unit, family: 'keller', about: { serial: 11 * unit } },
      points: [{ name: 'pressure_bara', at: 'p[0]', range: [0, 40], accuracy }],
    });
    return driver.open(`unit${unit}`, options, { clock, baseDir: '.', shared });
  });
  return devices;
}

test('two units behind one serial server are read at once, each its own', async () => {
  const both = await two();
  for (const device of both) await device.connect();
  for (let n = 0; n < 10; n++) {
    const frames = await Promise.all(both.map(device => device.read()));
    expect(frames.map(frame => frame.values[0])).toEqual([3, 7]);
    expect(frames.map(frame => frame.quality[0])).toEqual([QUALITY.good, QUALITY.good]);
  }
});

test('damaged, late, silent and cut: never a wrong value', async () => {
  const both = await two();
  for (const device of both) await device.connect();
  if (instrument === undefined) throw new Error('no instrument');
  const look = async (): Promise<void> => {
    const frames = await Promise.all(both.map(device => device.read()));
    frames.forEach((frame, i) => {
      if (frame.quality[0] !== QUALITY.bad) expect(frame.values[0]).toBe([3, 7][i]);
    });
  };
  instrument.faults.corrupt = true;
  for (const device of both) expect((await device.read()).quality[0]).toBe(QUALITY.bad);
  instrument.faults.corrupt = false;
  instrument.faults.delay_ms = 450;
  for (let n = 0; n < 3; n++) await look();
  instrument.faults.delay_ms = 0;
  for (let n = 0; n < 3; n++) await look();
  instrument.faults.silence = true;
  for (const device of both) expect((await device.read()).quality[0]).toBe(QUALITY.bad);
  await instrument.stop();
  for (const device of both) expect((await device.read()).quality[0]).toBe(QUALITY.bad);
});

test('Modbus TCP to a server that speaks the other frames is not connected', async () => {
  const [device] = await two('tcp');
  await expect(device.connect()).rejects.toMatchObject({ code: expect.stringMatching(/timeout|closed/) });
});
