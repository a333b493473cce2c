import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { readMarks } from '../../../control/exchange/marks.ts';
import { CELL_CHANNELS, cellRow } from '../../support/exported-run.ts';
import { KnownRuns, ROWS } from '../../support/known-runs.ts';
import { askH5py, byH5py, byPandas, differences, fromRecord, H5PY, PANDAS } from '../../support/readers.ts';
import { crateObjections } from '../../support/rocrate-rules.ts';

/** What is in the forms in which a run goes out. */

const runs = new KnownRuns();
afterAll(() => runs.remove());
const records = (path: string): Record<string, string>[] =>
  parse(readFileSync(path, 'utf8'), { columns: true });

describe.runIf(PANDAS !== undefined)('CSV', () => {
  it.each(['point', 'comma'] as const)('is read by pandas with a decimal %s', async decimal => {
    const out = await runs.exported('csv', `csv-${decimal}`, { decimal });
    const record = fromRecord(runs.cell, 'cycler');
    const file = join(out, 'data/cycler.csv');
    const read = byPandas(file, [...record.keys()], decimal === 'point' ? '.' : ',');
    expect(differences(record, read)).toEqual([]);
  });
});

/** Texts that few rows have, by their rows. */
const texts = (name: string): string =>
  `dict(zip(group['${name}_row'][:].tolist(), [t.decode() for t in group['${name}'][:]]))`;

describe('HDF5', () => {
  it.runIf(H5PY !== undefined)('is read by h5py: readings, marks, lists and tables', async () => {
    const out = await runs.exported('hdf5', 'hdf5');
    const file = join(out, 'run.h5');
    const record = fromRecord(runs.cell, 'cycler');
    expect(differences(record, byH5py(file, 'cycler', [...record.keys()]))).toEqual([]);
    const said = askH5py(file, {
      about: "dict(group['voltage_V'].attrs)",
      utc: "[group['utc'][0].item(), group['utc'].attrs['units']]",
      marks: texts('marks'),
      reasons: texts('reason'),
      words: "group['quality'].attrs['flag_meanings']",
      codes: "group['quality'][:].tolist()",
      event: "file['data/events/text'][0].decode()",
      asked: "file['data/setpoints/asked'][:].tolist()",
      figure: "file['tables/figures/value'][0]",
      cycle: "file['tables/cycles/discharged_Ah'][0]",
      point: "file['tables/curves/cellVoltage_V'][0]",
    });
    expect(said).toMatchObject({
      about: { units: 'V', long_name: 'cell.voltage_V' },
      utc: [Date.parse('2026-05-01T20:00:01.250Z') * 1000, 'microseconds since 1970-01-01T00:00:00Z'],
      event: '=HYPERLINK("x"), "quoted"\nsecond line',
      asked: [2.5, 99],
      figure: 4.9876543210123,
      cycle: 4.9,
      point: 1.6180339887,
    });
    // What must not be used is in no column of numbers, and not lost.
    const marks = said['marks'] as Record<string, string>;
    const reasons = said['reasons'] as Record<string, string>;
    const words = String(said['words']).split(' ');
    const codes = said['codes'] as number[];
    for (let i = 0; i < ROWS; i++) {
      const { values, quality, reason } = cellRow(i);
      const marked = readMarks(marks[i] ?? '');
      CELL_CHANNELS.forEach((channel, c) => {
        const mark = marked.get(channel);
        expect(words.indexOf(mark?.quality ?? words[codes[i]]), `row ${i}, ${channel}`).toBe(quality[c]);
        if (mark !== undefined && !Number.isNaN(mark.value)) expect(mark.value).toBe(values[c]);
      });
      expect(reasons[i]).toBe(reason);
    }
    // Texts waited on the disk until their longest was known.
    expect(readdirSync(out).filter(name => name.includes('.texts'))).toEqual([]);
  });
});

