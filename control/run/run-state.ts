import type { RunState } from '../view.ts';

/**
 * The states of a run and the only ways between them (names: OPC 30500-1 LADS, ISA-TR88.00.02 PackML).
 * A pure table: no timers inside, whoever knows that something has happened says so.
 *
 * - operator pause = hold, interlock with recovery = suspend, trip = abort;
 * - `abort` is possible from every state in which anything could be energised;
 * - a person leads out of Aborted and Stopped: `clear`, then `reset`.
 */
export type RunEvent =
  | 'start'
  | 'started'
  | 'hold'
  | 'held'
  | 'unhold'
  | 'unheld'
  | 'suspend'
  | 'suspended'
  | 'unsuspend'
  | 'unsuspended'
  | 'complete'
  | 'completed'
  | 'stop'
  | 'stopped'
  | 'abort'
  | 'aborted'
  | 'clear'
  | 'cleared'
  | 'reset'
  | 'resetDone';

type Row = Partial<Record<RunEvent, RunState>>;

const ENERGISED: Row = { stop: 'Stopping', abort: 'Aborting' };

export const RUN_TABLE: Readonly<Record<RunState, Row>> = {
  Idle: { start: 'Starting', abort: 'Aborting' },
  Starting: { started: 'Execute', ...ENERGISED },
  Execute: { hold: 'Holding', suspend: 'Suspending', complete: 'Completing', ...ENERGISED },
  Holding: { held: 'Held', ...ENERGISED },
  Held: { unhold: 'Unholding', ...ENERGISED },
  Unholding: { unheld: 'Execute', hold: 'Holding', ...ENERGISED },
  Suspending: { suspended: 'Suspended', hold: 'Holding', ...ENERGISED },
  Suspended: { unsuspend: 'Unsuspending', hold: 'Holding', ...ENERGISED },
  Unsuspending: { unsuspended: 'Execute', suspend: 'Suspending', hold: 'Holding', ...ENERGISED },
  Completing: { completed: 'Complete', ...ENERGISED },
  Complete: { reset: 'Resetting', abort: 'Aborting' },
  Stopping: { stopped: 'Stopped', abort: 'Aborting' },
  Stopped: { reset: 'Resetting', abort: 'Aborting' },
  Aborting: { aborted: 'Aborted' },
  Aborted: { clear: 'Clearing' },
  Clearing: { cleared: 'Stopped', abort: 'Aborting' },
  Resetting: { resetDone: 'Idle', abort: 'Aborting' },
};

/** The state after `event`, or undefined if the table has no such way (the event is refused, the state stays). */
export function nextState(state: RunState, event: RunEvent): RunState | undefined {
  return RUN_TABLE[state][event];
}

/** States in which a sequence is under way, so that interlocks `armed: running` count. */
export function isRunning(state: RunState): boolean {
  return !['Idle', 'Complete', 'Stopped', 'Aborted', 'Clearing', 'Resetting'].includes(state);
}

/** States that a run ends in. */
export function isFinal(state: RunState): boolean {
  return state === 'Complete' || state === 'Stopped' || state === 'Aborted';
}
