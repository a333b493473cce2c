import type { Visit } from '../bench/plan.ts';
import type { StepKind } from '../file/define-step.ts';
import { durationText } from './words.ts';

/** How long a step takes, in words and for programs. */

/** `null`: without a bound, or known only by rehearsal; both ends over the rounds in which the step is gone through. */
export interface ExplainedTimes {
  readonly expected_s: readonly [low: number, high: number];
  /** What says it: the file, figures of the bench, a person, or only a rehearsal (beyond what is known of its parts). */
  readonly by: 'file' | 'figures' | 'person' | 'rehearsal';
  readonly longest_s: readonly [low: number, high: number] | null;
  readonly text: string;
}

/** Times of a step over its rounds; undefined where it takes none. */
export function timesOf(kind: StepKind, visits: readonly Visit[]): ExplainedTimes | undefined {
  const isAtOnce = kind.ends === 'once' || kind.key === 'set';
  if (visits.length === 0 || (isAtOnce && visits.every(visit => visit.longest_s === 0))) return undefined;
  const [known, longest] = [visits.map(v => v.expected.known_s), visits.map(v => v.longest_s)].map(
    (all): readonly [number, number] => [Math.min(...all), Math.max(...all)],
  );
  const by = visits.map(v => v.expected.by).reduce((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a));
  return {
    expected_s: known,
    by,
    longest_s: Number.isFinite(longest[1]) ? longest : null,
    text: timesText(kind, known, by, longest),
  };
}

const RANK: readonly string[] = ['file', 'figures', 'person', 'rehearsal'];

function timesText(
  kind: StepKind,
  known: readonly [number, number],
  by: ExplainedTimes['by'],
  longest: readonly [number, number],
): string {
  const isSure = by === 'file' && known[0] === longest[0] && known[1] === longest[1];
  if (isSure) return known[1] === 0 ? 'No time' : `Takes ${rangeText(known)}`;
  const isBounded = longest[1] !== Number.POSITIVE_INFINITY;
  const most = isBounded ? `at most ${rangeText(longest)}` : 'without a bound that is known before the run';
  return `${expectedText(kind, known, by)}, ${most}`;
}

/** `Expected 2 h 00 by the nominal capacity`. */
function expectedText({ key }: StepKind, known: readonly [number, number], by: ExplainedTimes['by']): string {
  const time = rangeText(known);
  if (by === 'file') return `Expected ${time}`;
  if (by === 'figures') {
    if (key === 'eis') return `Expected ${time} for the periods and settling`;
    if (key === 'voltammetry') return `Expected ${time} for the sweep`;
    return key === 'cc'
      ? `Expected ${time} by the nominal capacity`
      : `Expected ${time} by figures of the bench`;
  }
  const rest = by === 'person' ? 'as long as a person takes' : 'by rehearsal';
  return known[1] === 0 ? `Expected: ${rest}` : `Expected ${time}, the rest ${rest}`;
}

/** `2 h 00`, or `45 min to 15 h 00 a round`. */
export function rangeText([low, high]: readonly [number, number]): string {
  const [a, b] = [durationText(low), durationText(high)];
  return a === b ? a : `${a} to ${b} a round`;
}

/** The whole of a method. */
export function totalText(
  expected: {
    readonly known_s: number;
    readonly likely_s: number;
    readonly by: ExplainedTimes['by'];
  },
  longest_s: number,
): string {
  const known = durationText(expected.known_s);
  const isMore = expected.likely_s > expected.known_s;
  const some = isMore ? ` (some ${durationText(expected.likely_s)} in all by rule of thumb)` : '';
  const words = {
    file: known,
    figures: `${known} by figures of the bench`,
    person: `${known}, and as long as a person takes`,
    rehearsal:
      expected.known_s === 0
        ? `by rehearsal${some}`
        : `${known} of what is known, the rest by rehearsal${some}`,
  };
  const most = Number.isFinite(longest_s)
    ? `at most ${durationText(longest_s)}`
    : 'without a bound that is known before the run';
  return `Expected ${words[expected.by]}; ${most}`;
}
