import { existsSync } from 'node:fs';
import { exit } from 'node:process';
import { parentPort } from 'node:worker_threads';
import { serveJournal } from '../../control/record/write/journal-server.ts';

/**
 * The journal's writing thread with a disk that a test can fill, kill or hang, by files beside the journal: `.full` (no
 * page more: SQLite itself says that the disk is full), `.dead` (the thread ends), `.stuck` (the disk never answers).
 */
if (parentPort === null) throw new Error('runs as a worker thread only');
serveJournal(parentPort, ({ db }) => {
  const isThere = (what: string): boolean => existsSync(`${db.location()}.${what}`);
  if (isThere('dead')) exit(7);
  if (isThere('stuck')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  // SQLite takes a limit below the present size for the present size.
  db.exec(`PRAGMA max_page_count = ${isThere('full') ? 1 : 1_000_000}`);
});
