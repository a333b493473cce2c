import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import { type Bts, btsServer } from '../../../sim/device/neware/bts.ts';
import { type CyclerDevices, cyclerDevices } from '../cycler-devices.ts';
import { fastClock, type HandClock, handClock } from '../hand-clock.ts';
import { cellRig } from '../palmsens/bench.ts';

/** A Neware channel on a real socket, on a cell of the twin that lives by a clock of its own, and its device. */
export interface NewareBench extends Omit<CyclerDevices, 'close'> {
  readonly bts: Bts;
  readonly hand: HandClock;
  readonly clock: Clock;
  readonly folder: string;
  /** Paths of the step files that were loaded, as the server sees them. */
  stepFiles(): readonly string[];
  end(): Promise<void>;
}

export const PLACE = { ip: '127.0.0.1', devtype: 27, devid: 21, subdevid: 2, chlid: 3 };

export async function newareBench(rig = cellRig(), times = 8): Promise<NewareBench> {
  const real = realClock();
  const clock = fastClock(real, times);
  const hand = handClock(real);
  const folder = mkdtempSync(join(tmpdir(), 'neware-'));
  const bts = btsServer(
    { rig, clock: hand },
    {
      place: PLACE,
      subject: 'cell',
      // The server's computer sees the folder as one of Windows.
      file: path => {
        try {
          return readFileSync(join(folder, path.replace('C:\\steps\\', '')), 'utf8');
        } catch {
          return undefined;
        }
      },
    },
  );
  await bts.start();
  const { close, ...devices } = cyclerDevices(
    'neware/bts-8',
    {
      host: '127.0.0.1',
      port: bts.port,
      channel: PLACE,
      currentMax_A: 12,
      voltageMax_V: 5,
      stepFolder: folder,
      stepFolderOnServer: 'C:\\steps',
    },
    clock,
  );
  return {
    bts,
    hand,
    clock,
    ...devices,
    folder,
    stepFiles: () =>
      readdirSync(folder)
        .filter(name => name.endsWith('.xml'))
        .map(name => `C:\\steps\\${name}`),
    async end() {
      await close();
      await bts.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
