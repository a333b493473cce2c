import type { StopWhy } from '../../campaign/carrier.ts';
import { askRun, RunSilent } from './door.ts';

/** How a run of a campaign is asked for its orderly end: its record says who wanted it, and why. */

/** So long it is waited for its answer, s. */
const ANSWER_S = 2;

/**
 * Hears each word that asks the run in a folder for its end. The first one of a person is told at its door, so that the record has
 * the name; all others, and those that the run does not take there, are a `signal` to its process.
 */
export function endAsker(dir: string, signal: () => void): (why: StopWhy | undefined) => void {
  let isFirst = true;
  return why => {
    const isToBeTold = isFirst && why !== undefined;
    isFirst = false;
    if (!isToBeTold) {
      signal();
      return;
    }
    void isTold(dir, why).then(told => {
      if (!told) signal();
    });
  };
}

/** True: it ends, or does so as soon as it wakes. */
async function isTold(dir: string, { by, because }: StopWhy): Promise<boolean> {
  try {
    const command = { command: 'stop', by, reason: because } as const;
    return (await askRun(dir, command, { answer_s: ANSWER_S, through: 'campaign' })).accepted;
  } catch (error) {
    // One without a page, as a twin as fast as it can, knows of signals only.
    return error instanceof RunSilent;
  }
}
