import type { Rehearsal } from './rehearse/summary.ts';
import type { Cause, Unproven } from './run/cause.ts';

export { unitOf } from '../drivers/contract/units.ts';
export type { RecordedRun, RecordedSeries } from '../profiles/recorded-run.ts';
export { clockText, shortFigure, unitWords } from './words.ts';

/**
 * All that a dashboard may know and ask. Dashboards import this file and nothing else of control;
 * they ask, the gate and the run state decide.
 */

/** Run states with the names of OPC UA LADS (OPC 30500-1) / PackML (ISA-TR88.00.02). */
export const RUN_STATES = [
  'Idle',
  'Starting',
  'Execute',
  'Holding',
  'Held',
  'Unholding',
  'Completing',
  'Complete',
  'Stopping',
  'Stopped',
  'Aborting',
  'Aborted',
  'Clearing',
  'Resetting',
] as const;
/** State of a run, one of RUN_STATES. */
export type RunState = (typeof RUN_STATES)[number];

/** One role with its newest value. Array roles (`cell.voltage_V[]`) appear as `.min`, `.mean`, `.max`. */
export interface RoleValue {
  readonly role: string;
  readonly unit: string;
  readonly value: number | null;
  readonly quality: 'good' | 'simulated' | 'uncertain' | 'stale' | 'bad';
  readonly channel: string;
}

/**
 * One raised interlock, from its trip until a person has acknowledged it and its cause has gone; `since_s`
 * is run time.
 */
export interface AlarmView {
  readonly id: string;
  readonly reaction: 'warn' | 'hold' | 'stop' | 'trip';
  /** active: cause present now. latched: cause gone, waits for a person. */
  readonly state: 'active' | 'latched';
  readonly since_s: number;
  readonly text: string;
  readonly acknowledged: boolean;
}

/**
 * One instrument and its line: state of the connection, why if it is not ready, and its readings counted
 * since the start.
 */
export interface DeviceView {
  readonly id: string;
  readonly driver: string;
  readonly state: 'closed' | 'connecting' | 'ready' | 'lost';
  readonly reason: string;
  readonly frames: number;
  readonly badFrames: number;
  readonly missedTicks: number;
}

/** The bench at one moment, whole, as the live page shows it; times are seconds of run time. */
export interface LiveSnapshot {
  readonly run: {
    readonly id: string;
    readonly bench: string;
    readonly method: string;
    /** rehearsal = virtual time on the twin; wire = real time over emulators; bench = real instruments. */
    readonly mode: 'rehearsal' | 'wire' | 'bench';
    readonly state: RunState;
    readonly phase: string;
    readonly step: string;
    /** Seconds of run time so far, and the whole run as planned (an estimate: waits may take longer). */
    readonly time_s: number;
    readonly planned_s: number;
    readonly verdict: string;
    /** Names what ended or tripped the run; empty while all is well. */
    readonly reason: string;
    /** Path of the report under the page's own server, or empty until it exists. */
    readonly report: string;
    /** What the safe state could not prove, each with the next independent means. */
    readonly unproven: readonly string[];
  };
  /** False: readings are over, or virtual time stands still; what is shown is the last of them. */
  readonly isLive: boolean;
  readonly roles: readonly RoleValue[];
  readonly alarms: readonly AlarmView[];
  readonly devices: readonly DeviceView[];
  /** Newest events first, at most 50. */
  readonly events: readonly { readonly t_s: number; readonly kind: string; readonly text: string }[];
  /** What an operator may ask now. */
  readonly allowed: readonly CommandName[];
  /** What an operator does next, in one line, and the command that does it; empty while nothing is to be done. */
  readonly next: { readonly text: string; readonly command: CommandName | '' };
}

/** One curve for the page or the report: same length arrays; null = no usable value (a gap, never 0). */
export interface Series {
  readonly role: string;
  readonly unit: string;
  readonly t_s: readonly number[];
  readonly value: readonly (number | null)[];
}

/** What an operator may ask of a run. */
export const COMMANDS = [
  'hold',
  'resume',
  'stop',
  'abort',
  'acknowledge',
  'clear',
  'reset',
  'start',
] as const;
/**
 * hold, resume: pause and go on. stop: load off, then the safe state. abort: at once into the safe state. acknowledge: one
 * alarm, or all. clear: a person says that the cause of a trip is gone. reset: ready for the next run. start: the same
 * method once more.
 */
export type CommandName = (typeof COMMANDS)[number];

/** What an operator asks for. Asking is all: whether it may be done, the run decides. */
export interface Command {
  readonly command: CommandName;
  /** For acknowledge: the alarm's id, or absent for all. */
  readonly alarm?: string;
}

/** A run as a dashboard sees it: what it may read, and the one way to ask for something. */
export interface LiveView {
  snapshot(): LiveSnapshot;
  /** Roles that are worth a trend, the important ones first. */
  trendRoles(): readonly string[];
  /** Limits to draw into the trends, e.g. the H2-in-O2 trip; from the bench's interlocks. */
  trendLimits(): readonly { readonly role: string; readonly label: string; readonly value: number }[];
  /** The whole run so far of one role, thinned to at most some 2000 points. */
  history(role: string): Series;
  /** Called after each control tick (at most some 10 times a second); returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  /** Asks, on behalf of `by` (default: the page). Resolves with what was decided and why. */
  ask(command: Command, by?: string): Promise<{ readonly accepted: boolean; readonly text: string }>;
  /** The finished report as HTML, or undefined until it exists. */
  report(): string | undefined;
}

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

/** One measured point of a polarisation curve. */
export interface CurvePoint {
  readonly leg: 'up' | 'down';
  readonly current_A: number;
  readonly cellVoltage_V: number;
  /** Expanded uncertainty of cellVoltage_V, k = 2. */
  readonly u95_V: number;
}

export type { Ending, Finding, LimitDistance, MonteCarlo, Rehearsal } from './rehearse/summary.ts';

/** All that the report draws. */
export interface ReportData {
  readonly title: string;
  readonly startedUtc: string;
  /** What was under test. */
  readonly subject: 'stack' | 'cell';
  readonly result: RunResult;
  /** Name of curve ("begin", "end") -> points. */
  readonly curves: readonly {
    readonly name: string;
    readonly points: readonly CurvePoint[];
    readonly activeArea_cm2: number;
  }[];
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
  /** What a rehearsal found; absent for any other run. */
  readonly rehearsal?: Rehearsal;
  readonly cellProfile: {
    readonly begin_V: readonly number[];
    readonly end_V: readonly number[];
    readonly current_A: number;
  } | null;
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
