import { Worker } from 'node:worker_threads';
import type { Frame } from '../../drivers/contract/frame.ts';
import { siblingUrl } from '../../drivers/contract/sibling.ts';
import { type JournalSetpoint, type SetpointBatch, SetpointBuffer } from './setpoint-buffer.ts';

/** What the journal keeps beside frames. */
export interface JournalEvent {
  readonly t_s: number;
  /** state, phase, step, point, alarm, clear, trip, safe, command, device, missed, ... */
  readonly kind: string;
  readonly text: string;
  /** Anything that a reader needs as figures; JSON. */
  readonly data?: unknown;
}

/** One instrument's table in the journal: a row for each reading, a column for each channel. */
export interface JournalTable {
  readonly device: string;
  readonly channels: readonly string[];
}

/** Messages to the writing thread. Buffers are transferred, not copied. */
export type JournalMessage =
  | {
      readonly type: 'open';
      readonly path: string;
      readonly tables: readonly JournalTable[];
      readonly meta: Record<string, string>;
    }
  | {
      readonly type: 'batch';
      readonly frames: readonly FrameBatch[];
      readonly events: readonly JournalEvent[];
      readonly setpoints: SetpointBatch;
      readonly checkpoints: readonly { readonly t_s: number; readonly state: string }[];
    }
  | { readonly type: 'close' };

/** Rows of one device: per row t_s and then the channels; qualities alongside, reasons by row where there are any. */
export interface FrameBatch {
  readonly table: number;
  readonly rows: number;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  readonly reasons: ReadonlyMap<number, string>;
}

export type JournalReply = { readonly type: 'done' } | { readonly type: 'failed'; readonly message: string };

interface Buffer {
  readonly channels: number;
  readonly capacity: number;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  readonly reasons: Map<number, string>;
  rows: number;
}

const MAX_BATCHES_IN_FLIGHT = 32;
const BEHIND_AT = 6;
/** Rows that gather before they are handed over: few where they are handed over often, many where time flies. */
const FEWEST_ROWS = 64;
const MOST_ROWS = 4096;
const MOST_SETPOINTS = 2048;

/**
 * The append-only record of a run: one SQLite file in WAL mode, written by a thread of its own.
 * Appending is synchronous and copies the frame; `flush` hands what has gathered to the thread.
 * The journal never drops: if the disk cannot follow (or fails), `onFailure` is called and the run must end safely.
 */
export class Journal {
  readonly #worker: Worker;
  readonly #buffers: Buffer[];
  readonly #tableOf = new Map<string, number>();
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #catchingUp: (() => void)[] = [];
  #events: JournalEvent[] = [];
  readonly #setpoints = new SetpointBuffer(MOST_SETPOINTS);
  #checkpoints: { t_s: number; state: string }[] = [];
  #failure: Error | undefined;
  #rows = 0;
  onFailure: (error: Error) => void = () => {};
  /** Sees every event as it is appended (the page's event list). */
  onEvent: (event: JournalEvent) => void = () => {};

