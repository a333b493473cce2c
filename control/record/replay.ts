import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Frame } from '../../drivers/contract/frame.ts';
import type { QualityRun } from './blocks/block-codec.ts';
import type { OpenBlocks } from './blocks/open-blocks.ts';
import { openRead } from './damage/find-damage.ts';
import type { WhenDamaged } from './damage/marks.ts';
import { type RecordedEvent, readEvents } from './recorded-events.ts';
import { type Extent, type Extents, extentsOf, type Members } from './series/extents.ts';
import { type SetpointStretch, setpointStretches } from './setpoint-rows.ts';
import { FrameReader, type Stretch, type Wanted } from './stretches.ts';
import { thinRulesOf } from './thin/thin-rules.ts';

/** A journal read again in the order of time: frames as the interlocks saw them, events with their figures. */

/** A frame read back, and its row in the instrument's table. The object is used again for the device's next frame. */
export interface ReplayedFrame extends Frame {
  t_s: number;
  row: number;
  /** What the members came to that were asked for, in that order. */
  readonly extents?: readonly Extent[];
}

/** Channels of a device that are read. */
export interface WantedColumns {
  /** How many it has. */
  readonly channels: number;
  /** Those whose values are filled in. */
  readonly wanted: readonly number[];
  /** Those of which only what they come to is. */
  readonly members?: readonly Members[];
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
  /** Recording rules left readings out. */
  readonly isThinned: boolean;
  /** Place in the procedure at which the run last was. */
  readonly lastPc: number;
  /**
   * Every frame in the order of time; equal times in the order of `columns`, which is that of the bench. Only the
   * columns named for a device are filled, the others are NaN.
   */
  frames(columns: ReadonlyMap<string, WantedColumns>): Generator<ReplayedFrame>;
  /** The frames of one instrument from `from_s` to `to_s`; only the columns wanted are filled. */
  between(
    device: string,
    columns: WantedColumns,
    within: { readonly from_s: number; readonly to_s: number },
  ): Generator<ReplayedFrame>;
  /** When the rows of an instrument were read, run time, s, in the order written. */
  times(device: string): Generator<Float64Array>;
  /** By recording rules at least one reading of it was kept so often, s; 0: all were. */
  keptEvery_s(device: string): number;
  /** What was applied of these settable roles, in the order of time. */
  applied(roles: readonly string[]): Generator<AppliedSetpoint>;
  /** One frame by its row, all columns. */
  frame(device: string, channels: number, row: number): ReplayedFrame | undefined;
  /** Frames that came with a reason, in the order written. */
  reasons(device: string): Generator<{ readonly t_s: number; readonly reason: string }>;
  /** All set points, whatever became of them, in the order written. */
  setpoints(): Generator<SetpointStretch>;
  close(): void;
}

/**
 * Opens the journal of a run that has ended; `mark`: without what is damaged. `blocks`: those that were opened by whoever
 * reads the same record.
 */
export function openReplay(path: string, damaged: WhenDamaged = 'refuse', blocks?: OpenBlocks): Replay {
  const db = openRead(path, damaged);
  const events = readEvents(db);
  const thinned = thinRulesOf(recordingOf(db));
  return {
    events,
    isThinned: Object.keys(thinned).length > 0,
    keptEvery_s: device => thinned[device]?.interval_s ?? 0,
    *times(device) {
      for (const { t_s } of new FrameReader(db, device).stretches({ channels: [] })) yield t_s;
    },
    lastPc: lastPcOf(db),
    *frames(columns) {
      const cursors = [...columns].map(([device, of]) => cursor(new FrameReader(db, device, blocks), of));
      for (;;) {
        let first = cursors[0];
        for (const other of cursors) if (other.t_s() < first.t_s()) first = other;
        if (first === undefined || first.t_s() === Infinity) return;
        yield first.take();
      }
    },
    *between(device, columns, within) {
      const one = cursor(new FrameReader(db, device), columns, { within });
      for (; one.t_s() <= within.to_s; ) {
        const frame = one.take();
        if (frame.t_s >= within.from_s) yield frame;
      }
    },
    *applied(roles) {
      const wanted = new Set(roles);
      if (wanted.size === 0) return;
      for (const { rows, t_s, role, applied, outcome } of setpointStretches(db)) {
        for (let i = 0; i < rows; i++) {
          if (outcome[i] === 'applied' && wanted.has(role[i]))
            yield { t_s: t_s[i], role: role[i], applied: applied[i] };
        }
      }
    },
    frame(device, channels, row) {
      const wanted = Array.from({ length: channels }, (_, i) => i);
      const one = cursor(new FrameReader(db, device), { channels, wanted }, { from: row });
      return one.t_s() === Infinity ? undefined : one.take();
    },
    *reasons(device) {
      for (const { t_s, reasons } of new FrameReader(db, device).stretches({ channels: [] }))
        for (const [row, reason] of reasons) yield { t_s: t_s[row], reason };
    },
    setpoints: () => setpointStretches(db),
    close: () => db.close(),
  };
}

