import { parentPort } from 'node:worker_threads';
import { serveJournal } from './journal-server.ts';

/** The disk side of the journal, in a thread of its own. */
if (parentPort === null) throw new Error('journal-thread.ts runs as a worker thread only');
serveJournal(parentPort);
