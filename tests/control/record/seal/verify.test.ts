import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesFromSums, writeSums } from '../../../../control/program/result/sums.ts';
import type { JournalEvent } from '../../../../control/record/events.ts';
import { verifyRecord } from '../../../../control/record/seal/verify.ts';
import { NO_SETPOINTS, SetpointBuffer } from '../../../../control/record/setpoint-buffer.ts';
import { seededRandom } from '../../../../drivers/contract/random.ts';
import { KnownRecord } from '../../../support/known-record.ts';

/** Whatever is changed in a record afterwards is found, and where. */

let dir: string;
let path: string;
const event = (t_s: number, text: string): JournalEvent => ({ t_s, kind: 'load', text });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'verify-'));
  path = join(dir, 'run.sqlite');
  const record = new KnownRecord(path, {
    pid: 4711,
    host: 'lab',
    software: 'cellbench 1.0.0 (0123456789ab)',
    utc: '2026-05-01T20:00:00.000Z',
    t_s: 0,
  });
  const setpoints = new SetpointBuffer(10);
  record.put(0, 1500);
  record.put(1500, 1500);
  record.put(3000, 40);
  const columns = ['current_A', 'cellVoltage_V'];
  record.file.write({
    n: 2,
    frames: [],
    events: [],
    setpoints: NO_SETPOINTS,
    checkpoints: [],
    conclusions: [{ verdict: '"completed"', kpis: '[{"id":"specific-energy","value":51.5}]' }],
    datasets: [{ t_s: 5, kind: 'polarisation-curve', name: 'begin', columns, about: '{}' }],
    datasetRows: [
      {
        dataset: 1,
        rows: 2,
        values: Float64Array.of(1, 10, 1.8, 2, 20, 1.9),
        quality: new Uint8Array(4),
        reasons: new Map(),
      },
    ],
  });
  setpoints.add({
    t_s: 1,
    role: 'stack.currentSet_A',
    asked: 10,
    applied: 9,
    source: 'method',
    outcome: 'applied',
  });
  record.file.write({
    n: 3,
    frames: [],
    events: [
      event(1, 'one'),
      event(2, 'two'),
      event(3, 'three'),
      {
        t_s: 3.5,
        kind: 'clock',
        text: 'set',
        data: { what: 'step', step_s: 0, utc: '2026-05-01T21:00:00.000Z' },
      },
    ],
    setpoints: setpoints.take(),
    checkpoints: [{ t_s: 4, state: '{"pc":1}' }],
  });
  record.file.close({ t_s: 800, utc: '2026-05-01T21:13:16.500Z', reason: 'closed by its program' });
  writeFileSync(join(dir, 'result.json'), '{"verdict":"completed"}\n');
  writeSums(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A copy of the record with this done to it. */
function changed(sql: string): string {
  const copy = join(dir, 'copy.sqlite');
  copyFileSync(path, copy);
  const db = new DatabaseSync(copy);
  db.exec(sql);
  db.close();
  return copy;
}

it('nothing was changed: nothing is found, the end is there, the head of the chain is the same each time', () => {
  const review = verifyRecord(path);
  expect(review).toMatchObject({ found: [], hasEnded: true });
  // Head, session, blocks, conclusion, dataset and its block, events, stretch of UTC, session's end, plain rows, end.
  expect(review?.seals).toBe(1 + 1 + 2 + 2 + 2 + 4 + 1 + 1 + 3 + 1);
  expect(review?.head).toMatch(/^[0-9a-f]{64}$/);
  expect(verifyRecord(path)?.head).toBe(review?.head);
  expect(differencesFromSums(dir)).toEqual([]);
});

describe('what is found', () => {
  it.each<[what: string, sql: string, found: RegExp[]]>([
    [
      'a byte of a block',
      'UPDATE blocks SET data = zeroblob(length(data)) WHERE row = 1501',
      [/block of frames_supply from row 1501 on: is not/],
    ],
    [
      'what a block says of itself',
      'UPDATE blocks SET to_s = to_s + 1 WHERE row = 1',
      [/block of frames_supply from row 1 on: is not/],
    ],
    [
      'a block that is gone',
      'DELETE FROM blocks WHERE row = 1',
      [/block of frames_supply from row 1 on: is missing/],
    ],
    [
      'a block that was put in',
      'INSERT INTO blocks SELECT source, 9001, rows, from_s, to_s, packed, crc32, stats, data FROM blocks WHERE row = 1',
      [/blocks of frames_supply: 1 of 3 were never sealed/],
    ],
    [
      'two blocks that have changed places',
      'UPDATE blocks SET row = 7 WHERE row = 1; UPDATE blocks SET row = 1 WHERE row = 1501; UPDATE blocks SET row = 1501 WHERE row = 7',
      [/from row 1 on: is not/, /from row 1501 on: is not/],
    ],
    ["an event's words", "UPDATE events SET text = 'TWO' WHERE rowid = 2", [/^event 2: is not/]],
    ["an event's time", 'UPDATE events SET t_s = 2.0000001 WHERE rowid = 2', [/^event 2: is not/]],
    ['an event that is gone', 'DELETE FROM events WHERE rowid = 3', [/^event 3: is missing/]],
    ['a verdict', "UPDATE results SET json = '\"aborted\"' WHERE part = 'verdict'", [/^result 1: is not/]],
    ['a figure', "UPDATE results SET json = replace(json, '51.5', '49.5')", [/^result 2: is not/]],
    ['a figure that is gone', "DELETE FROM results WHERE part = 'kpis'", [/^result 2: is missing/]],
    [
      'a second result that was put in',
      "INSERT INTO results SELECT n + 1, part, json FROM results WHERE part = 'verdict'",
      [/^results: 1 of 3 were never sealed/],
    ],
    ['who wrote it', "UPDATE sessions SET host = 'other' WHERE what = 'begin'", [/^session 1: is not/]],
    ['when it ended', 'UPDATE sessions SET t_s = 700 WHERE rowid = 2', [/^session 2: is not/]],
    ['a step of the clock', 'UPDATE clock SET utc_ms = utc_ms + 1', [/^clock 1: is not/]],
    ['a step of the clock that is gone', 'DELETE FROM clock', [/^clock 1: is missing/]],
    ["a dataset's columns", "UPDATE datasets SET columns = '[]'", [/^dataset 1: is not/]],
    [
      'a point of a dataset',
      "UPDATE blocks SET stats = zeroblob(length(stats)) WHERE source = 'dataset_1'",
      [/^block of dataset_1 from row 1 on: is not/],
    ],
    [
      'a dataset that was put in',
      'INSERT INTO datasets SELECT 6, kind, name, columns, about FROM datasets',
      [/^datasets: 1 of 2 were never sealed/],
    ],
    [
      'an event that was put in',
      "INSERT INTO events VALUES (2.5, 'load', 'new', NULL)",
      [/events: 1 of 5 were never sealed/],
    ],
    [
      'a figure in a plain row',
      'UPDATE frames_supply SET voltage_V = voltage_V + 1e-9 WHERE rowid = 3001',
      [/^rows of frames_supply: is not/],
    ],
    [
      'a quality in a plain row',
      "UPDATE frames_supply SET quality = x'02' WHERE rowid = 3040",
      [/^rows of frames_supply: is not/],
    ],
    ['a set point', 'UPDATE setpoints SET applied = 10', [/^rows of setpoints: is not/]],
    ['a checkpoint', "UPDATE checkpoints SET state = '{}'", [/^rows of checkpoints: is not/]],
    [
      'a channel under another name',
      'ALTER TABLE frames_supply RENAME COLUMN current_A TO other_A',
      [/^meta and tables: is not/],
    ],
    [
      'what the file says of itself',
      "INSERT INTO meta VALUES ('operator', 'somebody else')",
      [/^meta and tables: is not/],
    ],
    ['a seal', 'UPDATE seals SET hash = zeroblob(32) WHERE n = 4', [/\(seal 4\)/, /\(seal 5\)/]],
    ['a seal that is gone', 'DELETE FROM seals WHERE n = 4', [/^seal 4: is missing/, /\(seal 5\)/]],
    ['all seals gone', 'DELETE FROM seals', [/^seals: there are none/]],
  ])('%s', (_what, sql, found) => {
    const review = verifyRecord(changed(sql));
    for (const one of found) expect(review?.found.join('\n')).toMatch(new RegExp(one.source, 'm'));
    expect(review?.found.length).toBeLessThanOrEqual(found.length + 2);
  });

  it('seals that were cut off at the end: the record has not ended', () => {
    const review = verifyRecord(changed('DELETE FROM seals WHERE n > 14'));
    expect(review).toMatchObject({ hasEnded: false });
  });

  it('a record that its program never closed: its sealed part holds, its newest rows are nobody’s word', () => {
    const cut = join(dir, 'cut.sqlite');
    const record = new KnownRecord(cut);
    record.put(0, 1500);
    record.file.write({ n: 1, frames: [], events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
    record.file.db.close();
    expect(verifyRecord(cut)).toMatchObject({ found: [], hasEnded: false, seals: 2 });
  });
});

/** What is found, or why the file is refused. */
function foundIn(copy: string): readonly string[] {
  try {
    return verifyRecord(copy)?.found ?? ['no seals'];
  } catch (error) {
    return [String(error)];
  }
}

/** Every cell of every table, with something else that it could hold. */
function cells(): { table: string; column: string; rowid: number }[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
  }[];
  const all = tables.flatMap(({ name }) => {
    const columns = db.prepare(`PRAGMA table_info("${name}")`).all() as { name: string }[];
    const rows = db.prepare(`SELECT rowid AS rowid FROM "${name}"`).all() as { rowid: number }[];
    return rows.flatMap(({ rowid }) => columns.map(column => ({ table: name, column: column.name, rowid })));
  });
  db.close();
  return all;
}

it('another value in any cell of any table is found', () => {
  const random = seededRandom(5);
  const all = cells();
  const tables = new Set(all.map(({ table }) => table));
  expect([...tables].sort()).toEqual([
    'blocks',
    'checkpoints',
    'clock',
    'datasets',
    'events',
    'frames_supply',
    'meta',
    'results',
    'seals',
    'sessions',
    'setpoints',
  ]);
  // Some of each, all of the small ones.
  const some = all.filter(
    ({ table }) => all.filter(cell => cell.table === table).length < 60 || random.uniform() < 0.25,
  );
  for (const { table, column, rowid } of some) {
    const other = `CASE typeof("${column}") WHEN 'text' THEN "${column}" || 'x' WHEN 'blob' THEN zeroblob(length("${column}") + 1) WHEN 'null' THEN 1 ELSE "${column}" + 1000 END`;
    const sql = `UPDATE "${table}" SET "${column}" = ${other} WHERE rowid = ${rowid}`;
    const copy = changed(sql);
    // A form that there is not is refused before anything is read.
    if (table === 'meta') expect(foundIn(copy), sql).not.toEqual([]);
    else expect(verifyRecord(copy)?.found, sql).not.toEqual([]);
  }
});

it('one byte changed anywhere in a copy of the folder is found, 200 times', () => {
  const copy = mkdtempSync(join(tmpdir(), 'verify-copy-'));
  const random = seededRandom(11);
  const files = ['run.sqlite', 'result.json', 'SHA256SUMS'];
  try {
    for (let n = 0; n < 200; n++) {
      for (const file of files) copyFileSync(join(dir, file), join(copy, file));
      expect(differencesFromSums(copy)).toEqual([]);
      const file = files[n % files.length];
      const bytes = readFileSync(join(copy, file));
      const at = Math.floor(random.uniform() * bytes.length);
      bytes[at] ^= 1 + Math.floor(random.uniform() * 255);
      writeFileSync(join(copy, file), bytes);
      expect(differencesFromSums(copy), `${file} at ${at}`).not.toEqual([]);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
});
