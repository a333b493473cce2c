import { z } from 'zod';
import { brooksLine } from '../../device/brooks/controllers.ts';
import { byteInstrument } from '../../device/byte-instrument.ts';
import { freezable, noFaults, outputBehind, readingOf, sensorBehind } from '../../device/faults.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from '../entry.ts';
import { rating } from '../rating.ts';

const options = z.object({
  baud: z.number().int().positive().optional(),
  instruments: z
    .array(
      z.object({
        name: z.string().min(1),
        tag: z.string().length(8),
        setName: z.string().min(1).optional(),
        capacity: rating,
        fluid: z.string().min(1).default('H2'),
        reference: z.object({ temperature_degC: z.number(), pressure_mbar: z.number() }).optional(),
      }),
    )
    .min(1),
});
const LITRES_PER_MINUTE = 17;
const OUT_OF_RANGE = 0x01;

/** Flow controllers of Brooks on one line. One that the plant has no flow for follows its own set point. */
export const sProtocol: EmulatorEntry<z.output<typeof options>> = {
  options,
  sample: () => ({
    instruments: [
      {
        name: 'h2Flow_NL_per_min',
        tag: '20902001',
        setName: 'h2FlowSet_NL_per_min',
        capacity: 10,
        fluid: 'H2',
      },
    ],
  }),
  open(devices, site) {
    const { options: told, roles } = onlyOne(devices);
    const faults = noFaults();
    const rig = freezable(site.rig, faults);
    const controllers = told.instruments.map(({ name, tag, setName, capacity, fluid, reference }, i) => {
      const sensor = sensorBehind(rig, 'Brooks', roles[name]);
      const output = outputBehind(rig, 'Brooks', setName === undefined ? undefined : roles[setName]);
      // Warmer or thinner litres are more of them.
      const own =
        reference === undefined
          ? 1
          : ((reference.temperature_degC + 273.15) / 273.15) * (1013.25 / reference.pressure_mbar);
      let kept = Math.fround(own * output.get());
      const flow = (): number => (sensor < 0 ? kept : own * readingOf(rig, sensor));
      return {
        tag,
        id: [0x12, 0x34, i + 1] as const,
        unit: LITRES_PER_MINUTE,
        reference: reference === undefined ? 0 : 1,
        state: {
          temperature_K: (reference?.temperature_degC ?? 0) + 273.15,
          pressure_Pa: 100 * (reference?.pressure_mbar ?? 1013.25),
        },
        fullScale: own * capacity,
        gas: fluid,
        valveOverride: 0,
        status: () => (flow() > 1.1 * own * capacity ? OUT_OF_RANGE : 0),
        flow,
        setpoint: () => kept,
        set(value: number) {
          kept = Math.fround(value);
          output.set(value / own);
        },
      };
    });
    const { path, port } = site;
    const emulator = byteInstrument(site, brooksLine(controllers), {
      faults,
      ...(path === undefined ? { port } : { path, baud: told.baud ?? 19_200 }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
