import type { LiveAlarm } from '../../../control/view.ts';

/** On a wall there is room for three alarms: the one that came first is one of them, whatever followed from it. */
export function firstOutFirst(alarms: readonly LiveAlarm[]): LiveAlarm[] {
  return alarms.toSorted((a, b) => Number(b.isFirstOut) - Number(a.isFirstOut));
}
