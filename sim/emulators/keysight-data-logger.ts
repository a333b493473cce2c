import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';
import { sensorBehind } from '../device/faults.ts';
import { dataLogger } from '../device/keysight/data-logger.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const options = z.object({
  model: z.enum(['34970A', '34972A', 'DAQ970A']),
  serial: z.string().min(1).default('MY58000001'),
  channels: z.array(z.object({ name: z.string(), at: z.number().int() })),
  baud: z.number().int().positive().optional(),
});
const MAKERS = {
  '34970A': 'HEWLETT-PACKARD',
  '34972A': 'Agilent Technologies',
  DAQ970A: 'Keysight Technologies',
} as const;

/** Data loggers of Keysight. A thermocouple that the plant has nothing for is open. */
export const dataLoggers: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: ({ model = 'DAQ970A' }) => ({
    model,
    serial: 'MY58000001',
    channels: [
      {
        name: 'cell_degC',
        at: 101,
        thermocouple: 'K',
        range: [-50, 200],
        accuracy: { reading_pct: 0, abs: 1.5, basis: 'recalled' },
      },
      {
        name: 'cell_V',
        at: 102,
        fullScale: 10,
        range: [-1, 6],
        accuracy: { reading_pct: 0.004, abs: 5e-4, basis: 'recalled' },
      },
    ],
  }),
  open(devices, site) {
    const { options, roles } = onlyOne(devices);
    const wired = new Map(
      options.channels.map(({ name, at }) => [
        at,
        {
          sensor: sensorBehind(site.rig, 'data logger', roles[name]),
          factor: unitOf(name) === 'mV' && unitOf(roles[name] ?? '') === 'mV' ? 1e-3 : 1,
        },
      ]),
    );
    const emulator = dataLogger(site, {
      maker: MAKERS[options.model],
      model: options.model,
      serial: options.serial,
      wired,
      timeFactor: site.timeFactor,
      ...(site.path === undefined ? { port: site.port } : { path: site.path, baud: options.baud }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
