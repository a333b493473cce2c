import type { LiveAlarm } from './contract/alarm.ts';
import type { ChannelShown } from './contract/channel-shown.ts';
import type { Command, CommandName } from './contract/command.ts';
import type { PhaseShown } from './contract/phase-plan.ts';
import type { Picture } from './contract/picture.ts';
import type { RunState } from './contract/run-state.ts';
import type { Answer, Said } from './contract/said/said.ts';
import type {
  CellValues,
  ChangeableLimit,
  NearLimit,
  ReadingsAsked,
  RoleValue,
  Series,
  ShownSpectrum,
  ShownVoltammogram,
  TrendLimit,
} from './contract/shown.ts';
import type { SinkStatus } from './contract/sinks.ts';
import type { EventKind } from './record/events.ts';
import type { RunMark, TrendWindow, WindowAsked } from './record/window/trend-window.ts';
import type { PastAlarmsAsked, SessionAlarms } from './review/live/past-alarms.ts';

export type { Cancel, Clock } from '../drivers/contract/clock.ts';
export { machine_s } from '../drivers/contract/code/machine-time.ts';
export { unitOf } from '../drivers/contract/units.ts';
export type { RecordedRun, RecordedSeries } from '../profiles/recorded-run.ts';
export { partsOf } from '../profiles/series-parts.ts';
export {
  ALARM_STATES,
  type AlarmState,
  type GoneAt,
  type LiveAlarm,
  PRIORITIES,
  type Priority,
} from './contract/alarm.ts';
export type { CellWork, ChannelShown, Round } from './contract/channel-shown.ts';
export { COMMANDS, type Command, type CommandName, misfitOf } from './contract/command.ts';
export type { PhaseShown } from './contract/phase-plan.ts';
export type { PhaseResult } from './contract/phase-result.ts';
export type { Picture, PictureLine, PictureNode, PictureSymbol } from './contract/picture.ts';
export { RUN_STATES, type RunState } from './contract/run-state.ts';
export type { Answer, Said, SaidCode, SaidWith, SaidWords } from './contract/said/said.ts';
export type {
  CellValues,
  ChangeableLimit,
  NearLimit,
  ReadingsAsked,
  RoleValue,
  Series,
  SetValue,
  ShownSpectrum,
  ShownVoltammogram,
  TrendLimit,
} from './contract/shown.ts';
export type { SinkStatus } from './contract/sinks.ts';
export type { StartRow } from './contract/start-check.ts';
export {
  type AlarmPage,
  type AlarmsAsked,
  alarmPageSchema,
  MOST_ALARMS,
  type PastAlarm,
  WHICH_ALARMS,
  type WhichAlarms,
} from './record/alarms/past-alarm.ts';
export type { EventKind } from './record/events.ts';
export type { RunMark, TrendWindow, WindowAsked } from './record/window/trend-window.ts';
export type { ResultAlarm } from './review/alarms/result-alarm.ts';
export {
  type ComparedFigure,
  type Comparison,
  comparedCount,
  comparisonOutcome,
} from './review/compare.ts';
export { unmetCriteria } from './review/criteria.ts';
export type { PastAlarmsAsked, SessionAlarms } from './review/live/past-alarms.ts';
export { rowGapsText } from './review/lost/row-gaps.ts';
export { rowsLostText } from './review/lost/rows-lost.ts';
export { unreadText } from './review/lost/unread.ts';
export { isNotHeld } from './review/not-as-asked.ts';
export {
  incompleteText,
  inexactStepText,
  type NotAsAsked,
  notHeldText,
  sameFigureText,
  shortStepText,
} from './review/not-as-asked-text.ts';
export type { Kpi, LimitDistance, MethodLimit, RunResult } from './review/result.ts';
export { leftLoopText } from './review/rounds/left-loops.ts';
export { suspensionsText } from './review/suspensions.ts';
export { clockText, measuredText, shortFigure, unitWords } from './words.ts';

