import type { Clock } from '../../../drivers/contract/clock.ts';
import type { RunState } from '../../contract/run-state.ts';
import type { Checkpoint, RunSaved } from '../../run/checkpoint.ts';

/** The run that is to be edited, once it is held: who has just held it need not count the seconds until it is. */

/** So long its record may take to say that a hold was asked for, s: it is written at least each second. */
const HEARD_S = 3;
/** So long a hold on its way is waited for, s. */
const HELD_S = 10;
/** Between two looks, s. */
const LOOK_S = 0.2;
/** A hold may have been asked for in these and not stand in the record yet. */
const MAY_HOLD: ReadonlySet<RunState> = new Set<RunState>([
  'Execute',
  'Unholding',
  'Suspending',
  'Suspended',
  'Unsuspending',
]);

/**
 * What a held run remembers. `read`: its newest checkpoint; undefined: there is none. A text: it is not held and not about to be,
 * and why.
 */
export async function heldRun(
  read: () => Checkpoint | undefined,
  clock: Pick<Clock, 'now_s' | 'sleep'>,
): Promise<RunSaved | string> {
  const from_s = clock.now_s();
  for (;;) {
    const { state, run = null } = read() ?? {};
    if (state === 'Held' && run !== null) return run;
    // At a pace, what a run remembers is written seldom, but for a hold.
    const mayHold = state === undefined || MAY_HOLD.has(state);
    const most_s = state === 'Holding' ? HELD_S : mayHold ? HEARD_S : 0;
    if (clock.now_s() - from_s >= most_s) return whyNot(state);
    await clock.sleep(LOOK_S);
  }
}

function whyNot(state: RunState | undefined): string {
  if (state === undefined) return 'is of a run that has not begun, or has not been held';
  if (state === 'Holding')
    return 'is of a run that is on its way to being held (Holding): try again once it is';
  return `is of a run in ${state}`;
}
