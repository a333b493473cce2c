import type { Cause, Unproven } from './cause.ts';
import type { RunState } from './run-state.ts';

/** How a run ended. */
export interface RunOutcome {
  /** Complete, Stopped or Aborted. */
  readonly state: RunState;
  readonly cause: Cause;
  /** The cause in words; empty when the procedure is through. */
  readonly reason: string;
  /** What the safe end could not prove, with the next independent means. */
  readonly unproven: readonly Unproven[];
}

/** A verdict and its cause in words; what begins with the verdict itself says it once. */
export function endText(verdict: string, reason: string): string {
  if (reason === '' || reason === verdict) return verdict;
  return reason.startsWith(`${verdict} (`) ? reason : `${verdict}: ${reason}`;
}
