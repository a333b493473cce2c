import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { findDriver } from '../../../drivers/registry.ts';
import {
  type SourceMeterInstrument,
  sourceMeterInstrument,
} from '../../../sim/device/keithley/instrument.ts';
import { PLATES } from '../../../sim/device/keithley/source.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';
import { openPtyPair } from '../../../sim/pty.ts';
import { cellRig } from '../palmsens/bench.ts';

/** A source-measure unit on a real wire, on a cell of the twin, and the device of its driver (closed). */
export interface SourceMeterBench {
  readonly instrument: SourceMeterInstrument;
  readonly rig: Rig;
  readonly device: Device;
  readonly options: Readonly<Record<string, unknown>>;
  end(): Promise<void>;
}

export async function sourceMeterBench({
  model = '2450',
  wire = 'tcp',
  more = {},
  rig = cellRig(),
  subject = 'cell',
  clock = realClock(),
  serial = '04415460',
}: {
  model?: keyof typeof PLATES;
  wire?: 'tcp' | 'pty';
  more?: Readonly<Record<string, unknown>>;
  rig?: Rig;
  subject?: string;
  clock?: Clock;
  /** Of the instrument; the bench names the other one. */
  serial?: string;
} = {}): Promise<SourceMeterBench> {
  const pty =
    wire === 'pty' ? await openPtyPair(mkdtempSync(join(tmpdir(), 'source-meter-')), 'line') : undefined;
  const instrument = sourceMeterInstrument(
    { rig, clock, beforeReply: () => rig.advanceTo(clock.now_s()) },
    {
      plate: { ...PLATES[model], serial },
      subject,
      ...(pty === undefined ? {} : { path: pty.instrument, baud: 57600, terminator: '\r' }),
    },
  );
  await instrument.start();
  const options = {
    model,
    serial: '04415460',
    drive: 'voltage',
    terminals: 'front',
    wires: 4,
    currentRange_A: 1,
    voltageRange_V: 20,
    voltageMin_V: 2.5,
    voltageMax_V: 4.2,
    ...(pty === undefined ? { host: '127.0.0.1', port: instrument.port } : { path: pty.bench, baud: 57600 }),
    ...more,
  };
  const driver = findDriver('keithley/source-meter');
  const device = driver.open('smu', driver.options.parse(options), { clock, baseDir: '.' });
  return {
    instrument,
    rig,
    device,
    options,
    async end() {
      await device.close();
      await instrument.end();
      await pty?.unplug();
    },
  };
}

/** The channel of a cell told to drive a current, as the language tells it. */
export async function driveAt(device: Device, current_A: number): Promise<void> {
  await device.write('voltageMaxSet_V', 4.2);
  await device.write('voltageMinSet_V', 2.5);
  await device.write('currentSet_A', current_A);
  await device.write('modeSet_count', 1);
  await device.write('outputSet_on', 1);
}
