import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../../drivers/contract/sha256.ts';
import { type BdfOptions, writeBdf } from './bdf/write-bdf.ts';
import { writeDatasets } from './datasets.ts';
import { packInputs } from './pack/inputs.ts';
import { inNewFolder } from './pack/new-folder.ts';
import type { SigningKey } from './pack/signing-key.ts';
import { writeSums } from './pack/sums.ts';
import {
  type Progress,
  readingColumns,
  type WrittenColumn,
  writeEvents,
  writeReadings,
  writeSetpoints,
} from './readings.ts';
import { chainHead, type RunSource, rolesByChannel } from './recorded-run.ts';
import { writeResultTables } from './result-tables.ts';
import { csvFormat, type Decimal } from './tables/csv.ts';
import { parquetFormat } from './tables/parquet.ts';
import { columnsOf, type TableFormat } from './tables/table.ts';

/** A run's way out: one folder with everything, in open formats, with sums and a signature. */

/** What can be made. */
export const EXPORT_FORMATS = ['csv', 'parquet', 'bdf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is wanted of an export. */
export interface ExportOptions extends BdfOptions {
  readonly format: ExportFormat;
  /** The new folder. */
  readonly to: string;
  readonly decimal: Decimal;
  readonly key: SigningKey;
  readonly progress: Progress;
}

/** What was made. */
export interface Exported {
  readonly files: readonly string[];
  readonly rows: number;
  /** What could not be put in, in words. */
  readonly missing: readonly string[];
}

/** Exports a run into a new folder, which is there whole or not at all. @throws FileError */
export function exportRun(source: RunSource, options: ExportOptions): Promise<Exported> {
  return inNewFolder(options.to, dir => exportInto(dir, source, options));
}

async function exportInto(dir: string, source: RunSource, options: ExportOptions): Promise<Exported> {
  const { format, key, progress } = options;
  const tables: TableFormat = format === 'parquet' ? parquetFormat : csvFormat(options.decimal);
  const about = {
    run: source.name,
    bench: source.meta.get('bench') ?? '',
    method: source.meta.get('method') ?? '',
    mode: source.meta.get('mode') ?? '',
    startedUtc: new Date(source.started_ms).toISOString(),
    software: source.meta.get('software') ?? '',
  };
  mkdirSync(join(dir, 'data'));
  const columns: WrittenColumn[] = [];
  if (format === 'bdf') columns.push(...(await writeBdf(source, dir, options)));
  else {
    const roles = rolesByChannel(source);
    for (const device of source.devices) {
      const file = `data/${device}.${tables.extension}`;
      const named = readingColumns(source.reader(device).channels, device, file, roles);
      columns.push(...named);
      const units = Object.fromEntries(named.map(({ column, unit }) => [column, unit]));
      const to = { file: join(dir, file), format: tables, about: { ...about, units: JSON.stringify(units) } };
      await writeReadings(source, device, to, progress);
    }
  }
  await writeSetpoints(source, join(dir, `data/setpoints.${tables.extension}`), tables);
  await writeEvents(source, join(dir, `data/events.${tables.extension}`), tables);
  await writeDatasets(source, (name, header) =>
    tables.open(join(dir, `data/${name}.${tables.extension}`), header, {}),
  );
  const missing = packResult(source, dir, tables);
  const inputs = packInputs(source, dir);
  missing.push(
    ...inputs.flatMap(({ path, file }) =>
      file === null ? [`${path} (gone, or changed since the run)`] : [],
    ),
  );
  writeColumns(join(dir, 'columns.csv'), columns, options.decimal);
  const rows = source.devices.reduce((sum, device) => sum + source.reader(device).rows, 0);
  const journal = {
    file: 'run.sqlite',
    sha256: sha256OfFile(source.path),
    chain: chainHead(source),
  };
  const head = {
    schema: 'cellbench/export',
    version: 1,
    format,
    ...about,
    timeFactor: Number(source.meta.get('timeFactor') ?? 1),
    commit: source.meta.get('commit') || null,
    subject: source.bench.subject ?? null,
    rows,
    journal,
    inputs,
    missing,
    signedBy: key.id,
  };
  writeFileSync(join(dir, 'run.json'), `${JSON.stringify(head, null, 2)}\n`);
  writeFileSync(join(dir, 'README.txt'), readme(about, key.id));
  writeSums(dir, key);
  return { files: [...new Set(columns.map(column => column.file))], rows, missing };
}

/** Result and report as they are, and the result's tables; what is missing, in words. */
function packResult({ dir: from, result }: RunSource, dir: string, tables: TableFormat): string[] {
  const missing: string[] = [];
  for (const name of ['result.json', 'report.html']) {
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(dir, name));
    else missing.push(`${name} (the run has none: it is under way, or was cut off)`);
  }
  if (result !== undefined) {
    mkdirSync(join(dir, 'tables'));
    writeResultTables(result, join(dir, 'tables'), tables);
  } else if (missing.length === 0) missing.push('tables of the result (result.json is of another version)');
  return missing;
}

function writeColumns(path: string, columns: readonly WrittenColumn[], decimal: Decimal): void {
  const names = ['file', 'column', 'unit', 'role', 'meaning'] as const;
  const header = names.map(name => ({ name, kind: 'text' as const }));
  const table = csvFormat(decimal).open(path, header, {});
  table.write(
    columnsOf(
      header,
      columns.map(column => names.map(name => column[name])),
    ),
  );
  table.close();
}

function readme(about: Readonly<Record<string, string>>, id: string): string {
  return `${about['method']} on ${about['bench']}, ${about['startedUtc']}, mode ${about['mode']} (rehearsal: simulated)

data/        readings by instrument, set points, events; columns.csv says what each column is; curves and spectra, with a list
tables/      figures with their expanded uncertainty (k = 2), phases, cycles, points of curves, alarms
result.json  the same and more, for programs; report.html for people
inputs/      the files that the run was made from; run.json has their hashes and that of the record
Times: t_s is run time, utc the clock of the computer at its begin plus t_s; where it was set meanwhile, an event of kind
clock says so and utc counts from there.
Values that must not be used (stale, bad) stand in "marks" and never in a column of numbers.

Is it as it was made?
  sha256sum -c SHA256SUMS
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
The second proves something only if the key is who you think it is: ask whoever made it for its number, ${id}
(first 16 digits of: openssl pkey -pubin -in public-key.pem -outform DER | sha256sum).
`;
}