function recordingOf(db: DatabaseSync): string | undefined {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'recording'").get();
  return row === undefined ? undefined : String(row['value']);
}

/** Where the leading way of the method is; a checkpoint tells its own version, older ones named it otherwise. */
const checkpointSchema = z.union([
  z
    .object({ run: z.object({ method: z.object({ lane: z.object({ pc: z.number().int() }) }) }) })
    .transform(state => state.run.method.lane.pc),
  z
    .object({ run: z.object({ sequencer: z.object({ lane: z.object({ pc: z.number().int() }) }) }) })
    .transform(state => state.run.sequencer.lane.pc),
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
  reader: FrameReader,
  { channels, wanted, members = [] }: WantedColumns,
  part: Pick<Wanted, 'from' | 'within'> = {},
): Cursor {
  const read = [...wanted, ...members.flatMap(({ first, count }) => placesFrom(first, count))];
  const stretches = reader.stretches({ channels: [...new Set(read)], ...part });
  const extents = members.map((): Extent => ({ low: Number.NaN, high: Number.NaN, mean: Number.NaN }));
  const values = new Float64Array(channels).fill(Number.NaN);
  const quality = new Uint8Array(channels);
  const frame: { -readonly [K in keyof ReplayedFrame]: ReplayedFrame[K] } = {
    device: reader.device,
    t_s: 0,
    row: part.from ?? 1,
    values,
    quality,
    extents,
  };
  let stretch: Stretch | undefined;
  let columns: Float64Array[] = [];
  let spans: Extents[] = [];
  let run = 0;
  let at = 0;
  const next = (): void => {
    const { value } = stretches.next();
    stretch = value ?? undefined;
    columns = stretch === undefined ? [] : wanted.map(channel => (stretch as Stretch).values(channel));
    spans = stretch === undefined ? [] : members.map(of => extentsOf(stretch as Stretch, of));
    run = -1;
    at = 0;
  };
  /** Qualities change seldom: they are set where a new run of them begins. */
  const enterRun = (runs: readonly QualityRun[]): void => {
    run++;
    const { bytes } = runs[run];
    if (bytes.length === 1) quality.fill(bytes[0]);
    else quality.set(bytes);
  };
  next();
  return {
    t_s: () => stretch?.t_s[at] ?? Infinity,
    take() {
      if (stretch === undefined) return frame;
      if (run < 0 || at === stretch.quality[run].to) enterRun(stretch.quality);
      frame.row = stretch.row + at;
      frame.t_s = stretch.t_s[at];
      const reason = stretch.reasons.get(at);
      if (reason !== undefined) frame.reason = reason;
      else if (frame.reason !== undefined) delete frame.reason;
      for (let i = 0; i < wanted.length; i++) values[wanted[i]] = columns[i][at];
      for (let i = 0; i < extents.length; i++) {
        extents[i].low = spans[i].low[at];
        extents[i].high = spans[i].high[at];
        extents[i].mean = spans[i].mean[at];
      }
      at++;
      if (at === stretch.rows) next();
      return frame;
    },
  };
}

function placesFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
