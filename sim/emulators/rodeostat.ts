import { z } from 'zod';
import { rodeostat as instrument } from '../device/rodeostat.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';
import { terminalsOf } from './keithley.ts';

const options = z.object({
  variant: z.string().min(1),
  deviceId: z.number().int().default(0),
});
/** Ranges of the variants by the word in their names, uA. */
const CURRENTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  nanoAmp: { '1uA': 1, '10uA': 10, '60nA': 0.06, '100nA': 0.1 },
  microAmp: { '1uA': 1, '10uA': 10, '100uA': 100, '1000uA': 1000 },
  milliAmp: { '100uA': 100, '1000uA': 1000, '12000uA': 12_024, '24000uA': 24_048 },
};

/** Rodeostats, at a serial line. */
export const rodeostat: EmulatorEntry<z.output<typeof options>> = {
  options,
  isSerial: true,
  sample: () => ({
    variant: '10V_milliAmpV0.2',
    deviceId: 0,
    voltageRange: '5V',
    currentRange: '24000uA',
  }),
  open(devices, site) {
    const { options, roles } = onlyOne(devices);
    const kind = Object.keys(CURRENTS).find(word => options.variant.includes(word)) ?? 'microAmp';
    const emulator = instrument(site, {
      ...options,
      subject: terminalsOf(roles, site.rig),
      voltageRanges: options.variant.startsWith('AD8251')
        ? ['1V', '2V', '4V', '8V']
        : ['1V', '2V', '5V', '10V'],
      currentRanges: CURRENTS[kind],
      ...(site.path === undefined ? { port: site.port } : { path: site.path }),
      onOutputOff: site.onOutputOff,
      timeFactor: site.timeFactor,
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
