import { z } from 'zod';
import { eaPsb10000 as supply } from '../device/ea/psb-10000.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';
import { rating } from './rating.ts';

const options = z.object({
  voltageNominal_V: rating,
  currentNominal_A: rating,
  powerNominal_W: rating,
  series: z
    .string()
    .regex(/^[a-z]+-\d0+$/)
    .default('psb-10000'),
  model: z.string().min(1).optional(),
  serial: z.string().min(1).default('EMULATOR-1'),
  modbusTcpPort: z.number().optional(),
});
type Told = z.output<typeof options>;

/** As the maker writes it: `PSB 10360-2400`, `PSI 9080-510`. */
function typeOf({ model, series, voltageNominal_V, currentNominal_A }: Told): string {
  if (model !== undefined) return model;
  const [name, generation] = series.toUpperCase().split('-');
  const digits = String(Math.round(voltageNominal_V)).padStart(generation.length - 1, '0');
  return `${name} ${generation[0]}${digits}-${Math.round(currentNominal_A)}`;
}

/** EA supplies and loads, of the series of the bench file. Stands on `stack.*`, whatever the roles. */
export const eaPsb10000: EmulatorEntry<Told> = {
  options,
  sample: () => ({ voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 }),
  open(devices, site) {
    const told = onlyOne(devices).options;
    const { voltageNominal_V, currentNominal_A, powerNominal_W, serial, modbusTcpPort } = told;
    const emulator = supply(site, {
      ratings: { voltageNominal_V, currentNominal_A, powerNominal_W, type: typeOf(told), serial },
      port: site.port,
      ...(modbusTcpPort === undefined ? {} : { modbusTcpPort: 0 }),
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({
      host: HOST,
      port: emulator.port,
      ...(emulator.modbusTcpPort === undefined ? {} : { modbusTcpPort: emulator.modbusTcpPort }),
    }));
  },
};
