import type { RecordedLeaving } from '../../../recorded-round.ts';
import type { Instruction } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { WatchEnd } from '../watch.ts';

/** Rounds of a loop that are not done because something leads out of it: told, so that nobody looks for their values. */

/** Why a place is gone to that may lie outside of a loop. */
export interface Leaving extends Pick<RecordedLeaving, 'kind' | 'by' | 'reason'> {
  /** The method says `finish`. */
  readonly isFinish?: true | undefined;
}

/** What leads out, as an end of a step or block says it. */
export const leavingBy = ({ kind, reason, isFinish }: WatchEnd, by: string): Leaving => ({
  kind,
  by,
  reason,
  isFinish,
});

/** What leads out, as an `if` says it; undefined: a way of its own, over the other branch. */
export function leavingByDecision({
  why,
  isFinish,
}: Extract<Instruction, { op: 'goto' }>): Leaving | undefined {
  return why === undefined ? undefined : { kind: 'decision', by: why.place, reason: why.text, isFinish };
}

/**
 * The outermost of the loops around `pc` that going to `to` leaves with something in it left out; undefined: none, a `repeat`
 * that ends as it says itself (`until`, `for_`), or the end of the method, which is told as such.
 */
export function leftOut(
  { program }: Core,
  frames: readonly Frame[],
  pc: number,
  to: number,
  why: Leaving | undefined,
): RecordedLeaving | undefined {
  if (why === undefined || (why.isFinish === true && to === program.finally)) return undefined;
  const loop = frames.find(frame => frame.isLoop && !frame.holds(to));
  if (loop?.instruction.op !== 'enter') return undefined;
  const { instruction, round, rounds } = loop;
  const isRepeat = instruction.block === 'repeat';
  if (isRepeat && (why.kind === 'until' || why.kind === 'time')) return undefined;
  const innermost = frames.at(-1);
  const from = innermost?.instruction.op === 'fork' ? innermost.behind : pc + 1;
  const rest = program.instructions.slice(from, instruction.end);
  if (round >= rounds && !rest.some(({ op }) => op === 'run' || op === 'let')) return undefined;
  const { kind, by, reason } = why;
  return { loop: isRepeat ? 'repeat' : 'each', where: instruction.where, round, rounds, kind, by, reason };
}
