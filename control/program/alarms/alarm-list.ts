import { table } from '../../../dashboards/terminal/table.ts';
import type { RecordedEvent } from '../../record/recorded-events.ts';
import { type AlarmLife, alarmLives } from '../../review/alarms.ts';
import { clockText } from '../../words.ts';

/** The alarms of a record as a table for the terminal. */

/** How the list calls an alarm that the record knows, by ISA-18.2. */
function stateOf({ cleared_s, acknowledged_s, reaction }: AlarmLife): string {
  if (cleared_s === null) return acknowledged_s === null ? 'unacknowledged' : 'acknowledged';
  if (acknowledged_s !== null) return 'normal';
  return reaction === 'warn' ? 'returned' : 'latched';
}

/** One line for each time that an alarm rose, and what is shelved at the end. */
export function alarmLines(events: readonly RecordedEvent[]): string[] {
  const lives = alarmLives(events);
  const rows = lives.map(life => [
    clockText(life.raised_s),
    life.id,
    life.priority,
    life.isFirstOut ? `${life.reaction}, came first` : life.reaction,
    life.shelved !== null && life.cleared_s === null && isShelved(events, life.id)
      ? 'shelved'
      : stateOf(life),
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

function isShelved(events: readonly RecordedEvent[], id: string): boolean {
  const last = events.findLast(event => event.kind === 'shelve' && event.data.id === id);
  return last?.kind === 'shelve' && last.data.what === 'shelved';
}
