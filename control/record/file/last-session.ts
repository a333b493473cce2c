import type { DatabaseSync } from 'node:sqlite';

/** Who wrote a record last, and whether it said its end. */
export interface LastSession {
  readonly pid: number;
  readonly host: string;
  readonly hasEnded: boolean;
}

/** The last session of an open record; undefined where none is written down. */
export function lastSession(db: DatabaseSync): LastSession | undefined {
  const last = db.prepare('SELECT what, pid, host FROM sessions ORDER BY rowid DESC LIMIT 1').get() as
    | { what: string; pid: number; host: string }
    | undefined;
  return last === undefined
    ? undefined
    : { pid: Number(last.pid), host: String(last.host), hasEnded: last.what === 'end' };
}
