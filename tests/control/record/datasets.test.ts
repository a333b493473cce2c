import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportRun } from '../../../control/exchange/export-run.ts';
import { signingKey } from '../../../control/exchange/pack/signing-key.ts';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { writeCurves } from '../../../control/program/result/curve-datasets.ts';
import { datasetStretches, datasetsOf } from '../../../control/record/datasets.ts';
import { Journal } from '../../../control/record/journal.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { verifyRecord } from '../../../control/record/seal/verify.ts';
import { unfold } from '../../../control/record/unfold.ts';
import type { ResultCurve } from '../../../control/review/result.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';

/** Results that are no frame: written in pieces, read back to the last bit, on the way out, sealed. */

const COLUMNS = ['frequency_Hz', 're_Ohm', 'im_Ohm'];
let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'datasets-'));
  path = join(dir, 'run.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

const META = {
  startedUtc: '2026-05-01T20:00:00.000Z',
  benchFile:
    'cell: { name: A, chemistry: NMC, capacity_Ah: 5, currentMax_A: 10, voltageMin_V: 2.5, voltageMax_V: 4.2 }\n',
};
/** Point `i` of a spectrum: one is noisy, one is none. */
const point = (i: number): number[] => [
  i / 8,
  10 ** (4 - i / 7),
  0.02 + i / 3e4,
  i === 5 ? Number.NaN : -i / 7e4,
];
const quality = (i: number): number[] => [0, i === 3 ? QUALITY.uncertain : 0, i === 5 ? QUALITY.bad : 0];

/** A spectrum of so many points in pieces of these sizes, between readings. */
async function spectrum(...pieces: number[]): Promise<number> {
  const journal = await Journal.open(path, [{ device: 'cycler', channels: ['voltage_V'] }], META);
  const frame = (t_s: number) =>
    journal.frame({ device: 'cycler', t_s, values: Float64Array.of(3.7), quality: new Uint8Array(1) });
  const head = {
    t_s: 0.5,
    kind: 'impedance-spectrum',
    name: 'after rest',
    columns: COLUMNS,
    about: '{"amplitude_A":0.1}',
  };
  const dataset = journal.dataset(head);
  let at = 0;
  for (const rows of pieces) {
    frame(at);
    const all = Array.from({ length: rows }, (_, i) => at + i);
    dataset.add({
      rows,
      values: Float64Array.from(all.flatMap(point)),
      quality: Uint8Array.from(all.flatMap(quality)),
      reasons: new Map(all.includes(5) ? [[5 - at, 'overload']] : []),
    });
    await journal.flush();
    at += rows;
  }
  await journal.close();
  return at;
}

it.each([[[1]], [[30, 1, 29]], [[9000, 5]]])(
  'a spectrum in pieces of %j comes back as it was',
  async pieces => {
    const rows = await spectrum(...pieces);
    const db = openReadOnly(path);
    const [dataset, ...more] = datasetsOf(db);
    expect(more).toEqual([]);
    expect(dataset).toEqual({
      number: 1,
      t_s: 0.5,
      kind: 'impedance-spectrum',
      name: 'after rest',
      columns: COLUMNS,
      about: '{"amplitude_A":0.1}',
      rows,
    });
    const back: number[][] = [];
    const notes: string[] = [];
    for (const stretch of datasetStretches(db, dataset)) {
      const columns = COLUMNS.map((_, i) => stretch.values(i));
      for (let r = 0; r < stretch.rows; r++) back.push([stretch.t_s[r], ...columns.map(column => column[r])]);
      for (const [r, text] of stretch.reasons) notes.push(`${stretch.row + r}: ${text}`);
    }
    db.close();
    expect(back).toEqual(Array.from({ length: rows }, (_, i) => point(i).map(value => value + 0)));
    expect(notes).toEqual(rows > 5 ? ['6: overload'] : []);
    expect(verifyRecord(path)).toMatchObject({ found: [], hasEnded: true });
  },
);

it('as plain rows, in CSV and in Parquet', async () => {
  await spectrum(30, 10);
  const copy = join(dir, 'rows.sqlite');
  unfold(path, copy);
  const db = new DatabaseSync(copy, { readOnly: true });
  const plain = db.prepare('SELECT rowid, * FROM dataset_1 ORDER BY rowid').all();
  db.close();
  expect(plain).toHaveLength(40);
  expect({ ...plain[7] }).toMatchObject({
    rowid: 8,
    t_s: 7 / 8,
    frequency_Hz: point(7)[1],
    im_Ohm: point(7)[3],
  });
  expect({ ...plain[5] }).toMatchObject({
    im_Ohm: null,
    reason: 'overload',
    quality: Uint8Array.of(0, 0, 4),
  });
  const source = openRunSource(path);
  for (const format of ['csv', 'parquet'] as const)
    await exportRun(source, {
      format,
      to: join(dir, format),
      decimal: 'point',
      institution: 'Lab',
      licence: '',
      now_ms: Date.parse('2026-06-01T08:00:00Z'),
      picture: undefined,
      key: signingKey(join(dir, 'signing-key.pem')),
      progress: async () => {},
    });
  source.close();
  const name = 'data/dataset-1-impedance-spectrum-after-rest';
  const rows = parse(readFileSync(join(dir, 'csv', `${name}.csv`)), { columns: true }) as Record<
    string,
    string
  >[];
  expect(rows.map(row => Number(row['re_Ohm']))).toEqual(Array.from({ length: 40 }, (_, i) => point(i)[2]));
  expect(rows[5]).toMatchObject({ im_Ohm: '', marks: expect.stringMatching(/im_Ohm=bad/), note: 'overload' });
  expect(rows[8]).toMatchObject({ utc: expect.stringMatching(/20:00:01/) });
  const file = await asyncBufferFromFile(join(dir, 'parquet', `${name}.parquet`));
  const read = await parquetReadObjects({
    file,
    compressors: { ZSTD: bytes => zstdDecompressSync(bytes) },
  });
  expect(read.map(row => row['frequency_Hz'])).toEqual(Array.from({ length: 40 }, (_, i) => point(i)[1]));
  const [listed] = parse(readFileSync(join(dir, 'csv', 'data/datasets.csv')), { columns: true }) as object[];
  expect(listed).toMatchObject({ kind: 'impedance-spectrum', name: 'after rest', rows: '40' });
});

it('the points of a polarisation curve', async () => {
  const points = [0.5, 1, 2].map((density, i) => ({
    leg: i < 2 ? 'up' : 'down',
    current_A: 1000 * density,
    currentDensity_A_per_cm2: density,
    cellVoltage_V: 1.5 + density / 10,
    u95_V: 0.001,
    temperature_degC: i === 1 ? null : 60,
    t_s: 100 * i + 30,
  })) as ResultCurve['points'];
  const journal = await Journal.open(path, [], META);
  writeCurves(journal, [
    { phase: 'begin', points },
    { phase: 'never', points: [] },
  ]);
  await journal.close();
  const db = openReadOnly(path);
  const [curve, ...more] = datasetsOf(db);
  expect(more).toEqual([]);
  expect(curve).toMatchObject({ kind: 'polarisation-curve', name: 'begin', rows: 3, t_s: 30 });
  const [stretch] = datasetStretches(db, curve);
  expect([...stretch.t_s]).toEqual([30, 130, 230]);
  expect([...stretch.values(2)]).toEqual(points.map(({ cellVoltage_V }) => cellVoltage_V));
  expect([...stretch.usable(4)]).toEqual([60, Number.NaN, 60]);
  expect([...stretch.reasons.values()]).toEqual(['up', 'up', 'down']);
  db.close();
});

it('one whose block was changed is named', async () => {
  await spectrum(30);
  const db = new DatabaseSync(path);
  db.exec("UPDATE blocks SET data = zeroblob(length(data)) WHERE source = 'dataset_1'");
  const [dataset] = datasetsOf(db);
  expect(() => [...datasetStretches(db, dataset)]).toThrow(/run\.sqlite: dataset 1: rows 1 to 30: checksum/);
  db.close();
  expect(verifyRecord(path)?.found).toEqual([expect.stringMatching(/^block of dataset_1 from row 1 on/)]);
});
