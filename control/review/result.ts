import { z } from 'zod';
import { REACTIONS } from '../../profiles/steps/recovery.ts';
import { INPUT_KINDS } from '../contract/input-kind.ts';
import { causeSchema } from '../record/event-words.ts';
import { alarmSchema } from './alarms/result-alarm.ts';
import { notAsAskedKeys } from './not-as-asked.ts';
import { leftLoopSchema } from './rounds/left-loops.ts';
import { suspensionSchema } from './suspensions.ts';
import { whyStoppedSchema } from './why-stopped.ts';

/**
 * `result.json` of a run: what a lab's own programs read. A key that goes or changes its meaning raises `version`; a key
 * that is added does not. Times are seconds of run time unless the name says UTC; a unit stands in the name or beside
 * the value; null where there is no value. Figures are as computed, not rounded.
 */

/** Version of the layout below. Files before it had no `version`. */
export const RESULT_VERSION = 2;

const figure = z.number();
const whole = z.number().int().min(0);
const basis = z.enum(['sourced', 'recalled', 'default']);
const reaction = z.enum(REACTIONS);

/** When something was: run time, phase and step then. */
export const momentSchema = z.strictObject({ t_s: figure, phase: z.string(), step: z.string() });
export type Moment = z.infer<typeof momentSchema>;

/** How near the run came to one interlock of the bench while it was armed. */
export const limitDistanceSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  role: z.string(),
  reaction,
  trips: z.enum(['>', '<']),
  limit: figure,
  unit: z.string(),
  delay_s: figure,
  armed: z.string(),
  /** How long it was armed, s of run time. */
  armed_s: figure,
  /**
   * A limit just short of this would have been exceeded for the whole delay and so would have fired, one just beyond
   * would not. Of one that fired at least the value that it fired on. Null: never armed, never long enough, or no usable value.
   */
  closest: figure.nullable(),
  /** From closest to the limit; negative: beyond it. */
  distance: figure.nullable(),
  /** closest / limit (limit / closest where it trips below); null for limits <= 0 and closest <= 0. */
  ofLimit_frac: figure.nullable(),
  /** Part of the way from the mean of the armed values to the limit; 1 = at the limit. */
  way_frac: figure.nullable(),
  at: momentSchema.nullable(),
  /** The nearest member of an array role, e.g. `cell.voltage_V[17]`. */
  member: z.string().nullable(),
  /** Nearest value at all, however short; differs from closest where there is a delay. */
  peak: figure.nullable(),
  /** Expanded uncertainty (k = 2) that the instrument declares at the limit, same unit; null if it declares none. */
  u95: figure.nullable(),
  /** Readings that were not usable while armed: they count as exceeded. */
  unusable: whole,
  /** Changes by a person in this run, in the unit of the role; `limit` is that of the bench. */
  changed: z
    .array(z.strictObject({ t_s: figure, to: figure, by: z.string(), reason: z.string() }).readonly())
    .readonly()
    .exactOptional(),
  /** Of a limit that a tag arms: how long its role was beyond it in the run while it was not armed, s, and when first. */
  unwatched: z.strictObject({ beyond_s: figure, at: momentSchema }).exactOptional(),
  /** How often it fired. */
  fired: whole,
  /** Only of the rows that were kept of a thinned record; absent: of all readings. */
  ofKeptRows: z.literal(true).exactOptional(),
  /** How often of these because what it looks at was not usable: nothing is known to have been beyond it then. */
  firedUnusable: whole.default(0),
});
export type LimitDistance = z.infer<typeof limitDistanceSchema>;

/** A limit that the method itself sets: a condition that must not hold, or the time that a step may take. */
export const methodLimitSchema = z.strictObject({
  kind: z.enum(['limit', 'deadline']),
  /** Who sets it: `the method`, `phase soak`, `step discharge (cc)`. */
  by: z.string(),
  /** Its line: `rate.yaml:9`; in a built-in method behind the line of its call. */
  where: z.string(),
  /** As it is written. */
  condition: z.string(),
  reaction: z.enum([...REACTIONS, 'next']),
  /** Of a deadline, s of the method; null: it hangs on what the run tells, or it is none. */
  within_s: figure.nullable(),
  /** The longest that its step took, s of the method with its holds; null: it never ran, or its time is not recorded. */
  longest_s: figure.nullable(),
  /** How often it was exceeded (a condition that warns or holds: 1 however often), and when first. */
  fired: whole,
  at: momentSchema.nullable(),
});
export type MethodLimit = z.infer<typeof methodLimitSchema>;

