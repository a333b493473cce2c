import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { btsServer } from '../device/neware/bts.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const number = z.number().int().min(0);
const options = z.object({
  channel: z.object({
    ip: z.string().default('127.0.0.1'),
    devtype: number,
    devid: number,
    subdevid: number.min(1).max(16),
    chlid: number.min(1).max(8),
  }),
  stepFolder: z.string().optional(),
  stepFolderOnServer: z.string().optional(),
});

/** One channel of a Neware cycler; the computer of its server is this machine. */
export const neware: EmulatorEntry<z.output<typeof options>> = {
  options,
  standsOn: 'cell',
  sample: () => ({
    channel: { ip: '127.0.0.1', devtype: 27, devid: 21, subdevid: 1, chlid: 1 },
    currentMax_A: 12,
    voltageMax_V: 5,
    stepFolder: 'cycler-steps',
  }),
  open(devices, site) {
    const { options, baseDir } = onlyOne(devices);
    const own = options.stepFolder === undefined ? undefined : resolve(baseDir, options.stepFolder);
    const onServer = options.stepFolderOnServer ?? own;
    const emulator = btsServer(site, {
      place: options.channel,
      subject: 'cell',
      file: path => fileAt(path, onServer, own),
      port: site.port,
      timeFactor: site.timeFactor,
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};

/** What the server finds at a path of its own: the folder that it shares with this machine goes by another name here. */
function fileAt(path: string, onServer: string | undefined, own: string | undefined): string | undefined {
  const isShared = onServer !== undefined && own !== undefined && path.startsWith(onServer);
  try {
    return readFileSync(
      isShared ? resolve(own, `.${path.slice(onServer.length).replace(/^[\\/]?/, '/')}`) : path,
      'utf8',
    );
  } catch {
    return undefined;
  }
}
