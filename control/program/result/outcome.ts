import type { Cause } from '../../contract/cause.ts';
import type { RunOutcome } from '../../contract/run-outcome.ts';
import type { RunState } from '../../contract/run-state.ts';
import type { Finding, Rehearsal } from '../../rehearse/summary.ts';

/** How a run ended, as the program says it: exit code and verdict. */

/** Exit codes of the program; each means one thing. */
export const EXIT = {
  /** Completed, and the safe state is proved. */
  completed: 0,
  /** Completed, but not everything could be proved safe. */
  notProved: 1,
  /** Refused before anything was started: wrong input, an instrument that is not there, a bench that is not safe to start. */
  refused: 2,
  /** Stopped by a person or a signal. */
  stopped: 3,
  /** Tripped, or aborted by a person, into the safe state. */
  tripped: 4,
  /** cellbench itself failed. */
  failed: 5,
} as const;

/** Exit code of a run that is over. */
export function exitCode({ state, cause, unproven }: RunOutcome): number {
  if (cause.by === 'self') return EXIT.failed;
  if (cause.by === 'start') return EXIT.refused;
  if (state === 'Complete') return unproven.length === 0 ? EXIT.completed : EXIT.notProved;
  return state === 'Stopped' ? EXIT.stopped : EXIT.tripped;
}

/** Exit code of a rehearsal: like a run's, but whoever asks is told of warnings, too. */
export function rehearsalCode({
  outcome,
  end,
  findings,
}: Pick<Rehearsal, 'outcome' | 'findings'> & {
  readonly end: Pick<NonNullable<Rehearsal['end']>, 'cause'> | null;
}): number {
  const by = end?.cause.by;
  if (by === 'self') return EXIT.failed;
  if (by === 'signal' || by === 'person') return EXIT.stopped;
  if (outcome !== 'completed') return EXIT.tripped;
  return findings.some(({ level }) => TO_LOOK_AT.includes(level)) ? EXIT.notProved : EXIT.completed;
}

/** Findings that a rehearsal which completes does not exit with 0 for; `trip`: its safe state is not proved. */
const TO_LOOK_AT: readonly Finding['level'][] = ['trip', 'warning'];

/** Starts at the best that the end state allows and only gets worse. */
export function verdictOf(outcome: RunOutcome): string {
  const proved = outcome.unproven.length === 0 ? '' : ', safe state NOT fully proved';
  if (outcome.state === 'Complete') return outcome.unproven.length === 0 ? 'completed' : `completed${proved}`;
  return `${ENDED[outcome.state] ?? outcome.state} ${byWhom(outcome.cause, outcome.state)}${proved}`;
}

const ENDED: Readonly<Record<string, string>> = { Stopped: 'stopped', Aborted: 'aborted' };

/** Who or what ended the run, in words. */
function byWhom({ by, id }: Cause, state: RunState): string {
  switch (by) {
    case 'person':
      return 'by a person';
    case 'signal':
      return id === 'SIGINT' ? 'by Ctrl-C' : `by ${id}`;
    case 'interlock':
      return state === 'Aborted' ? 'by a trip' : 'by a limit';
    case 'set-point':
      return 'by a set point that does not hold';
    case 'watchdog':
      return `because the watchdog of ${id} is lost`;
    case 'step':
      return 'by a step of the method';
    case 'start':
      return 'before the start';
    case 'record':
      return 'because the record cannot be written';
    case 'guard':
      return id === 'lost' ? 'because the guard is gone' : 'by its guard';
    case 'rehearsal':
      return 'because nobody leads a rehearsal on';
    case 'self':
      return 'by a failure of cellbench itself';
    case 'procedure':
      return 'by the procedure';
  }
}
