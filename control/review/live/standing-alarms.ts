import type { LiveAlarm } from '../../contract/alarm.ts';
import type { BenchSession } from '../../run/session.ts';

/** What stands, waits for a person or is shelved, the most urgent first; times in run time, s. */
export function standingAlarms({ alarms, run }: BenchSession): LiveAlarm[] {
  const origin_s = run?.origin_s ?? 0;
  const runTime = (t_s: number | null): number | null => (t_s === null ? null : t_s - origin_s);
  return alarms.standing().map(a => ({
    ...a,
    since_s: runTime(a.since_s),
    gone_s: runTime(a.gone_s),
    shelved: a.shelved && { ...a.shelved, until_s: a.shelved.until_s - origin_s },
  }));
}
