import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenBlocks } from '../../../control/record/blocks/open-blocks.ts';
import { openRead } from '../../../control/record/damage/find-damage.ts';
import { type DamagedPart, damagedParts, damageText } from '../../../control/record/damage/marks.ts';
import { readEvents } from '../../../control/record/recorded-events.ts';
import { SeriesReader } from '../../../control/record/series/role-series.ts';
import { FrameReader } from '../../../control/record/stretches.ts';
import { unfold } from '../../../control/record/unfold.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { KnownRecord, type Row, read, rowAt, rowsFrom } from '../../support/known-record.ts';

/** Of a damaged record all rows come out but those that are damaged, and these are named. */

const ROWS = 3680;
let dir: string;
let path: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'marked-'));
  path = join(dir, 'run.sqlite');
  const record = new KnownRecord(path);
  // Blocks of 1500, 1100 and 1040 rows (rows from 1, 1501 and 2601 on), the rest as plain rows.
  record.put(0, 1500);
  record.put(1500, 1100);
  record.put(2600, 1040);
  record.put(3640, 40);
  record.file.close();
});
afterAll(() => rmSync(dir, { recursive: true }));

function changed(sql: string, ...values: (Uint8Array | number)[]): string {
  const copy = join(dir, 'copy.sqlite');
  copyFileSync(path, copy);
  const db = new DatabaseSync(copy);
  db.prepare(sql).run(...values);
  db.close();
  return copy;
}

function marked(file: string): {
  readonly rows: Row[];
  readonly parts: readonly DamagedPart[];
  count: number;
} {
  const db = openRead(file, 'mark');
  try {
    const reader = new FrameReader(db, 'supply');
    return { rows: read(reader), parts: damagedParts(db), count: reader.count };
  } finally {
    db.close();
  }
}

/** The rows outside of what is said to be left out (numbers from 1). */
const without = (parts: readonly DamagedPart[]): Row[] =>
  rowsFrom(0, ROWS).filter((_, i) => !parts.some(({ from, to }) => i + 1 >= from && i + 1 <= (to ?? ROWS)));

const blocks = (): { row: number; rows: number }[] => {
  const db = new DatabaseSync(path, { readOnly: true });
  const found = db.prepare('SELECT row, rows FROM blocks ORDER BY row').all();
  db.close();
  return found as { row: number; rows: number }[];
};

