import type { Step } from './method.ts';

/** What no plan of a method may be, however it is written: longer than a test bench lives, or a loop without time. */

/** Longest plan of a whole method: 10,000 h, as the longest single step; some 14 months. */
export const LONGEST_PLAN_S = 3.6e7;

/** What is wrong with the plan so far, or undefined. `planned_s` may be infinite. */
export function planSlip(planned_s: number): string | undefined {
  if (planned_s <= LONGEST_PLAN_S) return undefined;
  const hours = Number.isFinite(planned_s) ? `${Number((planned_s / 3600).toPrecision(4))} h` : 'endless';
  return `the method would take ${hours} with this step, expected at most ${LONGEST_PLAN_S / 3600} h`;
}

/** Whether any of the steps takes time by itself: a round of nothing but `set` spins the bench without end. */
export function takesTime(steps: readonly Step[]): boolean {
  return steps.some(step =>
    step.repeat === undefined ? step.set === undefined : takesTime(step.repeat.steps),
  );
}

/** Repeats inside repeats; a method that needs more is a slip of copying. */
export const DEEPEST_REPEATS = 6;

/** How deep repeats stand in each other below these steps. */
export function repeatDepth(steps: readonly Step[]): number {
  return Math.max(
    0,
    ...steps.map(step => (step.repeat === undefined ? 0 : 1 + repeatDepth(step.repeat.steps))),
  );
}
