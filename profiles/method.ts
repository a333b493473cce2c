import { z } from 'zod';
import { unitOf } from '../drivers/contract/units.ts';

/**
 * The test language: a method file is a list of phases, a phase is a list of steps, a step is one kind key
 * with its parameters. Roles only, never a device. Every step ends by itself: a step without an end is refused.
 * Units are the last part of each key (`for_s`, `rate_bar_per_min`); seconds, volts, ampere, bar gauge.
 */

const number = z.number({ error: 'expected a number' });
const positive = number.refine(v => v > 0, 'expected a number > 0');
const notNegative = number.refine(v => v >= 0, 'expected a number >= 0');
/** Longest single step: 10,000 h, so that a slip of the pen (ms for s) is seen. */
const LONGEST_S = 3.6e7;
const end_s = z
  .number({ error: 'expected the time after which this step ends, in s (every step must end by itself)' })
  .refine(v => v > 0 && v <= LONGEST_S, `expected a time > 0 and <= ${LONGEST_S} s`);
const role = z.string({ error: 'expected a role with its unit, e.g. "stack.current_A"' }).refine(isRole, {
  error: 'expected a role with its unit, e.g. "stack.current_A" (units: drivers/contract/units.ts)',
});
const values = z
  .record(role, number)
  .refine(v => Object.keys(v).length > 0, 'expected at least one "role: value"');
const onTimeout = z.enum(['continue', 'stop', 'trip']);

function isRole(name: string): boolean {
  return /^[a-z][A-Za-z0-9]*\./.test(name) && unitOf(name) !== undefined;
}

/** `{ role, is, limit, for_s? }` or `{ role, stableBand, over_s }`. */
const conditionSchema = z.union([
  z.strictObject({ role, is: z.enum(['>', '<', '>=', '<=']), limit: number, for_s: notNegative.default(0) }),
  z.strictObject({ role, stableBand: positive, over_s: positive }),
]);
const conditions = z.array(conditionSchema).min(1);

const holdSchema = z
  .strictObject({
    for_s: end_s,
    set: values.optional(),
    until: conditions.optional(),
    onTimeout: onTimeout.default('continue'),
    /** The last average_s are recorded as a point that the evaluation finds again. */
    average_s: positive.optional(),
  })
  .refine(h => h.average_s === undefined || h.until === undefined, 'expected average_s or until, not both')
  .refine(h => h.average_s === undefined || h.average_s <= h.for_s, 'expected average_s <= for_s');

const rampSchema = z
  .strictObject({
    role,
    to: number,
    rate_per_s: positive.optional(),
    rate_per_min: positive.optional(),
    /** Needed only where nothing has set the role before, so that the length of the ramp is not known. */
    timeout_s: positive.optional(),
  })
  .refine(r => (r.rate_per_s === undefined) !== (r.rate_per_min === undefined), {
    error: 'expected either rate_per_s or rate_per_min (every step must end by itself)',
  });

const sweepSchema = z
  .strictObject({
    role,
    values: z.array(number).min(1).max(1000),
    rate_per_s: positive,
    dwell_s: end_s,
    average_s: positive,
    leg: z.enum(['up', 'down', 'single']),
    /** The leg ends early when this role goes over the limit. */
    stopAbove: z.strictObject({ role, limit: number }).optional(),
    minCurrentPerBar_A: notNegative.default(0),
  })
  .refine(s => s.average_s <= s.dwell_s, 'expected average_s <= dwell_s');

const fraction = number.refine(v => v >= 0 && v <= 2, 'expected a fraction 0..2 (1 = nominal)');
const followSchema = z
  .strictObject({
    source: z.string().min(1),
    for_s: end_s,
    setRole: role.default('stack.currentSet_A'),
    voltageRole: role.default('stack.voltage_V'),
    powerRole: role.default('stack.power_W'),
    scale_kW: positive,
    currentNominal_A: positive,
    voltageNominal_V: positive,
    minLoad_frac: fraction,
    restart_frac: fraction,
    maxLoad_frac: fraction,
    ramp_frac_per_s: positive,
    onStandby: z.record(role, number).default({}),
    onRestart: z.record(role, number).default({}),
  })
  .refine(f => f.minLoad_frac < f.restart_frac && f.restart_frac < f.maxLoad_frac, {
    error: 'expected minLoad_frac < restart_frac < maxLoad_frac',
  });

