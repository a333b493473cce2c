import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { maccorServer } from '../device/maccor/server.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const options = z.object({
  channel: z.number().int().min(1).max(128),
  systemId: z.string().min(1).default('EMULATOR-1'),
  currentMax_A: z.number().positive(),
  voltageMax_V: z.number().positive(),
  procedureFolder: z.string().optional(),
  direct: z.object({ watchdog_s: z.number() }).optional(),
});
const CHANNELS = 16;

/** One channel of a Maccor tester; its folder of procedures is the one that the bench file names. */
export const maccor: EmulatorEntry<z.output<typeof options>> = {
  options,
  standsOn: 'cell',
  sample: () => ({
    channel: 4,
    systemId: 'EMULATOR-1',
    currentMax_A: 10,
    voltageMax_V: 5,
    procedureFolder: 'maccor-procedures',
  }),
  open(devices, site) {
    const { options, baseDir } = onlyOne(devices);
    const { channel, systemId, currentMax_A, voltageMax_V, direct, procedureFolder } = options;
    const folder = procedureFolder === undefined ? undefined : resolve(baseDir, procedureFolder);
    const emulator = maccorServer(site, {
      subject: 'cell',
      systemId,
      chan: channel - 1,
      channels: Math.max(CHANNELS, channel),
      watchdog_s: direct?.watchdog_s ?? 0,
      currentMax_A,
      voltageMax_V,
      procedure: name => procedureIn(folder, name),
      port: site.port,
      // As at the tester: the words ten below.
      binaryPort: site.port === 0 ? 0 : site.port - 10,
      timeFactor: site.timeFactor,
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({
      host: HOST,
      port: emulator.port,
      ...(direct === undefined ? {} : { binaryPort: emulator.binaryPort }),
    }));
  },
};

function procedureIn(folder: string | undefined, name: string): string | undefined {
  if (folder === undefined || /[\\/]/.test(name)) return undefined;
  try {
    return readFileSync(resolve(folder, `${name}.000`), 'utf8');
  } catch {
    return undefined;
  }
}
