import { z } from 'zod';

/** What a limit or interlock may lead to, and what is done where it leads into a suspension. */

/** From the mildest to the gravest. */
export const REACTIONS = ['warn', 'hold', 'suspend', 'stop', 'trip'] as const;
/** What a limit or interlock leads to. */
export type Reaction = (typeof REACTIONS)[number];

/** Which of two reactions is graver: the larger number. */
export const GRAVITY: Readonly<Record<Reaction, number>> = { warn: 0, hold: 1, suspend: 2, stop: 3, trip: 4 };

/** What is set while a run is suspended, in the unit of its role. */
export interface RecoverySet {
  readonly role: string;
  readonly to: number;
  /** How fast it goes there and back, per second of the run; absent: as fast as the bench lets it. */
  readonly per_s?: number;
}

/** What is done in a suspension, and when it is over; all times in s of the run. JSON. */
export interface Recovery {
  readonly sets: readonly RecoverySet[];
  /** The run goes on by itself once the reading has been back so long without a break, s. */
  readonly for_s: number;
  /** A recovery that has not come to that within this time ends in the safe state, s. */
  readonly within_s: number;
  /** So often in a run it may; the next time the run goes into the safe state. */
  readonly at_most: number;
}

/** More suspensions of one limit than this in a run are no protection. */
const MOST_SUSPENSIONS = 100;

/** How often in a run something may suspend it, as a file says it. */
export const atMost = z
  .number({ error: 'expected how often in a run, like 3: a recovery without a bound is no protection' })
  .int('expected a whole number')
  .min(1, 'expected at least 1')
  .max(MOST_SUSPENSIONS, `expected at most ${MOST_SUSPENSIONS}`)
  .meta({ description: 'so often in a run; the next time it trips' });
