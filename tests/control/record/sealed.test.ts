import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../../../control/record/journal-file.ts';
import type { FrameBatch } from '../../../control/record/journal-messages.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { openReplay } from '../../../control/record/replay.ts';
import { NO_SETPOINTS, SetpointBuffer } from '../../../control/record/setpoint-buffer.ts';
import { FrameReader } from '../../../control/record/stretches.ts';
import { unfold } from '../../../control/record/unfold.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';

/** Finished stretches of the record are blocks, the newest is rows; whoever reads gets the same either way. */

let dir: string;
let path: string;
let batches: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sealed-'));
  path = join(dir, 'run.sqlite');
  batches = 0;
});
afterEach(() => rmSync(dir, { recursive: true }));

const CHANNELS = ['voltage_V', 'current_A', 'charge_Ah'];

interface Row {
  readonly t_s: number;
  readonly values: readonly number[];
  readonly quality: readonly number[];
  readonly reason: string | undefined;
}

/** Row `i` (from 0): a decimal, one that is missing now and then, one that no decimal holds. */
function rowAt(i: number): Row {
  const isBad = i % 211 < 3;
  const isStale = i % 500 === 499;
  return {
    t_s: i / 4,
    values: [(1800 + (i % 37)) / 1000, isBad ? Number.NaN : i % 9, Math.sin(i)],
    quality: isStale ? [3, 3, 3] : [QUALITY.good, isBad ? QUALITY.bad : QUALITY.good, QUALITY.good],
    reason: isBad ? `current_A: no answer to request ${i}` : undefined,
  };
}

function batchOf(from: number, rows: number): FrameBatch {
  const all = Array.from({ length: rows }, (_, i) => rowAt(from + i));
  return {
    table: 0,
    rows,
    values: Float64Array.from(all.flatMap(row => [row.t_s, ...row.values])),
    quality: Uint8Array.from(all.flatMap(row => row.quality)),
    reasons: new Map(all.flatMap(({ reason }, i) => (reason === undefined ? [] : [[i, reason]]))),
  };
}

const openFile = (): JournalFile => new JournalFile(path, [{ device: 'supply', channels: CHANNELS }], {});

function put(file: JournalFile, from: number, rows: number): void {
  const n = batches++;
  file.write({ n, frames: [batchOf(from, rows)], events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
}

/** Writes rows in batches of these sizes. */
function written(...sizes: number[]): number {
  const file = openFile();
  let rows = 0;
  for (const size of sizes) {
    put(file, rows, size);
    rows += size;
  }
  file.close();
  return rows;
}

function read(reader: FrameReader, from = 1): Row[] {
  const channels = reader.channels.map((_, place) => place);
  return [...reader.stretches({ channels, from })].flatMap(stretch => {
    const columns = channels.map(channel => stretch.values(channel));
    return Array.from(stretch.t_s, (t_s, r) => {
      const run = stretch.quality.find(({ to }) => r < to);
      const bytes = [...(run?.bytes ?? [])];
      return {
        t_s,
        values: columns.map(column => column[r]),
        quality: bytes.length === 1 ? CHANNELS.map(() => bytes[0]) : bytes,
        reason: stretch.reasons.get(r),
      };
    });
  });
}

const rowsFrom = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i) => rowAt(from + i));

