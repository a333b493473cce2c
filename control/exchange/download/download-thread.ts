import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { letOthersGoFirst } from '../../../drivers/contract/thread-priority.ts';
import { openReadOnly } from '../../record/read-only.ts';
import type { Page } from './downloads.ts';
import { RowPages, type RowsAsked } from './row-pages.ts';

/** Reads rows for a file that somebody takes away, a page at each question: however long that takes, no tick waits for it. */
if (parentPort === null) throw new Error('download-thread.ts runs as a worker thread only');
const port = parentPort;
letOthersGoFirst();

const { path, asked } = workerData as { readonly path: string; readonly asked: RowsAsked };
let pages: RowPages | undefined;

function nextPage(): Page {
  try {
    if (pages !== undefined) return { text: pages.next() ?? null };
    pages = new RowPages(openReadOnly(path), asked);
    return { text: pages.head() };
  } catch (error) {
    return { text: null, error: messageOf(error), isUnknown: error instanceof RangeError };
  }
}

port.on('message', () => port.postMessage(nextPage()));
