import { parentPort } from 'node:worker_threads';
import { letOthersGoFirst } from '../../../drivers/contract/thread-priority.ts';
import { serveJournal } from './journal-server.ts';

/** The disk side of the journal, in a thread of its own. */
if (parentPort === null) throw new Error('journal-thread.ts runs as a worker thread only');
letOthersGoFirst();
serveJournal(parentPort);
