import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import type { JournalEvent } from '../../../control/record/events.ts';
import { Journal } from '../../../control/record/journal.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { openRecord } from '../../../control/record/record.ts';
import { Recording, type Sink } from '../../../control/record/recording.ts';
import type { Frame } from '../../../drivers/contract/frame.ts';
import { isUsable } from '../../../drivers/contract/frame.ts';
import type { Subject } from '../../../profiles/recorded-run.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const frame = (t_s: number): Frame => ({
  device: 'rack',
  t_s,
  values: Float64Array.of(1.8),
  quality: new Uint8Array(1),
});
const TABLES = [{ device: 'rack', channels: ['cell[1].voltage_V'] }];

/** A sink that counts what it gets, and may throw on each. */
function counter(isBroken = false): Sink & { got: string[] } {
  const got: string[] = [];
  const take = (what: string): void => {
    got.push(what);
    if (isBroken) throw new Error('broken');
  };
  return {
    got,
    frame: f => take(`frame ${f.t_s}`),
    event: e => take(`event ${e.t_s}`),
    setpoint: s => take(`setpoint ${s.t_s}`),
    checkpoint: t_s => take(`checkpoint ${t_s}`),
  };
}

function sendAll(to: Sink, t_s: number): void {
  to.frame(frame(t_s));
  to.event({ t_s, kind: 'clear', text: '', data: { id: 'a' } });
  to.setpoint({ t_s, role: 'r', asked: 1, applied: 1, source: 's', outcome: 'applied' });
  to.checkpoint(t_s, { version: 1 });
}
const ALL = (t_s: number): string[] => [
  `frame ${t_s}`,
  `event ${t_s}`,
  `setpoint ${t_s}`,
  `checkpoint ${t_s}`,
];

describe('a recording', () => {
  it('sends everything to every sink for as long as it is there', () => {
    const recording = new Recording();
    const [session, run] = [counter(), counter()];
    recording.add(session);
    sendAll(recording, 1);
    const end = recording.add(run);
    sendAll(recording, 2);
    end();
    sendAll(recording, 3);
    expect(session.got).toEqual([...ALL(1), ...ALL(2), ...ALL(3)]);
    expect(run.got).toEqual(ALL(2));
  });

  it('a sink that throws is counted and noted once, and the others get everything', () => {
    const recording = new Recording();
    const [broken, whole] = [counter(true), counter()];
    recording.add(broken);
    recording.add(whole);
    const noted: unknown[] = [];
    recording.onTrouble(() => {
      throw new Error('a listener that throws as well');
    });
    recording.onTrouble(({ sink, error }) => {
      noted.push(sink, (error as Error).message);
      // Written down at once, to the sink that throws, too.
      recording.event({ t_s: 9, kind: 'listener', text: '', data: { count: 1 } });
    });
    sendAll(recording, 1);
    expect(noted).toEqual([broken, 'broken']);
    expect(recording.failuresOf(broken)).toBe(5);
    expect(recording.failuresOf(whole)).toBe(0);
    expect(whole.got.toSorted()).toEqual([...ALL(1), 'event 9'].toSorted());
  });

  it('is behind while one of its sinks is, and waits for that', async () => {
    const recording = new Recording();
    let isBehind = true;
    recording.add(counter());
    const late: Sink = {
      ...counter(),
      get isBehind() {
        return isBehind;
      },
      catchUp: () => {
        isBehind = false;
        return Promise.reject(new Error('gone'));
      },
    };
    recording.add(late);
    expect(recording.isBehind).toBe(true);
    await recording.catchUp();
    expect(recording.isBehind).toBe(false);
  });
});

describe('a journal', () => {
  it('counts from its own origin, in every table and in the data of events', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {}, { origin_s: 1000 });
    const heard: number[] = [];
    journal.onEvent(event => heard.push(event.t_s));
    sendAll(journal, 1003);
    const step: JournalEvent = {
      t_s: 1005,
      kind: 'step',
      text: '',
      data: { pc: 1, op: 'wait', start_s: 1001, ended: 'time', reason: '' },
    };
    journal.event(step);
    journal.event({
      t_s: 1006,
      kind: 'safe',
      text: '',
      data: { what: 'outcome', ok: true, took_s: 2 },
    });
    await journal.close();
    const db = new DatabaseSync(path, { readOnly: true });
    for (const table of ['frames_rack', 'setpoints', 'checkpoints', 'events'])
      expect(db.prepare(`SELECT t_s FROM ${table} LIMIT 1`).get(), table).toEqual({ t_s: 3 });
    const data = db.prepare("SELECT data FROM events WHERE kind <> 'clear'").all();
    expect(data.map(row => JSON.parse(String(row['data'])))).toMatchObject([
      { start_s: 1001 },
      { took_s: 2 },
    ]);
    db.close();
    expect(heard).toEqual([3, 5, 6]);
    expect(step.data).toMatchObject({ start_s: 1001 });
  });

  it('a listener that throws keeps no other from hearing, and stands in the record', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    const heard: string[] = [];
    journal.onEvent(() => {
      throw new Error('x');
    });
    const end = journal.onEvent(event => heard.push(event.kind));
    journal.event({ t_s: 1, kind: 'clear', text: '', data: { id: 'a' } });
    end();
    journal.event({ t_s: 2, kind: 'clear', text: '', data: { id: 'b' } });
    await journal.close();
    expect(heard).toEqual(['clear', 'listener']);
    const db = openReadOnly(path);
    expect(
      db
        .prepare('SELECT kind FROM events')
        .all()
        .map(r => r['kind']),
    ).toEqual(['clear', 'listener', 'clear', 'listener']);
    db.close();
  });

  it('leaves one file when it is closed, and reading that makes no other', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    journal.frame(frame(1));
    await journal.flush();
    expect(readdirSync(dir)).toEqual(['run.sqlite', 'run.sqlite-shm', 'run.sqlite-wal']);
    const live = openReadOnly(path);
    expect(live.prepare('SELECT count(*) AS n FROM frames_rack').get()).toEqual({ n: 1 });
    live.close();
    await journal.close();
    expect(readdirSync(dir)).toEqual(['run.sqlite']);
    const closed = openReadOnly(path);
    expect(closed.prepare('SELECT count(*) AS n FROM frames_rack').get()).toEqual({ n: 1 });
    expect(readdirSync(dir)).toEqual(['run.sqlite']);
    closed.close();
    expect(readdirSync(dir)).toEqual(['run.sqlite']);
  });
});

