import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { plainReason } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { walDamageOf, walDamageText } from './damage/wal.ts';

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
    if (hasWal(path) && isCode(error, CANNOT_OPEN)) return withoutWal(path);
    const wal = walDamageOf(path);
    if (wal !== undefined) throw new FileError(path, 0, walDamageText(wal));
    throw new FileError(
      path,
      0,
      `no record of a run: ${plainReason(error)}, expected run.sqlite of a run's folder`,
    );
  }
}

/** SQLite's: a file that is needed can be neither opened nor made. */
const CANNOT_OPEN = 14;

function isCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === code;
}

function hasWal(path: string): boolean {
  return existsSync(`${path}-wal`);
}

/** Where nothing can be written a -wal cannot be read; one that is empty need not be. */
function withoutWal(path: string): DatabaseSync {
  const { size } = statSync(`${path}-wal`);
  if (size === 0) return asItLies(path);
  throw new FileError(
    path,
    0,
    `was cut off (its newest rows lie in ${basename(path)}-wal) and its folder cannot be written, ` +
      'expected both files copied to a folder that can',
  );
}

function opened(path: string): DatabaseSync {
  return hasWal(path) ? new DatabaseSync(path, { readOnly: true }) : asItLies(path);
}

function asItLies(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

/** Form of an open journal. */
export function formatOf(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'format'").get();
  return row === undefined ? 1 : Number(row['value']);
}
