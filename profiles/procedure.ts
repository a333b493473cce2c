import type { RecordBounds } from './language/bench/record-bounds.ts';
import type { MethodData } from './language/data/method-data.ts';
import type { Program } from './language/layout/instruction.ts';

/**
 * A method ready to run: what is run is its program; a line for each of its instructions, at the same place, says what
 * people and the record call it. Roles only, no device.
 */

/** A line of a procedure. */
export type Instruction = {
  /** What the page and the journal call it. */
  readonly label: string;
  /** Interlocks may be armed only in steps that carry a tag. */
  readonly tags: readonly string[];
} & (
  | { readonly op: 'phase'; readonly name: string }
  /** A step: it takes time. */
  | { readonly op: 'step'; readonly kind: string }
  /** It only leads on. */
  | { readonly op: 'flow' }
);

/** A method, ready to run. */
export interface Procedure {
  readonly method: string;
  readonly instructions: readonly Instruction[];
  /** Estimate of the whole duration, s; waits for conditions may take longer. */
  readonly planned_s: number;
  /** The same of each of its phases, in their order; of a file without phases left out. */
  readonly phases?: readonly { readonly name: string; readonly planned_s: number }[];
  /** The longest that it can take, s, where its file bounds it; holds and set values on the wire come on top. */
  readonly longest_s?: number;
  /** What is run; of a procedure of which only the name is known, nothing. */
  readonly program?: Program;
  /** How much its record rules leave out at the most; undefined: it has none. */
  readonly record?: RecordBounds;
  /** What was given for its parameters, a line each. */
  readonly given?: readonly string[];
  /** The data files that it follows, read. */
  readonly data?: MethodData;
}

/**
 * The same for a plant that runs k times faster than life. The method keeps its own time: a second of the run is k
 * seconds of it. @throws RangeError of what is no factor
 */
export function shortenProcedure(procedure: Procedure, k: number): Procedure {
  if (!Number.isFinite(k) || k <= 0) throw new RangeError(`shorten by ${k}: expected a factor > 0`);
  const phases = procedure.phases?.map(({ name, planned_s }) => ({ name, planned_s: planned_s / k }));
  return { ...procedure, planned_s: procedure.planned_s / k, ...(phases === undefined ? {} : { phases }) };
}
