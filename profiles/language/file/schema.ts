import { z } from 'zod';
import { STEP_KINDS } from '../steps/index.ts';
import { dataSchema } from './data-entry.ts';
import type { Beside, OwnKeys, StepKind } from './define-step.ts';
import { anyValue, condition, stemShape, value } from './keys.ts';
import { limitShape } from './recover-shape.ts';

/** The grammar as zod schemas: the reader checks one step at a time with them, editors get the whole as JSON schema. */

/** Where a run can go from a step. */
export const TARGETS = ['next', 'leave', 'next-phase', 'finish', 'stop', 'trip'] as const;

export const target = z
  .string({ error: `expected one of ${TARGETS.join(', ')}, or goto and an id` })
  .refine(text => TARGETS.some(t => t === text) || /^goto [a-z][A-Za-z0-9]*$/.test(text), {
    error: `expected one of ${TARGETS.join(', ')}, or goto and an id`,
  })
  .meta({
    description:
      'next, leave (the loop or group), next-phase, finish (to finally), stop, trip, or goto and an id',
    // For editors: what a rule in code cannot tell them.
    anyOf: [{ enum: [...TARGETS] }, { pattern: '^goto [a-z][A-Za-z0-9]*$' }],
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

export const limitsShape = z.array(limitShape).min(1);

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
  skippable: z.enum(['yes', 'no']).optional().meta({
    description: 'whether a person may skip it: no, nor any step in it; yes, also a wait for a condition',
  }),
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
    .meta({ title: `${kind.key} step`, description: kind.doc });
}

/** Any step: one schema a kind, for JSON schema. */
export const anyStep: z.ZodType = z.lazy(() => z.union(STEP_KINDS.map(kind => stepSchemaOf(kind, anyStep))));

export const parameterSchema = z.union([
  anyValue,
  z.array(value).min(1),
  z.strictObject({
    default: z
      .union([anyValue, z.array(value).min(1)])
      .optional()
      .meta({ description: 'value if none is given' }),
    min: value.optional().meta({ description: 'least value' }),
    max: value.optional().meta({ description: 'highest value' }),
    order: z
      .enum(['rising', 'falling'], { error: 'expected rising or falling' })
      .optional()
      .meta({ description: 'of a list: each value above (rising) or below (falling) the one before' }),
    doc: z.string().min(1).optional().meta({ description: 'what it is' }),
  }),
]);

const phaseSchema = (nested: z.ZodType): z.ZodType =>
  z.strictObject({
    name: z
      .string({ error: 'expected a phase name' })
      .regex(/^[a-z0-9-]+$/, 'expected a phase name of a-z, 0-9 and -')
      .meta({ description: 'name of the phase, in every row' }),
    steps: z.array(nested).min(1).meta({ description: 'steps of the phase' }),
    record: recordShape.optional().meta({ description: 'which rows are kept in it' }),
    limits: limitsShape.optional().meta({ description: "beside the bench's, only stricter" }),
    reentry: z
      .array(nested)
      .min(1)
      .optional()
      .meta({ description: 'steps before the phase goes on after a cut' }),
  });

/** The keys of a file, in their words. */
export const FILE_KEYS = {
  method: 'name of a method: it is run',
  procedure: 'name of a procedure: it is called',
  version: 'version of the language: 2',
  doc: 'what it is for',
  parameters: 'name_unit: default, or { default, min, max, doc }; without a default it must be given',
  data: 'files of figures: { file, name_unit: column }, or a wind that is made: { generated: wind }',
  derived: 'roles worked out of others: name_unit: expression; recorded, and good for limits',
  record: 'which rows are kept',
  skippable: 'no: no step of it may be skipped by a person',
  limits: "beside the bench's, only stricter",
  steps: 'what is done, in order',
  phases: 'instead of steps: parts with a name each',
  finally:
    'done when the method is through, or goes to `finish`; a stop or a trip goes to the safe state of the bench instead',
  returns:
    'figures that a procedure hands back, or a method leaves in the record and to a campaign: name_unit: expression',
} as const;

/** Schema of a whole file; `nested`: of its steps. */
export function fileSchemaOf(nested: z.ZodType = z.unknown()): z.ZodType {
  const says = FILE_KEYS;
  return z.strictObject({
    method: title.optional().meta({ description: says.method }),
    procedure: title.optional().meta({ description: says.procedure }),
    version: z.literal(2, { error: 'expected 2' }).meta({ description: says.version }),
    doc: z.string().min(1).optional().meta({ description: says.doc }),
    parameters: z.record(z.string(), parameterSchema).optional().meta({ description: says.parameters }),
    data: z
      .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'expected a name of letters and digits'), dataSchema)
      .optional()
      .meta({ description: says.data }),
    derived: z.record(z.string(), z.string().min(1)).optional().meta({ description: says.derived }),
    record: recordShape.optional().meta({ description: says.record }),
    skippable: z.literal('no', { error: 'expected no' }).optional().meta({ description: says.skippable }),
    limits: limitsShape.optional().meta({ description: says.limits }),
    steps: z
      .array(nested, { error: 'expected a list of steps' })
      .min(1)
      .optional()
      .meta({ description: says.steps }),
    phases: z.array(phaseSchema(nested)).min(1).optional().meta({ description: says.phases }),
    finally: z.array(nested).min(1).optional().meta({ description: says.finally }),
    returns: z.record(z.string(), anyValue).optional().meta({ description: says.returns }),
  });
}
