import type { Unproven } from '../../contract/cause.ts';
import type { RunSaved } from '../checkpoint.ts';
import { Run, type RunSpec } from '../run.ts';
import type { BenchSession } from '../session.ts';

/** A run that was cut off with its program goes on in another one: first the safe state, then the run. */

/**
 * Drives and proves the safe state of a bench that nobody knows the state of, vent included; then the bench is free for a
 * start. Returns what could not be proved: it stays driven then, and nothing may start.
 */
export async function safeFirst(session: BenchSession): Promise<readonly Unproven[]> {
  const { unproven } = await session.safeState.enter(
    'the last run was cut off: nobody knows how the bench was left',
  );
  if (unproven.length > 0) return unproven;
  const against = session.safeState.release();
  return against === '' ? [] : [{ what: against, otherwise: 'look at the bench itself' }];
}

/**
 * Goes on with a run that was cut off, on a session of its own whose bench is in its safe state: it starts as any run does,
 * and the steps of its method say how they go on. @throws Error if the session is not ready for one
 */
export function takeUpRun(session: BenchSession, spec: RunSpec, saved: RunSaved): Run {
  if (session.state !== 'Idle') throw new Error(`a run cannot be taken up in ${session.state}`);
  const run = new Run(session, spec, saved, true);
  session.run = run;
  run.begin();
  return run;
}
