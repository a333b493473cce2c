import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type MacServer, maccorServer } from '../../../sim/device/maccor/server.ts';
import { type CyclerDevices, cyclerDevices } from '../cycler-devices.ts';
import { fastClock, type HandClock, handClock } from '../hand-clock.ts';
import { cellRig } from '../palmsens/bench.ts';

/** A Maccor channel on real sockets, on a cell of the twin that lives by a clock of its own, and its device. */
export interface MaccorBench extends Omit<CyclerDevices, 'close'> {
  readonly mac: MacServer;
  readonly hand: HandClock;
  end(): Promise<void>;
}

export async function maccorBench({
  direct,
  rig = cellRig(),
  times = 8,
}: {
  direct?: number;
  rig?: ReturnType<typeof cellRig>;
  times?: number;
} = {}): Promise<MaccorBench> {
  const real = realClock();
  const clock = fastClock(real, times);
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
  const { close, ...devices } = cyclerDevices(
    'maccor/macnet',
    {
      host: '127.0.0.1',
      port: mac.port,
      binaryPort: mac.binaryPort,
      channel: 4,
      systemId: 'TESTER-7',
      currentMax_A: 10,
      voltageMax_V: 5,
      procedureFolder: folder,
      ...(direct === undefined ? {} : { direct: { watchdog_s: direct, currentRange: 4 } }),
    },
    clock,
  );
  return {
    mac,
    hand,
    ...devices,
    async end() {
      await close();
      await mac.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
