/** Run states with the names of OPC UA LADS (OPC 30500-1) / PackML (ISA-TR88.00.02). */
export const RUN_STATES = [
  'Idle',
  'Starting',
  'Execute',
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Suspended',
  'Unsuspending',
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
 * - operator pause = hold, an interlock or limit with a recovery = suspend, trip = abort;
 * - a suspension goes on by itself (`unsuspend`); a hold that comes in it leaves that to a person;
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
  return IN_STEP.includes(state);
}

const IN_STEP: readonly RunState[] = [
  'Execute',
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Suspended',
  'Unsuspending',
];

/** States in which the method is looked at with each beat: it runs, or comes back to where it stood. */
export function isMoving(state: RunState): boolean {
  return state === 'Execute' || state === 'Unsuspending';
}

/** States in which method time stands still, whoever lets it go on. */
export function isStill(state: RunState): boolean {
  return state === 'Holding' || state === 'Held' || state === 'Suspending' || state === 'Suspended';
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
