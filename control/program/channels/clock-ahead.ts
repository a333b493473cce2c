import type { Clock } from '../../../drivers/contract/clock.ts';

/** A clock that shows another time and goes on with this one: of a run that goes on with the time of a program that is gone. */
export function clockAhead(clock: Clock, by_s: number): Clock {
  if (by_s === 0) return clock;
  return {
    now_s: () => clock.now_s() + by_s,
    utc_ms: () => clock.utc_ms(),
    schedule: (delay_s, call) => clock.schedule(delay_s, call),
    every: (period_s, tick) => clock.every(period_s, tick),
    sleep: (delay_s, signal) => clock.sleep(delay_s, signal),
    nextTurn: call => clock.nextTurn(call),
    track: work => clock.track(work),
  };
}