  private constructor(worker: Worker, tables: readonly JournalTable[]) {
    this.#worker = worker;
    this.#buffers = tables.map(table => emptyBuffer(table.channels.length, FEWEST_ROWS));
    tables.forEach((table, i) => {
      this.#tableOf.set(table.device, i);
    });
    worker.on('message', (reply: JournalReply) => {
      for (const resolve of this.#catchingUp.splice(0)) resolve();
      const waiting = this.#waiting.shift();
      if (reply.type === 'done') waiting?.resolve();
      else this.#fail(new Error(reply.message), waiting);
    });
    worker.on('error', error =>
      this.#fail(error instanceof Error ? error : new Error(String(error)), this.#waiting.shift()),
    );
    worker.on('exit', code => {
      if (this.#waiting.length > 0)
        this.#fail(new Error(`journal thread ended (${code})`), this.#waiting.shift());
    });
  }

  /** Makes the file (it must not exist) and its tables. Rejects if the place cannot be written. */
  static async open(
    path: string,
    tables: readonly JournalTable[],
    meta: Record<string, string>,
  ): Promise<Journal> {
    const worker = new Worker(siblingUrl(import.meta.url, './journal-thread'), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const journal = new Journal(worker, tables);
    try {
      await journal.#post({ type: 'open', path, tables, meta }, []);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return journal;
  }

  /** Frames appended so far. */
  get rows(): number {
    return this.#rows;
  }

  /** True when the thread is so far behind that virtual time should wait for `catchUp`. */
  get isBehind(): boolean {
    return this.#waiting.length > BEHIND_AT;
  }

  /** Resolves when the thread has done another batch (or failed: then `onFailure` has been told). */
  catchUp(): Promise<void> {
    return new Promise(resolve => {
      this.#catchingUp.push(resolve);
    });
  }

  frame(frame: Frame): void {
    const table = this.#tableOf.get(frame.device);
    if (table === undefined) throw new Error(`journal has no table for device "${frame.device}"`);
    const buffer = this.#buffers[table];
    if (buffer.rows === buffer.capacity) void this.#send();
    const now = this.#buffers[table];
    const at = now.rows * (now.channels + 1);
    now.values[at] = frame.t_s;
    now.values.set(frame.values, at + 1);
    now.quality.set(frame.quality, now.rows * now.channels);
    if (frame.reason !== undefined) now.reasons.set(now.rows, frame.reason);
    now.rows++;
    this.#rows++;
  }

  event(event: JournalEvent): void {
    this.#events.push(event);
    this.onEvent(event);
  }

  setpoint(setpoint: JournalSetpoint): void {
    this.#setpoints.add(setpoint);
    if (this.#setpoints.isFull) void this.#send();
  }

  checkpoint(t_s: number, state: unknown): void {
    this.#checkpoints.push({ t_s, state: JSON.stringify(state) });
  }

  /** Hands everything gathered to the disk thread; resolves when all of it is committed. Rejects if it is not. */
  async flush(): Promise<void> {
    const sent = this.#send();
    if (this.#failure !== undefined) throw this.#failure;
    await sent;
  }

  /** Flushes, checkpoints the WAL into the file and ends the thread. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#post({ type: 'close' }, []);
    } finally {
      await this.#worker.terminate();
    }
  }

  #send(): Promise<void> {
    const frames: FrameBatch[] = [];
    const transfer: ArrayBuffer[] = [];
    for (let i = 0; i < this.#buffers.length; i++) {
      const buffer = this.#buffers[i];
      if (buffer.rows === 0) continue;
      frames.push({
        table: i,
        rows: buffer.rows,
        values: buffer.values,
        quality: buffer.quality,
        reasons: buffer.reasons,
      });
      transfer.push(buffer.values.buffer as ArrayBuffer, buffer.quality.buffer as ArrayBuffer);
      const capacity = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, 2 * buffer.rows));
      this.#buffers[i] = emptyBuffer(buffer.channels, capacity);
    }
    const events = this.#events;
    const checkpoints = this.#checkpoints;
    if (frames.length + events.length + this.#setpoints.rows + checkpoints.length === 0)
      return Promise.resolve();
    this.#events = [];
    const setpoints = this.#setpoints.take();
    transfer.push(setpoints.figures.buffer as ArrayBuffer, setpoints.words.buffer as ArrayBuffer);
    this.#checkpoints = [];
    if (this.#waiting.length >= MAX_BATCHES_IN_FLIGHT) {
      this.#fail(new Error(`the disk cannot follow: ${this.#waiting.length} batches wait`), undefined);
    }
    const sent = this.#post({ type: 'batch', frames, events, setpoints, checkpoints }, transfer);
    // The failure reaches onFailure and the next flush; nobody may be waiting for this batch.
    sent.catch(() => {});
    return sent;
  }

  #post(message: JournalMessage, transfer: ArrayBuffer[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(message, transfer);
    });
  }

  #fail(error: Error, waiting: { reject: (error: Error) => void } | undefined): void {
    const first = this.#failure === undefined;
    this.#failure ??= error;
    for (const resolve of this.#catchingUp.splice(0)) resolve();
    waiting?.reject(error);
    if (first) this.onFailure(error);
  }
}

function emptyBuffer(channels: number, capacity: number): Buffer {
  return {
    channels,
    capacity,
    values: new Float64Array(capacity * (channels + 1)),
    quality: new Uint8Array(capacity * channels),
    reasons: new Map(),
    rows: 0,
  };
}
