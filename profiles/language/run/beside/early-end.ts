import type { Goal, Instruction } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { LaneEvents } from '../lane-types.ts';
import { type Leaving, leavingBy } from '../rounds/left-out.ts';
import type { WatchEnd } from '../watch.ts';

/** Tells that the method leads to its end before its last step, and why. */

/** Where something leads, and whether the method says `finish` there. */
interface Leading {
  readonly to?: Goal | undefined;
  readonly isFinish?: true | undefined;
}

/** Of a step or block that ends; `what`: its label. `finish` of a procedure is only its own end. */
export function tellFinish(
  core: Core,
  events: Pick<LaneEvents, 'finishes'>,
  end: Leading & { readonly reason: string },
  what: string,
): void {
  if (end.isFinish === true && end.to === core.program.finally) events.finishes(what, end.reason);
}

/** Where a block leads that ends, told where that is the end of the method. */
export function blockEnds(
  core: Core,
  events: Pick<LaneEvents, 'finishes'>,
  end: WatchEnd,
  { instruction, behind }: Frame,
): { readonly to: Goal; readonly reason: string; readonly why: Leaving } {
  tellFinish(core, events, end, instruction.where);
  return { to: end.to ?? behind, reason: end.reason, why: leavingBy(end, instruction.where) };
}

/** Of an `if` that ends the run, or goes to its end. */
export function tellDecision(
  core: Core,
  events: Pick<LaneEvents, 'finishes' | 'stuck'>,
  { to, why, isFinish }: Extract<Instruction, { op: 'goto' }>,
): void {
  if (why === undefined) return;
  if (typeof to === 'string') events.stuck(why.place, why.text, 'condition');
  tellFinish(core, events, { to, isFinish, reason: why.text }, why.place);
}