function withReader<T>(look: (reader: FrameReader, db: DatabaseSync) => T): T {
  const db = openReadOnly(path);
  try {
    return look(new FrameReader(db, 'supply'), db);
  } finally {
    db.close();
  }
}

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
    const rows = written(...sizes);
    withReader((reader, db) => {
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
    const rows = written(1500, 200);
    const usable = withReader(reader =>
      [...reader.stretches({ channels: [1] })].flatMap(stretch => [...stretch.usable(1)]),
    );
    const expected = rowsFrom(0, rows).map(({ values, quality }) =>
      quality[1] < 3 ? values[1] : Number.NaN,
    );
    expect(usable).toEqual(expected);
  });

  it('a block says of each channel first, last, least, most and how many without being opened', () => {
    written(1500, 200);
    const usable = rowsFrom(0, 1500).flatMap(({ values, quality }) => (quality[1] < 3 ? [values[1]] : []));
    expect(withReader(reader => [...reader.stats(1)])).toEqual([
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
    const file = openFile();
    put(file, 0, 1000);
    const db = openReadOnly(path);
    const seen: number[] = [];
    let next = 1000;
    for (const { t_s } of new FrameReader(db, 'supply').stretches({ channels: [] })) {
      seen.push(...t_s);
      if (next < 4000) put(file, next, 500);
      next = Math.min(4000, next + 500);
    }
    db.close();
    file.close();
    expect(seen).toEqual(Array.from(seen, (_, i) => i / 4));
    expect(seen.length).toBeGreaterThan(1500);
  });

  it('a disk that fills while a stretch is sealed takes nothing and loses nothing', () => {
    const file = openFile();
    put(file, 0, 1000);
    const pages = Number(file.db.prepare('PRAGMA page_count').get()?.['page_count']);
    file.db.exec(`PRAGMA max_page_count = ${pages}`);
    expect(() => put(file, 1000, 3000)).toThrow(/full/);
    expect(() => put(file, 1000, 3000)).toThrow(/full/);
    file.db.exec('PRAGMA max_page_count = 1000000');
    put(file, 1000, 10);
    put(file, 1010, 20);
    file.close();
    withReader((reader, db) => {
      expect(read(reader)).toEqual(rowsFrom(0, 1030));
      expect(plainRows(db)).toBe(0);
    });
  });
});

describe('a copy with plain rows', () => {
  it('holds every reading and every set point as a row, and the rest as it was', () => {
    const file = openFile();
    put(file, 0, 2000);
    put(file, 2000, 30);
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
      file.write({ n: batches++, frames: [], events: [], setpoints: setpoints.take(), checkpoints: [] });
    }
    file.close();
    const copy = join(dir, 'rows.sqlite');
    expect(unfold(path, copy)).toEqual({ rows: 2030, devices: ['supply'] });
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

describe('a record that is not as it was written', () => {
  const change = (sql: string, ...values: (Uint8Array | number)[]): void => {
    const db = new DatabaseSync(path);
    db.prepare(sql).run(...values);
    db.close();
  };

  it('a changed byte in a block is found and named', () => {
    written(1500, 1100);
    const { data } = withReader((_, db) => db.prepare('SELECT data FROM blocks WHERE row = 1501').get()) as {
      data: Uint8Array;
    };
    data[data.length >> 1] ^= 4;
    change('UPDATE blocks SET data = ? WHERE row = 1501', data);
    withReader(reader => {
      expect(() => read(reader)).toThrow(FileError);
      expect(() => read(reader)).toThrow(
        /run\.sqlite: frames_supply: rows 1501 to 2600: checksum does not fit/,
      );
    });
    expect(() => unfold(path, join(dir, 'rows.sqlite'))).toThrow(
      /run\.sqlite: frames_supply: rows 1501 to 2600/,
    );
  });

  it('half a block, a missing block, and missing rows are named', () => {
    written(1500, 1100, 50);
    change('UPDATE blocks SET data = substr(data, 1, 100) WHERE row = 1501');
    withReader(reader => expect(() => read(reader)).toThrow(/rows 1501 to 2600: checksum/));
    change('DELETE FROM blocks WHERE row = 1501');
    withReader(reader => expect(() => read(reader)).toThrow(/frames_supply: rows from 1501 on are missing/));
  });

  it('one of a newer version is refused', () => {
    written(10);
    change("UPDATE meta SET value = '3' WHERE key = 'format'");
    expect(() => openReadOnly(path)).toThrow(
      /run\.sqlite: form 3 of the record, expected 2 at most: .*newer/,
    );
  });

  it('one of a version that only had rows is read', () => {
    const rows = written(1000);
    change("DELETE FROM meta WHERE key = 'format'");
    change('DROP TABLE blocks');
    expect(withReader(reader => read(reader))).toEqual(rowsFrom(0, rows));
  });

  it('what is no record is refused', () => {
    writeFileSync(path, 'current_A,voltage_V\n'.repeat(100));
    expect(() => openReadOnly(path)).toThrow(/run\.sqlite: no record of a run: .*expected run\.sqlite/);
    expect(() => openReadOnly(join(dir, 'none.sqlite'))).toThrow(/none\.sqlite: no record of a run: /);
  });
});
