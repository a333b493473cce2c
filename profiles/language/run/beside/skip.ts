import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { Lane } from '../lane.ts';
import type { OpenStep } from '../open-step.ts';
import type { Way } from './reentry.ts';

/**
 * Whether a person may skip the step under way. What makes the next step safe is never skipped: set points (half of them
 * may stand), what a person is asked, what stands behind a gate, `finally` and `reentry`, and whatever says
 * `skippable: no` (leak tests and inerting do). A wait for a condition only where it says `skippable: yes`.
 */

/** The step under way of the leading list, with the blocks around it; undefined: none is under way. */
function underWay(lane: Lane): { lane: Lane; step: OpenStep; frames: readonly Frame[] } | undefined {
  if (lane.step !== undefined) return { lane, step: lane.step, frames: lane.frames };
  const inner = lane.lanes.length === 0 ? undefined : underWay(lane.lanes[0]);
  return inner === undefined ? undefined : { ...inner, frames: [...lane.frames, ...inner.frames] };
}

/** Why the step under way cannot be skipped, in words; empty: it can. */
function unskippable(core: Core, way: Way): string {
  if (way.lane !== way.main) return 'this is the way back after a cut (reentry), which is never skipped';
  const found = underWay(way.main);
  if (found === undefined) return 'no step is under way';
  const { step, frames, lane } = found;
  const { instruction, label } = step;
  const no = (why: string): string => `${label} (${instruction.where}): ${why}`;
  if (core.env.program !== undefined) return no('the instrument runs the method as its own program');
  if (lane.pc >= core.program.finally) return no('the end of the method (finally) is never skipped');
  const around = [instruction, ...frames.map(frame => frame.instruction)];
  const said = around.find(one => one.skippable === 'no');
  if (said !== undefined) return no(`skippable: no${said === instruction ? '' : ` at ${said.where}`}`);
  if (around.some(one => one.ends.gate !== undefined))
    return no('what stands behind a gate is never skipped');
  if (instruction.kind === 'set') return no('set points are never skipped: half of them may stand');
  if (instruction.kind === 'ask') return no('what a person is asked is confirmed, never skipped');
  const waits = instruction.kind === 'wait' && instruction.ends.until !== undefined;
  if (waits && instruction.skippable !== 'yes')
    return no('a wait for a condition is skipped only where its step says skippable: yes');
  return '';
}

/** Ends the step under way, and goes on behind it with the next look. */
function skipStep(way: Lane, reason: string, t_s: number): void {
  const found = underWay(way);
  if (found === undefined) return;
  for (const frame of found.frames) frame.hasSkipped = true;
  found.lane.close({ kind: 'skipped', reason: `skipped by ${reason}` }, t_s);
  found.lane.pc += 1;
}

/** A step that a person may skip: its name, and the run time at which it began, s, by which it is told from every other. */
export interface Skippable {
  readonly step: string;
  readonly began_s: number;
}

/** The step that a skip would end now, and with a reason it is ended; in words, why there is none. */
export function skipIn(core: Core, way: Way, t_s: number, reason: string | undefined): Skippable | string {
  const against = unskippable(core, way);
  const step = underWay(way.main)?.step;
  if (against !== '' || step === undefined) return against;
  if (reason !== undefined) skipStep(way.main, reason, t_s);
  return { step: step.label, began_s: step.start_s };
}