/** Set points of one role as the gate dealt with them. */
export const setpointsSchema = z.strictObject({
  role: z.string(),
  unit: z.string(),
  applied: whole,
  /** Set points that the gate's ramp limit did not let through at once, and the largest lag behind what was asked. */
  slewed: whole,
  lag: figure,
  refused: whole,
  failed: whole,
});
export type SetpointCount = z.infer<typeof setpointsSchema>;

/** Whether a figure meets what its method asks for. `undecided`: it has no value, or the limit lies within its u95. */
const criterionSchema = z.strictObject({
  is: z.enum(['<', '>']),
  limit: figure,
  outcome: z.enum(['pass', 'fail', 'undecided']),
});

/** A figure, and where its method asks something of it, whether it meets that. */
export const kpiSchema = z.strictObject({
  id: z.string(),
  phase: z.string().optional(),
  value: figure.nullable(),
  unit: z.string(),
  /** Expanded uncertainty, k = 2, same unit as value. */
  u95: figure.optional(),
  definition: z.string(),
  basis,
  criterion: criterionSchema.optional(),
});
/** One figure of the result. */
export type Kpi = Readonly<z.infer<typeof kpiSchema>>;

const tableSchema = z.strictObject({
  id: z.string(),
  columns: z.array(z.string()).readonly(),
  rows: z.array(z.array(z.union([figure, z.string(), z.null()])).readonly()).readonly(),
});
/** A table behind the figures (a cell's cycles): each column's name ends with its unit, null where there is no value. */
export type ResultTable = Readonly<z.infer<typeof tableSchema>>;

/** A polarisation curve: every averaged point in the order measured. */
const curveSchema = z.strictObject({
  phase: z.string(),
  points: z
    .array(
      z.strictObject({
        leg: z.enum(['up', 'down']),
        current_A: figure,
        currentDensity_A_per_cm2: figure,
        cellVoltage_V: figure,
        /** Expanded uncertainty of cellVoltage_V, k = 2. */
        u95_V: figure,
        temperature_degC: figure.nullable(),
        /** Middle of the averaged window. */
        t_s: figure,
      }),
    )
    .readonly(),
});
export type ResultCurve = Readonly<z.infer<typeof curveSchema>>;

const phaseSchema = z.strictObject({
  name: z.string(),
  start_s: figure,
  end_s: figure,
  ended_by: z.string(),
});
/** What the safe state could not prove, and the next independent means. */
export const unprovenSchema = z.strictObject({ what: z.string(), otherwise: z.string() });

/** What the run was made with. */
const softwareSchema = z.strictObject({
  name: z.literal('cellbench'),
  version: z.string(),
  /** Commit of the source; `-dirty` behind it: files had been changed since. Null: not known. */
  commit: z.string().nullable(),
  node: z.string(),
});
export type Software = z.infer<typeof softwareSchema>;

/** A file that the run was made from, as it was read at its begin. */
const inputSchema = z.strictObject({
  what: z.enum(INPUT_KINDS),
  path: z.string(),
  bytes: whole,
  sha256: z.string(),
});
export type Input = z.infer<typeof inputSchema>;

/** An edit of the rest of the method. */
const editSchema = z.strictObject({
  t_s: figure,
  by: z.string(),
  reason: z.string(),
  /** The method file, and the SHA-256 of it and of the one before. */
  path: z.string(),
  from: z.string(),
  to: z.string(),
  /** In plain words: `- ` as it was, `+ ` as it is. */
  changes: z.array(z.string()).readonly(),
});
export type ResultEdit = Readonly<z.infer<typeof editSchema>>;

