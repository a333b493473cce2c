import type { DatabaseSync } from 'node:sqlite';
import { hasTable } from '../record/file/has-table.ts';
import type { Conclusion } from '../record/journal-messages.ts';
import { openReadOnly } from '../record/read-only.ts';
import { type RunResult, resultSchema } from './result.ts';

/** A run's result inside its record: what `result.json` has, key by key, sealed like every reading. */

/** The result as it goes into the record. */
export function conclusionOf(result: RunResult): Conclusion {
  return Object.fromEntries(Object.entries(result).map(([part, value]) => [part, JSON.stringify(value)]));
}

/** The newest result in a record; undefined where there is none, or of another version. */
export function recordedResult(db: DatabaseSync): RunResult | undefined {
  if (!hasTable(db, 'results')) return undefined;
  const rows = db
    .prepare('SELECT part, json FROM results WHERE n = (SELECT max(n) FROM results)')
    .all() as unknown as { part: string; json: string }[];
  try {
    return resultSchema.safeParse(Object.fromEntries(rows.map(({ part, json }) => [part, JSON.parse(json)])))
      .data;
  } catch {
    // A part that is no JSON was changed by somebody: `verify` says where.
    return undefined;
  }
}

/** The same of a file. @throws FileError where there is no record */
export function resultInRecord(path: string): RunResult | undefined {
  const db = openReadOnly(path);
  try {
    return recordedResult(db);
  } finally {
    db.close();
  }
}
