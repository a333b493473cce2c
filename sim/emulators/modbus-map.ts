import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { modbusRack } from '../device/modbus-rack.ts';
import { type EmulatorEntry, HOST, withAddress } from './entry.ts';

const options = z.object({ map: z.string().min(1), baud: z.number().int().positive().optional() });

/** Anything that a register map describes: each device of one line or address is a unit of its own. */
export const modbusMap: EmulatorEntry<z.infer<typeof options>> = {
  options,
  sample: () => ({}),
  open(devices, site) {
    const emulator = modbusRack(site, {
      units: devices.map(({ options, roles, baseDir }) => ({
        mapFile: isAbsolute(options.map) ? options.map : join(baseDir, options.map),
        roles,
      })),
      ...(site.path === undefined ? { port: site.port } : { path: site.path, baud: devices[0].options.baud }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
