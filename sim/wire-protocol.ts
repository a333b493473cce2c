import { z } from 'zod';
import { faultSchema } from './faults-file.ts';
import { plantChoiceSchema } from './open-rig.ts';

/** What parent and emulator process say to each other, over an IPC channel. Checked on both sides. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const positive = finite.refine(v => v > 0, 'expected a number > 0');

export const wireConfigSchema = z.strictObject({
  /** What stands under test: one plant, or one for each subject of the bench, whose devices and signals have its name in front. */
  plant: z.union([plantChoiceSchema, z.strictObject({ several: z.record(z.string(), plantChoiceSchema) })]),
  seed: z.number().int(),
  /** What goes wrong; times of the plant. Checked against the plant by whoever read the file. */
  faults: z.array(faultSchema).default([]),
  /** How many seconds the plant runs in one second of wall time. Heartbeats and watchdogs run in wall time. */
  timeFactor: positive.default(1),
  /** Plant time at the start, s. */
  startAt_s: finite.min(0).default(0),
  /** Devices by their name in the bench file, each with an emulator of its driver. */
  devices: z.record(
    z.string(),
    z.strictObject({
      driver: z.string().min(1),
      /** As the bench file says them to the driver. */
      options: z.record(z.string(), z.unknown()),
      /** Channel or settable name -> rig signal; what the plant does not have is left out. */
      roles: z.record(z.string(), z.string()),
      /** Folder of the bench file, for data files. */
      baseDir: z.string(),
      /** File of the emulator, of a lab's own driver. */
      emulator: z.string().exactOptional(),
      /** Where it is to be; absent: on a free port of 127.0.0.1, or on a pty where the bench file has a serial line. */
      at: z
        .union([
          z.strictObject({ port: z.number().int().min(0).max(65535) }),
          z.strictObject({ path: z.string().min(1) }),
        ])
        .exactOptional(),
    }),
  ),
});
/** What a caller gives: fields with a default may be left out. */
export type WireConfig = z.input<typeof wireConfigSchema>;
export type WireSettings = z.output<typeof wireConfigSchema>;

/** Name of a device in the bench file. */
export type EmulatedDevice = string;
const device = z.string();

const faultPatch = z.strictObject({
  silence: z.boolean().optional(),
  delay_ms: finite.min(0).optional(),
  corrupt: z.boolean().optional(),
  freeze: z.boolean().optional(),
});
export const faultPatchSchema = faultPatch;
export type FaultPatch = z.infer<typeof faultPatch>;

const command = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('fault'), device, fault: faultPatch }),
  /** Pulls the wire of a device; a pty disappears with it. */
  z.strictObject({ do: z.literal('stop'), device }),
  z.strictObject({ do: z.literal('start'), device }),
  /** Overrides a sensor of the rig; null lifts it. */
  z.strictObject({ do: z.literal('force'), signal: z.string(), value: finite.nullable() }),
  /** What a sensor shows, or an actuator is set to. */
  z.strictObject({ do: z.literal('look'), signal: z.string() }),
  /** One latency measurement: see `TripTimes`. */
  z.strictObject({
    do: z.literal('trip-watch'),
    signal: z.string(),
    value: finite,
    /** The value crosses at a random moment within this time, s. */
    within_s: positive,
    /** Given up when no output-off has come this long after the crossing, s. */
    deadline_s: positive,
  }),
]);
export type WireCommand = z.infer<typeof command>;

export const toEmulatorsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('config'), config: wireConfigSchema }),
  z.strictObject({ type: z.literal('command'), id: z.number().int(), command }),
]);

/** How a trip went, measured inside the emulators on their clock. */
const tripTimes = z.strictObject({
  /** From the value crossing the limit to the write of output-off arriving. */
  total_ms: z.number(),
  /** From the first reply that shows it (handed to the socket) to the write of output-off arriving. */
  reaction_ms: z.number(),
});
export type TripTimes = z.infer<typeof tripTimes>;

/** Options of each device that lead to its emulator: `{ host, port }`, `{ path }`, `{ endpoint }`. */
const endpoints = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number()])));
export type WireEndpoints = z.infer<typeof endpoints>;

export const fromEmulatorsSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    endpoints,
    startup_s: z.number(),
    /** Where the serial lines have their names. */
    folder: z.string(),
  }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({
    type: z.literal('done'),
    id: z.number().int(),
    result: z.union([z.number(), tripTimes]).optional(),
  }),
  z.strictObject({ type: z.literal('refused'), id: z.number().int(), reason: z.string() }),
]);
export type FromEmulators = z.infer<typeof fromEmulatorsSchema>;
