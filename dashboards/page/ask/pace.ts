/** How fast the time of a run goes, by what a page has seen of it. */

/** Shorter looks are noise. */
const LEAST_MS = 2000;
const MOST_MS = 10_000;

/** What was seen: a run time, s, with the browser's own, ms; and what it came to: run s in a second. */
export interface SeenPace {
  readonly time_s: number;
  readonly stamp_ms: number;
  readonly pace: number | undefined;
}

/** The pace after another look; a run that begins anew, or stands, is looked at anew. */
export function paceAfter(seen: SeenPace | undefined, time_s: number, stamp_ms: number): SeenPace {
  if (seen === undefined || time_s < seen.time_s) return { time_s, stamp_ms, pace: undefined };
  const over_ms = stamp_ms - seen.stamp_ms;
  if (over_ms < LEAST_MS) return seen;
  if (over_ms > MOST_MS) return { time_s, stamp_ms, pace: undefined };
  return { time_s, stamp_ms, pace: (1000 * (time_s - seen.time_s)) / over_ms };
}
