import { z } from 'zod';
import { STEP_KINDS } from '../steps/index.ts';
import type { Beside, OwnKeys, StepKind } from './define-step.ts';
import { anyValue, condition, onOff, stemShape, value } from './keys.ts';

/** The grammar as zod schemas: the reader checks one step at a time with them, editors get the whole as JSON schema. */

/** Where a run can go from a step. */
export const TARGETS = ['next', 'leave', 'next-phase', 'finish', 'stop', 'trip'] as const;

export const target = z
  .string({ error: `expected one of ${TARGETS.join(', ')}, or goto and an id` })
  .refine(text => TARGETS.some(t => t === text) || /^goto [a-z][A-Za-z0-9]*$/.test(text), {
    error: `expected one of ${TARGETS.join(', ')}, or goto and an id`,
  });

const idText = 'expected a name of letters and digits that begins with a small letter';
const title = z.string({ error: 'expected a name' }).min(1);

export const recordShape = z.strictObject({
  ...stemShape({
    every: 'one row in so long',
    before: 'every reading so long before the step',
    after: 'every reading so long after it',
  }),
  change: z
    .record(z.string(), value)
    .optional()
    .meta({ description: 'a row where a role has changed by so much' }),
});

export const limitsShape = z
  .array(
    z.strictObject({
      when: condition,
      // biome-ignore lint/suspicious/noThenProperty: the word of the language
      then: z.enum(['warn', 'hold', 'stop', 'trip']),
    }),
  )
  .min(1);

/** Keys that every step and block may have. */
export const COMMON: z.ZodRawShape = {
  id: z
    .string({ error: idText })
    .regex(/^[a-z][A-Za-z0-9]*$/, idText)
    .optional()
    .meta({ description: 'goal of goto, name of its figures, in every row' }),
  name: title.optional().meta({ description: 'free text' }),
  tags: z
    .array(z.string().regex(/^[a-z0-9-]+$/, 'expected a tag of a-z, 0-9 and -'))
    .optional()
    .meta({ description: 'arm interlocks' }),
  until: condition.optional().meta({ description: 'normal end, looked at each tick' }),
  ...stemShape({
    for: 'normal end after this time',
    within: 'deadline; goes on to otherwise',
    exact: 'allowed error of the duration',
    average: 'the last part becomes a point: mean and scatter of all roles',
  }),
  otherwise: target.optional().meta({ description: 'where the run goes when the deadline passes (stop)' }),
  exits: z
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    .array(z.strictObject({ when: condition, then: target }))
    .min(1)
    .optional()
    .meta({ description: 'other ways out, looked at in order before until' }),
  gate: condition.optional().meta({ description: 'while not true, ramp, clock and profile stand still' }),
  record: recordShape.optional().meta({ description: 'which rows are kept' }),
  limits: limitsShape.optional().meta({ description: "beside the bench's, only stricter" }),
  resume: z.enum(['continue', 'again', 'never']).optional().meta({ description: 'after a cut' }),
  evaluate: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'figures of this built-in method, of its points' }),
};

/** Common keys of a kind that ends at once. */
export const FEW_COMMON = ['id', 'name', 'tags'];

/** What stands behind a kind key. */
function ownSchema(own: StepKind['own'], nested: z.ZodType): z.ZodType {
  if (own === 'condition') return condition;
  if (own === 'word')
    return z.string({ error: 'expected the name of a file or of a built-in method' }).min(1);
  if (own === 'steps') return z.array(nested).min(1);
  if (own === 'lanes') return z.array(z.array(nested).min(1)).min(2, 'expected two lists of steps or more');
  return blockSchema(own);
}

function blockSchema(own: OwnKeys): z.ZodType {
  const shape = { ...stemShape(own.stems ?? {}), ...own.plain };
  if (own.names === 'lists') return z.object(shape).catchall(listValue);
  const isOpen = own.roles !== undefined || own.names !== undefined;
  return isOpen ? z.object(shape).catchall(anyValue) : z.strictObject(shape);
}

