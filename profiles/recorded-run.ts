import type { Accuracy } from '../drivers/contract/device.ts';
import type { ImpedanceAccuracy, ImpedanceRequest } from '../drivers/contract/measure/impedance.ts';
import type { SweepRequest } from '../drivers/contract/measure/sweep.ts';
import type { RecordedCall, RecordedRound } from './recorded-round.ts';
import type { SeriesParts } from './series-parts.ts';

/** What a method's evaluation may look at: the record of a run, by role. Pure data, from the journal. */
export interface RecordedRun {
  readonly subject: Subject;
  readonly phases: readonly RecordedPhase[];
  readonly points: readonly RecordedPoint[];
  /** Of a method of the language: the built-in methods in it, and its blocks with `evaluate`. */
  readonly parts?: readonly RecordedPart[];
  /** Every step that ended, in the order of their ends. */
  readonly steps?: readonly RecordedStep[];
  /** What the method itself returns, by its names with unit; NaN: not known at the end of the run. */
  readonly returned?: Readonly<Record<string, number>>;
  /** Calls of procedures that return something, in the order of their ends. */
  readonly calls?: readonly RecordedCall[];
  /** What `let` in loops has given names, in the order in which it was. */
  readonly rounds?: readonly RecordedRound[];
  /** Impedance spectra in the order in which they were begun. */
  readonly spectra?: readonly RecordedSpectrum[];
  /** Where voltage and current are from if not polled: a sentence that belongs to each figure. */
  readonly readFrom?: string;
  /** Voltammograms in the order in which they were begun. */
  readonly voltammograms?: readonly RecordedVoltammogram[];
  /** Times and values of one role; NaN where the value was not usable. Empty arrays if never recorded. */
  series(role: string): RecordedSeries;
  /** True if a device of the bench measures a role; absent where nothing tells. */
  measures?(role: string): boolean;
  /** Declared accuracy (k = 2) of the channel behind a role. */
  accuracy(role: string): Accuracy;
  /**
   * Set points that the gate applied, by role. For a figure that is only asked and never applied (the power that a load
   * profile asks for, `stack.powerAsked_kW`): what was asked.
   */
  asked(role: string): RecordedSeries;
  readonly events: readonly { readonly t_s: number; readonly kind: string; readonly text: string }[];
  /** What the run itself has told of readings that repeat themselves to the last digit. */
  readonly sameFigures?: readonly ToldRepeat[];
  /** By how much method and plant ran faster than life; 1 otherwise. Rates per hour divide by it. */
  readonly timeFactor: number;
}

/** A reading that has repeated itself since `from_s`; `usual_readings`: of a gauge, so many equal ones at most before. */
export interface ToldRepeat {
  readonly role: string;
  readonly value: number;
  readonly from_s: number;
  readonly usual_readings?: number | undefined;
}

/**
 * One role over the run: run times, rising, and the value at each in the role's unit; NaN where it was not
 * usable.
 */
export interface RecordedSeries {
  readonly t_s: Float64Array;
  readonly value: Float64Array;
  /** Readings that were left out by rule are no gap: up to so far apart, s, two are joined. Absent: all were kept. */
  readonly join_s?: number;
  /** By which rule of the method, where its steps had several; absent: `join_s` all along. */
  readonly joins?: RowJoins;
  /** Of a record with rules: they kept a row whenever it had moved; how far it may have is in its accuracy. */
  readonly isBounded?: boolean;
  /**
   * The same readings part by part. Where it is there, the arrays are made and kept when somebody asks for them: whoever
   * looks at a long run of a stack goes by parts or windows (series-parts.ts).
   */
  readonly parts?: SeriesParts;
}

/** From each of these run times on, s, rising: readings up to so far apart are joined, s; 0: all were kept there. */
export interface RowJoins {
  readonly from_s: Float64Array;
  readonly join_s: Float64Array;
}

/** The record of a run with a stack: what the methods for stacks evaluate. */
export interface StackRun extends RecordedRun {
  readonly stack: StackFacts;
}

/** The same record as that of a stack, or undefined if the device under test was none. */
export function asStackRun(run: RecordedRun): StackRun | undefined {
  const { subject } = run;
  if (subject.kind !== 'stack') return undefined;
  return { ...sameRun(run), subject, stack: subject };
}

/** A record that says the same as another; to be changed in some of its members by whoever looks at it otherwise. */
export function sameRun(run: RecordedRun): RecordedRun {
  const {
    subject,
    phases,
    points,
    parts = [],
    steps = [],
    calls = [],
    rounds = [],
    spectra = [],
    voltammograms = [],
    sameFigures = [],
  } = run;
  const { returned, readFrom, events, timeFactor } = run;
  return {
    subject,
    phases,
    points,
    parts,
    steps,
    calls,
    rounds,
    spectra,
    voltammograms,
    sameFigures,
    ...(returned === undefined ? {} : { returned }),
    ...(readFrom === undefined ? {} : { readFrom }),
    events,
    timeFactor,
    series: role => run.series(role),
    ...(run.measures === undefined ? {} : { measures: (role: string) => run.measures?.(role) ?? false }),
    accuracy: role => run.accuracy(role),
    asked: role => run.asked(role),
  };
}

/** The device under test, as the bench file states it. */
export type Subject = StackFacts | CellFacts | VesselFacts;

