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

