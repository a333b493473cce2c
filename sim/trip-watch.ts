import type { Clock } from '../drivers/contract/clock.ts';
import type { Random } from '../drivers/contract/random.ts';
import type { ForcedRig } from './device/forced-rig.ts';
import type { TripTimes } from './wire-protocol.ts';

/** Measures how long a controller takes from a value crossing its limit to switching the output off. */
export interface TripWatch {
  /** To be called before a request is answered, when a reply is handed to the line, when output-off arrives. */
  requestArrived(): void;
  replySent(): void;
  outputOffArrived(): void;
  /** One measurement. Lifts the forced value again; to acknowledge and switch on again is the controller's part. */
  measure(options: {
    readonly signal: string;
    readonly value: number;
    readonly within_s: number;
    readonly deadline_s: number;
  }): Promise<TripTimes>;
}

/**
 * A stopwatch for trips at the instrument's end of the line. Forces a value at a random moment of the
 * controller's poll cycle and times two spans up to the output-off that answers it: from the crossing, and
 * from the first reply that showed it. Rejects if output-off does not come within the deadline, or comes
 * before any reply showed the value.
 */
export function tripWatch(rig: ForcedRig, clock: Clock, random: Random): TripWatch {
  let running:
    | { readonly signal: string; crossed_s: number; shown_s: number; readonly end: (off_s: number) => void }
    | undefined;

  return {
    requestArrived() {
      if (running !== undefined) rig.forgetReads();
    },
    replySent() {
      if (running === undefined || !Number.isNaN(running.shown_s)) return;
      if (rig.wasRead(running.signal)) running.shown_s = clock.now_s();
    },
    outputOffArrived() {
      if (running === undefined || Number.isNaN(running.crossed_s)) return;
      running.end(clock.now_s());
    },
    async measure({ signal, value, within_s, deadline_s }) {
      if (running !== undefined) throw new Error('a trip is being watched already');
      let settle: (off_s: number) => void = () => {};
      const off = new Promise<number>(resolve => {
        settle = resolve;
      });
      const watch = { signal, crossed_s: Number.NaN, shown_s: Number.NaN, end: settle };
      running = watch;
      try {
        await clock.sleep(random.uniform() * within_s);
        rig.forgetReads();
        rig.force(signal, value);
        watch.crossed_s = clock.now_s();
        const giveUp = clock.schedule(deadline_s, () => settle(Number.NaN));
        const off_s = await off;
        giveUp();
        if (Number.isNaN(off_s))
          throw new Error(`no output-off within ${deadline_s} s of ${signal} = ${value}`);
        if (Number.isNaN(watch.shown_s)) throw new Error(`output-off came before any reply showed ${signal}`);
        return { total_ms: (off_s - watch.crossed_s) * 1000, reaction_ms: (off_s - watch.shown_s) * 1000 };
      } finally {
        running = undefined;
        rig.force(signal, null);
      }
    },
  };
}
