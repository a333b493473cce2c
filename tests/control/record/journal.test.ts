import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../control/record/journal.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { setpointStretches } from '../../../control/record/setpoint-rows.ts';
import { FrameReader } from '../../../control/record/stretches.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { openRows } from '../../support/plain-rows.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const TABLES = [
  { device: 'supply', channels: ['voltage_V', 'current_A'] },
  { device: 'rack', channels: ['cell[1].voltage_V'] },
];

describe('journal', () => {
  it('hands events, set points and checkpoints over with the rows, also where nobody asks for it', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    for (let i = 0; i < 20_000; i++) {
      journal.frame({ device: 'supply', t_s: i, values: Float64Array.of(i, -i), quality: new Uint8Array(2) });
      if (i % 1000 !== 0) continue;
      journal.event({ t_s: i, kind: 'alarm', text: 'x', data: { id: String(i), reaction: 'warn' } });
      journal.setpoint({ t_s: i, role: 'r', asked: 1, applied: 1, source: 's', outcome: 'applied' });
      journal.checkpoint(i, { i });
    }
    while (journal.waiting.batches > 0) await journal.catchUp();
    // As after a kill: what is in the file without a flush.
    const db = openReadOnly(path);
    const rows = new FrameReader(db, 'supply').rows;
    const [{ n }] = db.prepare('SELECT count(*) AS n FROM events').all() as { n: number }[];
    const set = [...setpointStretches(db)].reduce((sum, part) => sum + part.rows, 0);
    expect(rows).toBeGreaterThan(12_000);
    expect([n, set]).toEqual([Math.ceil(rows / 1000), Math.ceil(rows / 1000)]);
    db.close();
    await journal.close();
  });

  it('keeps every row in order, beyond many buffers, NaN as NULL with its quality and reason', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, { seed: '7' });
    for (let i = 0; i < 5000; i++) {
      journal.frame({
        device: 'supply',
        t_s: i / 10,
        values: Float64Array.of(i, -i),
        quality: new Uint8Array(2),
      });
    }
    const quality = Uint8Array.of(QUALITY.good, QUALITY.bad);
    journal.frame({
      device: 'supply',
      t_s: 600,
      values: Float64Array.of(1, Number.NaN),
      quality,
      reason: 'open lead',
    });
    journal.event({ t_s: 1, kind: 'alarm', text: 'x', data: { id: 'y', reaction: 'trip' } });
    journal.setpoint({ t_s: 2, role: 'r', asked: 1, applied: Number.NaN, source: 's', outcome: 'refused' });
    journal.checkpoint(3, { pc: 4 });
    await journal.close();
    const db = openRows(path);
    expect(db.prepare('SELECT count(*) AS n, max(current_A) AS m FROM frames_supply').get()).toEqual({
      n: 5001,
      m: 0,
    });
    const jumps =
      'SELECT count(*) AS n FROM frames_supply a JOIN frames_supply b ON b.rowid = a.rowid + 1 WHERE b.t_s <= a.t_s';
    expect(db.prepare(jumps).get()).toEqual({ n: 0 });
    const last = db.prepare('SELECT * FROM frames_supply ORDER BY rowid DESC LIMIT 1').get();
    expect(last).toMatchObject({ voltage_V: 1, current_A: null, reason: 'open lead' });
    expect(last?.['quality']).toEqual(quality);
    expect(db.prepare('SELECT data FROM events').get()).toEqual({ data: '{"id":"y","reaction":"trip"}' });
    expect(db.prepare('SELECT asked, applied FROM setpoints').get()).toEqual({ asked: 1, applied: null });
    expect(db.prepare('SELECT state FROM checkpoints').get()).toEqual({ state: '{"pc":4}' });
    db.close();
  });

  it('can be read by others while it is being written', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    journal.frame({ device: 'rack', t_s: 1, values: Float64Array.of(1.8), quality: new Uint8Array(1) });
    await journal.flush();
    const db = openRows(path);
    expect(db.prepare('SELECT "cell[1].voltage_V" AS v FROM frames_rack').all()).toEqual([{ v: 1.8 }]);
    journal.frame({ device: 'rack', t_s: 2, values: Float64Array.of(1.9), quality: new Uint8Array(1) });
    await journal.flush();
    expect(db.prepare('SELECT count(*) AS n FROM frames_rack').get()).toEqual({ n: 2 });
    db.close();
    await journal.close();
  });

  it('a frame is copied: what the caller does with it afterwards does not reach the record', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    const values = Float64Array.of(1.8);
    journal.frame({ device: 'rack', t_s: 1, values, quality: new Uint8Array(1) });
    values[0] = 99;
    await journal.close();
    const db = openRows(path);
    expect(db.prepare('SELECT "cell[1].voltage_V" AS v FROM frames_rack').get()).toEqual({ v: 1.8 });
    db.close();
  });

  it('every row is there as it was appended, in order, whether written many at once or one by one', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    const random = seededRandom(5);
    const expected: unknown[] = [];
    for (let i = 0; i < 1500; i++) {
      // Long runs of rows that are alike, broken by other qualities, a missing value, a reason, a mixed row.
      const isOdd = random.uniform() < 0.02;
      const one = Math.floor(i / 400) % 2;
      const quality = isOdd ? Uint8Array.of(one, QUALITY.bad) : Uint8Array.of(one, one);
      const values = Float64Array.of(i, isOdd ? Number.NaN : random.gauss());
      const reason = random.uniform() < 0.01 ? `reason ${i}` : undefined;
      journal.frame({ device: 'supply', t_s: i, values, quality, ...(reason && { reason }) });
      expected.push({
        t_s: i,
        voltage_V: i,
        current_A: isOdd ? null : values[1],
        quality: isOdd ? quality : Uint8Array.of(one),
        reason: reason ?? null,
      });
      if (i % 333 === 0) void journal.flush();
    }
    await journal.close();
    const db = openRows(path);
    const rows = db.prepare('SELECT * FROM frames_supply ORDER BY rowid').all();
    expect(rows.map(row => ({ ...row }))).toEqual(expected);
    db.close();
  });

  it('keeps every setpoint in order with its words, beyond many buffers', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    const setpoints = Array.from({ length: 5000 }, (_, i) => ({
      t_s: i / 2,
      role: `role${i % 3}.current_A`,
      asked: i,
      applied: i % 7 === 0 ? Number.NaN : i / 3,
      source: `step ${i % 501}`,
      outcome: i % 7 === 0 ? ('refused' as const) : ('applied' as const),
    }));
    for (const setpoint of setpoints) journal.setpoint(setpoint);
    await journal.close();
    const db = openRows(path);
    const rows = db.prepare('SELECT * FROM setpoints ORDER BY rowid').all();
    const expected = setpoints.map(s => ({ ...s, applied: Number.isNaN(s.applied) ? null : s.applied }));
    expect(rows.map(row => ({ ...row }))).toEqual(expected);
    db.close();
  });

  it('refuses a file that exists, and a folder that does not', async () => {
    const path = join(dir, 'run.sqlite');
    await (await Journal.open(path, TABLES, {})).close();
    await expect(Journal.open(path, TABLES, {})).rejects.toThrow(/already exists/);
    await expect(Journal.open(join(dir, 'no', 'run.sqlite'), TABLES, {})).rejects.toThrow(/journal/);
  });

  it('tells when the disk fails, once, and every later flush rejects', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {});
    const other = new DatabaseSync(path);
    other.exec('DROP TABLE frames_rack');
    other.close();
    const failures: string[] = [];
    journal.onFailure(error => failures.push(error.message));
    journal.frame({ device: 'rack', t_s: 1, values: Float64Array.of(1.8), quality: new Uint8Array(1) });
    await expect(journal.flush()).rejects.toThrow(/frames_rack/);
    await expect(journal.flush()).rejects.toThrow(/frames_rack/);
    expect(failures).toHaveLength(1);
    expect(await journal.close()).toMatchObject({
      complete: false,
      cause: expect.stringMatching(/frames_rack/),
    });
  });
});
