import { useEffect, useState } from 'preact/hooks';
import type { LiveSnapshot } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language, words } from '../words/language.ts';
import { saidText } from '../words/said/said.ts';

interface WallRowProps {
  readonly snapshot: LiveSnapshot;
  /** Nobody knows what the bench does. */
  readonly isUnknown: boolean;
  /** When the bench was heard last, by the clock of this screen; undefined: never. */
  readonly heard: () => Date | undefined;
}

/** On a wall, always in its place: whether there are alarms and which was the last, the time of day, and how old all of this is. */
export function WallRow({ snapshot, isUnknown, heard }: WallRowProps) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  const say = words().wall;
  const told = snapshot.alarms.filter(({ shelved }) => shelved === null).length;
  const last = snapshot.events.find(({ kind }) => kind === 'alarm');
  const lastText = last === undefined ? '' : `${timeText(last.t_s)} ${saidText(last.text, last.said)}`;
  const at = heard();
  return (
    <section class="wall-row" aria-label={say.title}>
      <span class="wall-alarms">
        {told > 0
          ? words().notices.alarms(told)
          : isUnknown
            ? CUT_OFF[language()].alarms
            : lastText === ''
              ? say.noAlarms
              : say.noAlarmsLast(lastText)}
      </span>
      <span>{at !== undefined && say.updated(clockOf(at, true))}</span>
      <time dateTime={now.toISOString()}>{clockOf(now, false)}</time>
    </section>
  );
}

function clockOf(at: Date, withSeconds: boolean): string {
  return at.toLocaleTimeString(language(), {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(withSeconds ? { second: '2-digit' as const } : {}),
  });
}
