import { z } from 'zod';
import { sourceMeterInstrument } from '../device/keithley/instrument.ts';
import { PLATES } from '../device/keithley/source.ts';
import type { Rig } from '../plant/parts/rig.ts';
import { type Emulated, type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const options = z.object({
  model: z.enum(['2400', '2450', '2460']),
  serial: z.string().min(1).default('EMULATOR-1'),
  terminals: z.enum(['front', 'rear']).default('front'),
  baud: z.number().int().positive().optional(),
  terminator: z.enum(['lf', 'cr', 'crlf']).default('lf'),
});
const ENDS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;

/** What an instrument stands on: the terminals that its roles are of, else those of the plant. @throws where there are none */
export function terminalsOf(roles: Emulated<unknown>['roles'], rig: Rig): string {
  const has = (subject: string): boolean => rig.actuatorIndex(`${subject}.outputSet_on`) >= 0;
  const subject = [...Object.values(roles).map(signal => signal.split('.')[0]), 'cell', 'stack'].find(has);
  if (subject === undefined) throw new Error('the plant has no terminals that it could drive');
  return subject;
}

/** Source-measure units of Keithley. */
export const sourceMeter: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: ({ model = '2450' }) => ({
    model,
    serial: 'EMULATOR-1',
    drive: 'voltage',
    terminals: 'front',
    wires: 4,
    currentRange_A: 1,
    voltageRange_V: 20,
    voltageMax_V: 4.2,
  }),
  open(devices, site) {
    const { options, roles } = onlyOne(devices);
    const { model, serial, terminals, terminator, baud } = options;
    const emulator = sourceMeterInstrument(site, {
      plate: { ...PLATES[model], serial },
      subject: terminalsOf(roles, site.rig),
      terminator: site.path === undefined ? '\n' : ENDS[terminator],
      ...(site.path === undefined ? { port: site.port } : { path: site.path, baud }),
      onOutputOff: site.onOutputOff,
    });
    // Where its leads are is chosen at its panel.
    emulator.source.terminals = terminals === 'front' ? 'FRON' : 'REAR';
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
