import type { z } from 'zod';
import type { Subject } from '../recorded-run.ts';
import type { TimedInstruction } from './index.ts';
import type { Json, Step, StepEndKind, StepEnv } from './step.ts';

/**
 * What a file in this folder says of a step. An **op** is an instruction that takes time; a **step kind** is a key of
 * the test language, which lays out one or several ops. A new one is one file and one line in `index.ts`.
 */

/** What every instruction carries. */
export interface Labelled {
  /** What the page and the journal call this step. */
  readonly label: string;
  /** Interlocks may be armed only in steps that carry a tag. */
  readonly tags: readonly string[];
}

/** A role that an instruction sets, with the values that show whether the bench can take them all. */
export interface RoleSet {
  readonly role: string;
  readonly values: readonly number[];
}

/** How one instruction that takes time is run, shortened, and checked against a bench. */
export interface Op<I extends Labelled> {
  /** Every way in which it can end by itself; beside them every op can be refused and can fail. */
  readonly endings: readonly StepEndKind[];
  /** Every role that it sets. */
  sets(instruction: I): readonly RoleSet[];
  /** Every role that it reads. */
  reads(instruction: I): readonly string[];
  /** The same k times faster: durations divided, rates multiplied; `guard` shortens a time-out. */
  shorten(instruction: I, k: number, guard: (timeout_s: number) => number): I;
  /** Begins it, or with `saved` (what `Step.state` said) goes on with it. @throws ZodError where `saved` does not fit */
  open(instruction: I, env: StepEnv, saved?: Json): Step;
  /** Where `skipSweep` leads; absent: to the next instruction. */
  sweepEnd?(instruction: I): number | undefined;
}

/** A key of the test language. */
export interface StepKind<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** It lays out several instructions that keep their own labels behind the step's name. */
  readonly isCompound?: boolean;
  lay(own: z.output<Schema>, layout: Layout): void;
}

/** Keeps the type of the schema. */
export function defineKind<Schema extends z.ZodType>(kind: StepKind<Schema>): StepKind<Schema> {
  return kind;
}

/** An instruction as a step kind writes it: label and tags are added by the compiler. */
export type Body<T> = T extends unknown ? Omit<T, 'label' | 'tags'> : never;

/** Lowest and highest value that a set role can have. */
export type Span = readonly [low: number, high: number];

/** The compiler as a step kind sees it. */
export interface Layout {
  /** The device under test. */
  readonly subject: Subject;
  /** Index of the next instruction. */
  readonly at: number;
  /** Writes an instruction; it gets the tag `load` if `loaded` (unless said: if the load is on now). */
  emit(body: Body<TimedInstruction>, label: string, loaded?: boolean): void;
  /** What a role is set to now; undefined: nothing has set it yet. */
  settingOf(role: string): Span | undefined;
  /** From here on the role stands at a value, or somewhere in a span; undefined: nobody knows where. */
  assign(role: string, value: number | Span | undefined): void;
  /** The set current is settled at or above the minimum load, with the output on. */
  isLoaded(): boolean;
  /** Adds to the planned duration, s. */
  plan(duration_s: number): void;
  /** The step cannot be laid out. @throws MethodError with its place in the file */
  fail(text: string): never;
}
