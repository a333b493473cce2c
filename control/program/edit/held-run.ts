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
    const found = read();
    if (found === undefined) return 'is of a run that has not begun';
    const { state, run } = found;
    if (state === 'Held' && run !== null) return run;
    const most_s = state === 'Holding' ? HELD_S : MAY_HOLD.has(state) ? HEARD_S : 0;
    if (clock.now_s() - from_s >= most_s)
      return state === 'Holding'
        ? 'is of a run that is on its way to being held (Holding): try again once it is'
        : `is of a run in ${state}`;
    await clock.sleep(LOOK_S);
  }
}
