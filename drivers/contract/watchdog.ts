/**
 * For how long an instrument must be left alone so that its own watchdog has acted, s: its time and a margin for clocks
 * and for the last frame on its way. `watchdog_s`: the armed time.
 */
export function aloneTime_s(watchdog_s: number): number {
  return 1.2 * watchdog_s + 1;
}
