import type { DatabaseSync } from 'node:sqlite';
import type { Accuracy } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import type {
  RecordedPhase,
  RecordedPoint,
  RecordedRun,
  RecordedSeries,
  Subject,
} from '../../profiles/recorded-run.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import { openReadOnly } from './read-only.ts';
import { type RecordedEvent, readEvents } from './recorded-events.ts';

const NONE: RecordedSeries = { t_s: new Float64Array(0), value: new Float64Array(0) };

/** The record of one run, opened for reading (also while the run goes on). Close it when done. */
export interface OpenRecord extends RecordedRun {
  /**
   * Reads several roles in one pass over each instrument's table, for the `series` that follow: of millions of rows
   * each pass takes seconds. Roles that nothing measures are passed over.
   */
  readTogether(roles: readonly string[]): void;
  /** Max minus min over an array role, from every `stride`-th row. NaN where one member is not usable. */
  spread(role: string, stride: number): RecordedSeries;
  /**
   * Mean of each member of an array role over a time window, from its usable readings; NaN for a member that has none,
   * empty if no member has any.
   */
  profile(role: string, from_s: number, to_s: number): number[];
  readonly rows: number;
  close(): void;
}

/** Reads a journal by role. `roles` and `subject` are those of the bench file the run was made with. */
export function openRecord(path: string, roles: RoleTable, subject: Subject): OpenRecord {
  const db = openReadOnly(path);
  const events = readEvents(db);
  const cache = new Map<string, RecordedSeries>();
  const meta = new Map(
    (db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]).map(m => [
      m.key,
      m.value,
    ]),
  );
  return {
    subject,
    phases: phasesOf(events),
    points: pointsOf(events),
    events: events.map(e => ({
      t_s: e.t_s,
      kind: e.kind === 'not understood' ? e.data.kind : e.kind,
      text: e.text,
    })),
    timeFactor: Number(meta.get('timeFactor') ?? 1),
    readTogether: wanted => {
      const unread = wanted.flatMap(role => (cache.has(role) ? [] : (roles.measured.get(role) ?? [])));
      readSeries(db, unread, cache);
    },
    series(role) {
      const entry = roles.measured.get(role);
      if (!cache.has(role) && entry !== undefined) readSeries(db, [entry], cache);
      return cache.get(role) ?? NONE;
    },
    accuracy(role): Accuracy {
      return roles.measured.get(role)?.accuracy ?? { reading_pct: 0, abs: Number.NaN, basis: 'default' };
    },
    asked: role => readAsked(db, role, roles.settable.has(role)),
    spread: (role, stride) => withArray(roles, role, NONE, entry => readSpread(db, entry, stride)),
    profile: (role, from_s, to_s) =>
      withArray(roles, role, [], entry => readProfile(db, entry, from_s, to_s)),
    get rows() {
      return countRows(db);
    },
    close: () => db.close(),
  };
}

function withArray<T>(roles: RoleTable, role: string, none: T, read: (entry: MeasuredRole) => T): T {
  const entry = roles.measured.get(role);
  return entry === undefined ? none : read(entry);
}

function phasesOf(events: readonly RecordedEvent[]): RecordedPhase[] {
  const phases: RecordedPhase[] = [];
  let method = 'steps';
  for (const event of events) {
    if (event.kind === 'phase') method = event.data.method;
    else if (event.kind === 'phaseEnd') phases.push({ ...event.data, method });
  }
  return phases;
}

function pointsOf(events: readonly RecordedEvent[]): RecordedPoint[] {
  const points: RecordedPoint[] = [];
  let phase = '';
  for (const event of events) {
    if (event.kind === 'phase') phase = event.data.name;
    else if (event.kind === 'point') points.push({ phase, ...event.data });
  }
  return points;
}

/** Column n of the table, by position: t_s, then the channels, then quality and reason. */
function columnsOf(db: DatabaseSync, device: string): string[] {
  const info = db.prepare(`PRAGMA table_info("frames_${device}")`).all() as { name: string }[];
  return info.map(column => column.name);
}

/** So many rows are fetched at once: enough to outweigh the query, few enough to be garbage at once. */
const ROWS_AT_ONCE = 1000;

/** Reads the single roles of the list into `cache`, table by table. The roles of a table share their times. */
function readSeries(
  db: DatabaseSync,
  entries: readonly MeasuredRole[],
  cache: Map<string, RecordedSeries>,
): void {
  const single = entries.filter(entry => entry.count === 1);
  for (const device of new Set(single.map(entry => entry.device))) {
    readTable(
      db,
      device,
      single.filter(entry => entry.device === device),
      cache,
    );
  }
}