/**
 * All that a dashboard may know and ask. Dashboards import this file and nothing else of control;
 * they ask, the gate and the run state decide.
 */

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
    /** Name of the subject under test, on a bench with several; else empty. */
    readonly subject: string;
    readonly method: string;
    /** How its rest was edited last, by whom and why; empty: never. */
    readonly edited: string;
    /** rehearsal = virtual time on the twin; wire = real time over emulators; bench = real instruments. */
    readonly mode: 'rehearsal' | 'wire' | 'bench';
    /** UTC of its second 0 by the bench's clock, ISO 8601; empty: none has begun. */
    readonly startedUtc: string;
    readonly state: RunState;
    readonly phase: string;
    readonly step: string;
    /** The step that a skip would end now, and the run time at which it began, s; absent: none may be skipped. */
    readonly skips?: { readonly step: string; readonly began_s: number };
    /** By what the method went to its end before its last step, and why; empty: it has not. */
    readonly finishedBy: string;
    /** Seconds of run time so far, and the whole run as planned (an estimate: waits may take longer). */
    readonly time_s: number;
    readonly planned_s: number;
    /** Run time at which its method was left or came to its end, s; null: it goes on. */
    readonly ended_s: number | null;
    readonly verdict: string;
    /** Names what ended or tripped the run; empty while all is well. */
    readonly reason: string;
    /** The same as data; absent: all is well, or it is known in words only. */
    readonly why?: Said;
    /** Path of the report under the page's own server, or empty until it exists. */
    readonly report: string;
    /** What the safe state could not prove, each with the next independent means. */
    readonly unproven: readonly string[];
    /** Figures that miss what their method asks of them, or may, each with value and limit; empty until it is over. */
    readonly unmet: readonly string[];
  };
  /** False: readings are over, or virtual time stands still; what is shown is the last of them. */
  readonly isLive: boolean;
  /** Phases of the method: done, under way, to come. Empty: it has none. */
  readonly phases: readonly PhaseShown[];
  /** Where their planned times come from. */
  readonly phasesBy: 'method' | 'rehearsal';
  readonly roles: readonly RoleValue[];
  /** Each member of the role whose members are cells; absent: the bench has none. */
  readonly cells?: CellValues;
  /** What stands, waits for a person or is shelved: the most urgent first. */
  readonly alarms: readonly LiveAlarm[];
  /** Limits that count now: those that have fired first, then the nearest, by time where they are approached; at most 8. */
  readonly nearest: readonly NearLimit[];
  /** Alarms whose limit is not armed now: suppressed by design. */
  readonly suppressed: readonly string[];
  /** Longest time that a warning may be shelved for, s. */
  readonly shelve_s: number;
  readonly devices: readonly DeviceView[];
  /** The stores that get a copy of the record; none: nobody does. */
  readonly sinks: readonly SinkStatus[];
  /** Grows with each point of a spectrum or voltammogram and with its end; 0: none has been begun. */
  readonly spectraNews: number;
  /** Newest events first, at most 50; `said`: the same as data, where it is more than words. */
  readonly events: readonly {
    readonly t_s: number;
    readonly kind: EventKind;
    readonly text: string;
    readonly said?: Said;
  }[];
  /** What an operator may ask now. */
  readonly allowed: readonly CommandName[];
  /** What an operator does next, in one line, and the command that does it; empty while nothing is to be done. */
  readonly next: { readonly text: string; readonly command: CommandName | ''; readonly said?: Said };
}

/** The controller itself in figures, for whoever watches over it. */
export interface ControllerFigures {
  /** Ticks of sampling (readings of all instruments) since the start, and those that came too late to be read. */
  readonly ticks: number;
  readonly missed: number;
  /** Batches of the record, and their size in bytes, that wait for the disk. */
  readonly queue: number;
  readonly queue_bytes: number;
  /** Trips since the start. */
  readonly trips: number;
  readonly resident_bytes: number;
  readonly heap_bytes: number;
  /** Since the program was started, s. */
  readonly up_s: number;
}

/** A run as a dashboard sees it: what it may read, and the one way to ask for something. */
export interface LiveView {
  snapshot(): LiveSnapshot;
  figures(): ControllerFigures;
  /** The same in a few words, for a picture of all channels of a bench. */
  channel(): ChannelShown;
  /** How the bench is drawn: its symbols, the lines between them, and the roles that none of them shows. */
  picture(): Picture;
  /** Roles that are worth a trend, the important ones first. */
  trendRoles(): readonly string[];
  /** Limits to draw into the trends, e.g. the H2-in-O2 trip; from the bench's interlocks. */
  trendLimits(): readonly TrendLimit[];
  /** Limits that a person may make stricter for the run under way. */
  thresholds(): readonly ChangeableLimit[];
  /** The whole run so far of one role, thinned to at most some 2000 points. */
  history(role: string): Series;
  /**
   * Any stretch of trends as pictures of so many columns show it, out of the record. Rejects with a RangeError for a name
   * that has no trend, with another Error where the record cannot be read now.
   */
  windows(asked: WindowAsked): Promise<readonly TrendWindow[]>;
  /**
   * All readings of an instrument in a stretch, as CSV text bit by bit out of the record: as many are read as are taken.
   * Rejects with a RangeError for an instrument that has none, with another Error where the record cannot be read now.
   */
  readings(asked: ReadingsAsked): Promise<AsyncIterable<string>>;
  /** Phases and alarms of a stretch of run time, s, out of the record. Rejects where it cannot be read now. */
  marks(from_s: number, to_s: number): Promise<readonly RunMark[]>;
  /**
   * A page of the history of alarms of a run of this session, out of its record. Rejects with a RangeError for a run that
   * is none of it, with another Error where the record cannot be read now.
   */
  alarms(asked: PastAlarmsAsked): Promise<SessionAlarms>;
  /** The newest impedance spectra of the run, as far as they have been measured, the oldest first. */
  spectra(): readonly ShownSpectrum[];
  /** The newest voltammograms, likewise. */
  voltammograms(): readonly ShownVoltammogram[];
  /** Called after each control tick (at most some 10 times a second); returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  /** Asks, on behalf of `by` (default: the page). Resolves with what was decided and why. */
  ask(command: Command, by?: string): Promise<Answer>;
  /** The finished report as HTML, or undefined until it exists. */
  report(): string | undefined;
}

export type { CampaignShown, CarriedCourse, ChannelsOfBench } from './campaign/carried-course.ts';
export type { CampaignSummary } from './campaign/course.ts';
export type { Morning, MorningChange, MorningFigure, MorningSeries } from './campaign/morning.ts';
export type { CurvePoint, ReportData } from './rehearse/report-data.ts';
export type { Ending, Finding, MonteCarlo, Rehearsal } from './rehearse/summary.ts';