describe('ESDF', () => {
  it('is one table of the stack, in labels with units and IRIs where there are some', async () => {
    const out = await runs.exported('esdf', 'esdf');
    const name = 'Lab__Stack-7__20260501_001';
    const rows = records(join(out, `data/${name}.esdf.csv`));
    expect(Object.keys(rows[0])).toEqual([
      'Test Time / s',
      'Voltage / V',
      'Current / A',
      'Cathode Gauge Pressure / bar',
      'Water Flow / L.min-1',
      'Ambient Temperature / degC',
      'Unix Time / s',
      'Cycle Count / 1',
      'Step Count / 1',
      'Step ID',
      'Quality',
      'Quality Marks',
      'Reason',
    ]);
    const record = fromRecord(runs.stack, 'cycler');
    const column = (label: string): Float64Array =>
      Float64Array.from(rows, row => (row[label] === '' ? Number.NaN : Number(row[label])));
    const read = new Map([
      ['voltage_V', column('Voltage / V')],
      ['charged_Ah', column('Cathode Gauge Pressure / bar')],
    ]);
    const wanted = new Map([...record].filter(([channel]) => read.has(channel)));
    expect(differences(wanted, read)).toEqual([]);
    const about = JSON.parse(readFileSync(join(out, `data/${name}.metadata.json`), 'utf8')) as {
      columns: { notation: string; iri?: string; role?: string }[];
    };
    expect(about.columns.find(({ role }) => role === 'stack.current_A')).toMatchObject({
      notation: 'current_ampere',
      iri: expect.stringMatching(/battery-data-format#current_ampere$/),
    });
    expect(about.columns.find(({ role }) => role === 'cathode.pressure_barg')).toMatchObject({
      notation: 'cathode_gauge_pressure_bar',
    });
    const csvw = JSON.parse(readFileSync(join(out, `data/${name}.esdf.csv-metadata.json`), 'utf8')) as {
      url: string;
      tableSchema: { columns: { titles: string }[] };
    };
    expect(csvw.url).toBe(`${name}.esdf.csv`);
    expect(csvw.tableSchema.columns.map(({ titles }) => titles)).toEqual(Object.keys(rows[0]));
  });

  it('of a cell says what is there instead, BDF of a stack, too', async () => {
    await expect(runs.exported('esdf', 'no', {}, runs.cell)).rejects.toThrow(
      /a cell is under test, expected a stack: ESDF is for stacks/,
    );
    await expect(runs.exported('bdf', 'no', {}, runs.stack)).rejects.toThrow(
      /a stack is under test, expected a cell/,
    );
    expect(existsSync(join(runs.dir, 'no'))).toBe(false);
  });
});

describe('RO-Crate', () => {
  it('keeps the rules of the specification, and lists every file', async () => {
    const out = await runs.exported('rocrate', 'rocrate');
    expect(crateObjections(out)).toEqual([]);
    // The rules see what is wrong.
    writeFileSync(join(out, 'stray file.txt'), 'x');
    const path = join(out, 'ro-crate-metadata.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text
        .replace('"datePublished": "2026-06', '"datePublished": "June 26')
        .replace('"@id": "#sample-name"', '"@id": "#"')
        .replaceAll('"@id": "#sample"\n', '"@id": "#gone"\n'),
    );
    expect(crateObjections(out).length).toBeGreaterThanOrEqual(3);
  });

  it('says where the run comes from, and how it may be used', async () => {
    const out = await runs.exported('rocrate', 'licensed', { licence: 'CC-BY-4.0' });
    const { '@graph': graph } = JSON.parse(readFileSync(join(out, 'ro-crate-metadata.json'), 'utf8')) as {
      '@graph': Record<string, unknown>[];
    };
    const byId = (id: string): Record<string, unknown> | undefined =>
      graph.find(entity => entity['@id'] === id);
    expect(byId('./')?.['license']).toEqual({ '@id': 'https://spdx.org/licenses/CC-BY-4.0' });
    expect(byId('#sample')).toMatchObject({ name: 'Cell A/1, 5 Ah', category: 'battery cell' });
    expect(byId('#sample-capacity_Ah')).toMatchObject({ value: 5 });
    expect(byId('#run')).toMatchObject({ '@type': 'CreateAction', startTime: '2026-05-01T20:00:00.250Z' });
    for (const id of ['#bench', '#instrument-cycler', '#method', '#software'])
      expect(byId(id), id).toBeDefined();
  });
});

describe('RDE', () => {
  it('has the folders of mode rdeformat, and the metadata as RDE reads them', async () => {
    const out = await runs.exported('rde', 'rde');
    expect(readdirSync(out).toSorted()).toEqual(
      [
        'README.txt',
        'SHA256SUMS',
        'SHA256SUMS.sig',
        'main_image',
        'meta',
        'public-key.pem',
        'raw',
        'run.json',
        'structured',
      ].toSorted(),
    );
    expect(readdirSync(join(out, 'raw'))).toEqual(expect.arrayContaining(['run.sqlite', 'cycler.parquet']));
    expect(readdirSync(join(out, 'structured'))).toEqual(
      expect.arrayContaining(['cycles.csv', 'curves.csv', 'figures.csv', 'setpoints.csv', 'result.json']),
    );
    // RDE copies files by their names into one folder each: none may stand in a folder of a folder.
    const deep = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
      entry => entry.isFile() && entry.parentPath.slice(out.length + 1).includes('/'),
    );
    expect(deep).toEqual([]);
    const { constant, variable } = JSON.parse(readFileSync(join(out, 'meta/metadata.json'), 'utf8')) as {
      constant: Record<string, unknown>;
      variable: Record<string, unknown>[];
    };
    expect(constant['capacity (one)']).toEqual({ value: 4.9876543210123, unit: 'Ah' });
    expect(constant).not.toHaveProperty('unknown');
    expect(variable).toHaveLength(3);
    expect(variable[1]).toEqual({ cycle: { value: 2 }, start_s: { value: 1500 }, end_s: { value: 3000 } });
    const defined = JSON.parse(readFileSync(join(out, 'meta/metadata-def.json'), 'utf8')) as Record<
      string,
      { schema: { type: string } }
    >;
    for (const key of [...Object.keys(constant), ...variable.flatMap(row => Object.keys(row))])
      expect(defined, key).toHaveProperty([key]);
  });
});
