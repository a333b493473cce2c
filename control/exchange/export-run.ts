import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../../drivers/contract/file-error.ts';
import { sha256OfFile } from '../../drivers/contract/sha256.ts';
import { damageText, marksOf } from '../record/damage/marks.ts';
import { chainHead } from '../record/seal/chain-head.ts';
import { verifyRecord } from '../record/seal/verify.ts';
import { BDF_VOCABULARY } from './bdf/columns.ts';
import { writeSubject } from './by-subject/write-subject.ts';
import { damageLine, damageNote, writeDamage } from './damage-note.ts';
import { writeDatasets } from './datasets.ts';
import { ESDF_VOCABULARY } from './esdf/columns.ts';
import { type ExportFormat, type Layout, layoutOf } from './layout.ts';
import { packInputs } from './pack/inputs.ts';
import { inNewFolder } from './pack/new-folder.ts';
import { readmeText } from './pack/readme.ts';
import { sealFolder } from './pack/sealed-folder.ts';
import type { SigningKey } from './pack/signing-key.ts';
import { writeRde } from './rde/write-rde.ts';
import {
  closing,
  type Progress,
  type WrittenColumn,
  writeEvents,
  writeReadings,
  writeSetpoints,
} from './readings.ts';
import { type RunSource, thinnedOf } from './recorded-run.ts';
import { writeResultTables } from './result-tables.ts';
import { type Licence, writeRoCrate } from './rocrate/write-rocrate.ts';
import { csvFormat } from './tables/csv.ts';
import type { Decimal } from './tables/csv-lines.ts';
import { columnsOf } from './tables/table.ts';

/** A run's way out: one folder with everything, in open formats, with sums and a signature. */

/** What is wanted of an export. */
export interface ExportOptions {
  readonly format: ExportFormat;
  /** Exported although the record is not as it was sealed: the export says so. */
  readonly unverified?: boolean;
  /** The new folder. */
  readonly to: string;
  readonly decimal: Decimal;
  /** Who made it: how names of BDF and ESDF begin, who publishes an RO-Crate. */
  readonly institution: string;
  /** How others may use an RO-Crate, as an SPDX number; empty: nobody has said. */
  readonly licence: Licence;
  readonly key: SigningKey;
  readonly progress: Progress;
  /** Now, ms since 1970. */
  readonly now_ms: number;
  /** A picture of the run, as SVG; undefined: there is none. */
  readonly picture: string | undefined;
}

/** What was made. */
export interface Exported {
  readonly rows: number;
  /** What could not be put in, in words. */
  readonly missing: readonly string[];
}

/** Exports a run into a new folder, which is there whole or not at all. @throws FileError */
export function exportRun(source: RunSource, options: ExportOptions): Promise<Exported> {
  const changed = changesOf(source, options);
  return inNewFolder(options.to, async dir => {
    // A run under way goes on: all of the export is of one moment.
    if (!source.db.isTransaction) source.db.exec('BEGIN');
    try {
      return await exportInto(dir, source, options, changed);
    } finally {
      source.db.exec('ROLLBACK');
    }
  });
}

/** What of a record is not as it was sealed. @throws FileError where something is, and nobody has asked for it as it is */
function changesOf({ path, db }: RunSource, { unverified = false }: ExportOptions): readonly string[] {
  const marks = marksOf(db);
  // What is left out and said is no reason to refuse the rest.
  const found = marks === undefined ? (verifyRecord(path)?.found ?? []) : marks.others;
  if (found.length === 0 || unverified) return found;
  throw new FileError(
    path,
    0,
    `is not as it was sealed: ${found[0]}; expected a record that nobody has changed (verify RUN tells all, --damaged mark leaves out what is damaged, --unverified exports it as it is; both say so)`,
  );
}

