import { z } from 'zod';
import { title } from '../drivers/contract/title.ts';
import { dataEntrySchema } from './data-file/entry.ts';
import { STEP_KINDS } from './steps/index.ts';

/**
 * The test language: a method file is a list of phases, a phase is a list of steps, a step is one kind key
 * with its parameters. Roles only, never a device. Every step ends by itself: a step without an end is refused.
 * Units are the last part of each key (`for_s`, `rate_bar_per_min`); seconds, volts, ampere, bar gauge.
 * What a kind of step may say stands in its own file in `steps/`.
 */

type Kinds = typeof STEP_KINDS;
type KindName = keyof Kinds;

/** Every kind key of the table, each once and none needed by itself. */
const kindShape = Object.fromEntries(
  Object.entries(STEP_KINDS).map(([key, kind]) => [key, kind.schema.optional()]),
) as { [K in KindName]: z.ZodOptional<Kinds[K]['schema']> };

/** Kind keys of the table. */
export const KIND_NAMES = Object.keys(STEP_KINDS) as KindName[];
const KEYS = [...KIND_NAMES, 'repeat', 'call'] as const;

const plainStep = z.strictObject({
  name: z.string().min(1).optional(),
  /** Interlocks may be armed only in steps with a tag. `load` is added by the compiler. */
  tags: z.array(z.string().regex(/^[a-z0-9-]+$/, 'expected a tag of a-z, 0-9 and -')).optional(),
  ...kindShape,
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
  .refine(step => KEYS.filter(key => step[key] !== undefined).length === 1, {
    error: `expected exactly one of ${KEYS.join(', ')} in a step`,
  });

export const methodFileSchema = z
  .strictObject({
    method: title,
    version: z.literal(1),
    description: z.string().optional(),
    /** Load series that `follow` names as its source. */
    data: z
      .record(
        z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a name of letters and digits'),
        dataEntrySchema,
      )
      .default({}),
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
