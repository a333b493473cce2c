import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import type { DriverEntry } from '../../drivers/entry.ts';
import type { EmulatedInstrument, EmulatorEntry } from '../../sim/emulators/entry.ts';
import { emulatedOptions } from '../../sim/emulators/registry.ts';
import type { Rig } from '../../sim/plant/parts/rig.ts';

const clock = realClock();

/** A plant with nothing on it. */
const NOTHING: Rig = {
  sensors: [],
  actuators: [],
  sensorIndex: () => -1,
  sensorRange: () => ({ first: -1, count: 0 }),
  sensor: () => Number.NaN,
  actuatorIndex: () => -1,
  set() {},
  setting: () => Number.NaN,
  advanceTo() {},
  time_s: 0,
};

/** A declared driver on its emulator, over TCP. */
export interface DeclaredBench {
  readonly device: Device;
  readonly instrument: EmulatedInstrument;
  end(): Promise<void>;
}

/** Puts the emulator up with its sample options and makes the device, not connected yet; `more`: options of the driver. */
export async function declaredBench(
  driver: DriverEntry,
  emulator: EmulatorEntry,
  more: Readonly<Record<string, unknown>> = {},
): Promise<DeclaredBench> {
  const sample = emulator.sample({});
  const told = { id: 'dut', options: emulatedOptions(emulator, 'dut', sample), roles: {}, baseDir: '.' };
  const instrument = emulator.open([told], {
    rig: NOTHING,
    clock,
    plant: {
      impedance: () => ({ re_Ohm: new Float64Array(), im_Ohm: new Float64Array() }),
      advanceTo: () => {},
    },
    random: { uniform: () => 0.5, gauss: () => 0 },
    timeFactor: 1,
    port: 0,
  });
  await instrument.start();
  const options = driver.options.parse({ ...sample, ...instrument.address, ...more });
  const device = driver.open('dut', options, { clock, baseDir: '.' });
  return {
    device,
    instrument,
    async end() {
      await device.close();
      await instrument.end();
    },
  };
}

/**
 * What every declared driver must keep, tried on its emulator. `other`: options by which the bench file names another
 * instrument than the emulator is.
 */
export function sweepDeclared(
  driver: DriverEntry,
  emulator: EmulatorEntry,
  other: Readonly<Record<string, unknown>>,
): void {
  let bench: DeclaredBench | undefined;
  afterEach(async () => {
    await bench?.end();
    bench = undefined;
  });
  const connected = async (): Promise<DeclaredBench> => {
    bench = await declaredBench(driver, emulator);
    await bench.device.connect();
    return bench;
  };

  describe(driver.id, () => {
    it('reads all good; every name has its unit, every limit its order', async () => {
      const { device } = await connected();
      const frame = await device.read();
      expect(frame.reason).toBeUndefined();
      expect(Math.max(...frame.quality)).toBe(QUALITY.good);
      for (const { name, range } of [...device.channels, ...device.settables]) {
        expect(unitOf(name), name).toBeDefined();
        expect(range[0], name).toBeLessThan(range[1]);
      }
    });

    it('takes both ends of every range, nothing beyond, and proves the safe state', async () => {
      const { device } = await connected();
      if (device.watchdog) expect(await device.armWatchdog(5)).toBeLessThanOrEqual(5);
      for (const { name, range } of device.settables) {
        for (const end of range) await device.write(name, end);
        const beyond = range[1] + 1e-3 * (range[1] - range[0]);
        for (const value of [Number.NaN, beyond])
          await expect(device.write(name, value), name).rejects.toMatchObject({ code: 'range' });
      }
      expect((await device.safe()).failed).toEqual([]);
      for (const [name, value] of device.safeList)
        expect(await device.readBack?.(name)).toBeCloseTo(value, 3);
    });

    it('refuses another instrument', async () => {
      bench = await declaredBench(driver, emulator, other);
      await expect(bench.device.connect()).rejects.toMatchObject({ code: 'identity' });
      expect(bench.device.state).toBe('closed');
    });

    it.each(['silence', 'corrupt'] as const)('%s: no value is good', async fault => {
      const { device, instrument } = await connected();
      instrument.faults[fault] = true;
      const frame = await device.read();
      expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
      expect(frame.reason).toBeTruthy();
    });
  });
}