/** What `each` goes through. */
export const listValue = z.union([
  z
    .array(value, { error: 'expected a list, { from, to, by }, or the name of a list' })
    .min(1, 'expected a value in the list'),
  z.strictObject({ from: value, to: value, by: value }),
  z.string().min(1),
]);

function besideSchema(holds: Beside, nested: z.ZodType): z.ZodType {
  if (holds === 'values') return z.record(z.string(), z.union([anyValue, z.array(value)]));
  const error = holds === 'steps' ? 'expected a list of steps' : 'expected a list of steps or a target';
  const steps = z.array(nested, { error }).min(1);
  return holds === 'steps' ? steps : z.union([steps, target]);
}

/** Schema of a step of one kind; `nested`: of the steps inside it. */
export function stepSchemaOf(kind: StepKind, nested: z.ZodType = z.unknown()): z.ZodType {
  const beside = Object.entries(kind.beside ?? {}).map(([key, { holds, isNeeded }]) => {
    const schema = besideSchema(holds, nested);
    return [key, isNeeded ? schema : schema.optional()] as const;
  });
  const common = Object.entries(COMMON).filter(([key]) => kind.ends !== 'once' || FEW_COMMON.includes(key));
  return z
    .strictObject({
      [kind.key]: ownSchema(kind.own, nested).meta({ description: `${kind.doc}. Example: ${kind.example}` }),
      ...Object.fromEntries(beside),
      ...Object.fromEntries(common),
    })
    .meta({ description: kind.doc });
}

/** Any step: one schema a kind, for JSON schema. */
export const anyStep: z.ZodType = z.lazy(() => z.union(STEP_KINDS.map(kind => stepSchemaOf(kind, anyStep))));

export const parameterSchema = z.union([
  anyValue,
  z.array(value).min(1),
  z.strictObject({
    default: z.union([anyValue, z.array(value).min(1)]).optional(),
    min: value.optional(),
    max: value.optional(),
    doc: z.string().min(1).optional(),
  }),
]);

/** A load series or another file of figures: columns under names with units. */
export const dataSchema = z
  .object({
    file: z.string({ error: 'expected the name of a file' }).min(1),
    time: z.string().min(1).optional(),
    time_s: z.string().min(1).optional(),
    zone: z.string().min(1).optional(),
    from: z.string().min(1).optional(),
    between: z.enum(['hold', 'linear']).optional(),
    repeat: onOff.optional(),
    separator: z.enum([',', ';', '\t', ' ']).optional(),
    decimal: z.enum(['.', ',']).optional(),
  })
  .catchall(z.string({ error: 'expected the name of a column' }).min(1));

const phaseSchema = (nested: z.ZodType): z.ZodType =>
  z.strictObject({
    name: z
      .string({ error: 'expected a phase name' })
      .regex(/^[a-z0-9-]+$/, 'expected a phase name of a-z, 0-9 and -'),
    steps: z.array(nested).min(1),
    record: recordShape.optional(),
    limits: limitsShape.optional(),
    reentry: z.array(nested).min(1).optional(),
  });

/** Schema of a whole file; `nested`: of its steps. */
export function fileSchemaOf(nested: z.ZodType = z.unknown()): z.ZodType {
  return z.strictObject({
    method: title.optional(),
    procedure: title.optional(),
    version: z.literal(2, { error: 'expected 2' }),
    doc: z.string().min(1).optional(),
    parameters: z.record(z.string(), parameterSchema).optional(),
    data: z
      .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'expected a name of letters and digits'), dataSchema)
      .optional(),
    derived: z.record(z.string(), z.string().min(1)).optional(),
    record: recordShape.optional(),
    limits: limitsShape.optional(),
    steps: z.array(nested, { error: 'expected a list of steps' }).min(1).optional(),
    phases: z.array(phaseSchema(nested)).min(1).optional(),
    finally: z.array(nested).min(1).optional(),
    returns: z.record(z.string(), anyValue).optional(),
  });
}
