import type { Worker } from 'node:worker_threads';
import { realClock } from '../../../drivers/contract/clock.ts';
import { endThread } from '../../../drivers/contract/code/threads.ts';
import { messageOf, plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { Listeners } from '../../../drivers/contract/listeners.ts';
import {
  type Batch,
  buffersOf,
  bytesOf,
  type FrameBatch,
  frameRows,
  type JournalMessage,
  type JournalReply,
  type JournalTable,
  rowsOf,
  type SessionEnd,
  type SessionHead,
  type Survives,
} from '../journal-messages.ts';
import { rescue } from '../rescue.ts';
import { SpareBuffers } from './spare-buffers.ts';
import { startWriter } from './writing-thread.ts';

/** Where the journal is written, and what may be spent on a disk that does not take it. */
export interface WritePlace {
  readonly path: string;
  readonly tables: readonly JournalTable[];
  readonly meta: Readonly<Record<string, string>>;
  /** What acknowledged rows survive. */
  readonly survives: Survives;
  /** Who writes. */
  readonly session: SessionHead | undefined;
  /** Goes on in the file of an earlier process. */
  readonly goesOn: boolean;
  /** Frames that wait for a disk may take so much memory, bytes; beyond it the oldest are given up. */
  readonly most_bytes: number;
  /** `close` takes this long at most, s of real time (and what a rescue file takes). */
  readonly close_s: number;
  /** Folder of the rescue file. */
  readonly rescueTo: string;
  /** The writing thread's program, or one that is ready. */
  readonly thread: URL | Worker;
}

/** What became of a journal. `complete`: every row is in the file. */
export interface JournalEnd {
  readonly complete: boolean;
  /** Why it is not; empty if it is. */
  readonly cause: string;
  /** File that holds what the journal's own could not take. */
  readonly rescued: string | undefined;
  /** Rows that are in neither. */
  readonly lostRows: number;
}

interface Held extends Batch {
  frames: readonly FrameBatch[];
  /** Memory of the frames, also while the thread has them. */
  bytes: number;
}

const MAX_BATCHES_IN_FLIGHT = 32;
const BEHIND_AT = 6;
const wall = realClock();

/**
 * Batches on their way to the writing thread, kept until they are committed. One that fails is tried again, with all
 * behind it in their order, each time that another comes or somebody asks.
 */
export class WriteQueue {
  /** Told when writing begins to fail; again only after it has gone on. */
  readonly failed = new Listeners<Error>();
  /** Told when all that waited is written. */
  readonly goesOn = new Listeners<void>();
  /** Buffers of frames that are written. */
  readonly spare = new SpareBuffers();
  readonly #place: WritePlace;
  readonly #worker: Worker;
  /** Not committed, the oldest first; the first `#inFlight` of them are with the thread. */
  readonly #held: Held[] = [];
  readonly #replies: ((reply: JournalReply) => void)[] = [];
  readonly #waiting: { n: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #catchingUp: (() => void)[] = [];
  #inFlight = 0;
  #bytes = 0;
  /** The oldest batch has failed: it goes alone until it is written. */
  #isStalled = false;
  #mayRetry = false;
  #isTrying = false;
  #isDead = false;
  #failure: Error | undefined;
  #dropped = 0;
  #droppedTold = 0;
  #lost = 0;
  #ending: Promise<JournalEnd> | undefined;

  private constructor(place: WritePlace) {
    this.#place = place;
    this.#worker = place.thread instanceof URL ? startWriter(place.thread) : place.thread;
    this.#worker.ref();
    this.#worker.on('message', (reply: JournalReply) => this.#replies.shift()?.(reply));
    this.#worker.on('error', error => this.#die(`journal: ${messageOf(error)}`));
    this.#worker.on('exit', code => this.#die(`journal: the writing thread ended (${code})`));
  }

  /** Starts the thread and makes the file. Rejects if the place cannot be written. */
  static async open(place: WritePlace): Promise<WriteQueue> {
    const queue = new WriteQueue(place);
    const { path, tables, meta, survives, session, goesOn } = place;
    const reply = await queue.#ask({ type: 'open', path, tables, meta, survives, session, goesOn });
    if (reply.type === 'failed') {
      await endThread(queue.#worker);
      throw new FileError(
        path,
        0,
        `cannot be written: ${plainReason(new Error(reply.message))}, expected room for the record`,
      );
    }
    return queue;
  }

  /** True when the thread is so far behind that virtual time should wait for `catchUp`. */
  get isBehind(): boolean {
    return this.#inFlight > BEHIND_AT;
  }

  /** Batches that wait for the disk, and their size, bytes. */
  get waiting(): { readonly batches: number; readonly bytes: number } {
    return { batches: this.#held.length, bytes: this.#bytes };
  }

  /** Frames given up for want of room since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped - this.#droppedTold;
    this.#droppedTold = this.#dropped;
    return dropped;
  }

  /** Resolves with the thread's next answer; at once if none is due. */
  catchUp(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise(resolve => this.#catchingUp.push(resolve));
  }

  /** Takes a batch in, to be written after all before it; nothing once `close` was called. */
  push(batch: Batch): void {
    if (this.#ending !== undefined) return;
    const bytes = bytesOf(batch.frames);
    this.#held.push({ ...batch, bytes });
    this.#bytes += bytes;
    if (this.#inFlight >= MAX_BATCHES_IN_FLIGHT) {
      this.#fail(new Error(`the disk cannot follow: ${this.#held.length} batches wait`));
    }
    this.#retry();
    this.#giveUpOldest();
  }

  /** Resolves when all that was pushed is committed; rejects when a try to write it has failed. */
  flush(): Promise<void> {
    const last = this.#held.at(-1);
    if (last === undefined) return Promise.resolve();
    if (this.#isDead) return Promise.reject(this.#failure ?? new Error('journal: closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ n: last.n, resolve, reject });
      this.#retry();
    });
  }

  /** A last try, then the end of the thread; what could not be written is dumped beside. Never rejects. */
  close(session?: SessionEnd): Promise<JournalEnd> {
    this.#ending ??= this.#end(session);
    return this.#ending;
  }

  async #end(end: SessionEnd | undefined): Promise<JournalEnd> {
    const until_s = wall.now_s() + this.#place.close_s;
    // The second try is a fresh one: the first may have been under way when there was no room yet.
    const lastTry = this.flush().catch(() => this.flush());
    await within(lastTry, until_s);
    if (!this.#isDead) await within(this.#ask({ type: 'close', end }), until_s);
    if (this.#held.length > 0) this.#die(`journal: the disk did not answer within ${this.#place.close_s} s`);
    this.#isDead = true;
    await within(endThread(this.#worker), until_s);
    const rowsMissing = this.#lost + this.#dropped;
    const complete = this.#held.length === 0 && rowsMissing === 0;
    const cause = complete ? '' : (this.#failure?.message ?? `${rowsMissing} rows were given up`);
    if (this.#held.length === 0) return { complete, cause, rescued: undefined, lostRows: rowsMissing };
    const { tables, path, rescueTo } = this.#place;
    try {
      const rescued = rescue(this.#held, tables, path, rescueTo);
      return { complete, cause, rescued, lostRows: rowsMissing };
    } catch (error) {
      const lostRows = rowsMissing + this.#held.reduce((sum, batch) => sum + rowsOf(batch), 0);
      const more = `it could not be saved in ${rescueTo} either: ${messageOf(error)}`;
      return { complete, cause: `${cause}; ${more}`, rescued: undefined, lostRows };
    }
  }

  #retry(): void {
    // A try that is under way counts; answers to batches behind the one that failed are no tries.
    if (!this.#isTrying) this.#mayRetry = true;
    this.#pump();
  }

  #pump(): void {
    if (this.#isDead) return;
    if (!this.#isStalled) {
      while (this.#inFlight < Math.min(this.#held.length, MAX_BATCHES_IN_FLIGHT)) this.#write();
    } else if (this.#inFlight === 0 && this.#mayRetry) {
      this.#mayRetry = false;
      this.#isTrying = true;
      this.#write();
    }
  }

  /** Hands the next batch to the thread. */
  #write(): void {
    const batch = this.#held[this.#inFlight++];
    const rows = frameRows(batch.frames);
    const { bytes: _bytes, frames, ...rest } = batch;
    const message: JournalMessage = { type: 'batch', frames, ...rest };
    this.#post(message, buffersOf(frames), reply => {
      this.#inFlight--;
      if (reply.type === 'done') this.#written(batch, reply.frames);
      else this.#notWritten(batch, rows, reply);
      for (const resolve of this.#catchingUp.splice(0)) resolve();
      this.#pump();
    });
  }

  #written(batch: Held, frames: readonly FrameBatch[]): void {
    this.#held.shift();
    this.spare.add(frames);
    this.#bytes -= batch.bytes;
    this.#isStalled = false;
    this.#isTrying = false;
    while (this.#waiting.length > 0 && this.#waiting[0].n <= batch.n) this.#waiting.shift()?.resolve();
    if (this.#failure === undefined || this.#held.length > 0) return;
    this.#failure = undefined;
    this.goesOn.tell();
  }

  #notWritten(batch: Held, rows: number, reply: Extract<JournalReply, { type: 'failed' }>): void {
    batch.frames = reply.frames;
    // A thread that has died does not give frames back.
    this.#lost += rows - frameRows(reply.frames);
    if (batch !== this.#held[0]) return;
    this.#isStalled = true;
    this.#isTrying = false;
    this.#mayRetry = false;
    const error = new Error(reply.message);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.failed.tell(error);
  }

  /** The thread is gone: everybody who waits for it is told. */
  #die(text: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    for (const answer of this.#replies.splice(0)) answer({ type: 'failed', message: text, frames: [] });
    const error = new Error(text);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    for (const resolve of this.#catchingUp.splice(0)) resolve();
    this.#fail(error);
  }

  #giveUpOldest(): void {
    for (let i = this.#inFlight; i < this.#held.length && this.#bytes > this.#place.most_bytes; i++) {
      const batch = this.#held[i];
      this.#bytes -= batch.bytes;
      this.#dropped += frameRows(batch.frames);
      batch.frames = [];
      batch.bytes = 0;
    }
  }

  #ask(message: JournalMessage): Promise<JournalReply> {
    return new Promise(resolve => this.#post(message, [], resolve));
  }

  #post(message: JournalMessage, transfer: ArrayBuffer[], answer: (reply: JournalReply) => void): void {
    this.#replies.push(answer);
    this.#worker.postMessage(message, transfer);
  }
}

/** Waits for the work, but not beyond until_s. */
function within(work: Promise<unknown>, until_s: number): Promise<void> {
  return new Promise(resolve => {
    const cancel = wall.schedule(Math.max(0, until_s - wall.now_s()), resolve);
    void Promise.allSettled([work.finally(cancel)]).then(() => resolve());
  });
}
