import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { hasTable } from '../file/has-table.ts';
import type { DamagedPart, RowRun, SoundBlock, SoundTable } from './marks.ts';

/** From the sound blocks of a table to the rows that are left out between them. */

/** A block that is not read; 0 rows: it is gone, or does not say how many. Times NaN: it does not say. */
export interface UnsoundBlock extends RowRun {
  readonly from_s: number;
  readonly to_s: number;
  readonly reason: string;
}

/** What is known of a table: `changed` says that its plain rows are not what was sealed. */
export interface TableFindings {
  readonly blocks: readonly SoundBlock[];
  readonly unsound: readonly UnsoundBlock[];
  readonly changed: string | undefined;
}

/** The rows that can be read, and those that lie between them. */
export function partsBetween(
  db: DatabaseSync,
  source: string,
  { blocks, unsound, changed }: TableFindings,
): { readonly sound: SoundTable; readonly parts: readonly DamagedPart[] } {
  const lastBlock = Math.max(0, ...blocks.map(({ row, rows }) => row + rows - 1));
  const rows = plainRows(db, source, lastBlock + 1);
  const reason = changed ?? rows.reason;
  const plain = reason === '' ? rows.runs : [];
  const parts: DamagedPart[] = [];
  const reasonsIn = (from: number, to: number): string => {
    const found = unsound.filter(one => one.row >= from && one.row <= to).map(one => one.reason);
    if (reason !== '' && to >= rows.first) found.push(reason);
    return [...new Set(found)].join('; ') || 'rows are missing';
  };
  let next = 1;
  let before_s: number | null = null;
  const gap = (to: number | null, after_s: number | null): void => {
    const from = next;
    const inside = unsound.filter(one => one.row >= from && one.row <= (to ?? Infinity));
    const own = (times: readonly number[]): number[] => times.filter(t_s => Number.isFinite(t_s));
    const [first] = own(inside.map(one => one.from_s));
    const last = own(inside.map(one => one.to_s)).at(-1);
    parts.push({
      source,
      from,
      to,
      from_s: before_s ?? first ?? null,
      to_s: after_s ?? last ?? null,
      reason: reasonsIn(from, to ?? Infinity),
    });
  };
  const runs: (RowRun & Partial<SoundBlock>)[] = [...blocks, ...plain];
  for (const run of runs) {
    if (run.row > next) gap(run.row - 1, run.from_s ?? timeOf(db, source, run.row));
    next = run.row + run.rows;
    before_s = run.to_s ?? timeOf(db, source, next - 1);
  }
  const ends = unsound.map(one => one.row + one.rows - 1);
  const last = Math.max(0, plain.length === 0 ? rows.last : 0, ...ends);
  const gone = unsound.filter(one => one.rows === 0 && one.row >= next);
  if (gone.length > 0 && Math.max(...gone.map(one => one.row)) > last) gap(null, null);
  else if (last >= next) gap(last, null);
  return { sound: { blocks, plain }, parts };
}

/** Rows of a table itself from a number on; runs end where rows are missing. */
function plainRows(
  db: DatabaseSync,
  source: string,
  from: number,
): { readonly runs: RowRun[]; readonly first: number; readonly last: number; readonly reason: string } {
  const runs: { row: number; rows: number }[] = [];
  if (!hasTable(db, source)) return { runs, first: Infinity, last: 0, reason: '' };
  let last = 0;
  try {
    const rows = db.prepare(`SELECT rowid AS row, * FROM "${source}" WHERE rowid >= ? ORDER BY rowid`);
    for (const { row } of rows.iterate(from) as unknown as Iterable<{ row: number }>) {
      const run = runs.at(-1);
      if (run !== undefined && row === last + 1) run.rows++;
      else runs.push({ row, rows: 1 });
      last = row;
    }
    return { runs, first: runs[0]?.row ?? Infinity, last, reason: '' };
  } catch (error) {
    return { runs, first: runs[0]?.row ?? from, last, reason: messageOf(error) };
  }
}

function timeOf(db: DatabaseSync, source: string, row: number): number | null {
  const found = db.prepare(`SELECT t_s FROM "${source}" WHERE rowid = ?`).get(row);
  return (found?.['t_s'] as number | undefined) ?? null;
}
