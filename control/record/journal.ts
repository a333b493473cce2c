import { tmpdir } from 'node:os';
import type { Frame } from '../../drivers/contract/frame.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import { countedFrom, type EventBody, type JournalEvent } from './events.ts';
import {
  type Batch,
  type Conclusion,
  copyBytes,
  copyFigures,
  type DatasetHead,
  type DatasetRows,
  type FrameBatch,
  type FrameRows,
  inRunTime,
  type JournalTable,
  KEPT_CHECKPOINTS,
  type SessionEnd,
  type SessionHead,
} from './journal-messages.ts';
import type { Sink } from './recording.ts';
import { type JournalSetpoint, NO_SETPOINTS, SetpointBuffer } from './setpoint-buffer.ts';
import { type JournalEnd, type WritePlace, WriteQueue } from './write/write-queue.ts';
import { JOURNAL_THREAD } from './write/writing-thread.ts';

export type { JournalTable } from './journal-messages.ts';
export type { JournalEnd } from './write/write-queue.ts';

/** What a journal may be told beside its place. */
export interface JournalOptions extends Partial<Omit<WritePlace, 'path' | 'tables' | 'meta'>> {
  /** Time of the clock from which the record counts, s: a run's record begins with 0. */
  readonly origin_s?: number;
}

/** A dataset that is being written, piece by piece. */
export interface OpenDataset {
  /** Adds rows (they are taken over): per row its own time, then the columns; a quality for each value. */
  add(rows: FrameRows): void;
}

interface Buffer {
  readonly channels: number;
  readonly capacity: number;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  readonly reasons: Map<number, string>;
  rows: number;
}

/** Rows that gather before they are handed over: few where they are handed over often, many where time flies. */
const NOTHING: Omit<Batch, 'n'> = { frames: [], events: [], setpoints: NO_SETPOINTS, checkpoints: [] };
const FEWEST_ROWS = 64;
const MOST_ROWS = 4096;
const MOST_SETPOINTS = 2048;
const MOST_EVENTS = 4096;
const DEFAULTS: Omit<WritePlace, 'path' | 'tables' | 'meta' | 'rescueTo'> = {
  most_bytes: 64 * 2 ** 20,
  close_s: 30,
  survives: 'powerCut',
  session: undefined,
  goesOn: false,
  thread: JOURNAL_THREAD,
};

/**
 * The append-only record of a run: one SQLite file in WAL mode, written by a thread of its own.
 * Appending is synchronous and copies the frame; `flush` hands what has gathered to the thread.
 * If the disk cannot follow or fails, `onFailure` is told and the run must end safely; what was not written is kept
 * and tried again. Only frames are ever given up (the oldest, beyond 64 MiB), and the record says how many.
 */
export class Journal implements Sink {
  readonly #queue: WriteQueue;
  readonly #origin_s: number;
  readonly #buffers: Buffer[];
  readonly #tableOf = new Map<string, number>();
  readonly #onEvent = new Listeners<JournalEvent>();
  readonly #setpoints = new SetpointBuffer(MOST_SETPOINTS);
  #events: JournalEvent[] = [];
  #checkpoints: { t_s: number; state: string }[] = [];
  #datasets = 0;
  #batches = 0;
  #rows = 0;
  /** Of spectra that are being measured. */
  #points: DatasetRows[] = [];
  /** Newest time that was recorded, s of the clock: that of the journal's own events. */
  #last_s: number;
  #isNoting = false;

  private constructor(queue: WriteQueue, tables: readonly JournalTable[], origin_s: number) {
    this.#queue = queue;
    this.#origin_s = origin_s;
    this.#last_s = origin_s;
    this.#buffers = tables.map(table => emptyBuffer(table.channels.length, FEWEST_ROWS));
    tables.forEach((table, i) => {
      this.#tableOf.set(table.device, i);
    });
    queue.failed.add(error => {
      const text = `the record cannot be written: ${error.message}`;
      this.#note({ kind: 'record', data: { what: 'failing', frames: 0 } }, text);
    });
    queue.goesOn.add(() => {
      this.#noteDropped();
      const text = 'the record is written again, with all that waited';
      this.#note({ kind: 'record', data: { what: 'goes-on', frames: 0 } }, text);
    });
  }

