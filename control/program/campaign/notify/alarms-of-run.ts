import { existsSync } from 'node:fs';
import type { RunAlarm } from '../../../campaign/notify/notices.ts';
import { openReadOnly } from '../../../record/read-only.ts';
import { asEvent, type EventRow } from '../../../record/recorded-events.ts';

/** Alarms out of the record of a run that goes on: its process has another one to lead than the supervisor. */

/** So many are taken up in one look. */
const MOST_AT_ONCE = 2000;

/** Alarms behind this row of the record, in their order; none where there is no record yet or it cannot be read now. */
export function alarmsAfter(record: string, row: number): RunAlarm[] {
  if (!existsSync(record)) return [];
  try {
    const db = openReadOnly(record);
    try {
      const rows = db
        .prepare(
          "SELECT rowid AS row, t_s, kind, text, data FROM events WHERE rowid > ? AND kind IN ('alarm', 'clear', 'shelve') ORDER BY rowid LIMIT ?",
        )
        .all(row, MOST_AT_ONCE) as unknown as (EventRow & { readonly row: number })[];
      return rows.flatMap(one => {
        const event = asEvent(one);
        const { row: own, text } = one;
        if (event.kind === 'alarm' && event.data.isShelved !== true)
          return {
            row: own,
            is: 'raised' as const,
            alarm: event.data.id,
            reaction: event.data.reaction,
            text,
          };
        // It comes back, and stands: nobody has been told meanwhile.
        if (event.kind === 'shelve' && event.data.what === 'unshelved' && event.data.isStanding)
          return { row: own, is: 'raised' as const, alarm: event.data.id, reaction: 'warn', text };
        if (event.kind === 'clear' && event.data.isShelved !== true)
          return { row: own, is: 'cleared' as const, alarm: event.data.id, reaction: '', text };
        return [];
      });
    } finally {
      db.close();
    }
  } catch {
    // The next look tries again.
    return [];
  }
}
