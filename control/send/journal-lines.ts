import type { DatabaseSync } from 'node:sqlite';
import { parse } from 'yaml';
import { z } from 'zod';
import { onSubject } from '../contract/of-subject.ts';
import { openReadOnly } from '../record/read-only.ts';
import { SETPOINTS, setpointRows, setpointStretches } from '../record/setpoint-rows.ts';
import { devicesOf, FrameReader } from '../record/stretches.ts';
import { UtcTable } from '../record/utc.ts';
import {
  eventLine,
  fieldsOf,
  frameLine,
  type RunTags,
  setpointLine,
  stampOf,
  stampOfRow,
} from './line-writer.ts';
import { BEGINNING, type Line, type Position } from './positions.ts';

/** The journal of a run as lines to be sent, from any position on; also while it is being written. */

/** Lines that go together, and where each table stands once they are acknowledged. */
export interface LineBatch {
  readonly lines: readonly Line[];
  readonly to: ReadonlyMap<string, Position>;
}

/** What may go together. */
export interface BatchLimits {
  readonly lines: number;
  /** Characters, before they are compressed. */
  readonly chars: number;
}

/** So many lines are taken of one table before the next has its turn. */
const TURN = 50;
const EVENTS = 'events';
/** Stamps that are no farther apart may be of one time. */
const ONE_TIME_NS = 1_000_000n;

const fileSchema = z.looseObject({ roles: z.record(z.string(), z.string()).default({}) });

/**
 * Reads the next lines behind these positions; none: there is nothing new. The journal is open only meanwhile, so that
 * whoever writes it is not kept from closing it. @throws FileError where it cannot be read
 */
export function readBatch(
  path: string,
  positions: ReadonlyMap<string, Position>,
  limits: BatchLimits,
): LineBatch {
  return withJournal(path, journal => {
    const lines: Line[] = [];
    const to = new Map<string, Position>();
    let chars = 0;
    let feeds = journal.sources.map(source => journal.lines(source, positions.get(source) ?? BEGINNING));
    const isFull = (): boolean => lines.length >= limits.lines || chars >= limits.chars;
    while (feeds.length > 0 && !isFull()) {
      feeds = feeds.filter(feed => {
        for (let i = 0; i < TURN && !isFull(); i++) {
          const next = feed.next();
          if (next.done === true) return false;
          lines.push(next.value);
          to.set(next.value.source, next.value);
          chars += next.value.text.length + 1;
        }
        return true;
      });
    }
    return { lines, to };
  });
}

/** What lies behind these positions: rows, and the stamp behind which the oldest of them lies. */
export function restOf(
  path: string,
  positions: ReadonlyMap<string, Position>,
): { readonly rows: number; readonly since_ns: bigint | undefined } {
  return withJournal(path, journal => {
    let rows = 0;
    let since_ns: bigint | undefined;
    for (const source of journal.sources) {
      const { row, ns } = positions.get(source) ?? BEGINNING;
      const more = journal.rows(source) - row;
      if (more <= 0) continue;
      rows += more;
      const from_ns = row === 0 ? journal.began_ns : ns;
      if (since_ns === undefined || from_ns < since_ns) since_ns = from_ns;
    }
    return { rows, since_ns };
  });
}

/** The mode and the start of a run: what it is known by in the stores. */
export function runTagsOf(path: string): RunTags {
  return withJournal(path, journal => journal.tags);
}

function withJournal<T>(path: string, read: (journal: JournalLines) => T): T {
  const db = openReadOnly(path);
  try {
    return read(new JournalLines(db));
  } finally {
    db.close();
  }
}