  /** Makes the file (it must not exist, unless this goes on in it) and its tables. Rejects if the place cannot be written. */
  static async open(
    path: string,
    tables: readonly JournalTable[],
    meta: Readonly<Record<string, string>>,
    { origin_s = 0, ...place }: JournalOptions = {},
  ): Promise<Journal> {
    const queue = await WriteQueue.open({ ...DEFAULTS, rescueTo: tmpdir(), ...place, path, tables, meta });
    const journal = new Journal(queue, tables, origin_s);
    if (place.goesOn === true && place.session !== undefined) journal.#goOn(place.session);
    return journal;
  }

  /** Frames appended so far. */
  get rows(): number {
    return this.#rows;
  }

  /** True when the thread is so far behind that virtual time should wait for `catchUp`. */
  get isBehind(): boolean {
    return this.#queue.isBehind;
  }

  /** Batches that wait for the disk, and their size, bytes. */
  get waiting(): { readonly batches: number; readonly bytes: number } {
    return this.#queue.waiting;
  }

  /** Resolves when the thread has done another batch, or failed, or is gone; at once if it has nothing to do. */
  catchUp(): Promise<void> {
    return this.#queue.catchUp();
  }

  /** Told when the record cannot be written; again only if it could be written in between. */
  onFailure(listener: (error: Error) => void): () => void {
    return this.#queue.failed.add(listener);
  }

  /** Told of every event as it is appended, with the times that the file gets. */
  onEvent(listener: (event: JournalEvent) => void): () => void {
    return this.#onEvent.add(listener);
  }

