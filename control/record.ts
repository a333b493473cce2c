import { DatabaseSync } from 'node:sqlite';
import type { Accuracy } from '../drivers/contract/device.ts';
import { QUALITY } from '../drivers/contract/frame.ts';
import type {
  RecordedPhase,
  RecordedPoint,
  RecordedRun,
  RecordedSeries,
  Subject,
} from '../profiles/recorded-run.ts';
import type { MeasuredRole, RoleTable } from './roles.ts';

const NONE: RecordedSeries = { t_s: new Float64Array(0), value: new Float64Array(0) };

/** The record of one run, opened for reading (also while the run goes on). Close it when done. */
export interface OpenRecord extends RecordedRun {
  /** Max minus min over an array role, from every `stride`-th row. NaN where one member is unusable. */
  spread(role: string, stride: number): RecordedSeries;
  /** Mean of each member of an array role over a time window; empty if there is no usable row. */
  profile(role: string, from_s: number, to_s: number): number[];
  readonly rows: number;
  close(): void;
}

/** Reads a journal by role. `roles` and `subject` are those of the bench file the run was made with. */
export function openRecord(path: string, roles: RoleTable, subject: Subject): OpenRecord {
  const db = new DatabaseSync(path, { readOnly: true });
  const events = (
    db.prepare('SELECT t_s, kind, text, data FROM events ORDER BY rowid').all() as unknown as {
      t_s: number;
      kind: string;
      text: string;
      data: string | null;
    }[]
  ).map(e => ({ ...e, data: e.data === null ? undefined : (JSON.parse(e.data) as Record<string, unknown>) }));
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
    events,
    timeFactor: Number(meta.get('timeFactor') ?? 1),
    series(role) {
      const known = cache.get(role);
      if (known !== undefined) return known;
      const entry = roles.measured.get(role);
      const series = entry === undefined || entry.count !== 1 ? NONE : readSeries(db, entry);
      cache.set(role, series);
      return series;
    },
    accuracy(role): Accuracy {
      return roles.measured.get(role)?.accuracy ?? { reading_pct: 0, abs: Number.NaN, basis: 'default' };
    },
    asked: role => readAsked(db, role),
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

interface StoredEvent {
  readonly t_s: number;
  readonly kind: string;
  readonly text: string;
  readonly data: Record<string, unknown> | undefined;
}

function phasesOf(events: readonly StoredEvent[]): RecordedPhase[] {
  const phases: RecordedPhase[] = [];
  let method = '';
  let name = '';
  for (const event of events) {
    if (event.kind === 'phase') {
      name = event.text;
      method = String(event.data?.['method'] ?? 'steps');
    } else if (event.kind === 'phaseEnd') {
      const start_s = Number(event.data?.['start_s']);
      phases.push({
        name,
        method,
        start_s,
        end_s: event.t_s,
        ended_by: String(event.data?.['ended_by'] ?? ''),
      });
    }
  }
  return phases;
}

function pointsOf(events: readonly StoredEvent[]): RecordedPoint[] {
  const points: RecordedPoint[] = [];
  let phase = '';
  for (const event of events) {
    if (event.kind === 'phase') phase = event.text;
    if (event.kind !== 'point' || event.data === undefined) continue;
    const leg = event.data['leg'];
    if (leg !== 'up' && leg !== 'down' && leg !== 'single') continue;
    points.push({
      phase,
      leg,
      setpoint: Number(event.data['setpoint']),
      from_s: Number(event.data['from_s']),
      to_s: Number(event.data['to_s']),
    });
  }
  return points;
}

/** Column n of the table, by position: t_s, then the channels, then quality and reason. */
function columnsOf(db: DatabaseSync, device: string): string[] {
  const info = db.prepare(`PRAGMA table_info("frames_${device}")`).all() as { name: string }[];
  return info.map(column => column.name);
}

function readSeries(db: DatabaseSync, entry: MeasuredRole): RecordedSeries {
  const columns = columnsOf(db, entry.device);
  const column = columns[entry.first + 1];
  // One byte of quality for the whole frame, or one a channel; judged in SQL, where it costs no object a row.
  const byte = `substr(quality, CASE length(quality) WHEN 1 THEN 1 ELSE ${entry.first + 1} END, 1)`;
  const unusable = `x'${QUALITY.stale.toString(16).padStart(2, '0')}'`;
  const statement = db.prepare(
    `SELECT t_s, CASE WHEN ${byte} >= ${unusable} THEN NULL ELSE "${column}" END FROM "frames_${entry.device}" ORDER BY rowid`,
  );
  statement.setReturnArrays(true);
  const count = (db.prepare(`SELECT count(*) AS n FROM "frames_${entry.device}"`).get() as { n: number }).n;
  const t_s = new Float64Array(count);
  const value = new Float64Array(count);
  let n = 0;
  for (const row of statement.iterate() as Iterable<unknown>) {
    const [t, v] = row as [number, number | null];
    if (n === count) break;
    t_s[n] = t;
    value[n] = v ?? Number.NaN;
    n++;
  }
  return { t_s, value };
}

function readAsked(db: DatabaseSync, role: string): RecordedSeries {
  const statement = db.prepare(
    'SELECT t_s, coalesce(applied, asked) FROM setpoints WHERE role = ? ORDER BY rowid',
  );
  statement.setReturnArrays(true);
  const rows = statement.all(role) as unknown as [number, number | null][];
  return {
    t_s: Float64Array.from(rows, r => r[0]),
    value: Float64Array.from(rows, r => r[1] ?? Number.NaN),
  };
}

function readSpread(db: DatabaseSync, entry: MeasuredRole, stride: number): RecordedSeries {
  const rows = arrayRows(db, entry, `rowid % ${Math.max(1, Math.floor(stride))} = 0`);
  return {
    t_s: Float64Array.from(rows, r => r[0] ?? Number.NaN),
    value: Float64Array.from(rows, r => {
      let low = Infinity;
      let high = -Infinity;
      for (let i = 1; i <= entry.count; i++) {
        const v = r[i] ?? Number.NaN;
        if (Number.isNaN(v)) return Number.NaN;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
      return high - low;
    }),
  };
}

function readProfile(db: DatabaseSync, entry: MeasuredRole, from_s: number, to_s: number): number[] {
  const rows = arrayRows(db, entry, `t_s >= ${from_s} AND t_s <= ${to_s}`);
  if (rows.length === 0) return [];
  return Array.from(
    { length: entry.count },
    (_, i) => rows.reduce((sum, r) => sum + (r[i + 1] ?? Number.NaN), 0) / rows.length,
  );
}

/** t_s and the members of an array role, for the rows that match. */
function arrayRows(db: DatabaseSync, entry: MeasuredRole, where: string): (number | null)[][] {
  const members = columnsOf(db, entry.device)
    .slice(entry.first + 1, entry.first + 1 + entry.count)
    .map(name => `"${name}"`)
    .join(', ');
  const statement = db.prepare(
    `SELECT t_s, ${members} FROM "frames_${entry.device}" WHERE ${where} ORDER BY rowid`,
  );
  statement.setReturnArrays(true);
  return statement.all() as unknown as (number | null)[][];
}

function countRows(db: DatabaseSync): number {
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'frames\\_%' ESCAPE '\\'")
    .all() as {
    name: string;
  }[];
  return tables.reduce(
    (sum, t) => sum + (db.prepare(`SELECT count(*) AS n FROM "${t.name}"`).get() as { n: number }).n,
    0,
  );
}
