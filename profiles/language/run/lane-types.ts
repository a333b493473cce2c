import type { RecordedLeaving } from '../../recorded-round.ts';
import type { Goal } from '../layout/instruction.ts';
import type { ActionEnd } from './actions/action.ts';
import type { Frame, FrameState } from './frame.ts';
import type { MethodEvents } from './method-events.ts';
import type { OpenStep, OpenStepState } from './open-step.ts';
import type { Leaving } from './rounds/left-out.ts';
import type { Exceeded, WatchEnd } from './watch.ts';

/** What a lane tells, and what it remembers. */

/** How a lane stands after a look. */
export type LaneResult =
  | { readonly is: 'on' }
  /** Behind its last step. */
  | { readonly is: 'through' }
  /** To a place outside of it. */
  | ({ readonly is: 'away'; readonly to: Goal } & LedBy);

/** Why a lane goes to a place, and what a loop further in leaves out by it: told where it comes to. */
export interface LedBy {
  readonly why?: Leaving | undefined;
  readonly left?: RecordedLeaving | undefined;
}

/** What a lane tells at once, in the order in which it happens. */
export interface LaneEvents {
  opened(step: OpenStep, pc: number): void;
  closed(step: OpenStep, pc: number, end: ActionEnd | WatchEnd | LeftBy, t_s: number): void;
  /** A block is behind it; `isWhole`: to its end. */
  left(frame: Frame, isWhole: boolean): void;
  callReturned: MethodEvents['callReturned'];
  roundValues: MethodEvents['roundValues'];
  roundsLeft: MethodEvents['roundsLeft'];
  phase(name: string): void;
  phaseEnd(name: string, endedBy: string): void;
  exceeded(found: Exceeded): void;
  /** The run has ended: nothing more is begun or asked for. */
  isOver(): boolean;
  /** A hold has come: what is under way stays, nothing more is begun. */
  isHeld(): boolean;
  /** The procedure does not go on: it cannot (`failed`), or an `if` says so (`condition`). */
  /** `finish` of the method, and why; `what`: the step or block that says it, or its place. */
  finishes(what: string, reason: string): void;
  stuck(place: string, reason: string, kind?: 'failed' | 'condition'): void;
}

/** A step that was left because of what lies around it, or that a person has skipped. */
export interface LeftBy {
  readonly kind: 'left' | 'skipped';
  readonly reason: string;
}

/** One look. */
export interface LaneLook {
  readonly t_s: number;
  readonly dt_s: number;
  readonly isGated: boolean;
}

/** What a lane remembers, JSON. */
export interface LaneState {
  readonly pc: number;
  readonly frames: readonly FrameState[];
  readonly lanes: readonly LaneState[];
  readonly step: OpenStepState | null;
}
