import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type RodeostatInstrument, rodeostat } from '../../../sim/device/rodeostat.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { findPlant } from '../../../sim/plants.ts';
import { openPtyPair } from '../../../sim/pty.ts';

export const clock = realClock();

/** A Rodeostat at a pty, on a Li|Li cell without noise, and the device of its driver (closed). */
export interface RodeostatBench {
  readonly device: Device;
  readonly instrument: RodeostatInstrument;
  /** Another device of the driver on the same line. */
  other(): Device;
  end(): Promise<void>;
}

/** The cell. */
export const lithiumRig = (): PlantRig =>
  findPlant('li-metal').create({
    set: 'li-li-carbonate',
    parameters: {},
    subject: { cells: 1, activeArea_cm2: 1.131, currentNominal_A: 0.01 },
    random: NO_CHANCE,
  });

/** `more`: options that differ; `ready`: what is done to the instrument before it starts. */
export async function rodeostatBench(
  more: object = {},
  ready: (made: RodeostatInstrument) => void = () => {},
): Promise<RodeostatBench> {
  const rig = lithiumRig();
  const pty = await openPtyPair(mkdtempSync(join(tmpdir(), 'rodeostat-')), 'line');
  const instrument = rodeostat(
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
  const options = driver.options.parse({
    path: pty.bench,
    variant: '10V_milliAmpV0.2',
    deviceId: 7,
    voltageRange: '1V',
    currentRange: '24000uA',
    ...more,
  });
  const opened: Device[] = [];
  const other = (): Device => {
    const device = driver.open('pstat', options, { clock, baseDir: '.' });
    opened.push(device);
    return device;
  };
  return {
    device: other(),
    instrument,
    other,
    async end() {
      for (const one of opened) await one.close();
      await instrument.end();
      await pty.unplug();
    },
  };
}
