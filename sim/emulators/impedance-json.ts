import { z } from 'zod';
import { impedanceJson as analyser } from '../device/impedance-json.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';
import { rating } from './rating.ts';

const options = z.object({
  name: z.string().min(1),
  accuracy: z.object({
    modulus_pct: rating,
    phase_deg: z.number().min(0),
    basis: z.enum(['sourced', 'recalled', 'default']),
  }),
  tellsTime: z.boolean().default(false),
});

/** An instrument for impedance beside the others on the same plant. */
export const impedanceJson: EmulatorEntry<z.infer<typeof options>> = {
  options,
  sample: () => ({
    name: 'FRA-1',
    band_Hz: [0.01, 100_000],
    amplitudeMax_A: 10,
    accuracy: { modulus_pct: 0.5, phase_deg: 0.3, basis: 'default' },
  }),
  open(devices, site) {
    const { name, accuracy, tellsTime } = onlyOne(devices).options;
    const { plant, clock, random, port, timeFactor } = site;
    const emulator = analyser({ rig: plant, clock, name, accuracy, random, port, timeFactor, tellsTime });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
