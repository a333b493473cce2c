import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { plainReason } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';

/**
 * Form of the file that is written, counting up: 1 has rows only and does not say so, 2 has blocks beside them, 3 seals,
 * 4 results, sessions, stretches of UTC and datasets.
 */
export const FORMAT = 4;
/** The first form that has seals. */
export const FORMAT_WITH_SEALS = 3;

/**
 * Opens a journal for reading. One that has been closed is taken as it lies: nothing is made beside it, and it may lie
 * where nothing can be written. One with a -wal beside it is being written (or was cut off) and is read with that.
 * @throws FileError where there is no journal, or of a form that is newer than this program
 */
export function openReadOnly(path: string): DatabaseSync {
  if (!existsSync(path)) throw new FileError(path, 0, "no such file, expected run.sqlite of a run's folder");
  let db: DatabaseSync | undefined;
  try {
    db = opened(path);
    const format = formatOf(db);
    if (format >= 1 && format <= FORMAT) return db;
    db.close();
    throw new FileError(
      path,
      0,
      `form ${format} of the record, expected ${FORMAT} at most: it was written by a newer version of cellbench`,
    );
  } catch (error) {
    if (error instanceof FileError) throw error;
    db?.close();
    throw new FileError(
      path,
      0,
      `no record of a run: ${plainReason(error)}, expected run.sqlite of a run's folder`,
    );
  }
}

function opened(path: string): DatabaseSync {
  if (existsSync(`${path}-wal`)) return new DatabaseSync(path, { readOnly: true });
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

/** Form of an open journal. */
export function formatOf(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'format'").get();
  return row === undefined ? 1 : Number(row['value']);
}
