/** One beat of the sequencer inside a step: run time, time since the last beat, time in this step (holds excluded). */
export interface Tick {
  readonly t_s: number;
  readonly dt_s: number;
  readonly elapsed_s: number;
}