const pressureSchema = z.strictObject({
  to_barg: notNegative,
  rate_bar_per_min: positive,
  holdEvery_bar: notNegative.default(0),
  hold_s: notNegative.default(0),
  h2InO2Gate_vol_pct: positive,
  minCurrentPerBar_A: notNegative,
  timeout_s: end_s,
  onTimeout,
  setRole: role.default('cathode.pressureSet_barg'),
  pressureRole: role.default('cathode.pressure_barg'),
  h2InO2Role: role.default('o2.h2_vol_pct'),
  currentRole: role.default('stack.current_A'),
});

const purgeSchema = z.strictObject({
  /** The valves stay open this long. */
  for_s: end_s,
  /** Set at the start (1 = open); everything set to something else than 0 goes back to 0 afterwards. */
  set: values,
  /** After for_s: wait on with the valves open until all hold, extra_s at most. */
  until: conditions.optional(),
  extra_s: positive.default(600),
  onTimeout: onTimeout.default('stop'),
});

const KINDS = [
  'hold',
  'ramp',
  'set',
  'waitUntil',
  'follow',
  'sweep',
  'pressurise',
  'depressurise',
  'purge',
  'repeat',
  'call',
] as const;

const plainStep = z.strictObject({
  name: z.string().min(1).optional(),
  /** Interlocks may be armed only in steps with a tag. `load` is added by the compiler. */
  tags: z.array(z.string().regex(/^[a-z0-9-]+$/, 'expected a tag of a-z, 0-9 and -')).optional(),
  hold: holdSchema.optional(),
  ramp: rampSchema.optional(),
  set: values.optional(),
  waitUntil: z.strictObject({ all: conditions, timeout_s: end_s, onTimeout }).optional(),
  follow: followSchema.optional(),
  sweep: sweepSchema.optional(),
  pressurise: pressureSchema.optional(),
  depressurise: pressureSchema.optional(),
  purge: purgeSchema.optional(),
  call: z
    .strictObject({ method: z.string().min(1), with: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});

/** A step as it is after the schema has filled in the defaults. */
export interface Step extends z.output<typeof plainStep> {
  repeat?: { times: number; steps: Step[] } | undefined;
}
/** A step as a person or a test method writes it. */
export interface StepInput extends z.input<typeof plainStep> {
  repeat?: { times: number; steps: StepInput[] } | undefined;
}

const times = z
  .number({ error: 'expected how often, a whole number (every step must end by itself)' })
  .refine(v => Number.isInteger(v) && v >= 1 && v <= 100_000, 'expected a whole number 1..100000');

/** One step: exactly one of the kind keys. */
export const stepSchema: z.ZodType<Step, StepInput> = z
  .strictObject({
    ...plainStep.shape,
    repeat: z.strictObject({ times, steps: z.array(z.lazy(() => stepSchema)).min(1) }).optional(),
  })
  .refine(step => KINDS.filter(kind => step[kind] !== undefined).length === 1, {
    error: `expected exactly one of ${KINDS.join(', ')} in a step`,
  });

export const methodFileSchema = z
  .strictObject({
    method: z.string().min(1),
    version: z.literal(1),
    description: z.string().optional(),
    phases: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z0-9-]+$/, 'expected a phase name of a-z, 0-9 and -'),
          steps: z.array(stepSchema).min(1),
        }),
      )
      .min(1),
    /** Safe end: runs after the last phase. A stop or a trip goes to the bench's own safe state instead. */
    finally: z.array(stepSchema).min(1),
  })
  .superRefine((file, context) => {
    file.phases.forEach((phase, i) => {
      const taken = phase.name === FINALLY || file.phases.findIndex(p => p.name === phase.name) !== i;
      if (taken) {
        const message = 'expected a phase name of its own (each name once, and not "finally")';
        context.addIssue({ code: 'custom', path: ['phases', i, 'name'], message });
      }
    });
  });

/** Name of the phase that the compiler makes of `finally`. */
export const FINALLY = 'finally';

export type MethodFile = z.infer<typeof methodFileSchema>;
export type StepCondition = z.infer<typeof conditionSchema>;
