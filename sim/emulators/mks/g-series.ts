import { z } from 'zod';
import { byteInstrument } from '../../device/byte-instrument.ts';
import { freezable, noFaults, outputBehind, readingOf, sensorBehind } from '../../device/faults.ts';
import { mksLine } from '../../device/mks/g-series.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from '../entry.ts';
import { rating } from '../rating.ts';

const options = z.object({
  baud: z.number().int().positive().optional(),
  address: z.number().int().default(254),
  serial: z.string().min(1).default('013456G20'),
  name: z.string().min(1).default('flow_NL_per_min'),
  setName: z.string().min(1).optional(),
  capacity: rating,
  fluid: z.string().min(1).default('N2'),
  reference: z.object({ temperature_degC: z.number(), pressure_mbar: z.number() }).optional(),
});

/** A flow controller of the MKS G series. One that the plant has no flow for follows its own set point. */
export const gSeries: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: () => ({ serial: '013456G20', setName: 'flowSet_NL_per_min', capacity: 10, fluid: 'N2' }),
  open(devices, site) {
    const { options: told, roles } = onlyOne(devices);
    const faults = noFaults();
    const rig = freezable(site.rig, faults);
    const sensor = sensorBehind(rig, 'MKS', roles[told.name]);
    const output = outputBehind(rig, 'MKS', told.setName === undefined ? undefined : roles[told.setName]);
    const { reference } = told;
    // Warmer or thinner litres are more of them; it shows thousandths.
    const own =
      1000 *
      (reference === undefined
        ? 1
        : ((reference.temperature_degC + 273.15) / 273.15) * (1013.25 / reference.pressure_mbar));
    let kept = own * output.get();
    const line = mksLine([
      {
        address: told.address,
        serial: told.serial,
        unit: 'SCCM',
        fullScale: own * told.capacity,
        gas: told.fluid,
        flow: () => (sensor < 0 ? kept : own * readingOf(rig, sensor)),
        setpoint: () => kept,
        set(value) {
          kept = value;
          output.set(value / own);
        },
      },
    ]);
    const { path, port } = site;
    const emulator = byteInstrument(site, line, {
      faults,
      ...(path === undefined ? { port } : { path, baud: told.baud ?? 9600 }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
