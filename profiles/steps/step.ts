/** What a running step is, may use and leaves behind. Knows roles and the time it is told; no device, no clock. */

/** Anything that survives JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * How a step ended.
 *
 * | kind | meaning |
 * |---|---|
 * | applied | every value is set and read back |
 * | reached | a ramp or a pressure has arrived |
 * | time | it has lasted as long as it should |
 * | condition | what it waited for has come |
 * | timeout | its bound came before its condition |
 * | skipped | a person has ended it; the method goes on behind it |
 * | refused | the gate refused a set point |
 * | failed | a set point failed on the wire, a source is missing, or the step itself failed |
 */
export type StepEndKind =
  | 'applied'
  | 'reached'
  | 'time'
  | 'condition'
  | 'timeout'
  | 'skipped'
  | 'refused'
  | 'failed';

/** The end of a step: its kind, where the run goes from here, and the reason in words (for people only). */
export interface StepEnd {
  readonly kind: StepEndKind;
  readonly leadsTo: 'next' | 'stop' | 'trip';
  readonly reason: string;
  /** The role whose value was refused or failed; absent in every other ending. */
  readonly role?: string;
  /** What it waited for held already when the step began, and all the time since. */
  readonly wasMet?: boolean;
  /** So long ago the set point that ended it left, s: the time until it was read back belongs to the next step. */
  readonly took_s?: number;
  /** Of a step that an instrument ran by itself: the number of its last step there, from 1 as it went through them. */
  readonly cyclerStep?: number;
}

/** What became of the last value that was asked of a settable role. */
export interface SetAnswer {
  readonly outcome: 'none' | 'pending' | 'applied' | 'refused' | 'failed' | 'overtaken';
  readonly asked: number;
  /** Why it was refused or failed; empty otherwise. */
  readonly reason: string;
  /** Of one that is applied: from the last write leaving to its read-back, s. */
  readonly took_s?: number;
}

/** How a value is asked for beside the usual: of a hold, it goes on while everything else stands still. */
export interface AskedWay {
  readonly isOfHold?: boolean;
  /** What it sets stands here, nearer to nothing than its set point, held by something else: its way begins here. */
  readonly stands?: number;
}

/** What the gate allows for a settable role, in the role's unit. */
export interface SetLimits {
  readonly min: number;
  readonly max: number;
  /** Undefined: no ramp limit. */
  readonly ramp_per_s: number | undefined;
}

/** What a step may write into the record beside its end. */
export type StepNote =
  | {
      readonly kind: 'point';
      readonly data: {
        readonly leg: 'up' | 'down' | 'single';
        readonly setpoint: number;
        readonly from_s: number;
        readonly to_s: number;
      };
    }
  | {
      /** A potential that was held by software: how well, from its arrival on, in V. */
      readonly kind: 'controlled';
      readonly data: {
        readonly role: string;
        readonly target: number;
        readonly readings: number;
        readonly bad: number;
        readonly rms: number | null;
        readonly beyond: number | null;
        readonly every_s: number | null;
        readonly saturated_s: number;
        /** What counts as held, and the step, where the record tells them. */
        readonly within?: number;
        readonly step?: string;
      };
    }
  | {
      /** What a step drives stayed away from what it asks, in the unit of the role; told as it begins and at the step's end. */
      readonly kind: 'short';
      readonly data: {
        readonly step: string;
        readonly role: string;
        readonly asked: number;
        readonly shown: number;
        readonly from_s: number;
        readonly away_s: number;
        readonly isOver: boolean;
      };
    }
  | {
      /**
       * A reading that repeats itself to the last digit since `from_s`: a voltage while the current moves or charge flows, a
       * gauge that did so in `usual_readings` at most before.
       */
      readonly kind: 'sameFigure';
      readonly data: {
        readonly role: string;
        readonly value: number;
        readonly from_s: number;
        readonly readings: number;
      } & ({ readonly charge_Ah: number; readonly moved_A: number } | { readonly usual_readings: number });
    }
  | { readonly kind: 'standby' | 'restart'; readonly data: { readonly available_kW: number } };

/** The bench as a step sees it. */
export interface StepEnv {
  /** Newest usable value of a measured role, in its unit; NaN where there is none. */
  value(role: string): number;
  /** Run time at which the newest reading of a measured role arrived, s; -Infinity before the first. */
  arrived_s(role: string): number;
  /** Last value of a settable role that was read back; NaN before the first. */
  applied(role: string): number;
  /** What the gate allows; undefined: nothing sets this role. */
  limits(role: string): SetLimits | undefined;
  /** Asks the gate; a newer request overtakes a waiting one of the same role. */
  ask(role: string, value: number, source: string, way?: AskedWay): void;
  /** What became of the newest request for a role. */
  answer(role: string): SetAnswer;
  /** Writes an event, with words for people. */
  note(t_s: number, note: StepNote, text: string): void;
  /** Records a figure that is only asked for, like the power that a load profile offers. */
  noteAsked(t_s: number, role: string, value: number, source: string): void;
  /** By how much the method was shortened (1 otherwise): profile seconds per run second. */
  readonly timeFactor: number;
}
