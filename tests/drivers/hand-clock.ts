import type { Clock } from '../../drivers/contract/clock.ts';

/** A clock whose time is put forward by hand; what is scheduled goes by the other one. */
export interface HandClock extends Clock {
  pass(seconds: number): void;
}

export function handClock(real: Clock): HandClock {
  let now_s = 0;
  return {
    now_s: () => now_s,
    utc_ms: () => Date.UTC(2026, 0, 1) + 1000 * now_s,
    schedule: (delay_s, call) => real.schedule(delay_s, call),
    // Whatever is looked at from time to time is looked at when it is asked.
    every: () => () => {},
    sleep: (delay_s, signal) => real.sleep(delay_s, signal),
    nextTurn: call => real.nextTurn(call),
    track: work => work,
    pass(seconds) {
      now_s += seconds;
    },
  };
}

/** Real time, so many times faster: the long waits of a driver pass quickly. */
export function fastClock(real: Clock, times: number): Clock {
  return {
    now_s: () => times * real.now_s(),
    utc_ms: () => real.utc_ms(),
    schedule: (delay_s, call) => real.schedule(delay_s / times, call),
    every: (period_s, tick) => real.every(period_s / times, tick),
    sleep: (delay_s, signal) => real.sleep(delay_s / times, signal),
    nextTurn: call => real.nextTurn(call),
    track: work => work,
  };
}
