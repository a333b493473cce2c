import type { LiveSnapshot } from '../../control/view.ts';

/** States in which time goes on towards the end that was planned. */
const GOES_ON: readonly string[] = ['Starting', 'Execute', 'Unholding', 'Unsuspending', 'Completing'];

/** How long a run still takes by its plan, s (negative: so much longer than planned); undefined: it stands still, or is over. */
export function timeLeft_s(run: LiveSnapshot['run']): number | undefined {
  if (!GOES_ON.includes(run.state) || run.planned_s <= 0) return undefined;
  return run.planned_s - run.time_s;
}

/** Clock time at which it ends, `04:32`; empty for one in simulated time, and for one that is late. */
export function endsAt(run: LiveSnapshot['run'], now: Date, language: string): string {
  const left_s = timeLeft_s(run);
  if (run.mode === 'rehearsal' || left_s === undefined || left_s <= 0) return '';
  const end = new Date(now.getTime() + left_s * 1000);
  const isToday = end.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ month: '2-digit', day: '2-digit' } as const);
  return end.toLocaleString(language, { ...day, hour: '2-digit', minute: '2-digit', hour12: false });
}
