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
  /** Its line: `fade.yaml:9`. */
  readonly where: string;
  /** Round of the innermost loop around it, from 1. */
  readonly round: number;
  /** How often it has been come to, this time included, from 1; of a run that was cut off, since then. */
  readonly nth: number;
  readonly t_s: number;
  /** By their names with unit; NaN: not known. */
  readonly figures: Readonly<Record<string, number>>;
}
