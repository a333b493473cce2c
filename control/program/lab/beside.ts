import { parentPort, type Worker } from 'node:worker_threads';
import { LabRefusal } from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { endThread, startThread } from '../../../drivers/contract/code/threads.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { type Looked, refusalOf, type Trouble, troubleOf } from './findings.ts';

/**
 * Work of a laboratory that takes its time goes on in a thread beside the door: whoever asks for something that takes too
 * long loses that thread, and nobody else waits.
 */

/** What a thread does, by name: each takes one plain object and gives another. */
export type Tasks = Readonly<Record<string, (asked: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly task: string;
  readonly asked: unknown;
}
/** A thread says that it has been loaded: then the time of a question counts. */
const READY = 'ready';
type Answer = { readonly id: number } & ({ readonly made: unknown } | { readonly trouble: Trouble });

/** So many questions wait at a time; more are turned away. */
const MOST_WAITING = 64;
/** Memory of one thread. */
const MEMORY = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 32 };
/** So long a thread may take to be loaded, on a machine that is busy with a run, s. */
const START_S = 120;
const wall = realClock();

interface Waiting {
  readonly made: (value: never) => void;
  readonly fail: (error: Error) => void;
  readonly cancel: () => void;
}

/** One such thread, begun with the first question or before it. */
export class Beside<T extends Tasks> implements AsyncDisposable {
  readonly #file: URL;
  readonly #data: unknown;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #isReady = false;
  #next = 0;

  /** `file`: of the thread, which calls `serveTasks`; `data`: what it begins with. */
  constructor(file: URL, data: unknown) {
    this.#file = file;
    this.#data = data;
  }

  /** Begins it, so that the first question finds it there. */
  warm(): void {
    if (this.#worker === undefined) this.#start();
  }

  /** Rejects with LabRefusal for bad input, and where it takes longer than `within_s`. */
  async ask<N extends keyof T & string>(
    task: N,
    asked: Parameters<T[N]>[0],
    within_s: number,
  ): Promise<Awaited<ReturnType<T[N]>>> {
    if (this.#waiting.size >= MOST_WAITING)
      throw new LabRefusal(
        'busy',
        `${MOST_WAITING} questions are waiting already, expected another try later`,
      );
    const worker = this.#worker ?? this.#start();
    const id = this.#next++;
    return await new Promise((made, fail) => {
      const cancel = wall.schedule(within_s + (this.#isReady ? 0 : START_S), () =>
        this.#giveUp(id, within_s),
      );
      this.#waiting.set(id, { made, fail, cancel });
      worker.postMessage({ id, task, asked } satisfies Question);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#end(new LabRefusal('clash', 'the laboratory is being closed'));
    if (worker !== undefined) await endThread(worker);
  }

  #giveUp(id: number, within_s: number): void {
    const late = new LabRefusal(
      'bad',
      `takes longer than ${within_s} s, expected something that is done sooner`,
    );
    this.#settle(id)?.fail(late);
    const worker = this.#worker;
    // The others had only waited behind it.
    this.#end(new LabRefusal('busy', 'something else took too long, expected another try'));
    if (worker !== undefined) void endThread(worker);
  }

  #start(): Worker {
    const worker = startThread(this.#file, {
      workerData: this.#data,
      resourceLimits: MEMORY,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#isReady = false;
    worker.on('message', (answer: Answer | typeof READY) => {
      if (answer === READY) {
        if (this.#worker === worker) this.#isReady = true;
        return;
      }
      const waiting = this.#settle(answer.id);
      if ('made' in answer) waiting?.made(answer.made as never);
      else waiting?.fail(refusalOf(answer.trouble));
    });
    const ended = (reason: string): void => {
      if (this.#worker === worker) this.#end(new Error(`a thread of the laboratory has ended: ${reason}`));
    };
    worker.on('error', error => ended(messageOf(error)));
    worker.on('exit', code => ended(`code ${code}`));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancel();
    return waiting;
  }

  #end(error: Error): void {
    this.#worker = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.fail(error);
  }
}

/** A thread's own trouble with a file that somebody has before him. */
export class LookedError extends Error {
  readonly trouble: Trouble;

  constructor(error: unknown, of: Looked) {
    super(messageOf(error));
    this.trouble = troubleOf(error, of);
  }
}

/** In the thread: does what it is asked, one after the other; what waits for something outside keeps nobody back. */
export function serveTasks(tasks: Tasks): void {
  const port = parentPort;
  if (port === null) throw new Error('a thread of a laboratory runs as a worker thread only');
  port.on('message', async ({ id, task, asked }: Question) => {
    let answer: Answer;
    try {
      answer = { id, made: await tasks[task](asked as never) };
    } catch (error) {
      answer = { id, trouble: error instanceof LookedError ? error.trouble : troubleOf(error) };
    }
    port.postMessage(answer);
  });
  port.postMessage(READY);
}
