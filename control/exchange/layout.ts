import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { csvFormat } from './tables/csv.ts';
import type { Decimal } from './tables/csv-lines.ts';
import { Hdf5File } from './tables/hdf5.ts';
import { parquetFormat } from './tables/parquet.ts';
import { type TablePlace, tableFiles } from './tables/table.ts';

/** Where in the folder of an export each thing stands, form by form. */

/** What can be made. */
export const EXPORT_FORMATS = ['csv', 'parquet', 'bdf', 'esdf', 'hdf5', 'rocrate', 'rde'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Forms whose numbers may have decimal commas. */
export const WITH_DECIMALS: readonly ExportFormat[] = ['csv', 'bdf', 'esdf'];
/** Forms that hold all readings: a record may go where there is one of it. */
export const WHOLE_FORMATS: readonly string[] = ['csv', 'parquet', 'hdf5', 'rocrate', 'rde'];
/** The one file of the tables of `hdf5`. */
export const HDF5_FILE = 'run.h5';

/** The places of an export under way; folders are there. */
export interface Layout {
  /** Readings, an instrument a table. */
  readonly readings: TablePlace;
  /** Set points and events. */
  readonly lists: TablePlace;
  /** Figures, phases, cycles, points of curves, alarms. */
  readonly results: TablePlace;
  /** Folders: of the files that made the run; of `result.json`, `report.html` and `columns.csv` (empty: the export's own). */
  readonly inputs: string;
  readonly files: string;
  /** Where the record itself goes, too; undefined: it does not. */
  readonly record: string | undefined;
  close(): void;
}

/** Makes the folders, and the file that holds the tables if there is one. */
export async function layoutOf(
  dir: string,
  format: ExportFormat,
  decimal: Decimal,
  about: Readonly<Record<string, string>>,
): Promise<Layout> {
  const csv = csvFormat(decimal);
  const common = { inputs: 'inputs', files: '', record: undefined, close: () => {} };
  const places = (
    readings: string,
    lists: string,
    results: string,
  ): Pick<Layout, 'readings' | 'lists' | 'results'> => {
    for (const folder of new Set([readings, lists, results]))
      mkdirSync(join(dir, folder), { recursive: true });
    const isParquet = format === 'parquet';
    const listed = isParquet ? parquetFormat : csv;
    const read = isParquet || format === 'rocrate' || format === 'rde' ? parquetFormat : csv;
    return {
      readings: tableFiles(dir, readings, read),
      lists: tableFiles(dir, lists, listed),
      results: tableFiles(dir, results, listed),
    };
  };
  if (format === 'hdf5') {
    const file = await Hdf5File.create(join(dir, HDF5_FILE), about);
    const [data, results] = ['data', 'tables'].map(group => file.place(group, HDF5_FILE));
    return { ...common, readings: data, lists: data, results, close: () => file.close() };
  }
  if (format === 'rde')
    return {
      ...common,
      ...places('raw', 'structured', 'structured'),
      inputs: 'raw',
      files: 'structured',
      record: 'raw/run.sqlite',
    };
  return { ...common, ...places('data', 'data', 'tables') };
}
