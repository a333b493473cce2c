import { nextState } from '../contract/run-state.ts';
import type { BenchSession } from './session.ts';

/** How a person leads a bench out of an ending: acknowledge, clear, reset. Errors never do it by themselves. */

/** Acknowledges one alarm, or all; says which are gone and which still stand because their cause is present. */
export function acknowledge(session: BenchSession, id: string | undefined, by: string): string {
  session.alarms.acknowledge(id, by);
  const { cleared, standing } = session.interlocks.acknowledge(id);
  session.changed$.tell();
  const still = standing.length > 0 ? `; still present: ${standing.join(', ')}` : '';
  return `acknowledged: ${cleared.join(', ') || 'none cleared'}${still}`;
}

/** A person says that the cause of a trip is gone. Returns what stands against it; empty = done. */
export function clear(session: BenchSession): string {
  if (session.state !== 'Aborted') return `nothing to clear in ${session.state}`;
  const against = standsAgainst(session);
  if (against !== '') return against;
  session.go('clear');
  session.go('cleared');
  return '';
}

/** A person takes over from the safe state: the bench is ready for the next run. Returns what stands against it. */
export function reset(session: BenchSession): string {
  if (nextState(session.state, 'reset') === undefined) return `cannot reset in ${session.state}`;
  const against = standsAgainst(session);
  if (against !== '') return against;
  session.safeState.release();
  session.interlocks.unchange();
  session.go('reset');
  session.gate.reopen();
  session.reason = '';
  session.go('resetDone');
  return '';
}

/** An alarm that stands, or a bench that does not read safe now. */
function standsAgainst({ interlocks, safeState }: BenchSession): string {
  const blocking = interlocks.blocking();
  if (blocking.length === 0) return safeState.against();
  const isSeen = new Set(
    interlocks
      .alarms()
      .flatMap(({ id, state, acknowledged }) => (acknowledged && state === 'active' ? id : [])),
  );
  const seen = blocking.filter(id => isSeen.has(id));
  const unseen = blocking.filter(id => !isSeen.has(id));
  return [
    ...(unseen.length > 0 ? [`acknowledge first: ${unseen.join(', ')}`] : []),
    ...(seen.length > 0 ? [`still present: ${seen.join(', ')}`] : []),
  ].join('; ');
}
