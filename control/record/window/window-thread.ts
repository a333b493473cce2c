import type { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { letOthersGoFirst } from '../../../drivers/contract/thread-priority.ts';
import { openReadOnly } from '../read-only.ts';
import type { WindowAnswer, WindowQuestion } from './window-messages.ts';
import { WindowReader } from './window-reader.ts';

/** Reads a record for pictures, in a thread of its own: however long that takes, no tick waits for it. */
if (parentPort === null) throw new Error('window-thread.ts runs as a worker thread only');
const port = parentPort;
letOthersGoFirst();

let open: { readonly path: string; readonly db: DatabaseSync; readonly reader: WindowReader } | undefined;
let isGoing = false;

function readerOf(path: string): WindowReader {
  if (open?.path === path) return open.reader;
  letGo();
  const db = openReadOnly(path);
  open = { path, db, reader: new WindowReader(db) };
  return open.reader;
}

function letGo(): void {
  open?.db.close();
  open = undefined;
}

/** A block at a time, so that a question never waits for more. */
function goThrough(): void {
  isGoing = false;
  try {
    if (open?.reader.goThrough() === true) goOn();
  } catch {
    // Whoever asks for that part is told.
  }
}

function goOn(): void {
  if (isGoing) return;
  isGoing = true;
  setImmediate(goThrough);
}

function answer(question: WindowQuestion): WindowAnswer {
  const { id } = question;
  if (question.type === 'letGo') {
    letGo();
    return { id, windows: [] };
  }
  const { path, roles, from_s, to_s, columns } = question;
  try {
    const windows = readerOf(path).windows(roles, from_s, to_s, columns);
    goOn();
    return { id, windows };
  } catch (error) {
    return { id, windows: [], error: messageOf(error) };
  }
}

port.on('message', (question: WindowQuestion) => port.postMessage(answer(question)));
