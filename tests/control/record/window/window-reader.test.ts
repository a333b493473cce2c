import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { JournalFile } from '../../../../control/record/file/journal-file.ts';
import { openReadOnly } from '../../../../control/record/read-only.ts';
import { NO_SETPOINTS } from '../../../../control/record/setpoint-buffer.ts';
import { bucketWidth_s } from '../../../../control/record/window/buckets.ts';
import type { TrendRole } from '../../../../control/record/window/trend-role.ts';
import type { TrendWindow } from '../../../../control/record/window/trend-window.ts';
import { WindowReader } from '../../../../control/record/window/window-reader.ts';
import { QUALITY } from '../../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../../drivers/contract/random.ts';

/** A record of a rack of three cells, written a minute at a time; some readings are not usable. */
const CELLS = 3;
const dir = mkdtempSync(join(tmpdir(), 'cellbench-window-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;

interface Row {
  readonly t_s: number;
  readonly cells: readonly number[];
}

/** `cut`: rows of a batch. Long stretches become blocks, the rest stays as rows. */
function recorded(rows: readonly Row[], cut: number, stays = false): { path: string; close(): void } {
  const path = join(dir, `${files++}.sqlite`);
  const channels = Array.from({ length: CELLS }, (_, i) => `cell[${i + 1}].voltage_V`);
  const file = new JournalFile(path, [{ device: 'rack', channels }], {});
  for (let n = 0; n * cut < rows.length; n++) {
    const some = rows.slice(n * cut, (n + 1) * cut);
    const values = Float64Array.from(some.flatMap(({ t_s, cells }) => [t_s, ...cells]));
    const quality = Uint8Array.from(
      some.flatMap(({ cells }) => cells.map(v => (Number.isNaN(v) ? QUALITY.bad : QUALITY.good))),
    );
    file.write({
      n,
      frames: [{ table: 0, rows: some.length, values, quality, reasons: new Map() }],
      events: [],
      setpoints: NO_SETPOINTS,
      checkpoints: [],
    });
  }
  if (!stays) file.close();
  return { path, close: () => stays && file.close() };
}

function rowsOf(count: number, period_s: number, seed: number): Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, r) => ({
    t_s: r * period_s,
    cells: Array.from({ length: CELLS }, (_, c) =>
      random.uniform() < 0.01 ? Number.NaN : Math.round((1.8 + 0.01 * c + 0.05 * random.gauss()) * 1e4) / 1e4,
    ),
  }));
}

const ROLES: readonly TrendRole[] = [
  { name: 'cell.voltage_V[2]', device: 'rack', channels: [1], figure: 'value' },
  { name: 'cell.voltage_V[].min', device: 'rack', channels: [0, 1, 2], figure: 'min' },
  { name: 'cell.voltage_V[].mean', device: 'rack', channels: [0, 1, 2], figure: 'mean' },
  { name: 'cell.voltage_V[].max', device: 'rack', channels: [0, 1, 2], figure: 'max' },
];

/** The value of a trend in a row, by hand. */
function ofRow({ figure, channels }: TrendRole, { cells }: Row): number {
  const own = channels.map(channel => cells[channel]);
  if (figure === 'value') return own[0];
  if (own.some(Number.isNaN)) return Number.NaN;
  if (figure === 'mean') return own.reduce((sum, v) => sum + v, 0) / own.length;
  return figure === 'min' ? Math.min(...own) : Math.max(...own);
}

/** Every bucket that holds readings of the window, by hand. */
function byHand(role: TrendRole, rows: readonly Row[], width_s: number): Map<number, (number | null)[]> {
  const buckets = new Map<number, number[]>();
  for (const row of rows) {
    const place = Math.floor(row.t_s / width_s + 1e-6);
    const found = buckets.get(place) ?? [];
    buckets.set(place, found);
    const value = ofRow(role, row);
    if (!Number.isNaN(value)) found.push(value);
  }
  return new Map(
    [...buckets].map(([place, values]) => [
      place,
      values.length === 0
        ? [null, null, null]
        : [Math.min(...values), Math.max(...values), values[values.length - 1]],
    ]),
  );
}

function expectBuckets(window: TrendWindow, role: TrendRole, rows: readonly Row[]): void {
  const { bucket_s, t_s, min, max, last } = window;
  const truth = byHand(role, rows, bucket_s);
  for (const [i, at_s] of t_s.entries()) {
    const place = Math.round(at_s / bucket_s);
    expect([min[i], max[i], last[i]], `${role.name} ${at_s}`).toEqual(truth.get(place));
  }
}

const goThrough = (reader: WindowReader): void => {
  while (reader.goThrough());
};

