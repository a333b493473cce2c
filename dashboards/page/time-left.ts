import type { LiveSnapshot, PhaseShown } from '../../control/view.ts';

/** States in which time goes on towards the end that was planned. */
const GOES_ON: readonly string[] = ['Starting', 'Execute', 'Unholding', 'Unsuspending', 'Completing'];

/** What of a snapshot says how long its run takes. */
export type Timed = Pick<LiveSnapshot, 'run' | 'phases'>;

/** Run time that its clock shows, s: that of its end, once it has left its method. */
export function clock_s({ time_s, ended_s }: LiveSnapshot['run']): number {
  return ended_s ?? time_s;
}

/**
 * How long a run still takes, s (negative: so much longer than planned); undefined: it stands still, or is over. It is what is left
 * of the phase under way and of those to come, as the strip of phases has them: a run that was held comes to its end so much later.
 */
export function timeLeft_s(timed: Timed): number | undefined {
  const { run } = timed;
  if (!GOES_ON.includes(run.state) || run.ended_s !== null || run.planned_s <= 0) return undefined;
  return toGo_s(timed);
}

/** How long the whole run will have taken by now's knowledge, s; 0: nobody knows. */
export function expected_s(timed: Timed): number {
  const { run } = timed;
  if (run.planned_s <= 0) return 0;
  if (run.ended_s !== null) return run.planned_s;
  return Math.max(run.planned_s, run.time_s + Math.max(0, toGo_s(timed)));
}

/** Clock time at which it ends, `04:32`; empty for one in simulated time, and for one that is late. */
export function endsAt(timed: Timed, now: Date, language: string): string {
  const left_s = timeLeft_s(timed);
  if (timed.run.mode === 'rehearsal' || left_s === undefined || left_s <= 0) return '';
  const end = new Date(now.getTime() + left_s * 1000);
  const isToday = end.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ month: '2-digit', day: '2-digit' } as const);
  return end.toLocaleString(language, { ...day, hour: '2-digit', minute: '2-digit', hour12: false });
}

function toGo_s({ run, phases }: Timed): number {
  const last = phases.findLastIndex(({ start_s }) => start_s !== null);
  const own_s = last < 0 ? 0 : leftOf_s(phases[last], run.time_s);
  const later = phases.slice(last + 1).map(({ planned_s }) => planned_s);
  // Where one of them is not known the plan of the whole run is all there is.
  if (phases.length === 0 || own_s === null || later.includes(null)) return run.planned_s - run.time_s;
  const later_s = later.reduce<number>((sum, s) => sum + (s ?? 0), 0);
  // One that takes longer than planned leaves the later ones as long as they are.
  return later_s > 0 ? Math.max(0, own_s) + later_s : own_s;
}

/** What is left of a phase that has begun, s; negative: it is late; null: nobody knows. */
function leftOf_s({ start_s, end_s, planned_s }: PhaseShown, now_s: number): number | null {
  if (end_s !== null || start_s === null) return 0;
  return planned_s === null ? null : start_s + planned_s - now_s;
}
