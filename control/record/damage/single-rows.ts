import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { WrongSeal } from '../seal/verify.ts';
import type { DamagedPart } from './marks.ts';

/** Rows that are sealed one by one: each is damaged by itself. */

/** What the seals of a table say: its blocks by first row, and its plain rows. */
export interface Wrong {
  readonly blocks: ReadonlyMap<number, WrongSeal>;
  readonly plain: string | undefined;
}

/** The events that are not what was sealed, or cannot be read. */
export function damagedEvents(
  db: DatabaseSync,
  wrong: ReadonlyMap<number, WrongSeal>,
): { readonly rows: ReadonlySet<number>; readonly parts: readonly DamagedPart[] } {
  const reasons = new Map([...wrong].map(([row, { text }]) => [row, text]));
  const one = db.prepare('SELECT t_s, kind, text, data FROM events WHERE rowid = ?');
  const last = Number(db.prepare('SELECT coalesce(max(rowid), 0) AS n FROM events').get()?.['n']);
  const times = new Map<number, number>();
  for (let row = 1; row <= last; row++) {
    if (reasons.has(row)) continue;
    try {
      const found = one.get(row) as { t_s: number } | undefined;
      if (found === undefined) reasons.set(row, 'is missing');
      else times.set(row, found.t_s);
    } catch (error) {
      reasons.set(row, messageOf(error));
    }
  }
  const beside = (row: number, step: 1 | -1): number | null => {
    for (let at = row + step; at >= 1 && at <= last; at += step) {
      const t_s = times.get(at);
      if (t_s !== undefined) return t_s;
    }
    return null;
  };
  const parts = [...reasons]
    .sort(([a], [b]) => a - b)
    .map(([row, reason]) => ({
      source: 'events',
      from: row,
      to: row,
      from_s: beside(row, -1),
      to_s: beside(row, 1),
      reason,
    }));
  return { rows: new Set(reasons.keys()), parts };
}
