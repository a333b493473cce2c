import type { DatabaseSync } from 'node:sqlite';
import type { Json } from '../../profiles/steps/step.ts';
import { marksOf } from './damage/marks.ts';
import { EVENT_DATA, type EventKind, type JournalEvent } from './events.ts';

/** Events read back from a file: checked at the boundary, so that readers may trust kind and data. */

/**
 * An event that this version does not understand: a kind, or data of a kind, from another version of the program.
 * Its words are kept for people; nothing else is made of it.
 */
export interface OtherEvent {
  readonly t_s: number;
  readonly kind: 'not understood';
  readonly text: string;
  /** What the file says. */
  readonly data: { readonly kind: string; readonly json: string | null };
}

/** An event of a file. */
export type RecordedEvent = JournalEvent | OtherEvent;

/** An event as it stands in the file. */
export interface EventRow {
  readonly t_s: number;
  readonly kind: string;
  readonly text: string;
  readonly data: string | null;
}

/** All events of a journal in the order written. */
export function readEvents(db: DatabaseSync): RecordedEvent[] {
  return [...eventRows(db)].map(asEvent);
}

/** The same as they stand in the file; without those that are damaged, where somebody has asked for the rest. */
export function* eventRows(db: DatabaseSync): Generator<EventRow> {
  const columns = 'SELECT t_s, kind, text, data FROM events';
  const left = marksOf(db)?.events;
  if (left === undefined || left.size === 0) {
    yield* db.prepare(`${columns} ORDER BY rowid`).iterate() as unknown as Iterable<EventRow>;
    return;
  }
  const one = db.prepare(`${columns} WHERE rowid = ?`);
  const last = Number(db.prepare('SELECT coalesce(max(rowid), 0) AS n FROM events').get()?.['n']);
  for (let row = 1; row <= last; row++) if (!left.has(row)) yield one.get(row) as unknown as EventRow;
}

/** One row of the events table. Never throws: what is not understood stays as it is, for people. */
export function asEvent({ t_s, kind, text, data }: EventRow): RecordedEvent {
  if (Object.hasOwn(EVENT_DATA, kind)) {
    const checked = EVENT_DATA[kind as EventKind].safeParse(parsed(data));
    // The table holds the schema of just this kind, which the compiler cannot follow through the look-up.
    if (checked.success) return { t_s, kind, text, data: checked.data } as JournalEvent;
  }
  return { t_s, kind: 'not understood', text, data: { kind, json: data } };
}

function parsed(data: string | null): Json | undefined {
  if (data === null) return undefined;
  try {
    return JSON.parse(data) as Json;
  } catch {
    // Not JSON: no schema takes it, so that the event is kept as text.
    return data;
  }
}

/** The events of one kind. */
export function eventsOf<K extends EventKind>(
  events: readonly RecordedEvent[],
  kind: K,
): Extract<JournalEvent, { kind: K }>[] {
  return events.filter((e): e is Extract<JournalEvent, { kind: K }> => e.kind === kind);
}
