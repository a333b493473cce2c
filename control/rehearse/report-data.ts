import type { Series, ShownSpectrum, ShownVoltammogram } from '../contract/shown.ts';
import type { StartRow } from '../contract/start-check.ts';
import type { RunResult } from '../review/result.ts';
import type { Rehearsal } from './summary.ts';

/** What a report is made of, ready to be drawn. */

/** One measured point of a polarisation curve. */
export interface CurvePoint {
  readonly leg: 'up' | 'down';
  readonly current_A: number;
  readonly cellVoltage_V: number;
  /** Expanded uncertainty of cellVoltage_V, k = 2. */
  readonly u95_V: number;
}

/** All that the report draws. */
export interface ReportData {
  readonly title: string;
  readonly startedUtc: string;
  /** What was under test. */
  readonly subject: 'stack' | 'cell' | 'vessel';
  readonly result: RunResult;
  /** Name of curve ("begin", "end") -> points. */
  readonly curves: readonly {
    readonly name: string;
    readonly points: readonly CurvePoint[];
    readonly activeArea_cm2: number;
  }[];
  /** Impedance spectra in the order in which they were measured. */
  readonly spectra: readonly ShownSpectrum[];
  /** Voltammograms, likewise. */
  readonly voltammograms: readonly ShownVoltammogram[];
  /** Power asked (follow phase) and drawn. */
  readonly powerAsked: Series;
  readonly powerDrawn: Series;
  readonly pressure: Series;
  readonly h2InO2: Series;
  /** Limits to draw on the H2-in-O2 picture. */
  readonly h2InO2Limits: readonly { readonly label: string; readonly value: number }[];
  /** Max minus min cell voltage over time, in mV; and the last profile cell by cell. */
  readonly cellSpread: Series;
  readonly temperature: Series;
  /** Main roles over time that no other picture shows. */
  readonly traces: readonly Series[];
  /** Charge of each full discharge of a cell, Ah, in order; empty for a stack. */
  readonly discharges_Ah: readonly number[];
  /** Every reading around the moment at which the run was ended, role by role; absent: it came to its end by itself. */
  readonly blackBox?: readonly Series[];
  /** What a rehearsal found; absent for any other run. */
  readonly rehearsal?: Rehearsal;
  readonly cellProfile: {
    readonly begin_V: readonly number[];
    readonly end_V: readonly number[];
    readonly current_A: number;
  } | null;
  /** What was looked at before the start; empty: nobody looked (a rehearsal). */
  readonly startRows?: readonly StartRow[];
  readonly events: readonly { readonly t_s: number; readonly kind: string; readonly text: string }[];
  /** Devices with driver, channels and declared accuracy, for the appendix. */
  readonly devices: readonly {
    readonly id: string;
    readonly driver: string;
    readonly channels: number;
    readonly frames: number;
    readonly badFrames: number;
  }[];
  readonly software: string;
}
