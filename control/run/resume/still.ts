import { isStill } from '../../contract/run-state.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { BenchSession } from '../session.ts';

/** A run that stood still as it was cut off stands still again when it is taken up: what a person has held, a person lets go on. */

/** How it stood still, and why. */
export interface Still {
  readonly is: 'held' | 'suspended';
  readonly reason: string;
}

/** How a run stood still as it was cut off; undefined: it was going on. */
export function stillOf({ state, reason, run }: Checkpoint): Still | undefined {
  // Cut off once more before it stood still again.
  if (state === 'Starting' || !isStill(state)) return run?.still;
  return { is: state === 'Held' || state === 'Holding' ? 'held' : 'suspended', reason };
}

/** Its start is through: it stands still, the bench in its safe state. A recovery has its whole time again. */
export function standStill(session: BenchSession, { is, reason }: Still): void {
  const { run, parts } = session;
  run?.suspension.anew(parts.clock.now_s());
  session.go(is === 'held' ? 'hold' : 'suspend');
  session.gate.pause(true);
  session.reason = reason;
  session.cause = undefined;
  run?.held(false);
}

/** Alarms that stand against a start; not those that a run which stands still waits for anyway. */
export function alarmsAgainst({ interlocks, run, parts }: BenchSession): readonly string[] {
  const still = run?.still;
  if (still === undefined) return interlocks.blocking();
  const isWaitedFor = (id: string): boolean => {
    const reaction = parts.bench.interlocks.find(spec => spec.id === id)?.reaction;
    if (reaction === 'hold') return still.is === 'held';
    return reaction === 'suspend' && (still.is === 'held' || run?.suspension.isOpenFor(id) === true);
  };
  return interlocks.blocking().filter(id => !isWaitedFor(id));
}
