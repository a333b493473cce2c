import { join } from 'node:path';
import type { Silent } from '../../../../dashboards/door/lab/silent.ts';
import { openReadOnly } from '../../../record/read-only.ts';
import { asEvent, type EventRow } from '../../../record/recorded-events.ts';
import { guardOfRun } from '../../guard/guard-of-run.ts';

/** What guards the bench of a run that does not answer, as its record says and its guard has written. */
export type Guards = Pick<Silent, 'guard' | 'watchdogs'>;

/** Reads it; a record that is just being written is no trouble. */
export function guardsOf(dir: string): Guards {
  const db = openReadOnly(join(dir, 'run.sqlite'));
  let guard: Guards['guard'] = null;
  const armed = new Map<string, number>();
  try {
    const rows = db.prepare(
      "SELECT t_s, kind, text, data FROM events WHERE kind IN ('guard', 'watchdog') ORDER BY rowid",
    );
    for (const row of rows.all() as unknown as EventRow[]) {
      const event = asEvent(row);
      if (event.kind === 'guard') {
        const { what, timeout_s } = event.data;
        if (what === 'watches' || what === 'lost' || what === 'none' || what === 'acted')
          guard = { what, timeout_s };
      } else if (event.kind === 'watchdog') {
        const { device, armed_s, what } = event.data;
        if (what === 'lost' || what === 'unread' || armed_s === null) armed.delete(device);
        else armed.set(device, armed_s);
      }
    }
  } finally {
    db.close();
  }
  if (guardOfRun(dir, () => 0)?.acted !== undefined) guard = { what: 'acted', timeout_s: null };
  return { guard, watchdogs: [...armed].map(([device, armed_s]) => ({ device, armed_s })) };
}
