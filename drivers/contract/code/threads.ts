import { isMainThread, Worker, type WorkerOptions, workerData } from 'node:worker_threads';
import { realClock } from '../clock.ts';

/**
 * Threads that may be ended at any moment. Node ends the whole process, by a signal, where a thread is ended between making a
 * (de)compressor and setting it up ("close before init", node_zlib.cc): a run would end with the page that read its record.
 * So a thread packs and unpacks within `whole`, and whoever ends one waits until it is outside.
 */

const KEY = 'cellbench.ending';
/** Places of the shared word: it is to end; it is within `whole`. */
const ENDING = 0;
const WITHIN = 1;
const LOOK_S = 0.005;
/** So long a starved thread may be within; one that still is then is left to the end of the process, s. */
const MOST_S = 5;
const wall = realClock();
const words = new WeakMap<Worker, Int32Array>();
const own = isMainThread ? undefined : ownWord(workerData);

function ownWord(data: unknown): Int32Array | undefined {
  const word = (data as Record<string, unknown> | null | undefined)?.[KEY];
  return word instanceof Int32Array ? word : undefined;
}

/** Starts one; `workerData` of it is an object, or absent. */
export function startThread(file: URL, options: WorkerOptions = {}): Worker {
  const word = new Int32Array(new SharedArrayBuffer(8));
  const data = { ...(options.workerData as object | undefined), [KEY]: word };
  const worker = new Worker(file, { ...options, workerData: data });
  words.set(worker, word);
  return worker;
}

/** Ends one that `startThread` has started, whatever it does. */
export async function endThread(worker: Worker): Promise<void> {
  const word = words.get(worker);
  let isGone = false;
  worker.once('exit', () => {
    isGone = true;
  });
  if (word !== undefined) {
    Atomics.store(word, ENDING, 1);
    const until_s = wall.now_s() + MOST_S;
    while (Atomics.load(word, WITHIN) === 1 && !isGone) {
      if (wall.now_s() > until_s) {
        worker.unref();
        return;
      }
      await wall.sleep(LOOK_S);
    }
  }
  await worker.terminate();
}

/** Does something that must not be cut off in a thread: short, and without waiting. @throws Error where the thread is to end */
export function whole<T>(work: () => T): T {
  if (own === undefined) return work();
  Atomics.store(own, WITHIN, 1);
  try {
    if (Atomics.load(own, ENDING) === 1) throw new Error('the thread is being ended');
    return work();
  } finally {
    Atomics.store(own, WITHIN, 0);
  }
}
