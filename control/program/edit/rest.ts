import { openRunSource } from '../../exchange/recorded-run.ts';
import { eventsOf, type RecordedEvent, readEvents } from '../../record/recorded-events.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import type { RunSaved } from '../../run/checkpoint.ts';

/**
 * The rest of an edited method in its rehearsal. The twin comes where the run is held by the way that the run has gone: what
 * has begun is the same in both, so that the same step at its same place in the program, gone through as often, is the one.
 */

/** Where a run is held, by its steps. */
export interface HeldAt {
  /** Place of the step in the program. */
  readonly pc: number;
  /** How often it was gone through before. */
  readonly before: number;
  /** How much of its time is over, s. */
  readonly elapsed_s: number;
}

/** Of its rehearsal: from when on, run time of the twin, s, how long it takes from where it is held, and what comes close. */
export interface Rest {
  readonly from_s: number;
  readonly left_s: number;
  /** Limits that come closest in the rest, as in the rehearsal; all others come closer before. */
  readonly limits: Rehearsal['limits'];
}

/** Undefined: it is held between two steps. */
export function heldAt(saved: RunSaved, events: readonly RecordedEvent[]): HeldAt | undefined {
  let { lane } = saved.method;
  // Of lists side by side the leading one.
  while (lane.step === null && lane.lanes.length > 0) [lane] = lane.lanes;
  const { pc, step } = lane;
  if (step === null) return undefined;
  const before = eventsOf(events, 'step').filter(({ data }) => data.pc === pc).length;
  return { pc, before, elapsed_s: step.watch.elapsed_s };
}

/** The rest in a rehearsal whose record is in `dir`; undefined: the twin did not come there. */
export function restOf(at: HeldAt, rehearsal: Rehearsal, dir: string): Rest | undefined {
  const source = openRunSource(dir);
  try {
    const same = eventsOf(readEvents(source.db), 'step').filter(({ data }) => data.pc === at.pc);
    const from_s = same[at.before]?.data.start_s;
    if (from_s === undefined) return undefined;
    return {
      from_s,
      left_s: Math.max(0, rehearsal.duration_s - from_s - at.elapsed_s),
      limits: rehearsal.limits.filter(({ at: moment }) => moment !== null && moment.t_s >= from_s),
    };
  } finally {
    source.close();
  }
}
