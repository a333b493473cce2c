import type { DatabaseSync } from 'node:sqlite';

/** Head of the chain of seals, hex; null in records that are not sealed. Whoever keeps it can tell any later change. */
export function chainHead(db: DatabaseSync): string | null {
  const isSealed = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'seals'").get() !== undefined;
  if (!isSealed) return null;
  const last = db.prepare('SELECT hash FROM seals ORDER BY n DESC LIMIT 1').get() as
    | { hash: Uint8Array }
    | undefined;
  return last === undefined ? null : Buffer.from(last.hash).toString('hex');
}
