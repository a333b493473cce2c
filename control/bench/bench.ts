import { z } from 'zod';
import { title } from '../../drivers/contract/title.ts';
import type { Subject } from '../../profiles/recorded-run.ts';
import { type AcceptedReason, accepted, finite, positive, role } from '../contract/fields.ts';
import { sinksSchema } from '../contract/sinks.ts';
import { derivedSchema } from '../kinds/derived/index.ts';
import { type InterlockSpec, interlockSchema } from '../kinds/interlocks/index.ts';
import { recordingSchema } from './recording-rules.ts';
import { benchFigures, cellSchema, stackSchema, vesselSchema } from './subjects.ts';

/** The bench file: devices and their lines, roles, limits, interlocks, the safe state. Unknown keys are refused. */

/**
 * What simulates the device under test. Without it: the model of the stack's type with its default set.
 * `parameters` replaces declared figures of the set by name; `fitted` is a parameter file made by `fit`.
 * `beside`: the twin runs along with the bench and predicts these roles; measured minus predicted is a channel.
 */
const twinSchema = z.strictObject({
  plant: z.string().min(1),
  set: z.string().min(1).optional(),
  parameters: z.record(z.string(), finite).default({}),
  fitted: z.string().min(1).optional(),
  /** A cell of one's own: BPX file (plants spme, dfn, spme-dfn) or cell file made by `cellbench cell` (ecm). */
  cell: z.string().min(1).optional(),
  beside: z.strictObject({ roles: z.array(role).min(1), every_s: positive }).optional(),
});

const modeNumber = z.number().int().min(0);
/**
 * A cycler's channel is told its mode by a number (`cell.modeSet_count`): which one means what. Without it the output is a
 * supply's, that crosses over by itself between its limits.
 */
const outputSchema = z.strictObject({
  modes: z.strictObject({
    rest: modeNumber.exactOptional(),
    cc: modeNumber.exactOptional(),
    cv: modeNumber.exactOptional(),
    cp: modeNumber.exactOptional(),
    cr: modeNumber.exactOptional(),
  }),
});

const watchdog = z.strictObject({ timeout_s: positive, accepted });
/** From the fastest line to the slowest logger, s. */
const SHORTEST_POLL_S = 0.001;
const LONGEST_POLL_S = 3600;

const deviceSchema = z.strictObject({
  driver: z.string().min(1),
  /** Time between two polls, s. */
  poll_s: positive.refine(v => v >= SHORTEST_POLL_S && v <= LONGEST_POLL_S, {
    error: `expected a time between two polls of ${SHORTEST_POLL_S}..${LONGEST_POLL_S} s`,
  }),
  /** Values older than this count as bad everywhere, s. */
  stale_after_s: positive,
  /** Longest time an answer may take, s, where a gateway or a radio link makes it longer than the driver expects. */
  reply_s: positive.optional(),
  /** Connection and model options; the driver's own schema checks them. */
  options: z.record(z.string(), z.unknown()),
  watchdog: watchdog.optional(),
  accepted,
});

/** Gate limits of one settable role. `ramp_per_s` in the role's unit per second. */
const limitSchema = z
  .strictObject({ min: finite, max: finite, ramp_per_s: positive.optional(), accepted })
  .refine(l => l.min <= l.max, 'expected min <= max');

/** A reading on the good side of a limit. */
const reading = { role, is: z.enum(['>', '<']), limit: finite };
/** The next independent means, for people: what is to be done by hand. */
const means = z.string().regex(/\S/, 'expected what is to be done by hand, not blanks');
const safeCommon = { within_s: positive, otherwise: means, accepted };
/** The line is done at the moment this holds, e.g. a gas outlet shut only when no current makes gas any more. */
const when = z.strictObject(reading).optional();

/** One line of the ordered safe state. Later lines run even if earlier ones fail. */
const safeStepSchema = z.union([
  z.strictObject({ device: z.string(), when, ...safeCommon }),
  z.strictObject({ set: role, to: finite, when, ...safeCommon }),
  /** Controlled vent: ramps a setpoint down; verified by `role` falling below `below`. */
  z.strictObject({
    vent: role,
    rate_bar_per_min: positive,
    role,
    below: finite,
    ...safeCommon,
  }),
]);

/** Proof that the safe state is reached: what must be read back. */
const safeProofSchema = z.strictObject({ ...reading, ...safeCommon });

const benchShape = z.strictObject({
  bench: title,
  version: z.literal(1),
  /** The device under test: a stack, a cell or a vessel of gas. */
  stack: stackSchema.optional(),
  cell: cellSchema.optional(),
  vessel: vesselSchema.optional(),
  /** What methods read of the bench itself, e.g. `bench.cathodeVolume_L`. */
  figures: benchFigures.optional(),
  twin: twinSchema.optional(),
  /** How the electrical steps of a method are put on the output. */
  output: outputSchema.optional(),
  devices: z.record(
    z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a device name like "supply"'),
    deviceSchema,
  ),
  /** role -> device.channel; an array role ends in [] on both sides. */
  roles: z.record(z.string(), z.string()),
  /** role -> how it is worked out of others; recorded and judged like a measured one. */
  derived: z.record(role, derivedSchema).default({}),
  limits: z.record(z.string(), limitSchema),
  interlocks: z.array(interlockSchema).min(1),
  safeState: z.strictObject({
    steps: z.array(safeStepSchema).min(1),
    proof: z.array(safeProofSchema).min(1),
  }),
  /** What of the readings is kept; without it all of them. */
  recording: recordingSchema.optional(),
  /** Stores that get a copy of the journal. */
  sinks: sinksSchema.default({}),
});

export const benchSchema = benchShape
  .refine(b => [b.stack, b.cell, b.vessel].filter(subject => subject !== undefined).length === 1, {
    error: 'expected one of `stack`, `cell` and `vessel`: the one device under test',
  })
  .refine(b => b.cell === undefined || b.twin !== undefined, {
    error: 'expected `twin` with the plant that simulates the cell, e.g. { plant: spme, set: chen2020 }',
    path: ['cell'],
  })
  .refine(b => b.vessel === undefined || b.twin !== undefined, {
    error: 'expected `twin` with the plant that simulates the vessel, e.g. { plant: hydride, set: lani5 }',
    path: ['vessel'],
  });

export type Bench = z.infer<typeof benchSchema>;

/** The device under test of a bench. */
export function subjectOf(bench: Bench): Subject {
  // Why a lab accepts a line is no figure of what is under test.
  if (bench.stack !== undefined) {
    const { accepted: _accepted, ...stack } = bench.stack;
    return { kind: 'stack', ...stack };
  }
  if (bench.cell !== undefined) {
    const { accepted: _accepted, ...cell } = bench.cell;
    return { kind: 'cell', ...cell };
  }
  if (bench.vessel !== undefined) {
    const { accepted: _accepted, ...vessel } = bench.vessel;
    return { kind: 'vessel', ...vessel };
  }
  throw new Error('a bench without stack, cell and vessel has passed its schema');
}

export type SafeStep = z.infer<typeof safeStepSchema>;
export type SafeProof = z.infer<typeof safeProofSchema>;
export { type AcceptedReason, type InterlockSpec, interlockSchema };