export const resultSchema = z.strictObject({
  schema: z.literal('cellbench/result'),
  version: z.literal(RESULT_VERSION),
  verdict: z.string(),
  reason: z.string(),
  /** Who or what ended the run. */
  cause: causeSchema.readonly(),
  /** What could not be proved safe, with the next independent means. */
  unproven: z.array(unprovenSchema.readonly()).readonly(),
  /** All criteria together: fail if one fails, undecided if one is, none where no method has one. */
  criteria: z.enum(['pass', 'fail', 'undecided', 'none']),
  bench: z.string(),
  method: z.string(),
  /** `imported`: read from a file of another program. */
  mode: z.enum(['rehearsal', 'wire', 'bench', 'imported']),
  seed: z.number().int(),
  /** 1, or by how much method and emulated plant ran faster than life (wire run). */
  timeFactor: figure,
  /** Who ran it; absent where nobody said so. */
  operator: z.string().optional(),
  /** Name of the subject under test, on a bench with several. */
  subject: z.string().optional(),
  software: softwareSchema.readonly(),
  inputs: z.array(inputSchema.readonly()).readonly(),
  /** Begin of the run on the clock of the computer, and on the same clock the end of the record. */
  startedUtc: z.string(),
  endedUtc: z.string(),
  simulated_s: figure,
  /** Rows of the record. */
  rows: whole,
  /** Of which instruments readings were left out by the recording rules; absent: all were kept. */
  thinned: z
    .array(
      z.strictObject({
        device: z.string(),
        /** Null: of a run that was cut off nobody has counted them. */
        seen: whole.nullable(),
        kept: whole,
        /** At least one reading so often, s. */
        interval_s: figure,
        /** So often by the rules of the bench alone, s (0: every one); more than that is the method's own. */
        own_s: figure.exactOptional(),
        /** From one reading to the next, s. */
        poll_s: figure.exactOptional(),
        /** By role in its unit: readings that moved by more were kept. */
        change: z.record(z.string(), figure),
      }),
    )
    .readonly()
    .optional(),
  /** Rows of the record that are damaged and were left out, at the reader's wish; absent: it is whole. */
  damaged: z
    .array(
      z.strictObject({
        source: z.string(),
        /** First and last row, from 1; null: nobody knows how many there were. */
        from: whole,
        to: whole.nullable(),
        /** Run times of the readings next to them that are left; null: there are none. */
        from_s: figure.nullable(),
        to_s: figure.nullable(),
        reason: z.string(),
      }),
    )
    .readonly()
    .optional(),
  counts: z.strictObject({
    devices: z
      .array(z.strictObject({ id: z.string(), driver: z.string(), frames: whole, badFrames: whole }))
      .readonly(),
    events: z.record(z.string(), whole).readonly(),
    setpoints: z.array(setpointsSchema.readonly()).readonly(),
  }),
  phases: z.array(phaseSchema.readonly()).readonly(),
  kpis: z.array(kpiSchema.readonly()).readonly(),
  tables: z.array(tableSchema.readonly()).readonly(),
  curves: z.array(curveSchema.readonly()).readonly(),
  limits: z.array(limitDistanceSchema.readonly()).readonly(),
  /** Absent: of a record whose method is known by its name only. */
  methodLimits: z.array(methodLimitSchema.readonly()).readonly().optional(),
  alarms: z.array(alarmSchema.readonly()).readonly(),
  /** Of a run that did not come to its end by itself: what ended it, what was read then, and what was done. */
  whyStopped: whyStoppedSchema.readonly().optional(),
  ...notAsAskedKeys,
  /** By what the method went to its end before its last step; absent: it did not. */
  finishedBy: z.string().optional(),
  /** Loops that were left before their last round was through; absent: none. */
  leftLoops: z.array(leftLoopSchema.readonly()).readonly().optional(),
  /** When it stood still by itself and recovered; absent: never. */
  suspensions: z.array(suspensionSchema.readonly()).readonly().optional(),
  /** How the rest of its method was edited while it was held, the oldest first; absent: never. */
  edits: z.array(editSchema.readonly()).readonly().optional(),
});
/** `result.json` of a run. */
export type RunResult = Readonly<z.infer<typeof resultSchema>>;
