import { z } from 'zod';
import { title } from '../../drivers/contract/title.ts';
import type { Subject } from '../../profiles/recorded-run.ts';
import { type AcceptedReason, accepted, finite, positive, role } from '../contract/fields.ts';
import { sinksSchema } from '../contract/sinks.ts';
import { derivedSchema } from '../kinds/derived/index.ts';
import { type InterlockSpec, interlockSchema } from '../kinds/interlocks/index.ts';
import { matrixSchema } from './matrix/matrix-use.ts';
import { pictureSchema } from './picture/picture-block.ts';
import { alarmRulesSchema } from './rules/alarm-rules.ts';
import { GUARD_TIMEOUT_S, guardSchema } from './rules/guard-rules.ts';
import { holdPoint } from './rules/hold-point.ts';
import { recordingSchema } from './rules/recording-rules.ts';
import { startRulesSchema } from './rules/start-rules.ts';
import { twinSchema } from './rules/twin-rules.ts';
import { benchFigures, cellSchema, stackSchema, vesselSchema } from './subjects.ts';

/** The bench file: devices and their lines, roles, limits, interlocks, the safe state. Unknown keys are refused. */

const modeNumber = z.number().int().min(0).meta({ description: 'number that tells the channel this mode' });
/**
 * A cycler's channel is told its mode by a number (`cell.modeSet_count`): which one means what. Without it the output is a
 * supply's, that crosses over by itself between its limits.
 */
const outputSchema = z.strictObject({
  modes: z
    .strictObject({
      rest: modeNumber.exactOptional(),
      cc: modeNumber.exactOptional(),
      cv: modeNumber.exactOptional(),
      cp: modeNumber.exactOptional(),
      cr: modeNumber.exactOptional(),
    })
    .meta({ description: 'numbers of cell.modeSet_count' }),
});

/** Half-cell control: a potential of one electrode that software may hold by the current of the output. */
const softwareLoop = z
  .strictObject({
    response_mOhm: finite
      .refine(v => v !== 0, 'expected another value than 0')
      .meta({
        description:
          'what the potential does at once where the current rises by 1 A, mV: below 0 where charging lowers it; from a pulse at low current, where it is largest: declared too small by k, the loop is k times quicker and overshoots beyond 4',
      }),
    settle_s: positive.meta({ description: 'time in which a deviation must have gone, s' }),
    within_mV: positive.meta({
      description:
        'a deviation within which it counts as held, mV; lastingly more ends the step, and the run in order',
    }),
    min: finite.meta({ description: 'lowest potential that a method may ask for, V' }),
    max: finite.meta({ description: 'highest potential that a method may ask for, V' }),
  })
  .refine(l => l.min <= l.max, 'expected min <= max');

const watchdog = z.strictObject({
  timeout_s: positive.meta({
    description: 'silence of ours after which the instrument switches itself off, s',
  }),
  accepted,
});
/** From the fastest line to the slowest logger, s. */
const SHORTEST_POLL_S = 0.001;
const LONGEST_POLL_S = 3600;

const deviceSchema = z.strictObject({
  driver: z.string().min(1).meta({ description: 'maker/model' }),
  poll_s: positive
    .refine(v => v >= SHORTEST_POLL_S && v <= LONGEST_POLL_S, {
      error: `expected a time between two polls of ${SHORTEST_POLL_S}..${LONGEST_POLL_S} s`,
    })
    .meta({ description: 'time between two polls, s' }),
  stale_after_s: positive.meta({ description: 'values older than this count as bad everywhere, s' }),
  reply_s: positive.optional().meta({
    description:
      'longest time an answer may take, s, where a gateway makes it longer than the driver expects',
  }),
  latency_s: positive.optional().meta({
    description:
      'what an answer usually takes, s (default 0.01): a set point may wait so long, so a method cannot hold a duration better',
  }),
  runs: z.literal('program', { error: 'expected program' }).exactOptional().meta({
    description:
      'program: a method runs on this instrument as its own program; cellbench watches, records and stops it',
  }),
  options: z
    .record(z.string(), z.unknown())
    .meta({ description: "connection and model options; the driver's own schema checks them" }),
  watchdog: watchdog.optional().meta({ description: "the instrument's own watchdog, armed and read back" }),
  accepted,
});

