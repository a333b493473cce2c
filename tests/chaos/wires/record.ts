import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';

/** States in which a run is over. */
const FINAL = /-> (Complete|Stopped|Aborted)\b/;

/**
 * What is wrong with the record of a run: it must open, be whole, and hold its end, unless the program was killed or
 * there was no room for it.
 */
export function recordFaults(
  folder: string,
  how: { readonly isCutOff: boolean; readonly isDiskFull: boolean },
): string[] {
  const path = join(folder, 'run.sqlite');
  if (!existsSync(path)) return how.isCutOff ? [] : ['record: there is no run.sqlite'];
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const [whole] = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
      if (whole.integrity_check !== 'ok') return [`record: integrity_check says ${whole.integrity_check}`];
      if (how.isCutOff || how.isDiskFull) return [];
      const events = db.prepare('SELECT kind, text FROM events ORDER BY rowid').all() as {
        kind: string;
        text: string;
      }[];
      if (!events.some(e => e.kind === 'state' && FINAL.test(e.text)))
        return [`record: no final state, the last event is ${events.at(-1)?.kind} "${events.at(-1)?.text}"`];
      return [];
    } finally {
      db.close();
    }
  } catch (error) {
    return [`record: cannot be read: ${messageOf(error)}`];
  }
}
