import type { RecordBounds } from './language/bench/record-bounds.ts';
import type { MethodData } from './language/data/method-data.ts';
import type { Program } from './language/layout/instruction.ts';
import type { Labelled } from './steps/define.ts';
import type { TimedInstruction } from './steps/index.ts';

/**
 * A procedure: the flat list of instructions that the sequencer runs. Methods (nested steps in a file)
 * compile to it. The whole state of a run is the program counter, the loop counters and the accumulators.
 * Roles only, no device; seconds, volts and bar as the names say.
 */

/** An instruction that only leads on: it takes no time. */
export type FlowInstruction = Labelled &
  (
    | {
        readonly op: 'phase';
        readonly name: string;
        readonly method: string;
        readonly planned_s: number;
        /** What the phase's method was called with, so that its evaluation finds volumes, limits and levels again. */
        readonly parameters?: Readonly<Record<string, unknown>>;
      }
    | { readonly op: 'loop'; readonly times: number; readonly end: number }
    | { readonly op: 'endLoop'; readonly start: number }
  );

/** A step of a method of the language: what it does stands in the program. */
export type LanguageInstruction = Labelled & { readonly op: 'language'; readonly kind: string };

/** One line of a procedure. What takes time stands in `steps/`, one file an op. */
export type Instruction = TimedInstruction | FlowInstruction | LanguageInstruction;

/** Compiled method, ready to run. */
export interface Procedure {
  readonly method: string;
  readonly version: number;
  readonly instructions: readonly Instruction[];
  /** Estimate of the whole duration, s; waits for conditions may take longer. */
  readonly planned_s: number;
  /** The longest that it can take, s, where its file bounds it; holds and set values on the wire come on top. */
  readonly longest_s?: number;
  /** Every role that some step sets, and every role that some step reads. */
  readonly sets: readonly string[];
  readonly reads: readonly string[];
  /** Of a method of the language: what is run; the instructions only name its steps, by the same place. */
  readonly program?: Program;
  /** How much its record rules leave out at the most; undefined: it has none. */
  readonly record?: RecordBounds;
  /** What was given for its parameters, a line each. */
  readonly given?: readonly string[];
  /** The data files that it follows, read. */
  readonly data?: MethodData;
}
