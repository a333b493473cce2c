import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { opcuaPlc as plc } from '../../device/opcua/plc.ts';
import { type EmulatorEntry, onlyOne, withAddress } from '../entry.ts';
import { accessOptions, securityFor } from './security.ts';

const options = z.object({ nodes: z.string().min(1), ...accessOptions });

/** A PLC, or whatever else stands behind an OPC UA server with these nodes. */
export const opcuaPlc: EmulatorEntry<z.infer<typeof options>> = {
  options,
  isServer: true,
  sample: () => ({}),
  open(devices, site) {
    const { options, roles, baseDir } = onlyOne(devices);
    const emulator = plc(site, {
      nodesFile: isAbsolute(options.nodes) ? options.nodes : join(baseDir, options.nodes),
      roles,
      port: site.port,
      security: securityFor(options, baseDir),
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({ endpoint: emulator.endpoint }));
  },
};
