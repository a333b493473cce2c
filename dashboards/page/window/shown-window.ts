/** The stretch of run time that all charts of the page show, and how a person moves it. Times are seconds of run time. */

/** All of the run as it grows, its last stretch as it grows, or a stretch that stands still. */
export type ShownWindow =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly span_s: number }
  | { readonly kind: 'still'; readonly from_s: number; readonly to_s: number };

export const ALL: ShownWindow = { kind: 'all' };

/** Shorter ones show nothing: no instrument is read that often. */
const LEAST_S = 1;

/** From where to where a window goes when the run has come to `now_s`. */
export function stretchOf(
  shown: ShownWindow,
  now_s: number,
): { readonly from_s: number; readonly to_s: number } {
  if (shown.kind === 'still') return shown;
  const to_s = Math.max(now_s, LEAST_S);
  return { from_s: shown.kind === 'all' ? 0 : Math.max(0, to_s - shown.span_s), to_s };
}

/** What was marked in a chart, from either side; outside of the run there is nothing to see. */
export function between(a_s: number, b_s: number, now_s: number): ShownWindow {
  const to_s = Math.min(Math.max(a_s, b_s), Math.max(now_s, LEAST_S));
  const from_s = Math.max(0, Math.min(a_s, b_s, to_s - LEAST_S));
  return { kind: 'still', from_s, to_s: Math.max(to_s, from_s + LEAST_S) };
}

/** Wider (`factor` > 1) or narrower about its middle; one that follows the run keeps its end. */
export function zoomed(shown: ShownWindow, factor: number, now_s: number): ShownWindow {
  const { from_s, to_s } = stretchOf(shown, now_s);
  const span_s = Math.max(LEAST_S, (to_s - from_s) * factor);
  if (span_s >= now_s) return ALL;
  if (shown.kind !== 'still') return { kind: 'last', span_s };
  const middle_s = (from_s + to_s) / 2;
  const begin_s = Math.min(Math.max(0, middle_s - span_s / 2), now_s - span_s);
  return { kind: 'still', from_s: begin_s, to_s: begin_s + span_s };
}

/** Earlier (`part` < 0) or later by so many of its own lengths; at the end of the run it follows it again. */
export function moved(shown: ShownWindow, part: number, now_s: number): ShownWindow {
  if (shown.kind === 'all') return shown;
  const { from_s, to_s } = stretchOf(shown, now_s);
  const span_s = to_s - from_s;
  const begin_s = Math.max(0, from_s + part * span_s);
  if (begin_s + span_s >= now_s) return { kind: 'last', span_s };
  return { kind: 'still', from_s: begin_s, to_s: begin_s + span_s };
}

/** The same stretch, following the run from now on, or standing still where it is. */
export function following(shown: ShownWindow, follows: boolean, now_s: number): ShownWindow {
  const { from_s, to_s } = stretchOf(shown, now_s);
  if (!follows) return { kind: 'still', from_s, to_s };
  return shown.kind === 'still' ? { kind: 'last', span_s: to_s - from_s } : shown;
}
