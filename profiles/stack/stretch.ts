/** A stretch of a run whose figures are worked out: a phase or a part; run times, s. */
export interface Stretch {
  readonly name: string;
  readonly start_s: number;
  readonly end_s: number;
}
