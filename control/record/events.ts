import type { StepEndKind } from '../../profiles/steps/step.ts';
import type { Cause, Unproven } from '../run/cause.ts';
import type { RunEvent } from '../run/run-state.ts';
import type { CommandName, RunState } from '../view.ts';

/**
 * Everything that the journal keeps beside readings and set points. `text` is for people; whoever needs to know what
 * happened looks at `kind` and `data`, never into the text. In the file: columns t_s, kind, text, data (JSON).
 */
export type JournalEvent = EventBody & {
  /** Seconds of the clock that the journal was opened with. */
  readonly t_s: number;
  readonly text: string;
};

/** An event without its time and words. */
export type EventBody =
  /** The run went from one state to the next. */
  | {
      readonly kind: 'state';
      readonly data: { readonly from: RunState; readonly to: RunState; readonly event: RunEvent };
    }
  | { readonly kind: 'phase'; readonly data: { readonly name: string; readonly method: string } }
  | {
      readonly kind: 'phaseEnd';
      readonly data: {
        readonly name: string;
        readonly start_s: number;
        readonly end_s: number;
        readonly ended_by: string;
      };
    }
  /** A step ended. `pc`: its place in the procedure. */
  | {
      readonly kind: 'step';
      readonly data: {
        readonly pc: number;
        readonly op: string;
        readonly start_s: number;
        readonly ended: StepEndKind;
        readonly reason: string;
      };
    }
  /** A point of a sweep: the window that counts. */
  | {
      readonly kind: 'point';
      readonly data: {
        readonly leg: 'up' | 'down' | 'single';
        readonly setpoint: number;
        readonly from_s: number;
        readonly to_s: number;
      };
    }
  /** A load profile went to hot standby, or started again. */
  | { readonly kind: 'standby' | 'restart'; readonly data: { readonly available_kW: number } }
  | { readonly kind: 'pressure'; readonly data: { readonly mode: string; readonly set_barg: number } }
  /** The tags by which interlocks are armed have changed. */
  | { readonly kind: 'tags'; readonly data: { readonly tags: readonly string[] } }
  | {
      readonly kind: 'alarm';
      readonly data: { readonly id: string; readonly reaction: 'warn' | 'hold' | 'stop' | 'trip' };
    }
  | { readonly kind: 'clear'; readonly data: { readonly id: string } }
  /** The way into the safe state: a line done or failed, a proof, the vent, the outcome. */
  | {
      readonly kind: 'safe';
      readonly data: {
        readonly what: 'begin' | 'line' | 'vent' | 'proof' | 'outcome' | 'watch';
        readonly ok: boolean;
        readonly took_s?: number;
        readonly unproven?: readonly Unproven[];
      };
    }
  | {
      readonly kind: 'command';
      readonly data: { readonly command: CommandName; readonly by: string; readonly accepted: boolean };
    }
  | { readonly kind: 'device'; readonly data: { readonly device: string; readonly state: string } }
  | { readonly kind: 'watchdog'; readonly data: { readonly device: string; readonly armed_s: number | null } }
  /** A set point that the gate refused, that failed on the wire, or that somebody else changed. */
  | {
      readonly kind: 'refused' | 'failed' | 'foreign';
      readonly data: { readonly role: string; readonly value: number };
    }
  /** What ended the run. */
  | { readonly kind: 'end'; readonly data: { readonly cause: Cause } }
  /** What is made to go wrong in a simulated run; what somebody accepted in the bench file, with the reason. */
  | { readonly kind: 'fault' | 'accepted'; readonly data?: undefined }
  /** A listener of ours threw: counted and noted, never part of a trip. */
  | { readonly kind: 'listener'; readonly data: { readonly count: number } };

/** The kinds of event by name. */
export type EventKind = EventBody['kind'];
