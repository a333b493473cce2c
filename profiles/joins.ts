import type { RecordedSeries, RowJoins } from './recorded-run.ts';
import { indexAt, windowOf } from './series-parts.ts';

/** Which two readings of a thinned record are no gap: by the rule that was in force between them. */

/** Where all rows were kept, two that are so many usual steps apart are joined. */
const JOINED = 3;
/** So many steps are looked at, spread over those that are asked for. */
const LOOKED_AT = 2000;

/** The farthest that rules join two readings anywhere between two times, s; 0: all were kept there. */
export function joinBetween({ from_s, join_s }: RowJoins, a_s: number, b_s: number): number {
  let longest_s = 0;
  for (let i = Math.max(0, indexAt(from_s, a_s + 1e-9) - 1); i < from_s.length && from_s[i] < b_s; i++)
    longest_s = Math.max(longest_s, join_s[i]);
  return longest_s;
}

/** The farthest that rules join two readings of a series anywhere in a window, s; 0: all rows were kept there. */
export function joinedTo_s({ join_s = 0, joins }: RecordedSeries, from_s: number, to_s: number): number {
  return joins === undefined ? join_s : joinBetween(joins, from_s, to_s);
}

/**
 * Longest distance between the usable readings of a window that is still joined, s: by the rules in force there, and
 * at least three of its usual steps. For a series of which all rows were kept see `joinLimit_s`.
 */
export function joinIn(series: RecordedSeries, joins: RowJoins, from_s: number, to_s: number): number {
  const { t_s } = windowOf(series, from_s, to_s);
  return Math.max(JOINED * medianStep(t_s), joinBetween(joins, from_s, to_s));
}

/** Whether the step from one reading of a series to the next is a gap, for steps that come in order. */
export function gapsBy(t_s: Float64Array, { from_s, join_s }: RowJoins): (i: number) => boolean {
  let [dense, at] = [Number.NaN, 0];
  const limitOf = (place: number): number => {
    if (join_s[place] > 0) return join_s[place];
    // Looked for only where there are any.
    if (Number.isNaN(dense)) dense = JOINED * medianStep(t_s, i => isDense(t_s, i));
    return dense;
  };
  const isDense = (times: Float64Array, i: number): boolean =>
    join_s[Math.max(0, indexAt(from_s, times[i] - 1e-9) - 1)] === 0;
  return i => {
    while (at + 1 < from_s.length && from_s[at + 1] <= t_s[i - 1]) at++;
    const dt_s = t_s[i] - t_s[i - 1];
    for (let place = at; place < from_s.length && (place === at || from_s[place] < t_s[i]); place++)
      if (dt_s <= limitOf(place)) return false;
    return true;
  };
}

/** The step between two readings that half of them do not exceed, s; 0 without one. */
function medianStep(t_s: Float64Array, isMeant: (i: number) => boolean = () => true): number {
  const count = t_s.length - 1;
  if (count < 1) return 0;
  const stride = Math.max(1, Math.floor(count / LOOKED_AT));
  const steps: number[] = [];
  for (let i = 1; i <= count; i += stride) if (isMeant(i)) steps.push(t_s[i] - t_s[i - 1]);
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}
