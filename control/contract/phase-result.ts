/** One phase as it went: begin and end in seconds of run time, and what ended it. */
export interface PhaseResult {
  readonly name: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly ended_by: string;
}
