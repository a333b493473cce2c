/**
 * The delay of an interlock as a leaky window (decision 0010): time with its cause present fills it, time without
 * leaks out slowly. A cause that stays fires when the delay is over; one that comes and goes fires, too, if it is
 * there for more than a fifth of the time, and never adds up below that.
 */

/** What leaks out per second without the cause, s: a quarter. */
export const LEAK = 0.25;

/** Times are those of frames; NaN where there is none. */
export interface LeakyWindow {
  /** What earlier causes have left, s, as of `left_s`. */
  kept_s: number;
  /** When the last cause ended. */
  left_s: number;
  /** Since when the cause is present without a break. */
  since_s: number;
}

/** Nothing has leaked in. */
export function emptyWindow(): LeakyWindow {
  return { kept_s: 0, left_s: Number.NaN, since_s: Number.NaN };
}

/** Forgets all. */
export function empty(window: LeakyWindow): void {
  window.kept_s = 0;
  window.left_s = Number.NaN;
  window.since_s = Number.NaN;
}

/** The cause is present at t_s; how far the window is filled, s. The time up to the next sample counts as present. */
export function fill(window: LeakyWindow, t_s: number): number {
  if (Number.isNaN(window.since_s)) {
    window.kept_s = keptAt(window, t_s);
    window.since_s = t_s;
  }
  return window.kept_s + (t_s - window.since_s);
}

/** The cause is not present at t_s. What leaks out is counted when it comes back: nothing to do until then. */
export function leak(window: LeakyWindow, t_s: number): void {
  if (Number.isNaN(window.since_s)) return;
  window.kept_s += t_s - window.since_s;
  window.since_s = Number.NaN;
  window.left_s = t_s;
}

/** What earlier causes have left at t_s, s. */
export function keptAt(window: LeakyWindow, t_s: number): number {
  return window.kept_s > 0 ? Math.max(0, window.kept_s - LEAK * (t_s - window.left_s)) : 0;
}
