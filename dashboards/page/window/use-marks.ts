import { useEffect, useState } from 'preact/hooks';
import type { LiveSnapshot, RunMark } from '../../../control/view.ts';
import { getJson } from '../trends.ts';
import { type ShownWindow, stretchOf } from './shown-window.ts';

const NONE: readonly RunMark[] = [];
/** The line is down, or the record is being set up. */
const RETRY_MS = 3000;

/** Phases and alarms of the stretch shown, fetched when it moves and when there may be more of them. */
export function useMarks(snapshot: LiveSnapshot | undefined, shown: ShownWindow): readonly RunMark[] {
  const [marks, setMarks] = useState(NONE);
  const [tries, setTries] = useState(0);
  const now_s = snapshot?.run.time_s ?? 0;
  // What follows the run needs nothing older: it is fetched again with each new phase or alarm.
  const key = [
    snapshot?.run.id,
    snapshot?.run.phase,
    ...(snapshot?.alarms.map(({ id, since_s }) => `${id} ${since_s}`) ?? []),
    JSON.stringify(shown),
  ].join('|');

  useEffect(() => {
    if (snapshot === undefined) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { from_s, to_s } = stretchOf(shown, now_s);
    getJson<readonly RunMark[]>(`api/marks?from_s=${from_s}&to_s=${to_s}`)
      .then(found => isWanted && setMarks(found))
      .catch(() => {
        if (isWanted) timer = setTimeout(() => setTries(n => n + 1), RETRY_MS);
      });
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [key, tries]);
  return marks;
}
