import type { DatabaseSync } from 'node:sqlite';
import { hasTable } from '../file/has-table.ts';

/** Head of the chain of seals, hex; null in records that are not sealed. Whoever keeps it can tell any later change. */
export function chainHead(db: DatabaseSync): string | null {
  if (!hasTable(db, 'seals')) return null;
  const last = db.prepare('SELECT hash FROM seals ORDER BY n DESC LIMIT 1').get() as
    | { hash: Uint8Array }
    | undefined;
  return last === undefined ? null : Buffer.from(last.hash).toString('hex');
}
