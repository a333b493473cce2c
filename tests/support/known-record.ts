import type { DatabaseSync } from 'node:sqlite';
import { JournalFile } from '../../control/record/file/journal-file.ts';
import type { FrameBatch, SessionHead } from '../../control/record/journal-messages.ts';
import { openReadOnly } from '../../control/record/read-only.ts';
import { NO_SETPOINTS } from '../../control/record/setpoint-buffer.ts';
import { FrameReader } from '../../control/record/stretches.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';

/** A record of one instrument whose every row is known by its number. */

export const CHANNELS = ['voltage_V', 'current_A', 'charge_Ah'];

/** A reading as it was given and as it must come back. */
export interface Row {
  readonly t_s: number;
  readonly values: readonly number[];
  readonly quality: readonly number[];
  readonly reason: string | undefined;
}

/** Row `i` (from 0): a decimal, one that is missing now and then, one that no decimal holds. */
export function rowAt(i: number): Row {
  const isBad = i % 211 < 3;
  const isStale = i % 500 === 499;
  return {
    t_s: i / 4,
    values: [(1800 + (i % 37)) / 1000, isBad ? Number.NaN : i % 9, Math.sin(i)],
    quality: isStale ? [3, 3, 3] : [QUALITY.good, isBad ? QUALITY.bad : QUALITY.good, QUALITY.good],
    reason: isBad ? `current_A: no answer to request ${i}` : undefined,
  };
}

function batchOf(from: number, rows: number): FrameBatch {
  const all = Array.from({ length: rows }, (_, i) => rowAt(from + i));
  return {
    table: 0,
    rows,
    values: Float64Array.from(all.flatMap(row => [row.t_s, ...row.values])),
    quality: Uint8Array.from(all.flatMap(row => row.quality)),
    reasons: new Map(all.flatMap(({ reason }, i) => (reason === undefined ? [] : [[i, reason]]))),
  };
}

/** The file of a record while it is written, straight to the disk and batch by batch. */
export class KnownRecord {
  readonly path: string;
  readonly file: JournalFile;
  #batches = 0;

  constructor(path: string, session?: SessionHead, goesOn = false) {
    this.path = path;
    this.file = new JournalFile(path, [{ device: 'supply', channels: CHANNELS }], {}, { session, goesOn });
  }

  /** Writes so many rows, the first of which is row `from` (from 0). */
  put(from: number, rows: number): void {
    const n = this.#batches;
    const frames = [batchOf(from, rows)];
    this.file.write({ n, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
    this.#batches++;
  }
}

/** Writes rows in batches of these sizes; returns how many there are. */
export function written(path: string, ...sizes: number[]): number {
  const record = new KnownRecord(path);
  let rows = 0;
  for (const size of sizes) {
    record.put(rows, size);
    rows += size;
  }
  record.file.close();
  return rows;
}

/** All rows from number `from` (from 1) on as the reader hands them out. */
export function read(reader: FrameReader, from = 1): Row[] {
  const channels = reader.channels.map((_, place) => place);
  return [...reader.stretches({ channels, from })].flatMap(stretch => {
    const columns = channels.map(channel => stretch.values(channel));
    return Array.from(stretch.t_s, (t_s, r) => {
      const run = stretch.quality.find(({ to }) => r < to);
      const bytes = [...(run?.bytes ?? [])];
      return {
        t_s,
        values: columns.map(column => column[r]),
        quality: bytes.length === 1 ? CHANNELS.map(() => bytes[0]) : bytes,
        reason: stretch.reasons.get(r),
      };
    });
  });
}

/** Rows `from` up to `to` (from 0) as they must come back. */
export const rowsFrom = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i) => rowAt(from + i));

/** Opens a record for reading, and closes it. */
export function withReader<T>(path: string, look: (reader: FrameReader, db: DatabaseSync) => T): T {
  const db = openReadOnly(path);
  try {
    return look(new FrameReader(db, 'supply'), db);
  } finally {
    db.close();
  }
}