  frame(frame: Frame): void {
    const table = this.#tableOf.get(frame.device);
    if (table === undefined) throw new Error(`journal has no table for device "${frame.device}"`);
    if (this.#buffers[table].rows === this.#buffers[table].capacity) this.#sendFull(table);
    const buffer = this.#buffers[table];
    const at = buffer.rows * (buffer.channels + 1);
    buffer.values[at] = frame.t_s - this.#origin_s;
    copyFigures(buffer.values, frame.values, at + 1);
    copyBytes(buffer.quality, frame.quality, buffer.rows * buffer.channels);
    if (frame.reason !== undefined) buffer.reasons.set(buffer.rows, frame.reason);
    buffer.rows++;
    this.#rows++;
    this.#last_s = frame.t_s;
  }

  event(event: JournalEvent): void {
    this.#last_s = Math.max(this.#last_s, event.t_s);
    const stored = countedFrom(this.#origin_s, event);
    this.#events.push(stored);
    if (this.#events.length === MOST_EVENTS) this.#send();
    if (this.#onEvent.tell(stored) || this.#isNoting) return;
    this.#isNoting = true;
    const count = this.#onEvent.thrown;
    this.#note({ kind: 'listener', data: { count } }, `a listener to events failed (${count} times so far)`);
    this.#isNoting = false;
  }

  setpoint(setpoint: JournalSetpoint): void {
    this.#setpoints.add(setpoint, this.#origin_s);
    if (this.#setpoints.isFull) this.#push({ ...NOTHING, setpoints: this.#setpoints.take() });
  }

  checkpoint(t_s: number, state: unknown): void {
    this.#checkpoints.push({ t_s: t_s - this.#origin_s, state: JSON.stringify(state) });
    if (this.#checkpoints.length > KEPT_CHECKPOINTS) this.#checkpoints.shift();
  }

  /** What the program makes of the run, part by part: handed over at once, behind all that has gathered. */
  conclude(conclusion: Conclusion): void {
    this.#send();
    this.#push({ ...NOTHING, conclusions: [conclusion] });
  }

  /** Begins a result that is no frame. Its times are run time: whoever works it out counts so. */
  dataset(head: DatasetHead): OpenDataset {
    const dataset = ++this.#datasets;
    this.#push({ ...NOTHING, datasets: [head] });
    return { add: rows => this.#push({ ...NOTHING, datasetRows: [{ ...rows, dataset }] }) };
  }

  /** As `dataset`, with times of the clock. */
  spectrum(head: DatasetHead): OpenDataset {
    const origin_s = this.#origin_s;
    this.dataset({ ...head, t_s: head.t_s - origin_s });
    const dataset = this.#datasets;
    // They go with the next rows: a quick instrument would ask more of the disk than all others together.
    const add = (own: FrameRows): void =>
      void this.#points.push({ ...own, values: inRunTime(own.values, own.rows, origin_s), dataset });
    return { add };
  }

  /** Hands everything gathered to the disk thread; resolves when all of it is committed. Rejects if it is not. */
  flush(): Promise<void> {
    this.#send();
    return this.#queue.flush();
  }

  /**
   * Writes what is left, tidies the file up and ends the thread; bounded in time. Never rejects: what could not be
   * written is dumped into a file elsewhere, and the answer says so. A second call gets the same answer.
   */
  close(end?: SessionEnd): Promise<JournalEnd> {
    this.#noteDropped();
    this.#send();
    return this.#queue.close(end);
  }

  /**
   * Hands over one instrument's rows, so that they are a stretch of their own, and what was done and happened until
   * then; the other instruments' rows go on gathering.
   */
  #sendFull(table: number): void {
    this.#sendWith(this.#take(table));
  }

  #send(): void {
    this.#sendWith(this.#buffers.flatMap((_, table) => this.#take(table)));
  }

  #sendWith(frames: FrameBatch[]): void {
    const events = this.#events;
    const checkpoints = this.#checkpoints;
    this.#events = [];
    this.#checkpoints = [];
    const datasetRows = this.#points;
    this.#points = [];
    this.#push({ frames, events, setpoints: this.#setpoints.take(), checkpoints, datasetRows });
  }

  /** The rows that have gathered for a table, if any; an empty buffer takes their place. */
  #take(table: number): FrameBatch[] {
    const { rows, values, quality, reasons, channels } = this.#buffers[table];
    if (rows === 0) return [];
    const capacity = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, 2 * rows));
    const spare = this.#queue.spare.take(table, capacity * (channels + 1));
    this.#buffers[table] = emptyBuffer(channels, capacity, spare);
    return [{ table, rows, values, quality, reasons }];
  }

  #push(batch: Omit<Batch, 'n'>): void {
    const { frames, events, setpoints, checkpoints, conclusions, datasets, datasetRows } = batch;
    const more = (conclusions ?? datasets ?? datasetRows ?? []).length;
    if (frames.length + events.length + setpoints.rows + checkpoints.length + more === 0) return;
    this.#queue.push({ n: this.#batches++, ...batch });
  }

  #noteDropped(): void {
    const frames = this.#queue.takeDropped();
    if (frames === 0) return;
    const text = `${frames} frames were given up: the disk had no room for them`;
    this.#note({ kind: 'record', data: { what: 'dropped', frames } }, text);
  }

  /** From here on the clock of another process counts. */
  #goOn({ t_s, utc, pid }: SessionHead): void {
    this.#last_s = t_s + this.#origin_s;
    const data = { what: 'session', step_s: Number.NaN, utc } as const;
    this.#note({ kind: 'clock', data }, `process ${pid} goes on with the record: UTC counts from ${utc}`);
    this.#send();
  }

  #note(body: EventBody, text: string): void {
    this.event({ ...body, t_s: this.#last_s, text });
  }
}

/** A buffer for so many rows, in memory that was used before if there is some. */
function emptyBuffer(
  channels: number,
  capacity: number,
  spare?: Pick<FrameBatch, 'values' | 'quality'>,
): Buffer {
  return {
    channels,
    capacity,
    values: spare?.values ?? new Float64Array(capacity * (channels + 1)),
    quality: spare?.quality ?? new Uint8Array(capacity * channels),
    reasons: new Map(),
    rows: 0,
  };
}
