import { z } from 'zod';
import { causeSchema } from '../record/event-words.ts';
import {
  controlledSchema,
  incompleteSchema,
  sameFigureSchema,
  shortStepSchema,
} from '../review/not-as-asked.ts';
import {
  kpiSchema,
  limitDistanceSchema,
  methodLimitSchema,
  momentSchema,
  setpointsSchema,
  unprovenSchema,
} from '../review/result.ts';
import { leftLoopSchema } from '../review/rounds/left-loops.ts';
import { suspensionSchema } from '../review/suspensions.ts';

/**
 * What a rehearsal found, as `rehearse --json` prints it in its last line. Times are seconds of run time, figures in
 * the unit beside them; null where there is no value. Figures are as computed, not rounded.
 */

const figure = z.number();
const whole = z.number().int().min(0);

/** What a kind of ending of a step means. */
const endingSchema = z.enum(['time', 'condition', 'done', 'time-out', 'skipped', 'failed', 'cut off']);
export type Ending = z.infer<typeof endingSchema>;

/** One step of the method: how often it ran and how it ended. */
const stepCountSchema = z.strictObject({
  phase: z.string(),
  step: z.string(),
  op: z.string(),
  runs: whole,
  /** `text`: the first such ending in its own words. */
  ended: z.array(z.strictObject({ by: endingSchema, text: z.string(), count: whole })),
  /** How often what it waits for held already when it began; absent: never. */
  wasMet: whole.exactOptional(),
  /** What it waits for is to hold for a time. */
  isHeld: z.literal(true).exactOptional(),
});
export type StepCount = z.infer<typeof stepCountSchema>;

/** Readings outside an instrument's range or without a value, by channel. */
const badReadingSchema = z.strictObject({
  device: z.string(),
  channel: z.string(),
  frames: whole,
  first_s: figure,
  text: z.string(),
});
export type BadReading = z.infer<typeof badReadingSchema>;

const findingSchema = z.strictObject({
  /**
   * trip: the run ended in the safe state, or this is not proved. fail: a figure misses what its method asks of it.
   * warning: look at it before the night. note: to be known.
   */
  level: z.enum(['trip', 'fail', 'warning', 'note']),
  text: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What led to the end of a run that did not complete. */
const endSchema = z.strictObject({
  reason: z.string(),
  /** The same as data: who or what asked for the end. */
  cause: causeSchema,
  at: momentSchema,
  /** The interlock that ended the run; null where something else did. */
  interlock: z.string().nullable(),
  /** Main roles at these times before the end. */
  before_s: z.array(figure),
  led: z.array(z.strictObject({ role: z.string(), unit: z.string(), value: z.array(figure.nullable()) })),
});

const quantiles = { p5: figure, p50: figure, p95: figure };

/** N runs with parameters drawn from the plant's declared uncertainties. */
const monteCarloSchema = z.strictObject({
  asked: whole,
  /** Runs that gave a result, those that failed, and why. */
  done: whole,
  failed: z.array(z.strictObject({ reason: z.string(), count: whole })),
  completed: whole,
  /** Runs whose safe state was not proved. */
  notProved: whole,
  /** Parameters that were varied. */
  varied: z.array(z.string()),
  limits: z.array(
    z.strictObject({
      id: z.string(),
      reaction: z.string(),
      unit: z.string(),
      limit: figure,
      fired: whole,
      /** fired / done with its 95 % Wilson interval. */
      probability: figure,
      low: figure,
      high: figure,
      distance: z.strictObject(quantiles).nullable(),
    }),
  ),
  kpis: z.array(z.strictObject({ id: z.string(), unit: z.string(), runs: whole, ...quantiles })),
  /** The limit most at risk: fires most often, else nearest in units of its own spread over the runs. */
  closest: z
    .strictObject({
      id: z.string(),
      unit: z.string(),
      distances: z.array(figure),
      /** Spearman's rank correlation of the distance with each varied parameter, strongest first; empty for fewer than 10 runs. */
      moved_by: z.array(z.strictObject({ parameter: z.string(), rank_correlation: figure })),
    })
    .nullable(),
  findings: z.array(findingSchema),
});
export type MonteCarlo = z.infer<typeof monteCarloSchema>;

export const rehearsalSchema = z.strictObject({
  bench: z.string(),
  method: z.string(),
  seed: z.number().int(),
  outcome: z.enum(['completed', 'stopped', 'tripped']),
  duration_s: figure,
  /**
   * How long a run of this night is to take: to the end of the last phase, as seen here; where it did not complete, the
   * method's own estimate.
   */
  planned_s: figure,
  /** Energy into the device under test, kWh (a stack) or Wh (a cell). */
  energy: z.strictObject({ value: figure, unit: z.string() }).nullable(),
  energyOut: z.strictObject({ value: figure, unit: z.string() }).nullable(),
  h2: z.strictObject({ kg: figure, NL: figure, measured: z.boolean() }).nullable(),
  /** Null where the bench measures no N2 flow. */
  n2_NL: figure.nullable(),
  rows: whole,
  bytes: whole,
  end: endSchema.nullable(),
  /** What could not be proved safe, with the next independent means. */
  unproven: z.array(unprovenSchema),
  limits: z.array(limitDistanceSchema),
  /** Limits that the method itself sets. */
  methodLimits: z.array(methodLimitSchema),
  setpoints: z.array(setpointsSchema),
  steps: z.array(stepCountSchema),
  /** The method went to its end before its last step: by which step or line, and why. */
  finishedBy: z.string().exactOptional(),
  leftLoops: z.array(leftLoopSchema).exactOptional(),
  badReadings: z.array(badReadingSchema),
  shortSteps: z.array(shortStepSchema),
  suspensions: z.array(suspensionSchema).default([]),
  sameFigures: z.array(sameFigureSchema),
  incomplete: z.array(incompleteSchema).exactOptional(),
  controlled: z.array(controlledSchema).exactOptional(),
  /** Figures of the built-in methods in it, and what the method itself returns. */
  figures: z.array(kpiSchema),
  /** Figures of which their methods ask something. */
  judged: z.array(kpiSchema),
  phases: z.array(z.strictObject({ name: z.string(), start_s: figure, end_s: figure, ended_by: z.string() })),
  findings: z.array(findingSchema),
  monteCarlo: monteCarloSchema.optional(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;
export type RehearsalEnd = z.infer<typeof endSchema>;
