import type { LiveSnapshot, PhaseShown } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { words } from '../words/language.ts';

/** What the strip of phases shows of a run. Pure. */

/** One phase as a box of the strip. */
export interface StripPhase {
  readonly name: string;
  readonly state: 'done' | 'cut short' | 'now' | 'to come' | 'left out';
  /** Its width against the others. */
  readonly weight: number;
  /** How much of it is over, 0 to 1; never all of it before its end. */
  readonly part: number;
  /** How long it took, has taken so far, or will take, in words. */
  readonly said: string;
}

export interface StripFacts {
  readonly phases: readonly StripPhase[];
  /** `6 of 10: wind`; empty: none is under way. */
  readonly place: string;
  /** `left in it 4:02:10 by rehearsal`; empty: nobody knows. */
  readonly left: string;
}

/** A phase that is under way is never shown as over. */
const MOST_PART = 0.98;

/** The strip at a run time, s. */
export function stripOf({
  phases,
  phasesBy,
  run,
}: Pick<LiveSnapshot, 'phases' | 'phasesBy' | 'run'>): StripFacts {
  const lengths_s = phases.map(phase => lengthOf_s(phase, run.time_s));
  const known_s = lengths_s.filter(length_s => length_s > 0);
  // Where nobody knows how long one takes it is drawn as wide as the usual one.
  const usual_s = known_s.length === 0 ? 1 : known_s.reduce((sum, s) => sum + s, 0) / known_s.length;
  // What a run was in when it left its method goes on no more.
  const isOver = run.ended_s !== null || OVER.includes(run.state);
  const now = isOver ? -1 : phases.findIndex(phase => isNow(phase));
  const behind = now < 0 ? phases.findLastIndex(({ start_s }) => start_s !== null) : now;
  const shown = phases.map((phase, i): StripPhase => {
    const isPassed = i < behind || (now < 0 && behind >= 0 && isOver);
    const state = stateOf(phase, isPassed, i === now);
    return {
      name: phase.name,
      state,
      weight: lengths_s[i] > 0 ? lengths_s[i] : usual_s,
      part: partOf(phase, run.time_s),
      said: saidOf(phase, state, run.time_s),
    };
  });
  return {
    phases: shown,
    place: now < 0 ? '' : words().strip.place(now + 1, phases.length, phases[now].name),
    // What is over, or held, comes no nearer to its end.
    left: now < 0 || run.state === 'Held' ? '' : leftIn(phases[now], run.time_s, phasesBy),
  };
}

const isNow = ({ start_s, end_s }: PhaseShown): boolean => start_s !== null && end_s === null;
const OVER: readonly LiveSnapshot['run']['state'][] = ['Complete', 'Stopped', 'Aborted'];

/** How long it took, else how long it is to take, or has taken already where that is more; 0: not known. */
function lengthOf_s({ start_s, end_s, planned_s }: PhaseShown, now_s: number): number {
  if (start_s === null) return planned_s ?? 0;
  return end_s === null ? Math.max(planned_s ?? 0, now_s - start_s) : end_s - start_s;
}

function stateOf(
  { start_s, end_s, isCutShort }: PhaseShown,
  isPassed: boolean,
  isUnderWay: boolean,
): StripPhase['state'] {
  if (isCutShort === true) return 'cut short';
  if (end_s !== null) return 'done';
  if (start_s !== null) return isUnderWay ? 'now' : 'cut short';
  return isPassed ? 'left out' : 'to come';
}

function partOf({ start_s, end_s, planned_s }: PhaseShown, now_s: number): number {
  if (end_s !== null) return 1;
  if (start_s === null || planned_s === null || planned_s <= 0) return 0;
  return Math.min(MOST_PART, Math.max(0, (now_s - start_s) / planned_s));
}

function saidOf(
  { start_s, end_s, planned_s }: PhaseShown,
  state: StripPhase['state'],
  now_s: number,
): string {
  const say = words().strip;
  if (start_s !== null && end_s !== null) return say.took(timeText(end_s - start_s));
  if (start_s !== null) return state === 'now' ? say.for(timeText(now_s - start_s)) : '';
  if (state === 'left out') return '';
  return planned_s === null ? '' : say.about(timeText(planned_s));
}

function leftIn({ start_s, planned_s }: PhaseShown, now_s: number, by: LiveSnapshot['phasesBy']): string {
  if (start_s === null || planned_s === null) return '';
  const left_s = start_s + planned_s - now_s;
  if (left_s >= 0) return words().strip.left[by](timeText(left_s));
  return by === 'rehearsal' ? words().strip.longer(timeText(-left_s)) : '';
}
