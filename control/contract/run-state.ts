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

/**
 * The states of a run and the only ways between them (names: OPC 30500-1 LADS, ISA-TR88.00.02 PackML).
 * A pure table: no timers inside, whoever knows that something has happened says so.
 *
 * - operator pause = hold, trip = abort;
 * - `abort` is possible from every state: something may be energised that should not be;
 * - a person leads out of Aborted (`clear`, to Stopped) and out of Stopped and Complete (`reset`, to Idle).
 */
export type RunEvent =
  | 'start'
  | 'started'
  | 'hold'
  | 'held'
  | 'unhold'
  | 'unheld'
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
  Execute: { hold: 'Holding', complete: 'Completing', ...ENERGISED },
  Holding: { held: 'Held', ...ENERGISED },
  Held: { unhold: 'Unholding', ...ENERGISED },
  Unholding: { unheld: 'Execute', hold: 'Holding', ...ENERGISED },
  Completing: { completed: 'Complete', ...ENERGISED },
  Complete: { reset: 'Resetting', abort: 'Aborting' },
  Stopping: { stopped: 'Stopped', abort: 'Aborting' },
  Stopped: { reset: 'Resetting', abort: 'Aborting' },
  Aborting: { aborted: 'Aborted' },
  Aborted: { clear: 'Clearing', abort: 'Aborting' },
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

/** States in which a step runs or is held, so that its tags count. */
export function isInStep(state: RunState): boolean {
  return state === 'Execute' || state === 'Holding' || state === 'Held' || state === 'Unholding';
}

/** States that a run ends in. */
export function isFinal(state: RunState): boolean {
  return state === 'Complete' || state === 'Stopped' || state === 'Aborted';
}

/** States in which the safe state is under way or in charge, but for the load's ramping off in Stopping. */
export function isSecured(state: RunState): boolean {
  return endOf(state) !== undefined || isFinal(state) || state === 'Clearing';
}

/** What has happened when the safe state has been walked to its end in this state; undefined where nobody waits for it. */
export function endOf(state: RunState): RunEvent | undefined {
  if (state === 'Stopping') return 'stopped';
  if (state === 'Completing') return 'completed';
  return state === 'Aborting' ? 'aborted' : undefined;
}
