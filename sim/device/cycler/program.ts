/** A program as a cycler channel runs it, whatever file it came from. Steps are named by their index from 0. */

/** What a channel holds the cell at. Current positive: charge. */
export type Drive =
  | { readonly is: 'rest' }
  /** With `limit_V` the current gives way so that the voltage does not pass it. */
  | { readonly is: 'current'; readonly current_A: number; readonly limit_V?: number }
  | { readonly is: 'voltage'; readonly voltage_V: number };

/** When a step ends, and which one comes then. Currents are compared by their size. */
export interface StepEnd {
  readonly of: 'time' | 'voltage' | 'current';
  readonly is: 'at least' | 'at most';
  /** s, V, A. */
  readonly value: number;
  readonly to: number;
}

/** One line of a program. */
export type CyclerStep =
  | {
      readonly is: 'step';
      /** Number and word under which it is shown. */
      readonly number: number;
      readonly kind: string;
      readonly drive: Drive;
      readonly ends: readonly StepEnd[];
      readonly record?: RecordRule;
    }
  /** Back to a step until it has been gone through so many times. */
  | { readonly is: 'loop'; readonly to: number; readonly times: number }
  | { readonly is: 'end' };

/** A row is kept after so much of anything; and at the end of each step. */
export interface RecordRule {
  readonly time_s?: number;
  readonly voltage_V?: number;
  readonly current_A?: number;
}

/** Beyond these the channel ends the program by itself. */
export interface Protection {
  readonly voltageMax_V?: number;
  readonly voltageMin_V?: number;
  readonly currentMax_A?: number;
  readonly currentMin_A?: number;
  /** For so long, s. */
  readonly delay_s: number;
}

/** A whole program. */
export interface CyclerProgram {
  readonly steps: readonly CyclerStep[];
  readonly record: RecordRule;
  readonly protection: Protection;
}

/** A row of the channel's memory. */
export interface CyclerRow {
  readonly record: number;
  readonly cycle: number;
  readonly step: number;
  readonly kind: string;
  readonly stepTime_s: number;
  readonly testTime_s: number;
  readonly voltage_V: number;
  readonly current_A: number;
  readonly charge_Ah: number;
  readonly energy_Wh: number;
}
