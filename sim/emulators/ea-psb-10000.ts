import { z } from 'zod';
import { eaPsb10000 as supply } from '../device/ea-psb-10000.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';
import { rating } from './rating.ts';

const options = z.object({
  voltageNominal_V: rating,
  currentNominal_A: rating,
  powerNominal_W: rating,
});

/** EA PSB 10000: its type and number are those of the emulator. Stands on `stack.*`, whatever the roles. */
export const eaPsb10000: EmulatorEntry<z.infer<typeof options>> = {
  options,
  sample: () => ({ voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 }),
  open(devices, site) {
    const { voltageNominal_V, currentNominal_A, powerNominal_W } = onlyOne(devices).options;
    const emulator = supply(site, {
      ratings: {
        voltageNominal_V,
        currentNominal_A,
        powerNominal_W,
        type: 'PSB 10360-2400',
        serial: 'EMULATOR-1',
      },
      port: site.port,
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port, scpiPort: emulator.scpiPort }));
  },
};
