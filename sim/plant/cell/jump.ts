/**
 * How a cell's rig steps behind a jump of what its channel is asked for. Diffusion answers a jump with the root of the time,
 * which a step of the grid takes as a line: a voltage read in the first seconds would hang on how often somebody looks. So
 * the first steps are short and grow with the time since.
 */

/** The first step behind a jump, and by which part of the time since it a later one may be as long. */
const FIRST_S = 0.05;
const GROWTH = 0.08;
/** A current that moves by less than this part of the channel's range is no jump: a load that is followed moves all the time. */
const JUMP_FRAC = 0.02;

/** Longest step at a time behind a jump, s; `since_s`: s since it. */
export function longestStep_s(since_s: number): number {
  return Math.max(FIRST_S, GROWTH * since_s);
}

/** True of a set value that moves what flows by more than a little; `range` of that value: 0 where any change is one. */
export function isJump(before: number, after: number, range: number): boolean {
  return Math.abs(after - before) > JUMP_FRAC * range;
}
