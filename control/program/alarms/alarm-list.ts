import { table } from '../../../dashboards/terminal/table.ts';
import { AlarmLives, stateOfLife } from '../../record/alarms/lives.ts';
import type { RecordedEvent } from '../../record/recorded-events.ts';
import { clockText } from '../../words.ts';

/** The alarms of a record as a table for the terminal. */

/** One line for each time that an alarm rose, and what is shelved at the end. */
export function alarmLines(events: readonly RecordedEvent[]): string[] {
  const lives = new AlarmLives();
  for (const event of events) lives.take(event);
  const rows = lives.all.map(life => [
    clockText(life.raised_s),
    life.id,
    life.priority,
    life.isFirstOut ? `${life.reaction}, came first` : life.reaction,
    stateOfLife(life, lives.isShelved(life.id)),
    String(life.count),
    life.cleared_s === null ? '' : clockText(life.cleared_s),
    life.acknowledged_s === null
      ? ''
      : `${clockText(life.acknowledged_s)} by ${life.acknowledgedBy || 'somebody'}`,
    life.text,
  ]);
  const heads = ['on', 'alarm', 'priority', 'reaction', 'state', 'times', 'off', 'acknowledged', 'what'];
  const list = rows.length === 0 ? ['No alarm was raised.'] : table(heads, rows, [0, 5, 6]);
  const shelvings = events
    .filter(event => event.kind === 'shelve')
    .map(event => `  ${clockText(event.t_s)} ${event.text}`);
  return [...list, ...(shelvings.length === 0 ? [] : ['Shelved:', ...shelvings])];
}
