import type { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { letOthersGoFirst } from '../../../drivers/contract/thread-priority.ts';
import { AlarmHistory } from '../alarms/alarm-history.ts';
import { openReadOnly } from '../read-only.ts';
import { runMarks } from './run-marks.ts';
import type { WindowAnswer, WindowQuestion } from './window-messages.ts';
import { WindowReader } from './window-reader.ts';

/** Reads a record for pictures, in a thread of its own: however long that takes, no tick waits for it. */
if (parentPort === null) throw new Error('window-thread.ts runs as a worker thread only');
const port = parentPort;
letOthersGoFirst();

interface Open {
  readonly path: string;
  readonly db: DatabaseSync;
  readonly reader: WindowReader;
  readonly alarms: AlarmHistory;
}

let open: Open | undefined;
let isGoing = false;

function opened(path: string): Open {
  if (open?.path === path) return open;
  letGo();
  const db = openReadOnly(path);
  open = { path, db, reader: new WindowReader(db), alarms: new AlarmHistory(db) };
  return open;
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

const NOTHING = { windows: [], marks: [], alarms: undefined } as const;

function answer(question: WindowQuestion): WindowAnswer {
  const { id } = question;
  if (question.type === 'letGo') {
    letGo();
    return { id, ...NOTHING };
  }
  try {
    const { db, reader, alarms } = opened(question.path);
    if (question.type === 'alarms') return { id, ...NOTHING, alarms: alarms.page(question.asked) };
    const { from_s, to_s } = question;
    if (question.type === 'marks') return { id, ...NOTHING, marks: runMarks(db, from_s, to_s) };
    const windows = reader.windows(question.roles, from_s, to_s, question.columns);
    goOn();
    return { id, ...NOTHING, windows };
  } catch (error) {
    return { id, ...NOTHING, error: messageOf(error) };
  }
}

port.on('message', (question: WindowQuestion) => port.postMessage(answer(question)));
