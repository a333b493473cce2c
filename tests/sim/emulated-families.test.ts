import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { modbusFamilies } from '../../drivers/generic/modbus-map-file.ts';
import { findDriver } from '../../drivers/registry.ts';
import type { EmulatedInstrument } from '../../sim/emulators/entry.ts';
import { emulatedFamilies } from '../../sim/emulators/modbus-families.ts';
import { modbusMap } from '../../sim/emulators/modbus-map.ts';
import { NO_CHANCE } from '../../sim/no-chance.ts';
import { findPlant } from '../../sim/plants.ts';

/** Each family of register maps has an emulator that its driver takes for one of its own. */

const clock = realClock();
const rig = findPlant('pem').create({
  set: findPlant('pem').sets[0],
  parameters: {},
  subject: { cells: 5, activeArea_cm2: 100, currentNominal_A: 100 },
  random: NO_CHANCE,
});
let instrument: EmulatedInstrument | undefined;
let device: Device | undefined;

afterEach(async () => {
  await device?.close();
  await instrument?.end();
});

/** Its usual options; roles give it a place on the plant. */
async function open(family: string, roles: Readonly<Record<string, string>>, more: object = {}) {
  const own = { family, ...modbusMap.sample({ family }), ...more };
  instrument = modbusMap.open([{ id: 'dut', options: modbusMap.options.parse(own), roles, baseDir: '.' }], {
    rig,
    clock,
    plant: rig,
    random: NO_CHANCE,
    timeFactor: 1,
    port: 0,
  });
  await instrument.start();
  const driver = findDriver('generic/modbus-map');
  device = driver.open('dut', driver.options.parse({ ...own, ...instrument.address }), {
    clock,
    baseDir: '.',
  });
  await device.connect();
  return device;
}

describe('emulated families', () => {
  it('are all that there are', () => {
    expect(emulatedFamilies.toSorted()).toEqual(modbusFamilies());
  });

  it.each(modbusFamilies())('%s', async family => {
    expect((await open(family, {})).state).toBe('ready');
  });

  it('a terminal shows what the plant has behind its name, and drives it', async () => {
    const signal = rig.sensors.find(name => name.endsWith('temperature_degC')) ?? '';
    const points = [
      {
        name: 'oven_degC',
        at: 'ai[0]',
        eng: [0, 100],
        range: [-1, 101],
        accuracy: { reading_pct: 0, abs: 0.1, basis: 'default' },
      },
    ];
    const dut = await open('wago-750', { oven_degC: signal }, { points });
    const { values } = await dut.read();
    expect(values[0]).toBeCloseTo(rig.sensor(rig.sensorIndex(signal)), 1);
  });
});
