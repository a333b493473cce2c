import { z } from 'zod';
import { methodScript } from '../device/palmsens/methodscript.ts';
import { PLATES, type PlateName } from '../device/palmsens/plates.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const MODELS = Object.values(PLATES).map(({ id }) => id);

const options = z.object({
  model: z.enum(MODELS),
  serial: z.string().min(1).default('EMULATOR-1'),
  baud: z.number().int().positive().optional(),
});

/** Potentiostats that run MethodSCRIPT. Stands on the terminals that its roles are of, else on those of the plant. */
export const palmsens: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: () => ({ model: PLATES['emstat4-hr'].id, serial: 'EMULATOR-1' }),
  open(devices, site) {
    const { options, roles } = onlyOne(devices);
    const has = (subject: string): boolean => site.rig.actuatorIndex(`${subject}.outputSet_on`) >= 0;
    const subject = [...Object.values(roles).map(signal => signal.split('.')[0]), 'cell', 'stack'].find(has);
    if (subject === undefined) throw new Error('the plant has no terminals that a potentiostat could drive');
    const plate = (Object.keys(PLATES) as PlateName[]).find(name => PLATES[name].id === options.model);
    const emulator = methodScript(site, {
      plate: plate ?? 'emstat4-hr',
      serial: options.serial,
      subject,
      impedance: frequencies_Hz => site.plant.impedance(frequencies_Hz),
      ...(site.path === undefined ? { port: site.port } : { path: site.path, baud: options.baud }),
      timeFactor: site.timeFactor,
      ...(site.onOutputOff === undefined ? {} : { onCellOff: site.onOutputOff }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
