import type { Cause } from './cause.ts';
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
  /** True: the run left its method in the middle of it. Absent: it went to its end, or has none yet. */
  readonly isCutShort?: boolean;
}

/** How a run left its method: why, and at which run time, s (absent: written down before that was kept). */
export interface Left {
  readonly cause: Cause;
  readonly reason: string;
  readonly t_s?: number;
}

/** How a run leaves its method now; what began to end it stays the moment, but one that was through is through. */
export function leftNow(before: Left | undefined, cause: Cause, reason: string, t_s: number): Left {
  const isFirst = before === undefined || before.cause.by === 'procedure';
  return { cause, reason, t_s: isFirst ? t_s : (before.t_s ?? t_s) };
}

/** What a run knows of its way through the phases. */
interface Way {
  readonly phases: readonly PhaseResult[];
  /** The one under way; empty: none. */
  readonly phase: string;
  readonly phaseStart_s: number;
  readonly phasePlan: PhasePlan;
  /** Undefined: it goes on. */
  readonly left?: Left | undefined;
}

/** The phases of a run, done, under way and to come; one that is not planned stands behind that after which it began. */
export function shownPhases({ phases, phase, phaseStart_s, phasePlan, left }: Way): PhaseShown[] {
  const names = phasePlan.phases.map(({ name }) => name);
  let before: string | undefined;
  for (const name of [...phases.map(one => one.name), phase]) {
    if (name === '') continue;
    if (!names.includes(name)) names.splice(before === undefined ? 0 : names.indexOf(before) + 1, 0, name);
    before = name;
  }
  return names.map(name => {
    const planned_s = phasePlan.phases.find(one => one.name === name)?.planned_s ?? null;
    const ended = phases.findLast(one => one.name === name);
    // The newest keeps its name after its end.
    const isOpen = name === phase && ended?.start_s !== phaseStart_s;
    if (isOpen) return { name, start_s: phaseStart_s, end_s: null, planned_s };
    const { start_s = null, end_s = null } = ended ?? {};
    const isCutShort = end_s !== null && left?.t_s === end_s && left.cause.by !== 'procedure';
    return { name, start_s, end_s, planned_s, ...(isCutShort ? { isCutShort } : {}) };
  });
}