describe('what is read back', () => {
  const accuracy = { reading_pct: 0, abs: 0, basis: 'default' } as const;
  const CELLS = 3;
  const cells = {
    role: 'cell.voltage_V[]',
    device: 'rack',
    channel: 'rack.cell[].voltage_V',
    first: 1,
    count: CELLS,
    accuracy,
    stale_after_s: 3,
  };
  const roles: RoleTable = { measured: new Map([[cells.role, cells]]), settable: new Map() };
  const tables = [{ device: 'rack', channels: ['temperature_degC', 'a_V', 'b_V', 'c_V'] }];
  const subject: Subject = {
    kind: 'stack',
    name: 'x',
    type: 'pem',
    cells: CELLS,
    activeArea_cm2: 1,
    currentNominal_A: 1,
    powerNominal_kW: 1,
    pressureMax_barg: 1,
  };
  const reading = fc.record({
    value: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) }, fc.constant(Number.NaN)),
    quality: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4 })),
  });
  const outcome = fc.constantFrom(
    'applied' as const,
    'refused' as const,
    'failed' as const,
    'asked' as const,
  );

  it('is what was usable and what was applied, nothing else', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(reading, { minLength: CELLS + 1, maxLength: CELLS + 1 }), { maxLength: 12 }),
        fc.array(fc.record({ outcome, asked: fc.integer(), applied: fc.integer() }), { maxLength: 12 }),
        async (frames, sets) => {
          const path = join(dir, `${n++}.sqlite`);
          const journal = await Journal.open(path, tables, {});
          frames.forEach((row, t_s) => {
            const values = Float64Array.from(row, r => r.value);
            journal.frame({ device: 'rack', t_s, values, quality: Uint8Array.from(row, r => r.quality) });
          });
          sets.forEach((set, t_s) => {
            const applied = set.outcome === 'applied' ? set.applied : Number.NaN;
            journal.setpoint({ ...set, t_s, role: 'x.set_A', applied, source: 's' });
          });
          await journal.close();
          const record = openRecord(path, roles, subject);
          const members = frames.map(row =>
            row.slice(1).map(r => (isUsable(r.value, r.quality) ? r.value : Number.NaN)),
          );
          const means = Array.from({ length: CELLS }, (_, i) => {
            const usable = members.map(m => m[i]).filter(v => !Number.isNaN(v));
            return usable.reduce((sum, v) => sum + v, 0) / usable.length;
          });
          const expected = means.every(v => Number.isNaN(v)) ? [] : means;
          expect(record.profile(cells.role, 0, frames.length)).toEqual(expected);
          expect(record.profile(cells.role, frames.length + 1, frames.length + 2)).toEqual([]);
          expect([...record.spread(cells.role, 1).value]).toEqual(
            members.map(m => Math.max(...m) - Math.min(...m)),
          );
          // Of three rows each the largest that is known: a picture of few points misses no peak.
          const spreads = members.map(m => Math.max(...m) - Math.min(...m));
          const widest = Array.from({ length: Math.ceil(spreads.length / 3) }, (_, i) => {
            const known = spreads.slice(3 * i, 3 * i + 3).filter(v => !Number.isNaN(v));
            return known.length === 0 ? Number.NaN : Math.max(...known);
          });
          const thinned = record.spread(cells.role, 3);
          expect([...thinned.value]).toEqual(widest);
          expect([...thinned.t_s].map(t => spreads[t])).toEqual(widest);
          const applied = sets.filter(s => s.outcome === 'applied').map(s => s.applied);
          const asked = sets.filter(s => s.outcome === 'asked').map(s => s.asked);
          expect([...record.asked('x.set_A').value]).toEqual(applied.length > 0 ? applied : asked);
          record.close();
        },
      ),
      { numRuns: 15, seed: 17, endOnFailure: true },
    );
  });
});
