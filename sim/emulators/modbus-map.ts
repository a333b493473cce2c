import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Make } from '../device/modbus/instrument.ts';
import { modbusInstrument } from '../device/modbus/instrument.ts';
import { modbusRack } from '../device/modbus-rack.ts';
import { type Emulated, type EmulatorEntry, type EmulatorSite, HOST, withAddress } from './entry.ts';
import { emulatedFamilies, familyMake, familySample } from './modbus-families.ts';

const span = z.tuple([z.number(), z.number()]);
const options = z
  .object({
    map: z.string().min(1).optional(),
    family: z
      .string()
      .refine(name => emulatedFamilies.includes(name), {
        error: ({ input }) =>
          `no emulator speaks as "${input}", expected one of ${emulatedFamilies.join(', ')}`,
      })
      .optional(),
    unit: z.number().int().min(0).max(255).default(1),
    about: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    points: z
      .array(
        z.object({
          name: z.string(),
          at: z.string(),
          code: z.string().optional(),
          eng: span.optional(),
        }),
      )
      .default([]),
    baud: z.number().int().positive().optional(),
    frames: z.enum(['tcp', 'rtu']).optional(),
  })
  .refine(o => (o.map === undefined) !== (o.family === undefined), 'expected "map" or "family"');
type Told = z.output<typeof options>;

/** Anything that a register map describes, and the families: each device of one line or address is a unit of its own. */
export const modbusMap: EmulatorEntry<Told> = {
  options,
  families: emulatedFamilies,
  sample: ({ map, family = 'labjack-t7' }) =>
    map === undefined ? { family, ...familySample(String(family)) } : {},
  open(devices, site) {
    const other = devices.find(
      ({ options }) => (options.map === undefined) !== (devices[0].options.map === undefined),
    );
    if (other !== undefined)
      throw new Error(
        `${other.id}: a map and a family are not emulated at one address, expected one of them`,
      );
    const { baud, frames } = devices[0].options;
    const line =
      site.path === undefined
        ? { port: site.port, frames }
        : { path: site.path, ...(baud === undefined ? {} : { baud }) };
    const emulator =
      devices[0].options.map === undefined ? units(devices, site, line) : rack(devices, site, line);
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};

type Line = {
  readonly port?: number;
  readonly path?: string;
  readonly baud?: number;
  readonly frames?: 'tcp' | 'rtu' | undefined;
};

function rack(devices: readonly Emulated<Told>[], site: EmulatorSite, line: Line) {
  return modbusRack(site, {
    units: devices.map(({ options: { map = '' }, roles, baseDir }) => ({
      mapFile: isAbsolute(map) ? map : join(baseDir, map),
      roles,
    })),
    ...line,
  });
}

function units(devices: readonly Emulated<Told>[], site: EmulatorSite, line: Line) {
  const { rig, clock } = site;
  const made = devices.map(({ id, options: { family = '', about, points, unit }, roles }) => ({
    id,
    unit,
    ...familyMake({ family, about, points }, roles, rig, clock),
  }));
  const twice = made.find((one, i) => made.findIndex(({ unit }) => unit === one.unit) !== i);
  if (twice !== undefined) throw new Error(`${twice.id}: unit ${twice.unit} is on this line already`);
  const [{ make, ground, unit }, ...rest] = made;
  const others = new Map(rest.map(one => [one.unit, one.make] as const)) satisfies ReadonlyMap<number, Make>;
  return modbusInstrument(make, ground, { unit, others, beforeReply: site.beforeReply, ...line });
}
