import type { JournalEvent } from './events.ts';
import type { SetpointBatch } from './setpoint-buffer.ts';

/** What goes between the journal and its writing thread. */

/** A checkpoint is all that is needed to go on: the newest says everything, a few are kept for safety. */
export const KEPT_CHECKPOINTS = 3;

/** One instrument's table in the journal: a row for each reading, a column for each channel. */
export interface JournalTable {
  readonly device: string;
  readonly channels: readonly string[];
}

/** Rows of one device: per row t_s and then the channels; qualities alongside, reasons by row where there are any. */
export interface FrameRows {
  readonly rows: number;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  readonly reasons: ReadonlyMap<number, string>;
}

/** Rows on their way to their table. */
export interface FrameBatch extends FrameRows {
  readonly table: number;
}

/**
 * What a batch survives once it is acknowledged: that the machine loses its power, or only that the program is killed,
 * which is all that a record in virtual time needs and takes a fifth less of the writing thread.
 */
export type Survives = 'powerCut' | 'kill';

/** What a program makes of a run, part by part as JSON: verdict, figures, alarms, end. */
export type Conclusion = Readonly<Record<string, string>>;

/** The process that writes a stretch of a record. */
export interface SessionHead {
  readonly pid: number;
  readonly host: string;
  /** Version and commit. */
  readonly software: string;
  /** Its clock as it begins, and the run time then, s. */
  readonly utc: string;
  readonly t_s: number;
}

/** How it ends. */
export interface SessionEnd {
  readonly t_s: number;
  readonly utc: string;
  readonly reason: string;
}

/** What is said of a dataset as it begins: a result that is no frame (spectrum, curve, waveform). */
export interface DatasetHead {
  /** Run time, s. */
  readonly t_s: number;
  /** `polarisation-curve`, `impedance-spectrum` ... */
  readonly kind: string;
  readonly name: string;
  /** Columns beside `t_s`, which is each row's own time; a unit is the end of a name. */
  readonly columns: readonly string[];
  /** JSON. */
  readonly about: string;
}

/** Rows of the dataset that this process has begun as its first, second ... */
export interface DatasetRows extends FrameRows {
  readonly dataset: number;
}

/** What is written in one transaction. */
export interface Batch {
  /** Counts up by one; the thread writes in this order and no other. */
  readonly n: number;
  readonly frames: readonly FrameBatch[];
  readonly events: readonly JournalEvent[];
  readonly setpoints: SetpointBatch;
  readonly checkpoints: readonly { readonly t_s: number; readonly state: string }[];
  readonly conclusions?: readonly Conclusion[];
  readonly datasets?: readonly DatasetHead[];
  readonly datasetRows?: readonly DatasetRows[];
}

/** To the thread. Buffers of frames are transferred, not copied. */
export type JournalMessage =
  | {
      readonly type: 'open';
      readonly path: string;
      readonly tables: readonly JournalTable[];
      readonly meta: Readonly<Record<string, string>>;
      readonly survives: Survives;
      readonly session: SessionHead | undefined;
      /** Goes on in a file that an earlier process wrote. */
      readonly goesOn: boolean;
    }
  | ({ readonly type: 'batch' } & Batch)
  | { readonly type: 'close'; readonly end: SessionEnd | undefined };

/** From the thread: one for each message. The frames of a batch come back: to be written again, or their buffers filled. */
export type JournalReply =
  | { readonly type: 'done'; readonly frames: readonly FrameBatch[] }
  | { readonly type: 'failed'; readonly message: string; readonly frames: readonly FrameBatch[] };

/** The buffers of frames, to be handed over with a message. */
export function buffersOf(frames: readonly FrameBatch[]): ArrayBuffer[] {
  return frames.flatMap(({ values, quality }) => [
    values.buffer as ArrayBuffer,
    quality.buffer as ArrayBuffer,
  ]);
}

/** Memory of frames, bytes. */
export function bytesOf(frames: readonly FrameBatch[]): number {
  return frames.reduce((sum, { values, quality }) => sum + values.byteLength + quality.byteLength, 0);
}

/** Rows of frames. */
export function frameRows(frames: readonly FrameBatch[]): number {
  return frames.reduce((sum, { rows }) => sum + rows, 0);
}

/** Rows of all tables. */
export function rowsOf({ frames, events, setpoints, checkpoints, ...more }: Batch): number {
  const datasets = (more.datasetRows ?? []).reduce((sum, { rows }) => sum + rows, 0);
  return frameRows(frames) + events.length + setpoints.rows + checkpoints.length + datasets;
}

/** Rows with the time in front counted from the origin. */
export function inRunTime(values: Float64Array, rows: number, origin_s: number): Float64Array {
  const own = values.slice();
  for (let at = 0; at < own.length; at += own.length / rows) own[at] -= origin_s;
  return own;
}

/** For a handful of figures a loop is faster than `set`, and one of its own for each kind of array. */
export function copyFigures(to: Float64Array, from: Float64Array, at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i];
}

/** As `copyFigures`. */
export function copyBytes(to: Uint8Array, from: Uint8Array, at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i];
}