describe('what is left out of a damaged record', () => {
  it('nothing, where nothing is damaged', () => {
    const { rows, parts, count } = marked(path);
    expect(parts).toEqual([]);
    expect(rows).toEqual(rowsFrom(0, ROWS));
    expect(count).toBe(ROWS);
    expect(blocks().map(({ row }) => row)).toEqual([1, 1501, 2601]);
  });

  it.each<[what: string, sql: string, from: number, to: number, reason: RegExp]>([
    ['half a block', 'UPDATE blocks SET data = substr(data, 1, 100) WHERE row = 1501', 1501, 2600, /sealed/],
    ['no block', 'DELETE FROM blocks WHERE row = 1501', 1501, 2600, /is missing, seal/],
    ['the first block', 'UPDATE blocks SET data = zeroblob(4) WHERE row = 1', 1, 1500, /sealed/],
    ['two that follow each other', 'UPDATE blocks SET data = zeroblob(4) WHERE row < 2000', 1, 2600, /seal/],
    [
      'a block that opens, with another time',
      'UPDATE blocks SET to_s = to_s + 1 WHERE row = 1',
      1,
      1500,
      /seal/,
    ],
    ['a block that moved', 'UPDATE blocks SET row = 1601 WHERE row = 1501', 1501, 2600, /missing|never/],
    ['a block that says it is shorter', 'UPDATE blocks SET rows = 50 WHERE row = 1501', 1501, 2600, /seal/],
  ])('%s: the rows it stands for, between its neighbours', (_, sql, from, to, reason) => {
    const file = changed(sql);
    const { rows, parts, count } = marked(file);
    expect(parts).toMatchObject([{ source: 'frames_supply', from, to }]);
    const [{ from_s, to_s, reason: why }] = parts;
    expect(why).toMatch(reason);
    if (from > 1) expect(from_s).toBe(rowAt(from - 2).t_s);
    expect(to_s).toBe(rowAt(to).t_s);
    expect(rows).toEqual([...rowsFrom(0, from - 1), ...rowsFrom(to, ROWS)]);
    expect(count).toBe(rows.length);
    expect(damageText(parts[0])).toContain(`frames_supply: rows ${from} to ${to}`);
  });

  it('plain rows that are not what was sealed, at the end of the record', () => {
    const { rows, parts } = marked(changed('UPDATE frames_supply SET voltage_V = 9 WHERE rowid = ?', ROWS));
    const plain = blocks().reduce((sum, one) => sum + one.rows, 0);
    expect(plain).toBeLessThan(ROWS);
    expect(parts).toMatchObject([{ from: plain + 1, to: ROWS, from_s: rowAt(plain - 1).t_s, to_s: null }]);
    expect(rows).toEqual(rowsFrom(0, plain));
  });

  it('any byte of any block: all rows outside come out to the last digit, none of what is damaged does', () => {
    const all = blocks();
    const bytes = all.map(({ row }) => {
      const db = new DatabaseSync(path, { readOnly: true });
      const found = db.prepare('SELECT data, stats FROM blocks WHERE row = ?').get(row);
      db.close();
      return found as { data: Uint8Array; stats: Uint8Array };
    });
    const edit = fc.record({
      block: fc.integer({ min: 0, max: all.length - 1 }),
      place: fc.double({ min: 0, max: 0.999999, noNaN: true }),
      bit: fc.integer({ min: 1, max: 255 }),
      what: fc.constantFrom('data' as const, 'stats' as const),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), edits => {
        const copy = join(dir, 'edited.sqlite');
        copyFileSync(path, copy);
        const db = new DatabaseSync(copy);
        const hit = new Map<string, Uint8Array>();
        for (const { block, place, bit, what } of edits) {
          const key = `${block} ${what}`;
          const now = hit.get(key) ?? Uint8Array.from(bytes[block][what]);
          now[Math.floor(place * now.length)] ^= bit;
          hit.set(key, now);
        }
        const bad = new Set<number>();
        for (const [key, now] of hit) {
          const [block, what] = key.split(' ');
          const was = bytes[Number(block)][what as 'data' | 'stats'];
          if (Buffer.compare(now, was) === 0) continue;
          db.prepare(`UPDATE blocks SET ${what} = ? WHERE row = ?`).run(now, all[Number(block)].row);
          bad.add(Number(block));
        }
        db.close();
        const { rows, parts } = marked(copy);
        const isLeft = (i: number): boolean =>
          ![...bad].some(b => i + 1 >= all[b].row && i + 1 < all[b].row + all[b].rows);
        expect(rows).toEqual(rowsFrom(0, ROWS).filter((_, i) => isLeft(i)));
        expect(rows).toEqual(without(parts));
      }),
      { numRuns: 30, seed: 12 },
    );
  }, 60_000);

  it('bytes of the file itself where blocks lie: what comes out is right, whatever SQLite cannot read any more', () => {
    const whole = readFileSync(path);
    const places = ['data', 'stats'].flatMap(column => {
      const db = new DatabaseSync(path, { readOnly: true });
      const found = db.prepare(`SELECT ${column} AS bytes FROM blocks`).all() as { bytes: Uint8Array }[];
      db.close();
      // Some bytes of each block as they lie in the file.
      return found.flatMap(({ bytes }) => {
        const at = whole.indexOf(Buffer.from(bytes.subarray(0, 24)));
        return at < 0 ? [] : [at];
      });
    });
    expect(places.length).toBeGreaterThan(3);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.integer({ min: 0, max: 6000 }),
        fc.integer({ min: 1, max: 255 }),
        (place, beyond, bit) => {
          const at = Math.min(whole.length - 1, place + beyond);
          const edited = Buffer.from(whole);
          edited[at] ^= bit;
          const copy = join(dir, 'file.sqlite');
          writeFileSync(copy, edited);
          let left: ReturnType<typeof marked>;
          try {
            left = marked(copy);
          } catch (error) {
            // The tables' own list is gone: there is a word for it, and no row that is wrong.
            expect(String(error)).toMatch(/file\.sqlite|malformed|schema|startedUtc|no such/);
            return;
          }
          expect(left.rows).toEqual(without(left.parts));
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  }, 60_000);

  it('a role is a gap there, part by part and as a whole', () => {
    const file = changed('UPDATE blocks SET data = zeroblob(4) WHERE row = 1501');
    const db = openRead(file, 'mark');
    const series = new SeriesReader(() => db, new OpenBlocks()).series(
      {
        role: 'supply.voltage_V',
        device: 'supply',
        channel: 'supply.voltage_V',
        first: 0,
        count: 1,
        accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
        stale_after_s: 1,
      },
      {},
    );
    const left = [...rowsFrom(0, 1500), ...rowsFrom(2600, ROWS)];
    expect(series.parts?.readings).toBe(left.length);
    expect(Array.from(series.t_s)).toEqual(left.map(row => row.t_s));
    db.close();
  });

  it('a copy with plain rows lacks them, lists them, and is no whole record either', () => {
    const file = changed('UPDATE blocks SET data = zeroblob(4) WHERE row = 1501');
    const to = join(dir, 'rows.sqlite');
    expect(() => unfold(file, to)).toThrow(FileError);
    const { rows, damaged } = unfold(file, to, 'mark');
    expect(rows).toBe(ROWS - 1100);
    expect(damaged).toHaveLength(1);
    const db = new DatabaseSync(to, { readOnly: true });
    expect(db.prepare('SELECT count(*) AS n, max(rowid) AS last FROM frames_supply').get()).toEqual({
      n: ROWS - 1100,
      last: ROWS,
    });
    expect(db.prepare('SELECT source, row_from, row_to FROM damaged').all()).toEqual([
      { source: 'frames_supply', row_from: 1501, row_to: 2600 },
    ]);
    db.close();
    const again = openRead(to, 'refuse');
    expect(() => read(new FrameReader(again, 'supply'))).toThrow(/rows from 1501 on are missing/);
    expect(readEvents(again)).toEqual([]);
    again.close();
  });
});
