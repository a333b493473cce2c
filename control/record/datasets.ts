import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { type Block, openBlock } from './blocks/block-codec.ts';
import { marksOf } from './damage/marks.ts';
import { hasTable } from './file/has-table.ts';
import type { DatasetHead } from './journal-messages.ts';
import { type Stretch, sealedStretch } from './stretches.ts';

/**
 * Results that are no frame: a spectrum, a curve, a waveform. Each has columns with units of its own; each row its own
 * time, a quality for each value and, where there is one, a word (the leg of a curve). Written piece by piece.
 */

/** A dataset of a record. */
export interface RecordedDataset extends DatasetHead {
  /** From 1, in the order in which they were begun. */
  readonly number: number;
  readonly rows: number;
}

/** The datasets of an open record; those of older forms have none. */
export function datasetsOf(db: DatabaseSync): RecordedDataset[] {
  if (!hasTable(db, 'datasets')) return [];
  const heads = db
    .prepare(
      `SELECT d.rowid AS number, t_s, kind, name, columns, about,
         (SELECT coalesce(sum(rows), 0) FROM blocks WHERE source = 'dataset_' || d.rowid) AS rows
       FROM datasets d ORDER BY d.rowid`,
    )
    .all() as unknown as (Omit<RecordedDataset, 'columns'> & { columns: string })[];
  const marks = marksOf(db);
  return heads
    .filter(({ number }) => marks?.datasets.has(number) !== true)
    .map(head => {
      const sound = marks?.tables.get(`dataset_${head.number}`);
      const rows = sound?.blocks.reduce((sum, block) => sum + block.rows, 0) ?? head.rows;
      return { ...head, rows, columns: columnsOf(db, head) };
    });
}

function columnsOf(db: DatabaseSync, { number, columns }: { number: number; columns: string }): string[] {
  try {
    const names: unknown = JSON.parse(columns);
    if (Array.isArray(names)) return names.map(String);
  } catch {
    // Told below.
  }
  throw damaged(db, number, `its columns cannot be read: ${columns.slice(0, 40)}`);
}

/** The rows of a dataset, piece by piece as they were written. @throws FileError where the record is damaged */
export function* datasetStretches(
  db: DatabaseSync,
  { number, columns }: Pick<RecordedDataset, 'number' | 'columns'>,
): Generator<Stretch> {
  for (const block of blocksOf(db, `dataset_${number}`)) {
    const { row, rows: count } = block;
    try {
      yield sealedStretch({ row, count, skipped: 0, open: openBlock(block, columns.length) });
    } catch (error) {
      throw damaged(db, number, `rows ${row} to ${row + count - 1}: ${messageOf(error)}`);
    }
  }
}

function* blocksOf(db: DatabaseSync, source: string): Generator<Block & { row: number }> {
  const sound = marksOf(db)?.tables.get(source);
  if (sound === undefined) {
    const all = db.prepare('SELECT * FROM blocks WHERE source = ? ORDER BY row');
    yield* all.iterate(source) as unknown as Iterable<Block & { row: number }>;
    return;
  }
  const one = db.prepare('SELECT * FROM blocks WHERE rowid = ?');
  for (const { id } of sound.blocks) yield one.get(id) as unknown as Block & { row: number };
}

function damaged(db: DatabaseSync, number: number, text: string): FileError {
  return new FileError(db.location() ?? 'record', 0, `dataset ${number}: ${text}`);
}
