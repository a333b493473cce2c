import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { ProgramRunner } from '../../../drivers/contract/program/program.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type MacServer, maccorServer } from '../../../sim/device/maccor/server.ts';
import { fastClock, type HandClock, handClock } from '../hand-clock.ts';
import { cellRig } from '../palmsens/bench.ts';

/** A Maccor channel on real sockets, on a cell of the twin that lives by a clock of its own, and its device. */
export interface MaccorBench {
  readonly mac: MacServer;
  readonly hand: HandClock;
  readonly device: Device;
  readonly program: ProgramRunner;
  other(more?: Readonly<Record<string, unknown>>): Device;
  end(): Promise<void>;
}

export async function maccorBench({
  direct,
  rig = cellRig(),
}: {
  direct?: number;
  rig?: ReturnType<typeof cellRig>;
} = {}): Promise<MaccorBench> {
  const real = realClock();
  const clock = fastClock(real, 8);
  const hand = handClock(real);
  const folder = mkdtempSync(join(tmpdir(), 'maccor-'));
  const mac = maccorServer(
    { rig, clock: hand },
    {
      subject: 'cell',
      systemId: 'TESTER-7',
      chan: 3,
      channels: 12,
      watchdog_s: direct ?? 0,
      currentMax_A: 10,
      voltageMax_V: 5,
      procedure(name) {
        try {
          return readFileSync(join(folder, `${name}.000`), 'utf8');
        } catch {
          return undefined;
        }
      },
    },
  );
  await mac.start();
  const driver = findDriver('maccor/macnet');
  const opened: Device[] = [];
  const other = (more: Readonly<Record<string, unknown>> = {}): Device => {
    const options = {
      host: '127.0.0.1',
      port: mac.port,
      binaryPort: mac.binaryPort,
      channel: 4,
      systemId: 'TESTER-7',
      currentMax_A: 10,
      voltageMax_V: 5,
      procedureFolder: folder,
      ...(direct === undefined ? {} : { direct: { watchdog_s: direct, currentRange: 4 } }),
      ...more,
    };
    const device = driver.open('cycler', driver.options.parse(options), { clock, baseDir: '.' });
    opened.push(device);
    return device;
  };
  const device = other();
  if (device.program === undefined) throw new Error('runs no programs');
  return {
    mac,
    hand,
    device,
    program: device.program,
    other,
    async end() {
      for (const one of opened) await one.close();
      await mac.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
