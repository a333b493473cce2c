import type { DatabaseSync } from 'node:sqlite';

/** What of an opened record is damaged and left out, where somebody has asked to read the rest. */

/** Rows of a record that are left out. */
export interface DamagedPart {
  /** Their table: `frames_<device>`, `setpoints`, `events`, `dataset_<n>`. */
  readonly source: string;
  /** First and last row, from 1; null: nobody knows how many there were. */
  readonly from: number;
  readonly to: number | null;
  /** Run times of the readings next to them that are left, s; without one what their block says of itself, or null. */
  readonly from_s: number | null;
  readonly to_s: number | null;
  readonly reason: string;
}

/** Rows that follow each other. */
export interface RowRun {
  readonly row: number;
  readonly rows: number;
}

/** A block that is as it was written: `id` is its place in the file. */
export interface SoundBlock extends RowRun {
  readonly id: number;
  readonly from_s: number;
  readonly to_s: number;
}

/** What of a table can be read. */
export interface SoundTable {
  readonly blocks: readonly SoundBlock[];
  /** Rows that lie in the table itself. */
  readonly plain: readonly RowRun[];
}

/** What was found in a record. */
export interface Marked {
  readonly parts: readonly DamagedPart[];
  readonly tables: ReadonlyMap<string, SoundTable>;
  /** Rows of `events` and `datasets` that are left out. */
  readonly events: ReadonlySet<number>;
  readonly datasets: ReadonlySet<number>;
  /** What else is not as it was sealed, in words: nothing of it is left out. */
  readonly others: readonly string[];
}

/** Whether a damaged record is refused, or read without what is damaged. */
export type WhenDamaged = 'refuse' | 'mark';

const marked = new WeakMap<DatabaseSync, Marked>();

/** From now on what is damaged is left out by whoever reads this opened record. */
export function setMarks(db: DatabaseSync, found: Marked): void {
  marked.set(db, found);
}

/** What is left out of an opened record; undefined: nobody has asked for that. */
export function marksOf(db: DatabaseSync): Marked | undefined {
  return marked.get(db);
}

/** The same as a list; empty where nothing is left out. */
export function damagedParts(db: DatabaseSync): readonly DamagedPart[] {
  return marked.get(db)?.parts ?? [];
}

/** A damaged part in words: where, when, why. */
export function damageText({ source, from, to, from_s, to_s, reason }: DamagedPart): string {
  const rows = to === null ? `rows from ${from} on` : from === to ? `row ${from}` : `rows ${from} to ${to}`;
  const time = (t_s: number | null, none: string): string => (t_s === null ? none : `${t_s} s`);
  return `${source}: ${rows}, between ${time(from_s, 'the begin')} and ${time(to_s, 'the end')}: ${reason}`;
}
