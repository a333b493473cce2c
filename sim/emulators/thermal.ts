import { z } from 'zod';
import { bath } from '../device/thermal/bath.ts';
import { THERMAL_DIALECTS } from '../device/thermal/dialects.ts';
import { thermalInstrument } from '../device/thermal/instrument.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const options = z.object({
  family: z.string().refine(name => Object.hasOwn(THERMAL_DIALECTS, name), {
    error: ({ input }) =>
      `no emulator speaks as "${input}", expected one of ${Object.keys(THERMAL_DIALECTS).join(', ')}`,
  }),
  model: z.string().min(1).optional(),
  serial: z.string().min(1).optional(),
  temperatureMin_degC: z.number(),
  temperatureMax_degC: z.number(),
  external: z.boolean().default(false),
  baud: z.number().int().positive().optional(),
});

/** Circulators and chambers: on the plant where it has a temperature to set, else a bath of their own of first order. */
export const thermal: EmulatorEntry<z.infer<typeof options>> = {
  options,
  families: Object.keys(THERMAL_DIALECTS),
  sample: ({ family = 'julabo' }) => ({
    family,
    [family === 'huber' ? 'serial' : 'model']: THERMAL_DIALECTS[String(family)]?.plate ?? 'EMULATED',
    temperatureMin_degC: 5,
    temperatureMax_degC: 95,
  }),
  open(devices, site) {
    const { options: told, roles } = onlyOne(devices);
    const { rig, clock, path, port } = site;
    const dialect = THERMAL_DIALECTS[told.family];
    const actuator = rig.actuatorIndex(roles['temperatureSet_degC'] ?? '');
    const sensor = rig.sensorIndex(roles['internalTemperature_degC'] ?? '');
    const ground = {
      clock,
      ...(sensor < 0 ? {} : { felt: () => rig.sensor(sensor) }),
      ...(actuator < 0 ? {} : { drive: (value: number) => rig.set(actuator, value) }),
    };
    const one = bath(ground, [told.temperatureMin_degC, told.temperatureMax_degC]);
    one.hasProbe = told.external;
    const emulator = thermalInstrument(site, one, dialect, {
      plate: (told.family === 'huber' ? told.serial : told.model) ?? dialect.plate,
      ...(path === undefined ? { port } : { path, baud: told.baud }),
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};
