import type { Unproven } from '../../contract/cause.ts';
import { inEnglish } from '../../contract/said/said.ts';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';
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

/** What the record of a run that was cut off knows of it. */
export interface TakesUp {
  /** What it remembers, as it was written down last. */
  readonly saved: RunSaved;
  /** Limits that a person had changed, as they stood last. */
  readonly limits: readonly ChangedLimit[];
}

/** The limit of an interlock as a person has changed it for a run. */
export interface ChangedLimit {
  readonly id: string;
  /** In the unit of its role. */
  readonly to: number;
  readonly by: string;
  readonly reason: string;
}

/** The limits in force at the end of a record; one that was given back is none. */
export function limitsIn(events: readonly RecordedEvent[]): readonly ChangedLimit[] {
  const last = new Map(eventsOf(events, 'limitChange').map(({ data }) => [data.id, data]));
  return [...last.values()];
}

/**
 * Goes on with a run that was cut off, on a session of its own whose bench is in its safe state: it starts as any run does,
 * and the steps of its method say how they go on; limits are as a person has made them, and one that stood still stands
 * still. @throws Error if the session is not ready for one
 */
export function takeUpRun(session: BenchSession, spec: RunSpec, { saved, limits }: TakesUp): Run {
  if (session.state !== 'Idle') throw new Error(`a run cannot be taken up in ${session.state}`);
  keepLimits(session, limits);
  const run = new Run(session, spec, saved, true);
  session.run = run;
  run.begin();
  return run;
}

function keepLimits(session: BenchSession, limits: readonly ChangedLimit[]): void {
  for (const { id, to, by, reason } of limits) {
    const found = session.interlocks.change(id, to);
    const against = found === undefined ? '' : inEnglish(found);
    const text =
      against === '' ? `${id}: ${to} goes on (${by}: ${reason})` : `${id}: ${to} does not: ${against}`;
    session.note({ kind: 'limitKept', data: { id, to, against } }, text);
  }
}

/** Takes a run up again from a checkpoint, on a session that was restored from the same, as if nothing had been. */
export function resumeRun(session: BenchSession, spec: RunSpec, saved: RunSaved): Run {
  const run = new Run(session, spec, saved);
  session.run = run;
  return run;
}
