import { z } from 'zod';
import { faultSchema } from './faults-file.ts';
import { plantChoiceSchema } from './open-rig.ts';

/** What parent and emulator process say to each other, over an IPC channel. Checked on both sides. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const positive = finite.refine(v => v > 0, 'expected a number > 0');
/** Channel or settable name -> rig signal. */
const roleMap = z.record(z.string(), z.string());

export const wireConfigSchema = z.strictObject({
  plant: plantChoiceSchema,
  seed: z.number().int(),
  /** What goes wrong; times of the plant. Checked against the plant by whoever read the file. */
  faults: z.array(faultSchema).default([]),
  /** How many seconds the plant runs in one second of wall time. Heartbeats and watchdogs run in wall time. */
  timeFactor: positive.default(1),
  /** Plant time at the start, s. */
  startAt_s: finite.min(0).default(0),
  /** Data files of rack and PLC, absolute paths. */
  rackMap: z.string().min(1),
  plcNodes: z.string().min(1),
  rackRoles: roleMap,
  plcRoles: roleMap,
  supply: z.strictObject({
    voltageNominal_V: positive,
    currentNominal_A: positive,
    powerNominal_W: positive,
    type: z.string().min(1).max(40).default('PSB 10360-2400'),
    serial: z.string().min(1).max(40).default('EMULATOR-1'),
  }),
  gas: z
    .array(
      z.strictObject({
        node: z.number().int().min(3).max(120),
        signal: z.string().min(1),
        setSignal: z.string().min(1).optional(),
        capacity: positive,
        unit: z.string().min(1).max(7),
        fluid: z.string().min(1).max(10).exactOptional(),
        type: z.string().min(1).default('EMULATOR'),
        serial: z.string().min(1).optional(),
      }),
    )
    .min(1),
  /** An instrument for impedance on the same plant; absent: the bench has none. */
  impedance: z
    .strictObject({
      name: z.string().min(1),
      accuracy: z.strictObject({
        modulus_pct: positive,
        phase_deg: finite.min(0),
        basis: z.enum(['sourced', 'recalled', 'default']),
      }),
    })
    .exactOptional(),
});
/** What a caller gives: fields with a default may be left out. */
export type WireConfig = z.input<typeof wireConfigSchema>;
export type WireSettings = z.output<typeof wireConfigSchema>;

export const DEVICES = ['supply', 'rack', 'gas', 'plc'] as const;
export type EmulatedDevice = (typeof DEVICES)[number];
const device = z.enum(DEVICES);

const faultPatch = z.strictObject({
  silence: z.boolean().optional(),
  delay_ms: finite.min(0).optional(),
  corrupt: z.boolean().optional(),
  freeze: z.boolean().optional(),
});
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

const endpoints = z.strictObject({
  supply: z.strictObject({ host: z.string(), port: z.number() }),
  rack: z.strictObject({ path: z.string() }),
  gas: z.strictObject({ path: z.string() }),
  plc: z.strictObject({ endpoint: z.string() }),
  impedance: z.strictObject({ host: z.string(), port: z.number() }).exactOptional(),
});
export type WireEndpoints = z.infer<typeof endpoints>;

export const fromEmulatorsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), endpoints, startup_s: z.number() }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({
    type: z.literal('done'),
    id: z.number().int(),
    result: z.union([z.number(), tripTimes]).optional(),
  }),
  z.strictObject({ type: z.literal('refused'), id: z.number().int(), reason: z.string() }),
]);
export type FromEmulators = z.infer<typeof fromEmulatorsSchema>;
