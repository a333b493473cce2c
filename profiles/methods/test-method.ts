import { z } from 'zod';
import { explainFirst, type Place } from '../../drivers/contract/explain.ts';
import type { KpiValue } from '../kpi.ts';
import type { StepInput } from '../method.ts';
import type { RecordedPhase, StackFacts, StackRun } from '../recorded-run.ts';

/** What a method may know when its steps are laid out. */
export interface MethodContext {
  readonly stack: StackFacts;
  /** True if the steps before have left the DC output on. */
  readonly outputIsOn: boolean;
}

/** A test method: parameters -> steps, and recorded run -> figures. Pure; knows roles, no device, no time. */
export interface TestMethod {
  /** As written in `call: { method }`. */
  readonly id: string;
  /** One line for the person who chooses. */
  readonly purpose: string;
  readonly parameters: z.ZodType;
  /** Checks the parameters of the call. @throws ParameterError */
  check(parameters: unknown): Readonly<Record<string, unknown>>;
  /** Steps in the test language. `parameters` as `check` returned them. */
  steps(parameters: Readonly<Record<string, unknown>>, context: MethodContext): StepInput[];
  /** Figures of one phase of this method, from the record alone. */
  evaluate(run: StackRun, phase: RecordedPhase, parameters?: Readonly<Record<string, unknown>>): KpiValue[];
}

/** A call whose parameters do not fit; `place` is inside `with`. */
export class ParameterError extends Error {
  readonly place: Place;
  constructor(place: Place, text: string) {
    super(text);
    this.name = 'ParameterError';
    this.place = place;
  }
}

/** Makes a method of its typed parts. Missing parameters take the defaults of the schema. */
export function defineMethod<Shape extends z.ZodRawShape>(method: {
  readonly id: string;
  readonly purpose: string;
  readonly parameters: z.ZodObject<Shape, z.core.$strict>;
  readonly steps: (
    parameters: z.output<z.ZodObject<Shape, z.core.$strict>>,
    context: MethodContext,
  ) => StepInput[];
  readonly evaluate: (
    run: StackRun,
    phase: RecordedPhase,
    parameters: z.output<z.ZodObject<Shape, z.core.$strict>>,
  ) => KpiValue[];
}): TestMethod {
  const parse = (parameters: unknown): z.output<z.ZodObject<Shape, z.core.$strict>> => {
    const parsed = method.parameters.safeParse(parameters);
    if (parsed.success) return parsed.data;
    const { place, text } = explainFirst(method.parameters, parameters, parsed.error);
    throw new ParameterError(place, text);
  };
  return {
    id: method.id,
    purpose: method.purpose,
    parameters: method.parameters,
    check: parameters => parse(parameters) as Readonly<Record<string, unknown>>,
    steps: (parameters, context) => method.steps(parse(parameters), context),
    evaluate: (run, phase, parameters) => method.evaluate(run, phase, parse(parameters ?? {})),
  };
}

/** A parameter > 0 with its default; the unit stands in the key. */
export function positive(fallback: number): z.ZodDefault<z.ZodNumber> {
  return z
    .number({ error: 'expected a number > 0' })
    .refine(v => v > 0, 'expected a number > 0')
    .default(fallback);
}

/** A parameter between bounds with its default. */
export function within(low: number, high: number, fallback: number): z.ZodDefault<z.ZodNumber> {
  const text = `expected a number ${low}..${high}`;
  return z
    .number({ error: text })
    .refine(v => v >= low && v <= high, text)
    .default(fallback);
}
