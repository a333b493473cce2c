import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One at a time, over processes: a lock of the kernel on an empty file, as SQLite takes it. With the last breath of its
 * process it is given back, so that none is ever left behind.
 */

const SQLITE_BUSY = 5;
/** So long is waited for whoever writes just then, ms: it takes them a few. */
const WAIT_MS = 2000;

/** Somebody else has it, and keeps it. */
export class FileLocked extends Error {}

/** Takes the lock of a file, which is made where it is not there. @throws FileLocked; Error where the disk says no */
export function takeLock(path: string, wait_ms = WAIT_MS): Disposable {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(path, { timeout: wait_ms });
  try {
    // Without a journal beside it a full disk does not keep it from being taken.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY)
      throw new FileLocked(`${path}: another process has had it for ${wait_ms / 1000} s`);
    throw error;
  }
  return { [Symbol.dispose]: () => db.close() };
}

/** Does it while nobody else does anything under this lock. @throws as `takeLock` */
export function underLock<T>(path: string, work: () => T): T {
  using _ = takeLock(path);
  return work();
}
