import type { Worker } from 'node:worker_threads';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import { endThread, startThread } from '../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../drivers/contract/sibling.ts';
import type { SinkStatus, SinkTarget } from '../contract/sinks.ts';
import type { SendMessage, SendReply, SendStart } from './send-messages.ts';

const THREAD = siblingUrl(import.meta.url, './send-thread');
/** The thread answers between two requests: longer than this it is stuck, and the journal is closed all the same. */
const HOLD_S = 5;
/** One batch, its text and what it was made of; beyond it the thread ends, and the run goes on without. */
const MOST_HEAP_MB = 256;

/** A journal on its way to its sinks, in a thread of its own; nothing that happens to it reaches the run. */
export class Sending {
  readonly #clock: Clock = realClock();
  readonly #worker: Worker;
  #sinks: readonly SinkStatus[];
  #heap_MB = 0;
  #isOver = false;
  #held: () => void = () => {};
  readonly #over: Promise<void>;

  constructor(start: SendStart) {
    this.#sinks = start.targets.map(target => waiting(target, 'starting'));
    this.#worker = startThread(THREAD, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    this.#worker.on('message', (reply: SendReply) => this.#take(reply));
    this.#over = new Promise(resolve => {
      const end = (reason: string): void => {
        if (reason !== '') this.#sinks = this.#sinks.map(sink => ({ ...sink, state: 'stopped', reason }));
        this.#isOver = true;
        this.#held();
        resolve();
      };
      this.#worker.on('error', error => end(`the sending thread has ended: ${error.message}`));
      this.#worker.on('exit', () => end(''));
    });
    // A run that is over does not wait for its sinks beyond the time that `end` is given.
    this.#worker.unref();
  }

  /** How each sink is doing, as the thread said last (once a second). */
  get sinks(): readonly SinkStatus[] {
    return this.#sinks;
  }

  /** Heap of the thread, MB. */
  get heap_MB(): number {
    return this.#heap_MB;
  }

  /** Resolves when the thread has let go of the journal, so that its writer can close it. `end` goes on. */
  async hold(): Promise<void> {
    if (this.#isOver) return;
    this.#post({ type: 'hold' });
    await this.#within(
      HOLD_S,
      new Promise(resolve => {
        this.#held = resolve;
      }),
    );
  }

  /** The journal is closed: sends the rest, but not longer than `drain_s`. Resolves with what each sink has got. */
  async end(drain_s: number): Promise<readonly SinkStatus[]> {
    if (!this.#isOver) {
      this.#post({ type: 'ended' });
      await this.#within(drain_s, this.#over);
      if (!this.#isOver) {
        this.#post({ type: 'stop' });
        await this.#within(HOLD_S, this.#over);
        await endThread(this.#worker);
      }
    }
    return this.#sinks;
  }

  /** Ends at once, with whatever is sent. */
  async cut(): Promise<void> {
    await endThread(this.#worker);
  }

  #take(reply: SendReply): void {
    if (reply.type === 'held') this.#held();
    else this.#sinks = reply.sinks;
    if (reply.type === 'status') this.#heap_MB = reply.heap_MB;
  }

  #post(message: SendMessage): void {
    this.#worker.postMessage(message);
  }

  /** A time that is waited for in full keeps the program. */
  async #within(longest_s: number, work: Promise<void>): Promise<void> {
    const done = new AbortController();
    await Promise.race([work.then(() => done.abort()), this.#clock.sleep(longest_s, done.signal)]);
  }
}

function waiting({ name }: SinkTarget, reason: string): SinkStatus {
  return { name, state: 'waiting', reason, sent: 0, dead: 0, lag_rows: 0, lag_s: 0 };
}
