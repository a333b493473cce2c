import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';
import { bronkhorstPropar } from '../device/bronkhorst-propar.ts';
import { type EmulatorEntry, withAddress } from './entry.ts';
import { rating } from './rating.ts';

const options = z.object({
  baud: z.number().int().positive().optional(),
  instruments: z
    .array(
      z.object({
        name: z.string().min(1),
        node: z.number().int().min(1).max(128),
        setName: z.string().min(1).optional(),
        capacity: rating,
        fluid: z.string().min(1).max(10).optional(),
        unit: z.string().min(1).max(7).optional(),
        reference: z.object({ temperature_degC: z.number(), pressure_mbar: z.number() }).optional(),
      }),
    )
    .min(1),
});

/** What stands at 1/31 of an instrument whose figures are in one of our units (document 9.17.027, recalled). */
const SHOWN: Readonly<Record<string, string>> = {
  NL_per_min: 'ln/min',
  L_per_min: 'l/min',
  barg: 'bar(g)',
  bara: 'bar(a)',
  bar: 'bar',
  pct: '%',
};
const NORMAL = { temperature_degC: 0, pressure_mbar: 1013.25 };
/** Litres at this state in a normal litre. */
const own = ({ temperature_degC, pressure_mbar }: typeof NORMAL): number =>
  (1 + temperature_degC / 273.15) * (NORMAL.pressure_mbar / pressure_mbar);

/** Bronkhorst instruments on one line, of one device or of several. */
export const propar: EmulatorEntry<z.infer<typeof options>> = {
  options,
  isSerial: true,
  sample: () => ({
    instruments: [
      { name: 'cathodePressure_barg', node: 3, setName: 'cathodePressureSet_barg', capacity: 40 },
      { name: 'flow_NL_per_min', node: 4, capacity: 100, fluid: 'H2' },
    ],
  }),
  open(devices, site) {
    if (site.path === undefined) throw new Error(`${devices[0].id}: ProPar stands on a serial line (pty)`);
    const emulator = bronkhorstPropar(site, {
      path: site.path,
      baud: devices[0].options.baud,
      instruments: devices.flatMap(({ options, roles }) =>
        options.instruments.map(({ name, node, setName, capacity, fluid, unit, reference }) => ({
          node,
          signal: roles[name],
          ...(setName === undefined ? {} : { set: { signal: roles[setName] } }),
          // Its own capacity is in litres at its own state.
          capacity: capacity * (reference === undefined ? 1 : own(reference)),
          reference: reference ?? (unitOf(name) === 'NL_per_min' ? NORMAL : undefined),
          unit: unit ?? SHOWN[unitOf(name) ?? ''] ?? '',
          ...(fluid === undefined ? {} : { fluid }),
          type: 'EMULATOR',
          serial: `EMULATOR-${node}`,
        })),
      ),
    });
    return withAddress(emulator, () => ({}));
  },
};
