import type { Cancel, Clock } from '../../drivers/contract/clock.ts';

/** Something that is done again and again, and can say when it is due next. */
export interface Beat {
  /** When it is due next, s of the clock. */
  readonly next_s: number;
  cancel(): void;
}

/**
 * As `clock.every`, the first time at `first_s`: work that was taken up again after a break keeps its place in time.
 */
export function beat(clock: Clock, first_s: number, period_s: number, work: (missed: number) => void): Beat {
  let next_s = first_s;
  let cancel: Cancel = clock.schedule(first_s - clock.now_s(), () => {
    cancel = clock.every(period_s, missed => {
      next_s = clock.now_s() + period_s;
      work(missed);
    });
    next_s = first_s + period_s;
    work(0);
  });
  return {
    get next_s() {
      return next_s;
    },
    cancel: () => cancel(),
  };
}