/** Gate limits of one settable role. */
const limitSchema = z
  .strictObject({
    min: finite.meta({ description: 'lowest set value, in the unit of the role' }),
    max: finite.meta({ description: 'highest set value, in the unit of the role' }),
    ramp_per_s: positive.optional().meta({ description: "fastest change, in the role's unit per second" }),
    accepted,
  })
  .refine(l => l.min <= l.max, 'expected min <= max');

/** A reading on the good side of a limit. */
const reading = {
  role: role.meta({ description: 'what is read' }),
  is: z.enum(['>', '<']).meta({ description: 'above (>) or below (<) the limit is good' }),
  limit: finite.meta({ description: 'in the unit of the role' }),
};
/** The next independent means, for people: what is to be done by hand. */
const means = z.string().regex(/\S/, 'expected what is to be done by hand, not blanks');
const safeCommon = {
  within_s: positive.meta({ description: 'time that it has, s' }),
  otherwise: means.meta({ description: 'the next independent means, for people, where it cannot be proved' }),
  accepted,
};
/** The line is done at the moment this holds, e.g. a gas outlet shut only when no current makes gas any more. */
const when = z
  .strictObject(reading)
  .optional()
  .meta({ description: 'the line is done at the moment this holds' });

/** One line of the ordered safe state. Later lines run even if earlier ones fail. */
export const safeStepSchema = z.union([
  z.strictObject({
    device: z.string().meta({ description: 'runs the safe list of this device' }),
    when,
    ...safeCommon,
  }),
  z.strictObject({
    set: role.meta({ description: 'role that is set' }),
    to: finite.meta({ description: 'in the unit of the role' }),
    when,
    ...safeCommon,
  }),
  /** Controlled vent: ramps a setpoint down; verified by `role` falling below `below`. */
  z.strictObject({
    vent: role.meta({ description: 'pressure set point that is ramped down' }),
    rate_bar_per_min: positive.meta({ description: 'how fast, bar per min' }),
    role: role.meta({ description: 'pressure that shows it' }),
    below: finite.meta({ description: 'the vent is done below this' }),
    ...safeCommon,
  }),
]);

/** Proof that the safe state is reached: what must be read back. */
const safeProofSchema = z.strictObject({ ...reading, ...safeCommon });

/** The keys of a bench file, in their words. */
export const BENCH_KEYS = {
  bench: 'name of the bench',
  version: 'version of the bench file: 1',
  subjects:
    'several devices under test, one of them in a run: name: { cell | stack | vessel, and what only it has of twin, output, softwareControl, figures, devices, roles, limits, matrix, hold, interlocks }',
  stack: 'the device under test: an electrolyser stack',
  cell: 'the device under test: a battery cell',
  vessel: 'the device under test: a vessel of gas',
  figures: 'volumes, flows and the like that methods read as bench.name_unit: { cathodeVolume_L: 12 }',
  twin: 'the model that stands in for the device under test in a rehearsal',
  output: 'how the electrical steps of a method are put on the output',
  softwareControl:
    'potentials of one electrode that software holds by the current, with a new current for each reading: role: { ... }',
  drivers: "drivers of the lab's own: files *.ts from the folder of the bench file, which this program runs",
  devices: 'instruments by name, each with its driver and line',
  roles: 'what methods speak of: role: device.channel; [] on both sides for many',
  derived: 'roles worked out of others; recorded and judged like measured ones',
  limits: 'what the gate lets through: role: { min, max, ramp_per_s }',
  matrix: 'the alarm and trip matrix of a technology: pem, alkaline, aem, soec, cell, or { use, change }',
  hold: 'set points of a stack that a hold lowers: role: { to, ramp_per_s }; without it all stay. A cell rests',
  interlocks: 'checked on every reading before anything else sees it; bad and silent count as exceeded',
  alarms: 'how alarms are shown to people: how long one may be shelved, and how many are a flood',
  safeState: 'the ordered safe state: its lines, and the proof that it is reached',
  guard: 'the second process that drives the safe state when the controller is gone or hangs',
  preStart: 'the list of checks before a start: what may fail here, and why',
  recording: 'what of the readings is kept; without it all of them',
  sinks: 'stores that get a copy of the journal',
  picture: 'the process picture: symbols on a grid and the lines between them; without it one by the roles',
} as const;

