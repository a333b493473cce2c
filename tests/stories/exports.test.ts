import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import {
  byDuckDb,
  byH5py,
  byHyparquet,
  byPandas,
  differences,
  fromRecord,
  H5PY,
  hasDuckDb,
  PANDAS,
} from '../support/readers.ts';
import { cellbench, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** Two nights go out as files, and programs that know nothing of ours read what the record has, to the last bit. */

const scratch = scratchFolder();
const NIGHTS = {
  cell: ['examples/cell-cycling/bench.yaml', 'examples/cell-cycling/cycling.yaml'],
  stack: ['examples/pem-500kw/bench.yaml', 'examples/pem-500kw/night.yaml', '--set', 'wind_h=1'],
} as const;
/** By night: the instrument at whose times the one table stands, and channels of it by their labels there. */
const TABLE_COLUMNS: Readonly<
  Record<keyof typeof NIGHTS, readonly [string, Readonly<Record<string, string>>]>
> = {
  cell: ['cycler', { 'Test Time / s': 't_s', 'Voltage / V': 'voltage_V', 'Current / A': 'current_A' }],
  stack: [
    'supply',
    {
      'Test Time / s': 't_s',
      'Voltage / V': 'voltage_V',
      'Current / A': 'current_A',
      'Power / W': 'power_W',
    },
  ],
};
type Night = keyof typeof NIGHTS;
const runOf = (night: Night): string => join(scratch.path, night);

async function done(...args: string[]): Promise<string> {
  const ended = await cellbench(...args);
  expect(ended.code, told(ended)).toBeLessThanOrEqual(1);
  return ended.stdout;
}

describe.each(Object.keys(NIGHTS) as Night[])('the night of a %s', night => {
  const run = runOf(night);
  beforeAll(async () => {
    process.env['XDG_CONFIG_HOME'] = join(scratch.path, 'config');
    await done('rehearse', ...NIGHTS[night], '--out', run);
    await done('export', run, '--to', 'parquet');
    await done('export', run, '--to', 'csv');
    await done('export', run, '--to', 'hdf5');
    await done('export', run, '--to', night === 'cell' ? 'bdf' : 'esdf');
    // The same writer for both: the larger night tells nothing more.
    if (night === 'cell') await done('export', run, '--decimal', 'comma', '--out', join(run, 'komma'));
  }, 2 * RUN_TIMEOUT_MS);

  /** By instrument: what the reader makes of its file, against the record. */
  async function compared(
    folder: string,
    ending: string,
    read: (path: string, names: readonly string[]) => unknown,
  ): Promise<string[]> {
    const source = openRunSource(run);
    const { devices } = source;
    source.close();
    const found: string[] = [];
    for (const device of devices) {
      const record = fromRecord(run, device);
      const file = (await read(join(run, folder, 'data', `${device}.${ending}`), [
        ...record.keys(),
      ])) as typeof record;
      expect(record.get('t_s')?.length).toBeGreaterThan(10_000);
      found.push(...differences(record, file).map(text => `${device}: ${text}`));
    }
    return found;
  }

  it.runIf(hasDuckDb)(
    'is read by DuckDB, Parquet and CSV',
    async () => {
      expect(await compared('export-parquet', 'parquet', byDuckDb)).toEqual([]);
      expect(await compared('export-csv', 'csv', byDuckDb)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it.runIf(night === 'cell')(
    'is read by hyparquet',
    async () => {
      expect(await compared('export-parquet', 'parquet', byHyparquet)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it.runIf(PANDAS !== undefined && night === 'cell')(
    'is read by pandas, with decimal points and commas',
    async () => {
      expect(await compared('export-csv', 'csv', (p, n) => byPandas(p, n, '.'))).toEqual([]);
      expect(await compared('komma', 'csv', (p, n) => byPandas(p, n, ','))).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it.runIf(H5PY !== undefined)(
    'is read by h5py',
    async () => {
      const read = (path: string, names: readonly string[]) =>
        byH5py(join(run, 'export-hdf5/run.h5'), basename(path, '.h5'), names);
      expect(await compared('export-hdf5', 'h5', read)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it.runIf(PANDAS !== undefined)(
    'is read by pandas as one table in the terms of a vocabulary',
    () => {
      const folder = join(run, night === 'cell' ? 'export-bdf' : 'export-esdf', 'data');
      const file = String(readdirSync(folder).find(name => /\.(bdf|esdf)\.csv$/.test(name)));
      const [device, columns] = TABLE_COLUMNS[night];
      const record = fromRecord(run, device);
      const wanted = new Map(
        Object.entries(columns).map(([label, name]) => [label, record.get(name) ?? new Float64Array(0)]),
      );
      expect(differences(wanted, byPandas(join(folder, file), [...wanted.keys()], '.'))).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it('leaves nothing half-done beside it', () => {
    expect(readdirSync(run).filter(name => name.includes('.part'))).toEqual([]);
  });
});

afterAll(() => scratch.remove());
