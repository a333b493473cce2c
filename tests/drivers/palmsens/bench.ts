import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { Frame } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type MethodScriptInstrument, methodScript } from '../../../sim/device/palmsens/methodscript.ts';
import type { PlateName } from '../../../sim/device/palmsens/plates.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { findPlant } from '../../../sim/plants.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';

/** A potentiostat on a real wire, on a cell of the twin, and the device of its driver (closed). */
export interface PotentiostatBench {
  readonly instrument: MethodScriptInstrument;
  readonly rig: PlantRig;
  readonly device: Device;
  readonly options: Readonly<Record<string, unknown>>;
  readonly pty?: PtyPair;
  readonly clock: Clock;
  /** A second device of the driver on the same options, changed. */
  other(more: Readonly<Record<string, unknown>>): Device;
  end(): Promise<void>;
}

const MODEL_OF: Readonly<Record<PlateName, string>> = {
  'emstat4-hr': 'es4_hr',
  'emstat4-lr': 'es4_lr',
  pico: 'espico',
  nexus: 'nexus1',
};

/** The cell of Chen et al. (2020), half charged, without noise. */
export function cellRig(): PlantRig {
  return findPlant('spme').create({
    set: 'chen2020',
    parameters: { startSoc_frac: 0.5 },
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
    random: NO_CHANCE,
  });
}

export async function potentiostatBench({
  wire = 'tcp',
  plate = 'emstat4-hr',
  more = {},
  rig = cellRig(),
  subject = 'cell',
  clock = realClock(),
}: {
  wire?: 'tcp' | 'pty';
  plate?: PlateName;
  more?: Readonly<Record<string, unknown>>;
  rig?: PlantRig;
  subject?: string;
  clock?: Clock;
} = {}): Promise<PotentiostatBench> {
  const pty =
    wire === 'pty' ? await openPtyPair(mkdtempSync(join(tmpdir(), 'potentiostat-')), 'line') : undefined;
  const instrument = methodScript(
    { rig, clock, beforeReply: () => rig.advanceTo(clock.now_s()) },
    {
      plate,
      serial: 'ES4HR20B0007',
      subject,
      impedance: frequencies_Hz => rig.impedance(frequencies_Hz),
      ...(pty === undefined ? {} : { path: pty.instrument }),
    },
  );
  await instrument.start();
  const options = {
    model: MODEL_OF[plate],
    serial: 'ES4HR20B0007',
    ...(pty === undefined ? { host: '127.0.0.1', port: instrument.port } : { path: pty.bench }),
    ...more,
  };
  const driver = findDriver('palmsens/methodscript');
  const opened: Device[] = [];
  const other = (changed: Readonly<Record<string, unknown>>): Device => {
    const device = driver.open('pstat', driver.options.parse({ ...options, ...changed }), {
      clock,
      baseDir: '.',
    });
    opened.push(device);
    return device;
  };
  const device = other({});
  return {
    instrument,
    rig,
    device,
    options,
    ...(pty === undefined ? {} : { pty }),
    clock,
    other,
    async end() {
      for (const one of opened) await one.close();
      await instrument.end();
      await pty?.unplug();
    },
  };
}

/** A value of a frame by its channel. */
export function shown({ channels }: Device, frame: Frame, name: string): number {
  return frame.values[channels.findIndex(channel => channel.name === name)];
}
