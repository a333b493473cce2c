import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Frame } from '../../drivers/contract/frame.ts';
import { openReadOnly } from './read-only.ts';
import { type RecordedEvent, readEvents } from './recorded-events.ts';

/** A journal read again in the order of time: frames as the interlocks saw them, events with their figures. */

/** A frame read back, and its row in the instrument's table. The object is used again for the device's next frame. */
export interface ReplayedFrame extends Frame {
  t_s: number;
  row: number;
}

/** A set point that was read back. */
export interface AppliedSetpoint {
  readonly t_s: number;
  readonly role: string;
  readonly applied: number;
}

/** A journal opened for a second look. Close it when done. */
export interface Replay {
  readonly events: readonly RecordedEvent[];
  /** Place in the procedure at which the run last was. */
  readonly lastPc: number;
  /**
   * Every frame in the order of time; equal times in the order of `columns`, which is that of the bench. Only the
   * columns named for a device are filled, the others are NaN.
   */
  frames(
    columns: ReadonlyMap<string, { readonly channels: number; readonly wanted: readonly number[] }>,
  ): Generator<ReplayedFrame>;
  /** What was applied of these settable roles, in the order of time. */
  applied(roles: readonly string[]): Generator<AppliedSetpoint>;
  /** One frame by its row, all columns. */
  frame(device: string, channels: number, row: number): ReplayedFrame | undefined;
  /** Rows of a query, for counts; not for frames. */
  query(sql: string): readonly Readonly<Record<string, number | string | null>>[];
  close(): void;
}

const ROWS_AT_ONCE = 1000;

/** Opens the journal of a run that has ended. */
export function openReplay(path: string): Replay {
  const db = openReadOnly(path);
  const events = readEvents(db);
  return {
    events,
    lastPc: lastPcOf(db),
    *frames(columns) {
      const cursors = [...columns].map(([device, { channels, wanted }]) =>
        cursor(db, device, channels, wanted),
      );
      for (;;) {
        let first = cursors[0];
        for (const other of cursors) if (other.t_s() < first.t_s()) first = other;
        if (first === undefined || first.t_s() === Infinity) return;
        yield first.take();
      }
    },
    *applied(roles) {
      const places = roles.map(() => '?').join(', ');
      const rows = db
        .prepare(
          `SELECT t_s, role, applied FROM setpoints WHERE outcome = 'applied' AND role IN (${places}) ORDER BY rowid`,
        )
        .iterate(...roles);
      for (const row of rows) yield row as unknown as AppliedSetpoint;
    },
    frame(device, channels, row) {
      const all = Array.from({ length: channels }, (_, i) => i);
      const one = cursor(db, device, channels, all, row - 1);
      return one.t_s() === Infinity ? undefined : one.take();
    },
    query: sql => db.prepare(sql).all() as Record<string, number | string | null>[],
    close: () => db.close(),
  };
}

/** A checkpoint tells its own version; older ones are the sequencer's state alone. */
const checkpointSchema = z.union([
  z
    .object({ run: z.object({ sequencer: z.object({ pc: z.number().int() }) }) })
    .transform(state => state.run.sequencer.pc),
  z.object({ pc: z.number().int() }).transform(state => state.pc),
]);

/** Place in the procedure by the last checkpoint that names one (none is being run when it is missing). */
function lastPcOf(db: DatabaseSync): number {
  const rows = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC').iterate();
  for (const row of rows as Iterable<{ state: string }>) {
    const pc = checkpointSchema.safeParse(JSON.parse(row.state));
    if (pc.success) return pc.data;
  }
  return 0;
}

interface Cursor {
  /** Time of the next frame, Infinity after the last. */
  t_s(): number;
  take(): ReplayedFrame;
}

function cursor(
  db: DatabaseSync,
  device: string,
  channels: number,
  wanted: readonly number[],
  after = 0,
): Cursor {
  const info = db.prepare(`PRAGMA table_info("frames_${device}")`).all() as { name: string }[];
  const names = wanted.map(column => `"${info[column + 1].name}"`);
  const statement = db.prepare(
    `SELECT ${['rowid', 't_s', 'quality', 'reason', ...names].join(', ')} FROM "frames_${device}" WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  const values = new Float64Array(channels).fill(Number.NaN);
  const quality = new Uint8Array(channels);
  const frame: { -readonly [K in keyof ReplayedFrame]: ReplayedFrame[K] } = {
    device,
    t_s: 0,
    row: after,
    values,
    quality,
  };
  let rows: (number | string | Uint8Array | null)[][] = [];
  let at = 0;
  const fetch = (): void => {
    rows = statement.all(
      rows.length === 0 ? after : Number(rows[rows.length - 1][0]),
    ) as unknown as typeof rows;
    at = 0;
  };
  fetch();
  return {
    t_s: () => (at < rows.length ? Number(rows[at][1]) : Infinity),
    take() {
      const row = rows[at++];
      frame.row = Number(row[0]);
      frame.t_s = Number(row[1]);
      const bytes = row[2] as Uint8Array;
      if (bytes.length === 1) quality.fill(bytes[0]);
      else quality.set(bytes);
      if (row[3] === null) delete frame.reason;
      else frame.reason = String(row[3]);
      for (let i = 0; i < wanted.length; i++) values[wanted[i]] = (row[i + 4] as number | null) ?? Number.NaN;
      if (at === rows.length) fetch();
      return frame;
    },
  };
}
