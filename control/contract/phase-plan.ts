import type { PhaseResult } from './phase-result.ts';

/** How long each phase of a run will probably take, in their order. */
export interface PhasePlan {
  /** Read off the method, where a wait may take any part of its deadline; or measured by a rehearsal. */
  readonly by: 'method' | 'rehearsal';
  readonly phases: readonly { readonly name: string; readonly planned_s: number }[];
}

/** A phase of the run at hand; times in s of run time, null: not yet. */
export interface PhaseShown {
  readonly name: string;
  readonly start_s: number | null;
  readonly end_s: number | null;
  /** How long it was to take; null: nobody knows. */
  readonly planned_s: number | null;
}

/** What a run knows of its way through the phases. */
interface Way {
  readonly phases: readonly PhaseResult[];
  /** The one under way; empty: none. */
  readonly phase: string;
  readonly phaseStart_s: number;
  readonly phasePlan: PhasePlan;
}

/** The phases of a run, done, under way and to come; one that is not planned stands behind that after which it began. */
export function shownPhases({ phases, phase, phaseStart_s, phasePlan }: Way): PhaseShown[] {
  const names = phasePlan.phases.map(({ name }) => name);
  let before: string | undefined;
  for (const name of [...phases.map(one => one.name), phase]) {
    if (name === '') continue;
    if (!names.includes(name)) names.splice(before === undefined ? 0 : names.indexOf(before) + 1, 0, name);
    before = name;
  }
  return names.map(name => {
    const planned_s = phasePlan.phases.find(one => one.name === name)?.planned_s ?? null;
    if (name === phase) return { name, start_s: phaseStart_s, end_s: null, planned_s };
    const { start_s = null, end_s = null } = phases.findLast(one => one.name === name) ?? {};
    return { name, start_s, end_s, planned_s };
  });
}