class JournalLines {
  readonly tags: RunTags;
  readonly began_ns: bigint;
  readonly sources: readonly string[];
  readonly #db: DatabaseSync;
  readonly #utc: UtcTable;
  readonly #roles: Readonly<Record<string, string>>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
    const meta = new Map(rows.map(({ key, value }) => [key, value]));
    const run = meta.get('startedUtc') ?? '1970-01-01T00:00:00.000Z';
    this.tags = { bench: meta.get('bench') ?? '', run, mode: meta.get('mode') ?? '' };
    this.#utc = new UtcTable(db);
    this.began_ns = stampOf(this.#utc, 0);
    const file = fileSchema.safeParse(onSubject(parse(meta.get('benchFile') ?? '{}'), meta.get('subject')));
    this.#roles = file.success ? file.data.roles : {};
    this.sources = [...devicesOf(db).map(device => `frames_${device}`), SETPOINTS, EVENTS];
  }

  rows(source: string): number {
    if (source.startsWith('frames_')) return new FrameReader(this.#db, source.slice(7)).rows;
    if (source === SETPOINTS) return setpointRows(this.#db);
    return Number(this.#db.prepare(`SELECT max(rowid) AS n FROM ${EVENTS}`).get()?.['n'] ?? 0);
  }

  lines(source: string, after: Position): Generator<Line> {
    if (source.startsWith('frames_')) return this.#frames(source, after);
    return source === SETPOINTS ? this.#setpoints(after.row) : this.#events(after.row);
  }

  *#frames(source: string, after: Position): Generator<Line> {
    const id = source.slice('frames_'.length);
    const reader = new FrameReader(this.#db, id);
    const fields = fieldsOf(id, reader.channels, this.#roles);
    const channels = Array.from(reader.channels, (_, place) => place);
    let { ns } = after;
    for (const stretch of reader.stretches({ channels, from: after.row + 1 })) {
      const columns = channels.map(channel => stretch.values(channel));
      let run = 0;
      for (let r = 0; r < stretch.rows; r++) {
        while (stretch.quality[run].to <= r) run++;
        const exact = stampOf(this.#utc, stretch.t_s[r]);
        // Two readings of one time would be one point: the later one lies 1 ns behind. Much earlier: the clock was set back.
        ns = exact > ns || ns - exact > ONE_TIME_NS ? exact : ns + 1n;
        const text = frameLine(
          this.tags,
          { id, fields },
          channel => columns[channel][r],
          stretch.quality[run].bytes,
          ns,
        );
        yield { source, row: stretch.row + r, ns, text };
      }
    }
  }

  *#setpoints(after: number): Generator<Line> {
    for (const { row: first, rows, t_s, role, asked, applied, source, outcome } of setpointStretches(
      this.#db,
      after + 1,
    )) {
      for (let i = 0; i < rows; i++) {
        const row = first + i;
        const ns = stampOfRow(this.#utc, t_s[i], row);
        const set = { row, role: role[i], asked: asked[i], applied: applied[i], source: source[i] };
        const text = setpointLine(this.tags, { ...set, outcome: outcome[i] }, ns);
        yield { source: SETPOINTS, row, ns, text };
      }
    }
  }

  *#events(after: number): Generator<Line> {
    const read = this.#db.prepare(
      `SELECT rowid AS row, t_s, kind, text, data FROM ${EVENTS} WHERE rowid > ? ORDER BY rowid LIMIT 1000`,
    );
    for (let last = after; ; ) {
      const rows = read.all(last) as unknown as EventRow[];
      for (const { row, t_s, kind, text, data } of rows) {
        const ns = stampOfRow(this.#utc, t_s, row);
        const alarm = kind === 'alarm' || kind === 'clear' ? alarmOf(data) : '';
        yield { source: EVENTS, row, ns, text: eventLine(this.tags, { row, kind, text, alarm }, ns) };
        last = row;
      }
      if (rows.length === 0) return;
    }
  }
}

interface EventRow {
  readonly row: number;
  readonly t_s: number;
  readonly kind: string;
  readonly text: string;
  readonly data: string | null;
}

const alarmSchema = z.object({ id: z.string() });

function alarmOf(data: string | null): string {
  if (data === null) return '';
  try {
    return alarmSchema.safeParse(JSON.parse(data)).data?.id ?? '';
  } catch {
    // Data of another version: the event goes out without the limit's name.
    return '';
  }
}
