import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../../../control/record/file/journal-file.ts';
import { Journal } from '../../../control/record/journal.ts';
import type { SessionHead } from '../../../control/record/journal-messages.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { verifyRecord } from '../../../control/record/seal/verify.ts';
import { SetpointBuffer } from '../../../control/record/setpoint-buffer.ts';
import { setpointStretches } from '../../../control/record/setpoint-rows.ts';
import { UtcTable } from '../../../control/record/utc.ts';
import { CHANNELS, KnownRecord, read, rowsFrom, withReader } from '../../support/known-record.ts';

/** A record that a later process goes on with: every row once, in order, and sealed by whoever wrote it. */

const TABLES = [{ device: 'supply', channels: CHANNELS }];
const session = (pid: number, t_s: number): SessionHead => ({
  pid,
  host: 'lab',
  software: 'cellbench 1',
  utc: '2026-05-01T22:00:00.000Z',
  t_s,
});
const goOn = (pid: number): JournalFile =>
  new JournalFile(path, TABLES, {}, { session: session(pid, 0), goesOn: true });
const END = { t_s: 9, utc: '2026-05-01T23:00:00.000Z', reason: 'closed' };

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'go-on-'));
  path = join(dir, 'run.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

function setpoints(from: number, rows: number) {
  const buffer = new SetpointBuffer(2048);
  for (let i = from; i < from + rows; i++)
    buffer.add({ t_s: i, role: `r${i % 5}_A`, asked: i, applied: i, source: 's', outcome: 'applied' });
  return { n: 0, frames: [], events: [], setpoints: buffer.take(), checkpoints: [] };
}

describe.each([
  { how: 'closed', cut: false },
  { how: 'cut off', cut: true },
])('a record that was $how', ({ cut }) => {
  it.each([
    { before: [300], after: [10, 2000] },
    { before: [1500, 600], after: [500, 7] },
    { before: [1023], after: [1] },
    { before: [4000], after: [40] },
  ])('$before rows, then $after', ({ before, after }) => {
    const record = new KnownRecord(path, session(1, 0));
    let rows = 0;
    for (const size of before) {
      record.put(rows, size);
      rows += size;
    }
    record.file.write(setpoints(0, 700));
    if (cut) record.file.db.close();
    else record.file.close(END);
    const later = new KnownRecord(path, session(2, 5), true);
    for (const size of after) {
      later.put(rows, size);
      rows += size;
    }
    later.file.write(setpoints(700, 700));
    later.file.close(END);
    expect(withReader(path, reader => read(reader))).toEqual(rowsFrom(0, rows));
    const db = openReadOnly(path);
    const asked = [...setpointStretches(db)].flatMap(part => [...part.asked]);
    expect(asked).toEqual(Array.from({ length: 1400 }, (_, i) => i));
    const sessions = db.prepare('SELECT session, what, pid, t_s, reason FROM sessions').all();
    db.close();
    expect(sessions.map(row => Object.values(row))).toEqual([
      [1, 'begin', 1, 0, null],
      ...(cut ? [] : [[1, 'end', 1, 9, 'closed']]),
      [2, 'begin', 2, 5, null],
      [2, 'end', 2, 9, 'closed'],
    ]);
    expect(verifyRecord(path)).toMatchObject({ found: [], hasEnded: true });
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('an edit of either part is found', () => {
    const record = new KnownRecord(path, session(1, 0));
    record.put(0, 1500);
    record.put(1500, 300);
    if (cut) record.file.db.close();
    else record.file.close(END);
    const later = new KnownRecord(path, session(2, 5), true);
    later.put(1800, 300);
    later.file.close(END);
    for (const [sql, found] of [
      ['UPDATE blocks SET to_s = to_s + 1', /block of frames_supply from row 1 on/],
      ['UPDATE frames_supply SET voltage_V = voltage_V + 1 WHERE rowid = 1600', /rows of frames_supply/],
      ['UPDATE frames_supply SET voltage_V = voltage_V + 1 WHERE rowid = 2000', /rows of frames_supply/],
      ["UPDATE sessions SET pid = 7 WHERE what = 'begin' AND session = 1", /^session 1:/m],
      ["DELETE FROM sessions WHERE what = 'end' AND session = 2", /^session \d: is missing/m],
      ["UPDATE seals SET hash = zeroblob(32) WHERE what = 'rows of frames_supply'", /is not what was sealed/],
    ] as const) {
      const copy = join(dir, 'copy.sqlite');
      copyFileSync(path, copy);
      const db = new DatabaseSync(copy);
      db.exec(sql);
      db.close();
      expect(verifyRecord(copy)?.found.join('\n'), sql).toMatch(found);
    }
  });
});

it('rows behind the end that no process answers for are found', () => {
  const record = new KnownRecord(path, session(1, 0));
  record.put(0, 10);
  record.file.close(END);
  const db = new DatabaseSync(path);
  db.exec("INSERT INTO seals SELECT max(n) + 1, 'event', 1, zeroblob(32) FROM seals");
  db.close();
  expect(verifyRecord(path)?.found.join('\n')).toMatch(/stands behind the end/);
});

it('the journal of a later process: its clock, its events and rows behind those that are there', async () => {
  const meta = { startedUtc: '2026-05-01T20:00:00.000Z' };
  const frame = (t_s: number) => ({
    device: 'supply',
    t_s,
    values: Float64Array.of(t_s, 0, 0),
    quality: new Uint8Array(3),
  });
  const first = await Journal.open(path, TABLES, meta, { session: session(1, 0) });
  first.frame(frame(1));
  await first.close(END);
  // The second process's clock begins anew; it says 2 h after the begin, and its run time 7100 s.
  const later = await Journal.open(
    path,
    TABLES,
    {},
    {
      origin_s: -7100,
      session: session(2, 7100),
      goesOn: true,
    },
  );
  later.frame(frame(1));
  await later.close({ ...END, t_s: 7102 });
  expect(withReader(path, reader => read(reader)).map(row => row.t_s)).toEqual([1, 7101]);
  const db = openReadOnly(path);
  const utc = new UtcTable(db);
  db.close();
  expect(utc.stretches).toEqual([
    { from_s: 0, utc_ms: Date.parse(meta.startedUtc), step_s: 0, cause: 'begin' },
    { from_s: 7100, utc_ms: Date.parse('2026-05-01T22:00:00.000Z'), step_s: 100, cause: 'session' },
  ]);
  expect(verifyRecord(path)).toMatchObject({ found: [], hasEnded: true });
});

it('what does not fit is refused, and nothing is changed', () => {
  expect(() => goOn(2)).toThrow(/run\.sqlite: no such file, expected the record to go on with/);
  expect(existsSync(path)).toBe(false);
  const record = new KnownRecord(path);
  record.put(0, 10);
  record.file.close();
  const other = [{ device: 'supply', channels: ['voltage_V'] }];
  expect(() => new JournalFile(path, other, {}, { session: session(2, 0), goesOn: true })).toThrow(
    /frames_supply has "voltage_V, current_A, charge_Ah", expected the channels "voltage_V"/,
  );
  const db = new DatabaseSync(path);
  db.exec("UPDATE meta SET value = '3' WHERE key = 'format'");
  db.close();
  expect(() => goOn(2)).toThrow(/form 3 of the record, expected 4 to go on with it/);
});
