import { nextState } from '../contract/run-state.ts';
import { inEnglish, type Said, say } from '../contract/said/said.ts';
import type { BenchSession } from './session.ts';

/** How a person leads a bench out of an ending: acknowledge, clear, reset. Errors never do it by themselves. */

/** Acknowledges one alarm, or all; says which are gone and which still stand because their cause is present. */
export function acknowledge(session: BenchSession, id: string | undefined, by: string): Said {
  session.alarms.acknowledge(id, by);
  const { cleared, standing } = session.interlocks.acknowledge(id);
  session.changed$.tell();
  return say('acknowledged', { cleared, standing });
}

/** What stands against a person's saying that the cause of a trip is gone. */
export function againstClear(session: BenchSession): Said | undefined {
  const { state } = session;
  return state === 'Aborted' ? standsAgainst(session) : say('nothingToClear', { state });
}

/** What stands against a person's taking over from the safe state. */
export function againstReset(session: BenchSession): Said | undefined {
  const { state } = session;
  return nextState(state, 'reset') === undefined ? say('cannotReset', { state }) : standsAgainst(session);
}

/** A person says that the cause of a trip is gone. Returns what stands against it; empty = done. */
export function clear(session: BenchSession): string {
  const against = againstClear(session);
  if (against !== undefined) return inEnglish(against);
  session.go('clear');
  session.go('cleared');
  return '';
}

/** A person takes over from the safe state: the bench is ready for the next run. Returns what stands against it. */
export function reset(session: BenchSession): string {
  const against = againstReset(session);
  if (against !== undefined) return inEnglish(against);
  session.safeState.release();
  session.interlocks.unchange();
  session.go('reset');
  session.gate.reopen();
  session.reason = '';
  session.cause = undefined;
  session.go('resetDone');
  return '';
}

/** An alarm that stands, or a bench that does not read safe now. */
function standsAgainst({ interlocks, safeState }: BenchSession): Said | undefined {
  const blocking = interlocks.blocking();
  if (blocking.length === 0) return safeState.notYet();
  const isSeen = new Set(
    interlocks
      .alarms()
      .flatMap(({ id, state, acknowledged }) => (acknowledged && state === 'active' ? id : [])),
  );
  const seen = blocking.filter(id => isSeen.has(id));
  const unseen = blocking.filter(id => !isSeen.has(id));
  return seen.length === 0 ? say('acknowledgeThese', { ids: unseen }) : say('stillPresent', { unseen, seen });
}