function readTable(
  db: DatabaseSync,
  device: string,
  entries: readonly MeasuredRole[],
  cache: Map<string, RecordedSeries>,
): void {
  const columns = columnsOf(db, device);
  const names = entries.map(entry => `"${columns[entry.first + 1]}"`).join(', ');
  // One byte of quality for the whole frame, or one a channel. Only what is not usable throughout comes out of SQL:
  // an object for each row costs more than its figures.
  const unusable = `x'${QUALITY.stale.toString(16).padStart(2, '0')}'`;
  const quality = `CASE WHEN length(quality) = 1 AND quality < ${unusable} THEN NULL ELSE quality END`;
  const statement = db.prepare(
    `SELECT t_s, ${quality}, ${names} FROM "frames_${device}" WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  const count = rowsOf(db, device);
  const t_s = new Float64Array(count);
  const values = entries.map(() => new Float64Array(count));
  for (let n = 0; n < count; ) {
    const rows = statement.all(n) as unknown as (number | Uint8Array | null)[][];
    if (rows.length === 0) throw new Error(`frames_${device}: rows are missing after row ${n} of ${count}`);
    const taken = Math.min(rows.length, count - n);
    for (let r = 0; r < taken; r++) t_s[n + r] = rows[r][0] as number;
    for (let i = 0; i < entries.length; i++) takeColumn(rows, taken, i + 2, entries[i].first, values[i], n);
    n += taken;
  }
  entries.forEach((entry, i) => {
    cache.set(entry.role, { t_s, value: values[i] });
  });
}

/** One column of the rows into `values` from place `to` on; NaN for what is not usable. */
function takeColumn(
  rows: readonly (readonly (number | Uint8Array | null)[])[],
  count: number,
  column: number,
  channel: number,
  values: Float64Array,
  to: number,
): void {
  for (let r = 0; r < count; r++) {
    const row = rows[r];
    const bytes = row[1] as Uint8Array | null;
    const isUsable = bytes === null || qualityAt(bytes, channel) < QUALITY.stale;
    values[to + r] = isUsable ? ((row[column] as number | null) ?? Number.NaN) : Number.NaN;
  }
}

function qualityAt(bytes: Uint8Array, column: number): number {
  return bytes[bytes.length === 1 ? 0 : column];
}

/** Rows of an instrument so far; the tables only grow, so that the last row's number tells it. */
function rowsOf(db: DatabaseSync, device: string): number {
  const row = db.prepare(`SELECT max(rowid) AS n FROM "frames_${device}"`).get() as { n: number | null };
  return row.n ?? 0;
}

/**
 * What was applied of a role. A role that no device sets (the power that a load profile asks for) is never applied:
 * then what was asked.
 */
function readAsked(db: DatabaseSync, role: string, isSettable: boolean): RecordedSeries {
  const applied = `FROM setpoints WHERE role = ? AND outcome = 'applied' AND applied IS NOT NULL`;
  const asked = `FROM setpoints WHERE role = ? AND outcome = 'asked'`;
  const countOf = (of: string): number =>
    (db.prepare(`SELECT count(*) AS n ${of}`).get(role) as { n: number }).n;
  const wasApplied = countOf(applied) > 0;
  const [column, of] = isSettable || wasApplied ? ['applied', applied] : ['asked', asked];
  const count = countOf(of);
  const statement = db.prepare(
    `SELECT rowid, t_s, ${column} ${of} AND rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  const t_s = new Float64Array(count);
  const value = new Float64Array(count);
  let last = 0;
  for (let n = 0; n < count; ) {
    const rows = statement.all(role, last) as unknown as [number, number, number | null][];
    if (rows.length === 0) throw new Error(`setpoints of ${role}: rows are missing after row ${last}`);
    for (let r = 0; r < rows.length && n < count; r++, n++) {
      last = rows[r][0];
      t_s[n] = rows[r][1];
      value[n] = rows[r][2] ?? Number.NaN;
    }
  }
  return { t_s, value };
}

function readSpread(db: DatabaseSync, entry: MeasuredRole, stride: number): RecordedSeries {
  const t_s: number[] = [];
  const value: number[] = [];
  for (const row of arrayRows(db, entry, `rowid % ${Math.max(1, Math.floor(stride))} = 0`)) {
    let low = Infinity;
    let high = -Infinity;
    // Math.min and max of a NaN are NaN.
    for (const v of row.members) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    t_s.push(row.t_s);
    value.push(high - low);
  }
  return { t_s: Float64Array.from(t_s), value: Float64Array.from(value) };
}

function readProfile(db: DatabaseSync, entry: MeasuredRole, from_s: number, to_s: number): number[] {
  const sum = new Array<number>(entry.count).fill(0);
  const usable = new Array<number>(entry.count).fill(0);
  for (const { members } of arrayRows(db, entry, `t_s >= ${from_s} AND t_s <= ${to_s}`)) {
    members.forEach((v, i) => {
      if (Number.isNaN(v)) return;
      sum[i] += v;
      usable[i]++;
    });
  }
  return usable.every(n => n === 0) ? [] : sum.map((s, i) => s / usable[i]);
}

/** The members of an array role in the rows that match; NaN for one that is not usable. The array is used again. */
function* arrayRows(
  db: DatabaseSync,
  entry: MeasuredRole,
  where: string,
): Generator<{ readonly t_s: number; readonly members: Float64Array }> {
  const names = columnsOf(db, entry.device)
    .slice(entry.first + 1, entry.first + 1 + entry.count)
    .map(name => `"${name}"`)
    .join(', ');
  const statement = db.prepare(
    `SELECT t_s, quality, ${names} FROM "frames_${entry.device}" WHERE ${where} ORDER BY rowid`,
  );
  statement.setReturnArrays(true);
  const members = new Float64Array(entry.count);
  const rows = statement.iterate() as unknown as Iterable<(number | Uint8Array | null)[]>;
  for (const row of rows) {
    const quality = row[1] as Uint8Array;
    for (let i = 0; i < entry.count; i++) {
      const isUsable = qualityAt(quality, entry.first + i) < QUALITY.stale;
      members[i] = isUsable ? ((row[i + 2] as number | null) ?? Number.NaN) : Number.NaN;
    }
    yield { t_s: Number(row[0]), members };
  }
}

function countRows(db: DatabaseSync): number {
  const tables = db
    .prepare(
      "SELECT substr(name, 8) AS device FROM sqlite_master WHERE type = 'table' AND name LIKE 'frames\\_%' ESCAPE '\\'",
    )
    .all() as { device: string }[];
  return tables.reduce((sum, t) => sum + rowsOf(db, t.device), 0);
}
