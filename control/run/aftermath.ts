import type { RunOutcome } from '../contract/run-outcome.ts';
import { reached } from './reached.ts';
import type { BenchSession } from './session.ts';

/** After a trip the record goes on for so long, s; longer where something could not be proved. */
const AFTER_TRIP_S = 10;
const AFTER_UNPROVEN_S = 30;
/** A proof that comes and goes is named after this, s; the longest walk is a vent, and that ends by itself. */
const LONGEST_S = 3600;
const AT_THE_BENCH = 'look at the bench itself';
/** So often is looked whether the bench stands safe, s. */
const LOOK_S = 0.5;

/**
 * Recording goes on after a trip: how voltage and gas decay is what the night is asked for in the morning. And a proof may
 * be lost meanwhile: while the safe state is driven again nobody leaves, and what its last walk could not prove belongs
 * to the outcome. A person who resets the bench ends it; `hurry` resolves when nobody wants to wait any more.
 */
export async function aftermath(
  session: BenchSession,
  outcome: RunOutcome,
  hurry: Promise<void> = new Promise(() => {}),
): Promise<RunOutcome> {
  if (outcome.state !== 'Aborted') return outcome;
  const { clock } = session.parts;
  let { unproven } = outcome;
  const unsubscribe = session.safeState.ended$.add(walked => {
    unproven = walked.unproven;
  });
  const isTakenOver = (): boolean => session.state === 'Idle';
  const takenOver = reached(session, state => state === 'Idle');
  try {
    const after_s = unproven.length > 0 ? AFTER_UNPROVEN_S : AFTER_TRIP_S;
    await Promise.race([clock.sleep(after_s), takenOver.promise, hurry]);
    const from_s = clock.now_s();
    while (!isTakenOver() && !session.safeState.isSettled) {
      if (clock.now_s() - from_s > LONGEST_S) {
        const lost = session.safeState.lost();
        const named = {
          what: lost?.what ?? 'the safe state is driven again and again',
          otherwise: lost?.otherwise ?? AT_THE_BENCH,
        };
        return { ...outcome, unproven: [...unproven, named] };
      }
      await Promise.race([clock.sleep(LOOK_S), takenOver.promise]);
    }
    return { ...outcome, unproven };
  } finally {
    unsubscribe();
    takenOver.cancel();
  }
}