describe('windows of a record', () => {
  it('are the same as by hand, whichever way they are read', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 1, max: 6000 }),
          period_s: fc.constantFrom(0.1, 1, 10),
          cut: fc.constantFrom(60, 1024, 4096),
          stays: fc.boolean(),
          seed: fc.integer(),
          from: fc.double({ min: 0, max: 1, noNaN: true }),
          span: fc.double({ min: 0.001, max: 1, noNaN: true }),
          columns: fc.integer({ min: 20, max: 800 }),
        }),
        ({ count, period_s, cut, stays, seed, from, span, columns }) => {
          const rows = rowsOf(count, period_s, seed);
          const { path, close } = recorded(rows, cut, stays);
          const end_s = rows[count - 1].t_s + period_s;
          const [from_s, to_s] = [from * end_s, from * end_s + span * end_s];
          const db = openReadOnly(path);
          const reader = new WindowReader(db);
          reader.windows(ROLES, from_s, to_s, columns);
          goThrough(reader);
          const windows = reader.windows(ROLES, from_s, to_s, columns);
          for (const [i, role] of ROLES.entries()) {
            const window = windows[i];
            expect(window.role).toBe(role.name);
            expect(window.isRough).toBe(false);
            const within = rows.filter(({ t_s }) => t_s >= from_s && t_s <= to_s);
            if (window.bucket_s > 0) {
              expectBuckets(window, role, rows);
              // Every reading of the window lies in one of them.
              for (const { t_s } of within)
                expect(window.t_s).toContain(Math.floor(t_s / window.bucket_s + 1e-6) * window.bucket_s);
              expect(window.t_s.length).toBeLessThanOrEqual(columns + 2);
            } else {
              const shown = new Map(window.t_s.map((t_s, n) => [t_s, window.last[n]]));
              for (const row of within) {
                const value = ofRow(role, row);
                expect(shown.get(row.t_s)).toBe(Number.isNaN(value) ? null : value);
              }
            }
          }
          db.close();
          close();
        },
      ),
      { numRuns: 30, seed: 12 },
    );
  });

  it('a picture that is moved along keeps its buckets', () => {
    const rows = rowsOf(8000, 1, 3);
    const db = openReadOnly(recorded(rows, 1024).path);
    const reader = new WindowReader(db);
    const at = (from_s: number): TrendWindow => reader.windows([ROLES[0]], from_s, from_s + 3600, 600)[0];
    const [here, there] = [at(1000), at(1300)];
    expect(here.bucket_s).toBe(there.bucket_s);
    const of = ({ t_s, min, max }: TrendWindow) => new Map(t_s.map((one_s, i) => [one_s, [min[i], max[i]]]));
    const [a, b] = [of(here), of(there)];
    const common = [...a.keys()].filter(one_s => b.has(one_s));
    expect(common.length).toBeGreaterThan(300);
    for (const one_s of common) expect(a.get(one_s)).toEqual(b.get(one_s));
    db.close();
  });

  it('a wide one is rough until the record has been gone through, and says so', () => {
    const rows = rowsOf(40_000, 1, 5);
    const db = openReadOnly(recorded(rows, 4096).path);
    const reader = new WindowReader(db);
    const before = reader.windows(ROLES, 0, 40_000, 100);
    expect(before.map(({ isRough }) => isRough)).toEqual([true, true, true, true]);
    const [value, least, , most] = before;
    const extreme = (of: (...v: number[]) => number, cell: number) =>
      of(...rows.map(({ cells }) => cells[cell]).filter(v => !Number.isNaN(v)));
    expect(Math.min(...value.min.map(Number))).toBe(extreme(Math.min, 1));
    expect(Math.max(...value.max.map(Number))).toBe(extreme(Math.max, 1));
    expect(Math.min(...least.min.map(Number))).toBe(Math.min(...[0, 1, 2].map(c => extreme(Math.min, c))));
    expect(Math.max(...most.max.map(Number))).toBe(Math.max(...[0, 1, 2].map(c => extreme(Math.max, c))));
    goThrough(reader);
    expect(reader.windows(ROLES, 0, 40_000, 100).map(({ isRough }) => isRough)).toEqual(
      ROLES.map(() => false),
    );
    db.close();
  });

  it('a rough one has no more points than the picture has columns', () => {
    const rows = rowsOf(40_000, 1, 5);
    const db = openReadOnly(recorded(rows, 1024).path);
    for (const { isRough, t_s } of new WindowReader(db).windows(ROLES, 0, 40_000, 10)) {
      expect(isRough).toBe(true);
      expect(t_s.length).toBeLessThanOrEqual(12);
    }
    db.close();
  });

  it('goes on with what has been written meanwhile', () => {
    const rows = rowsOf(6000, 1, 7);
    const path = join(dir, 'grows.sqlite');
    const channels = Array.from({ length: CELLS }, (_, i) => `cell[${i + 1}].voltage_V`);
    const file = new JournalFile(path, [{ device: 'rack', channels }], {});
    let n = 0;
    const write = (some: readonly Row[]): void => {
      const values = Float64Array.from(some.flatMap(({ t_s, cells }) => [t_s, ...cells]));
      const quality = new Uint8Array(some.length * CELLS).fill(QUALITY.good);
      const frames = [{ table: 0, rows: some.length, values, quality, reasons: new Map() }];
      file.write({ n: n++, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
    };
    write(rows.slice(0, 1500));
    const db = openReadOnly(path);
    const reader = new WindowReader(db);
    for (const upTo of [1500, 1510, 3000, 6000]) {
      if (upTo > 1500) write(rows.slice(upTo === 1510 ? 1500 : upTo === 3000 ? 1510 : 3000, upTo));
      goThrough(reader);
      const [wide] = reader.windows([ROLES[0]], 0, upTo, 10);
      goThrough(reader);
      const [again] = reader.windows([ROLES[0]], 0, upTo, 10);
      expect(wide.role).toBe(ROLES[0].name);
      expect(again.isRough).toBe(false);
      expectBuckets(again, ROLES[0], rows.slice(0, upTo));
      const [narrow] = reader.windows([ROLES[0]], upTo - 20, upTo, 100);
      expect(narrow.t_s.at(-1)).toBe(upTo - 1);
    }
    db.close();
    file.close();
  });
});

it.each([
  [10, 1000, 0.1],
  [1000, 1000, 1],
  [3600, 1000, 5],
  [60_000, 1000, 60],
  [60_001, 1000, 120],
  [3.6e6, 1000, 3840],
])('%d s over %d columns: buckets of %d s', (span_s, columns, width_s) => {
  expect(bucketWidth_s(span_s, columns)).toBe(width_s);
});