const benchShape = z.strictObject({
  bench: title.meta({ description: BENCH_KEYS.bench }),
  version: z.literal(1).meta({ description: BENCH_KEYS.version }),
  stack: stackSchema.optional().meta({ description: BENCH_KEYS.stack }),
  cell: cellSchema.optional().meta({ description: BENCH_KEYS.cell }),
  vessel: vesselSchema.optional().meta({ description: BENCH_KEYS.vessel }),
  figures: benchFigures.optional().meta({ description: BENCH_KEYS.figures }),
  twin: twinSchema.optional().meta({ description: BENCH_KEYS.twin }),
  output: outputSchema.optional().meta({ description: BENCH_KEYS.output }),
  softwareControl: z.record(role, softwareLoop).default({}).meta({ description: BENCH_KEYS.softwareControl }),
  drivers: z.array(z.string().min(1)).default([]).meta({ description: BENCH_KEYS.drivers }),
  devices: z
    .record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a device name like "supply"'), deviceSchema)
    .meta({ description: BENCH_KEYS.devices }),
  roles: z.record(z.string(), z.string()).meta({ description: BENCH_KEYS.roles }),
  derived: z.record(role, derivedSchema).default({}).meta({ description: BENCH_KEYS.derived }),
  limits: z.record(z.string(), limitSchema).meta({ description: BENCH_KEYS.limits }),
  matrix: matrixSchema.optional().meta({ description: BENCH_KEYS.matrix }),
  hold: z.record(role, holdPoint).default({}).meta({ description: BENCH_KEYS.hold }),
  interlocks: z.array(interlockSchema).min(1).meta({ description: BENCH_KEYS.interlocks }),
  alarms: alarmRulesSchema.prefault({}).meta({ description: BENCH_KEYS.alarms }),
  safeState: z
    .strictObject({
      steps: z
        .array(safeStepSchema)
        .min(1)
        .meta({ description: 'in this order; one that fails is logged, the next one runs' }),
      proof: z.array(safeProofSchema).min(1).meta({ description: 'what must be read back' }),
    })
    .meta({ description: BENCH_KEYS.safeState }),
  guard: guardSchema.default({ timeout_s: GUARD_TIMEOUT_S }).meta({ description: BENCH_KEYS.guard }),
  preStart: startRulesSchema.prefault({}).meta({ description: BENCH_KEYS.preStart }),
  recording: recordingSchema.optional().meta({ description: BENCH_KEYS.recording }),
  sinks: sinksSchema.default({}).meta({ description: BENCH_KEYS.sinks }),
  picture: pictureSchema.optional().meta({ description: BENCH_KEYS.picture }),
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

/** What only one of several subjects has, under the keys of the bench. */
const subjectEntry = benchShape
  .pick({
    stack: true,
    cell: true,
    vessel: true,
    figures: true,
    twin: true,
    output: true,
    softwareControl: true,
    devices: true,
    roles: true,
    limits: true,
    matrix: true,
    hold: true,
    interlocks: true,
    picture: true,
  })
  .partial();

/** The file itself: of several subjects each has a name, and the bench of a run is what it is with one of them. */
export const benchFileSchema = benchShape.extend({
  subjects: z
    .record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a name of a subject like "left"'), subjectEntry)
    .refine(entries => Object.keys(entries).length > 0, 'expected at least one subject: left: { cell: ... }')
    .optional()
    .meta({ description: BENCH_KEYS.subjects }),
});

/** The device under test of a bench; why a lab accepts a line of it is no figure of it. */
export function subjectOf(bench: Bench): Subject {
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
