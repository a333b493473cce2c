import { z } from 'zod';
import { byteInstrument } from '../../device/byte-instrument.ts';
import { freezable, noFaults } from '../../device/faults.ts';
import { cvmBus } from '../../device/kolibrik/cvm.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from '../entry.ts';

const options = z.object({
  modules: z
    .array(
      z.object({
        address: z.number().int(),
        model: z.enum(['CVM24P', 'CVM32A', 'CVM64H']),
        serial: z.string().default('158458'),
        cells: z.number().int().positive(),
      }),
    )
    .min(1),
  baud: z.number().int().positive().optional(),
});

/** Cell voltage monitors of Kolibrik on one bus. A cell that the plant has nothing for is an open wire. */
export const cvm: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: () => ({ modules: [{ address: 0xa1, model: 'CVM64H', serial: '158458', cells: 5 }] }),
  open(devices, site) {
    const { options: told, roles } = onlyOne(devices);
    const { clock, path, port } = site;
    const faults = noFaults();
    const rig = freezable(site.rig, faults);
    const { first, count } = rig.sensorRange(roles['cell[].voltage_V'] ?? '');
    let at = 0;
    const modules = told.modules.map(one => {
      const from = at;
      at += one.cells;
      return {
        ...one,
        cells: () =>
          Array.from({ length: one.cells }, (_, i) =>
            from + i < count ? rig.sensor(first + from + i) : Number.NaN,
          ),
        clock_ms: () => 1000 * clock.now_s(),
      };
    });
    const emulator = byteInstrument(site, cvmBus(modules), {
      faults,
      ...(path === undefined ? { port } : { path, baud: told.baud ?? 1_000_000 }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
