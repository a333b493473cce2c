import { type Observable, Subject } from 'rxjs';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { StepEnd, Tick } from './step.ts';

/** A pipeline of demands that a step drives with its ticks. */
export interface Stream<Demand> {
  /** One beat through the pipeline; says how it ended, once it has. */
  tick(tick: Tick): StepEnd | undefined;
  /** The newest demand, or the one to start from: all that there is to save. */
  demand(): Demand;
  leave(): void;
}

/**
 * Runs a pipeline of demands over the ticks of a step: `apply` gets each demand and the one before it. It ends with
 * `completed` when the pipeline completes, and trips when it errors.
 */
export function stream<Demand>(options: {
  readonly start: Demand;
  readonly pipeline: (ticks$: Observable<Tick>) => Observable<Demand>;
  readonly apply: (demand: Demand, last: Demand, tick: Tick) => void;
  readonly completed: StepEnd;
}): Stream<Demand> {
  const ticks$ = new Subject<Tick>();
  let now: Tick = { t_s: 0, dt_s: 0, elapsed_s: 0, isAfterHold: false };
  let demand = options.start;
  let end: StepEnd | undefined;
  const subscription = options.pipeline(ticks$).subscribe({
    next: next => {
      const last = demand;
      demand = next;
      options.apply(next, last, now);
    },
    // An exception in a pipeline ends it for good (RxJS): the run ends safely with it.
    error: (error: unknown) => {
      end = { kind: 'failed', reason: `pipeline failed: ${messageOf(error)}`, leadsTo: 'trip' };
    },
    complete: () => {
      end ??= options.completed;
    },
  });
  return {
    tick(tick) {
      now = tick;
      ticks$.next(tick);
      return end;
    },
    demand: () => demand,
    leave: () => subscription.unsubscribe(),
  };
}
