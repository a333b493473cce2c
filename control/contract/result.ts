import type { Cause, Unproven } from './cause.ts';

/** One figure of the result, as it stands in result.json. */
export interface Kpi {
  readonly id: string;
  readonly phase?: string;
  readonly value: number | null;
  readonly unit: string;
  /** Expanded uncertainty, k = 2, same unit as value. */
  readonly u95?: number;
  readonly definition: string;
  readonly basis: 'sourced' | 'recalled' | 'default';
}

/** A table behind the figures (a cell's cycles): each column's name ends with its unit, null where there is no value. */
export interface ResultTable {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** One phase as it went: begin and end in seconds of run time, and what ended it. */
export interface PhaseResult {
  readonly name: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly ended_by: string;
}

/** `result.json` of a run. */
export interface RunResult {
  readonly verdict: string;
  readonly seed: number;
  readonly simulated_s: number;
  readonly rows: number;
  readonly phases: readonly PhaseResult[];
  readonly kpis: readonly Kpi[];
  /** Absent in results of older versions. */
  readonly tables?: readonly ResultTable[];
  readonly bench: string;
  readonly method: string;
  readonly mode: 'rehearsal' | 'wire' | 'bench';
  /** 1, or by how much method and emulated plant ran faster than life (wire run). */
  readonly timeFactor: number;
  readonly reason: string;
  /** Who or what ended the run. */
  readonly cause: Cause;
  /** What could not be proved safe, with the next independent means. */
  readonly unproven: readonly Unproven[];
}
