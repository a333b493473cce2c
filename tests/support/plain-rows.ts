import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openReadOnly } from '../../control/record/read-only.ts';
import { unfold } from '../../control/record/unfold.ts';

/**
 * A journal as `cellbench rows` hands it out: every reading a plain row. A copy is made beside it only where something
 * was sealed, and once as long as the journal is the same. Close it.
 */
export function openRows(path: string): DatabaseSync {
  const db = openReadOnly(path);
  const { n } = db.prepare('SELECT count(*) AS n FROM blocks').get() as { n: number };
  if (n === 0) return db;
  db.close();
  const { size, mtimeMs } = statSync(path);
  const copy = `${path}-${size}-${mtimeMs}.rows`;
  if (!existsSync(copy)) unfold(path, copy);
  return new DatabaseSync(copy, { readOnly: true });
}
