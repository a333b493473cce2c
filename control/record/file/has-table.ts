import type { DatabaseSync } from 'node:sqlite';

/** Whether a record has this table: those of an older form lack some. */
export function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;
}
