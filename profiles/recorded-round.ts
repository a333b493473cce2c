/** A call of a procedure that went through, and what it returned; times in run time, s. */
export interface RecordedCall {
  /** Its id, else its name or the procedure's. */
  readonly call: string;
  /** File, or built-in. */
  readonly procedure: string;
  readonly start_s: number;
  readonly end_s: number;
  /** By their names with unit; NaN: not known then. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What a `let` in a loop has given its names in a round; run time, s. */
export interface RecordedRound {
  /** Its line: `fade.yaml:9`; after an edit of the method the one that it had before, where it is known to be the same. */
  readonly where: string;
  /** Round of the innermost loop around it, from 1. */
  readonly round: number;
  /** How often it has been come to, this time included, from 1. */
  readonly nth: number;
  readonly t_s: number;
  /** By their names with unit; NaN: not known. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A loop was left before its last round was through: at least one round, or steps of this one, were not done. */
export interface RecordedLeaving {
  readonly loop: 'repeat' | 'each';
  /** Its line: `rate.yaml:6`. */
  readonly where: string;
  /** Round in which it was left, from 1, and how many it was to have. */
  readonly round: number;
  readonly rounds: number;
  /** What led out of it: a condition of an exit, `until`, a time, a deadline, a decision (`if`). */
  readonly kind: 'exit' | 'until' | 'time' | 'deadline' | 'decision';
  /** The step, or the line of a block or decision, that led out of it. */
  readonly by: string;
  /** In words. */
  readonly reason: string;
}

/** That a loop was left, in one sentence. */
export function leavingText({ loop, where, round, rounds, by, reason }: RecordedLeaving): string {
  return `Left in round ${round} of ${rounds} of the ${loop} in ${where}, by ${by}: ${reason}`;
}
