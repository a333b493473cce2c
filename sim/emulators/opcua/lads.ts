import { z } from 'zod';
import { type LadsLayout, opcuaLads as lads } from '../../device/opcua/lads.ts';
import { type EmulatorEntry, onlyOne, withAddress } from '../entry.ts';
import { accessOptions, securityFor } from './security.ts';

const range = z.tuple([z.number(), z.number()]);
const named = z.object({ name: z.string(), range });
const options = z.object({
  ...accessOptions,
  device: z.object({
    name: z.string(),
    manufacturer: z.string().default('Example'),
    model: z.string(),
    serialNumber: z.string(),
    softwareRevision: z.string().default('1.0'),
  }),
  sensors: z.array(named.extend({ function: z.string() })).default([]),
  controllers: z
    .array(
      z.object({
        function: z.string(),
        reads: named.optional(),
        sets: named.optional(),
        runs: z.object({ name: z.string() }).optional(),
      }),
    )
    .default([]),
});
type Told = z.infer<typeof options>;

const accuracy = { reading_pct: 0.5, abs: 0.2, basis: 'default' };

/** A laboratory device with the functions that the bench file names. */
export const opcuaLads: EmulatorEntry<Told> = {
  options,
  isServer: true,
  sample: given => ({
    device: { name: 'Stand', manufacturer: 'Example', model: 'LS-1', serialNumber: '4711' },
    sensors: [{ function: 'Loop/Inlet', name: 'inletTemperature_degC', range: [-10, 150], accuracy }],
    controllers: [
      {
        function: 'Loop/Thermostat',
        reads: { name: 'temperature_degC', range: [-10, 150], accuracy },
        sets: { name: 'temperatureSet_degC', range: [0, 90], tolerance: 0.01, safe: 20 },
        runs: { name: 'waterPumpSet_on' },
      },
    ],
    onLoss: 'hold',
    ...given,
  }),
  open(devices, site) {
    const { options, roles, baseDir } = onlyOne(devices);
    const emulator = lads(site, {
      layout: layoutOf(options),
      roles,
      port: site.port,
      security: securityFor(options, baseDir),
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({ endpoint: emulator.endpoint }));
  },
};

function layoutOf({ device, sensors, controllers }: Told): LadsLayout {
  return {
    ...device,
    sensors: sensors.map(({ function: path, name, range }) => ({ function: path, channel: name, range })),
    controllers: controllers.map(({ function: path, reads, sets, runs }) => ({
      function: path,
      channel: reads?.name,
      settable: sets?.name,
      switch: runs?.name,
      range: sets?.range ?? reads?.range ?? [0, 1],
    })),
  };
}
