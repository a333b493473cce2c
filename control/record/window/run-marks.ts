import type { DatabaseSync } from 'node:sqlite';
import { asEvent, type EventRow } from '../recorded-events.ts';
import type { RunMark } from './trend-window.ts';

/** More would make a picture black; of more the newest are given. */
const MOST_MARKS = 300;

/**
 * What is drawn into the trends of a stretch of a record, in the order written: phases that begin in it or are under way at
 * its begin, and alarms that come in it.
 */
export function runMarks(db: DatabaseSync, from_s: number, to_s: number): RunMark[] {
  const before = db
    .prepare(
      "SELECT t_s, kind, text, data FROM events WHERE kind = 'phase' AND t_s < ? ORDER BY rowid DESC LIMIT 1",
    )
    .all(from_s) as unknown as EventRow[];
  const inside = db
    .prepare(
      `SELECT t_s, kind, text, data FROM events WHERE kind IN ('phase', 'alarm') AND t_s >= ? AND t_s <= ?
       ORDER BY rowid DESC LIMIT ${MOST_MARKS}`,
    )
    .all(from_s, to_s) as unknown as EventRow[];
  return [...before, ...inside.reverse()].flatMap(row => markOf(row) ?? []);
}

function markOf(row: EventRow): RunMark | undefined {
  const event = asEvent(row);
  if (event.kind === 'phase') return { t_s: event.t_s, kind: 'phase', name: event.data.name };
  if (event.kind !== 'alarm') return undefined;
  return { t_s: event.t_s, kind: 'alarm', name: event.data.id, reaction: event.data.reaction };
}
