import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../../../control/record/file/journal-file.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { openReplay } from '../../../control/record/replay.ts';
import { NO_SETPOINTS, SetpointBuffer } from '../../../control/record/setpoint-buffer.ts';
import { FrameReader } from '../../../control/record/stretches.ts';
import { unfold } from '../../../control/record/unfold.ts';
import { KnownRecord, read, rowsFrom, withReader, written } from '../../support/known-record.ts';

/** Finished stretches of the record are blocks, the newest is rows; whoever reads gets the same either way. */

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sealed-'));
  path = join(dir, 'run.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

const plainRows = (db: DatabaseSync): number =>
  Number(db.prepare('SELECT count(*) AS n FROM frames_supply').get()?.['n']);

describe('a table of readings', () => {
  it.each([
    { what: 'few rows stay rows', sizes: [1, 700, 3], plain: 704 },
    { what: 'a stretch is sealed with the rows that complete it', sizes: [1000, 23, 1, 5], plain: 5 },
    { what: 'many at once are never rows', sizes: [2000], plain: 0 },
    { what: 'very many are several blocks', sizes: [5000, 10], plain: 10 },
    { what: 'odd sizes in turn', sizes: [64, 333, 900, 1500, 7, 1017, 400], plain: 400 },
  ])('$what: every row comes back once, as it was', ({ sizes, plain }) => {
    const rows = written(path, ...sizes);
    withReader(path, (reader, db) => {
      expect(reader.rows).toBe(rows);
      expect(plainRows(db)).toBe(plain);
      expect(reader.sealed).toBe(rows - plain);
      expect(read(reader)).toEqual(rowsFrom(0, rows));
      // From any row on, in a block or behind it.
      for (const from of [2, 600, rows - 1, rows])
        expect(read(reader, from)).toEqual(rowsFrom(from - 1, rows));
    });
  });

  it('what must not be used is NaN to those who ask for what may be', () => {
    const rows = written(path, 1500, 200);
    const usable = withReader(path, reader =>
      [...reader.stretches({ channels: [1] })].flatMap(stretch => [...stretch.usable(1)]),
    );
    const expected = rowsFrom(0, rows).map(({ values, quality }) =>
      quality[1] < 3 ? values[1] : Number.NaN,
    );
    expect(usable).toEqual(expected);
  });

  it('a block says of each channel first, last, least, most and how many without being opened', () => {
    written(path, 1500, 200);
    const usable = rowsFrom(0, 1500).flatMap(({ values, quality }) => (quality[1] < 3 ? [values[1]] : []));
    expect(withReader(path, reader => [...reader.stats(1)])).toEqual([
      {
        from_s: 0,
        to_s: 1499 / 4,
        first: usable[0],
        last: usable.at(-1),
        min: 0,
        max: 8,
        count: usable.length,
      },
    ]);
  });

  it('takes a third of a byte for a reading of a calm channel', () => {
    const file = new JournalFile(path, [{ device: 'rack', channels: ['cell[1].voltage_V'] }], {});
    const rows = 4000;
    const values = Float64Array.from({ length: 2 * rows }, (_, i) =>
      i % 2 === 0 ? i / 2 : 1.8 + (i % 3) / 1e4,
    );
    const quality = new Uint8Array(rows);
    const frames = [{ table: 0, rows, values, quality, reasons: new Map<number, string>() }];
    file.write({ n: 0, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
    file.close();
    const db = openReadOnly(path);
    const { bytes } = db.prepare('SELECT sum(length(data)) AS bytes FROM blocks').get() as { bytes: number };
    db.close();
    expect(bytes).toBeLessThan(rows / 3);
  });

  it('is read whole while stretches are sealed: each row once', () => {
    const record = new KnownRecord(path);
    const { file } = record;
    record.put(0, 1000);
    const db = openReadOnly(path);
    const seen: number[] = [];
    let next = 1000;
    for (const { t_s } of new FrameReader(db, 'supply').stretches({ channels: [] })) {
      seen.push(...t_s);
      if (next < 4000) record.put(next, 500);
      next = Math.min(4000, next + 500);
    }
    db.close();
    file.close();
    expect(seen).toEqual(Array.from(seen, (_, i) => i / 4));
    expect(seen.length).toBeGreaterThan(1500);
  });

  it('a disk that fills while a stretch is sealed takes nothing and loses nothing', () => {
    const record = new KnownRecord(path);
    const { file } = record;
    record.put(0, 1000);
    const pages = Number(file.db.prepare('PRAGMA page_count').get()?.['page_count']);
    file.db.exec(`PRAGMA max_page_count = ${pages}`);
    expect(() => record.put(1000, 3000)).toThrow(/full/);
    expect(() => record.put(1000, 3000)).toThrow(/full/);
    file.db.exec('PRAGMA max_page_count = 1000000');
    record.put(1000, 10);
    record.put(1010, 20);
    file.close();
    withReader(path, (reader, db) => {
      expect(read(reader)).toEqual(rowsFrom(0, 1030));
      expect(plainRows(db)).toBe(0);
    });
  });
});

describe('a copy with plain rows', () => {
  it('holds every reading and every set point as a row, and the rest as it was', () => {
    const record = new KnownRecord(path);
    const { file } = record;
    record.put(0, 2000);
    record.put(2000, 30);
    const setpoints = new SetpointBuffer(2048);
    const of = (i: number) =>
      ({
        t_s: i,
        role: `stack.${i % 2 === 0 ? 'currentSet_A' : 'voltageSet_V'}`,
        asked: i,
        applied: i % 5 === 0 ? Number.NaN : i / 3,
        source: `step ${i % 700}`,
        outcome: i % 5 === 0 ? 'refused' : 'applied',
      }) as const;
    for (const count of [500, 1300, 40]) {
      const from = Number(
        file.db.prepare('SELECT max(row + rows - 1) AS n FROM blocks WHERE source = ?').get('setpoints')?.[
          'n'
        ] ?? 0,
      );
      const plain = Number(file.db.prepare('SELECT count(*) AS n FROM setpoints').get()?.['n']);
      for (let i = 0; i < count; i++) setpoints.add(of(from + plain + i));
      file.write({ n: 0, frames: [], events: [], setpoints: setpoints.take(), checkpoints: [] });
    }
    file.close();
    const copy = join(dir, 'rows.sqlite');
    expect(unfold(path, copy)).toEqual({ rows: 2030, devices: ['supply'], damaged: [] });
    const db = new DatabaseSync(copy, { readOnly: true });
    const rows = db.prepare('SELECT rowid, * FROM frames_supply ORDER BY rowid').all();
    expect(rows.map(row => ({ ...row }))).toEqual(
      rowsFrom(0, 2030).map(({ t_s, values, quality, reason }, i) => ({
        rowid: i + 1,
        t_s,
        voltage_V: values[0],
        current_A: Number.isNaN(values[1]) ? null : values[1],
        charge_Ah: values[2],
        quality: Uint8Array.from(new Set(quality).size === 1 ? [quality[0]] : quality),
        reason: reason ?? null,
      })),
    );
    const asked = db.prepare('SELECT * FROM setpoints ORDER BY rowid').all();
    const expected = Array.from({ length: 1840 }, (_, i) => of(i));
    expect(asked.map(row => ({ ...row }))).toEqual(
      expected.map(s => ({ ...s, applied: Number.isNaN(s.applied) ? null : s.applied })),
    );
    db.close();
    const replay = openReplay(path);
    expect([...replay.applied(['stack.currentSet_A'])]).toEqual(
      expected.flatMap(({ t_s, role, applied, outcome }) =>
        outcome === 'applied' && role === 'stack.currentSet_A' ? [{ t_s, role, applied }] : [],
      ),
    );
    replay.close();
    expect(() => unfold(path, copy)).toThrow(/rows\.sqlite: a file of that name is there/);
  });
});
