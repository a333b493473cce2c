import type { Worker } from 'node:worker_threads';
import { startThread } from '../../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';

/** The writing thread's program. */
export const JOURNAL_THREAD = siblingUrl(import.meta.url, './journal-thread');

/** Starts the thread that writes a journal. */
export function startWriter(program: URL = JOURNAL_THREAD): Worker {
  return startThread(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
}

/**
 * Starts one before it is known where it is to write: it loads its program while the files of a run are read. One that
 * no journal takes keeps no process from its end.
 */
export function readyWriter(): Worker {
  const writer = startWriter();
  writer.unref();
  return writer;
}