/** An electrolyser stack. */
export interface StackFacts {
  readonly kind: 'stack';
  readonly name: string;
  readonly type: 'pem' | 'alkaline' | 'aem' | 'pcec';
  readonly cells: number;
  readonly activeArea_cm2: number;
  readonly currentNominal_A: number;
  readonly powerNominal_kW: number;
  readonly voltageNominal_V?: number;
  readonly pressureMax_barg: number;
  /** What the bench file says beyond that, under names with units. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A battery cell; `currentMax_A` is the size for both directions. */
export interface CellFacts {
  readonly kind: 'cell';
  readonly name: string;
  readonly chemistry: string;
  readonly capacity_Ah: number;
  readonly currentMax_A: number;
  readonly voltageMin_V: number;
  readonly voltageMax_V: number;
  readonly currentNominal_A?: number;
  readonly powerNominal_W?: number;
  readonly voltageNominal_V?: number;
  readonly activeArea_cm2?: number;
  readonly activeMass_g?: number;
  readonly figures?: Readonly<Record<string, number>>;
}

/** A vessel of gas: a hydride bed, a gas mix. Nothing electrical. */
export interface VesselFacts {
  readonly kind: 'vessel';
  readonly name: string;
  readonly contents: string;
  readonly pressureMax_barg: number;
  readonly activeMass_g?: number;
  readonly figures?: Readonly<Record<string, number>>;
}

/**
 * A named part of the run, start and end in run time, and in words what ended it (`time`, a condition, an
 * alarm).
 */
export interface RecordedPhase {
  readonly name: string;
  /** Method that the phase called, e.g. `polarisation-curve`; `steps` for plain steps. */
  readonly method: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly ended_by: string;
}

/** A part of a run whose figures are worked out by a built-in method's evaluation; times in run time, s. */
export interface RecordedPart {
  readonly method: string;
  /** The id of its call, else the method's name. */
  readonly name: string;
  readonly start_s: number;
  readonly end_s: number;
  /** Gone through to its end. */
  readonly isWhole: boolean;
  /** What it was called with, each in the unit of its name. */
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
  /** Those that are words. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A step that ended; times in run time, s. */
export interface RecordedStep {
  /** Its kind: `cc`, `rest`. */
  readonly op: string;
  readonly id?: string;
  readonly start_s: number;
  readonly end_s: number;
  /** How: `time`, `condition`, `timeout` ... */
  readonly ended: string;
  readonly reason: string;
  /** Longest time between two rows by the rule of its method, from its begin on, s; 0: as the bench keeps them. */
  readonly every_s?: number;
}

/** An impedance spectrum; times in run time, s. Of each column a value for each point; NaN where nobody measured it. */
export interface RecordedSpectrum {
  readonly name: string;
  /** Id of its step, where it has one. */
  readonly step?: string;
  /** What people call the step. */
  readonly label: string;
  /** The device that measured it. */
  readonly instrument: string;
  readonly request: ImpedanceRequest;
  /** Names of the loops around the step with their values in that round, each in the unit of its name. */
  readonly levels: Readonly<Record<string, number>>;
  /** As the instrument declares it. */
  readonly accuracy: ImpedanceAccuracy;
  readonly start_s: number;
  readonly end_s: number;
  /** Measured to its last frequency, with every point usable. */
  readonly isWhole: boolean;
  /** Points that were asked for. Absent: nobody knows. */
  readonly asked?: number;
  /** When each point was complete. */
  readonly t_s: Float64Array;
  /** Of the whole device under test; capacitive arcs have im < 0. */
  readonly frequency_Hz: Float64Array;
  readonly re_Ohm: Float64Array;
  readonly im_Ohm: Float64Array;
  /** Direct state beside each point. */
  readonly voltage_V: Float64Array;
  readonly current_A: Float64Array;
  readonly temperature_degC: Float64Array;
}

/** A linear or cyclic voltammogram; times in run time, s. Of each column a value for each point; bad points are left out. */
export interface RecordedVoltammogram {
  readonly name: string;
  /** Id of its step, where it has one. */
  readonly step?: string;
  /** What people call the step. */
  readonly label: string;
  /** The device that swept. */
  readonly instrument: string;
  readonly request: SweepRequest;
  /** Names of the loops around the step with their values in that round, each in the unit of its name. */
  readonly levels: Readonly<Record<string, number>>;
  /** As the instrument declares it, k = 2. */
  readonly accuracy: { readonly voltage: Accuracy; readonly current: Accuracy };
  /** `set`: the potential is what was applied; the instrument does not measure it. Absent: measured. */
  readonly voltageIs?: 'set';
  readonly start_s: number;
  readonly end_s: number;
  /** Swept to its end, with nothing missing on the way. */
  readonly isWhole: boolean;
  /** Points that were asked for, about. Absent: nobody knows. */
  readonly asked?: number;
  /** When each point was complete. */
  readonly t_s: Float64Array;
  /** Cycle, from 1. */
  readonly scan_count: Float64Array;
  /** Potential that was applied, and as measured; of the whole device under test. */
  readonly voltageSet_V: Float64Array;
  readonly voltage_V: Float64Array;
  /** Anodic (into the positive pole) is positive. */
  readonly current_A: Float64Array;
  /** NaN where nobody measured it. */
  readonly temperature_degC: Float64Array;
}

/** One averaged point of a sweep: the window that counts. */
export interface RecordedPoint {
  readonly phase: string;
  readonly leg: 'up' | 'down' | 'single';
  readonly setpoint: number;
  readonly from_s: number;
  readonly to_s: number;
}
