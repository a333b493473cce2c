import type { RecordedCall, RecordedLeaving, RecordedRound } from '../../recorded-round.ts';
import type { RecordedPart } from '../../recorded-run.ts';
import type { StepEnd } from '../../steps/step.ts';
import type { Inexact } from './beside/exact-times.ts';
import type { TakenUp } from './beside/take-up.ts';
import type { GapCharge } from './counts/totals.ts';
import type { Exceeded } from './watch.ts';

/** What a method run tells whoever runs it, at once and in the order in which it happens; times are run time, s. */
export interface MethodEvents {
  phase(name: string, method: string, t_s: number): void;
  phaseEnd(name: string, t_s: number, endedBy: string): void;
  step(label: string): void;
  stepEnd(
    pc: number,
    instruction: {
      readonly op: string;
      readonly label: string;
      readonly id?: string;
      /** Longest time between two rows by its rule, run s; 0: as the bench keeps them. Absent: no step says any. */
      readonly every_s?: number;
    },
    start_s: number,
    end: StepEnd,
    t_s: number,
  ): void;
  /** A part whose figures are worked out is over: a built-in method, or a block with `evaluate`. */
  part(part: RecordedPart): void;
  /** The run has ended: what the method returns, by its names with unit; NaN: not known then. */
  returned(figures: Readonly<Record<string, number>>): void;
  /** A call of a procedure that returns something is through. */
  callReturned(call: Omit<RecordedCall, 'end_s'>): void;
  /** A `let` in a loop has given its names their values of this round; the first thousand each, then ever fewer. */
  roundValues(values: Omit<RecordedRound, 't_s'>): void;
  /** A loop is left with rounds, or steps of its last round, not done. */
  roundsLeft(left: RecordedLeaving): void;
  /** The method leads to its end before its last step: which step, block or line says so, and why. */
  finishes(what: string, reason: string): void;
  tags(tags: readonly string[]): void;
  transition(t_s: number): void;
  /** The run was cut off at `cut_s` and goes on now: how each step that was under way is taken up, what flowed meanwhile. */
  resumed(cut_s: number, steps: readonly TakenUp[], gap?: GapCharge): void;
  /** A step lasted longer or shorter than its `exact_` allows. */
  inexact(found: Inexact): void;
  /** A limit of the method is exceeded: `warn` and `hold` are told once, the others end the run with it. */
  exceeded(found: Exceeded): void;
  /** After a hold or a suspension: everything stands as before it, method time goes on. */
  goesOn?(): void;
  /** Something has led into a hold since this look began; absent: nothing here holds. */
  isHeld?(): boolean;
  end(how: 'complete' | 'stop' | 'trip', reason: string, step?: { label: string; end: StepEnd }): void;
}