async function exportInto(
  dir: string,
  source: RunSource,
  options: ExportOptions,
  changed: readonly string[],
): Promise<Exported> {
  const { format, key, decimal } = options;
  const about = {
    run: source.name,
    bench: source.meta.get('bench') ?? '',
    method: source.meta.get('method') ?? '',
    mode: source.meta.get('mode') ?? '',
    startedUtc: new Date(source.started_ms).toISOString(),
    software: source.meta.get('software') ?? '',
    ...damageLine(source),
  };
  const layout = await layoutOf(dir, format, decimal, about);
  const columns = await writeTables(dir, source, layout, about, options);
  const missing = packFiles(source, dir, layout);
  const inputs = packInputs(source, dir, layout.inputs);
  for (const { path, file } of inputs)
    if (file === null) missing.push(`${path} (gone, or changed since the run)`);
  writeColumns(join(dir, layout.files, 'columns.csv'), columns, decimal);
  const rows = source.devices.reduce((sum, device) => sum + source.reader(device).count, 0);
  const thinned = thinnedOf(source);
  const journal = { file: 'run.sqlite', sha256: sha256OfFile(source.path), chain: chainHead(source.db) };
  const head = {
    schema: 'cellbench/export',
    version: 1,
    format,
    ...about,
    timeFactor: Number(source.meta.get('timeFactor') ?? 1),
    commit: source.meta.get('commit') || null,
    subject: source.bench.subject ?? null,
    rows,
    ...(thinned === undefined ? {} : { thinned }),
    journal,
    changed,
    ...damageNote(source),
    inputs,
    missing,
    signedBy: key.id,
  };
  if (format === 'rde') missing.push(...writeRde(source, dir, options.picture));
  writeFileSync(join(dir, 'run.json'), `${JSON.stringify(head, null, 2)}\n`);
  writeFileSync(
    join(dir, 'README.txt'),
    readmeText(format, about, { id: key.id, thinned, changed, damaged: source.damaged }),
  );
  if (format === 'rocrate') writeRoCrate(source, dir, { ...options, inputs, columns });
  sealFolder(dir, key);
  const left = source.damaged.map(part => `damaged: ${damageText(part)}`);
  return {
    rows,
    missing: [...missing, ...left, ...changed.map(what => `a record as it was sealed: ${what}`)],
  };
}

/** Readings, set points, events and the result's tables; returns the columns of the readings. */
async function writeTables(
  dir: string,
  source: RunSource,
  layout: Layout,
  about: Readonly<Record<string, string>>,
  options: ExportOptions,
): Promise<WrittenColumn[]> {
  const columns: WrittenColumn[] = [];
  const vocabulary = { bdf: BDF_VOCABULARY, esdf: ESDF_VOCABULARY }[String(options.format)];
  const { readings, lists, results } = layout;
  await closing(layout, async () => {
    if (vocabulary !== undefined) columns.push(...(await writeSubject(source, dir, vocabulary, options)));
    else {
      for (const device of source.devices)
        columns.push(...(await writeReadings(source, device, { place: readings, about }, options.progress)));
    }
    await writeSetpoints(source, lists);
    await writeEvents(source, lists);
    writeDamage(source.damaged, (name, header) => lists.open(name, header, {}));
    await writeDatasets(source, (name, header) => lists.open(name, header, {}));
    if (source.result !== undefined) writeResultTables(source.result, results);
  });
  return columns;
}

/** Result, report and record as they are; what is missing, in words. */
function packFiles({ dir: from, result, path, damaged }: RunSource, dir: string, layout: Layout): string[] {
  const missing: string[] = [];
  for (const name of ['result.json', 'report.html']) {
    if (damaged.length > 0) {
      // What lies beside the record was made of all of it: whoever has the export must not take its figures for these.
      if (name === 'report.html')
        missing.push(`${name} (report RUN --damaged mark makes one of what is left)`);
      else if (result === undefined) missing.push(`${name} (the run has none)`);
      else writeFileSync(join(dir, layout.files, name), `${JSON.stringify(result, null, 2)}\n`);
      continue;
    }
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(dir, layout.files, name));
    else missing.push(`${name} (the run has none: it is under way, or was cut off)`);
  }
  if (result === undefined && missing.length === 0)
    missing.push('tables of the result (result.json is of another version)');
  if (layout.record === undefined) return missing;
  if (existsSync(`${path}-wal`)) missing.push('run.sqlite (it is under way, or was cut off)');
  else copyFileSync(path, join(dir, layout.record));
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
