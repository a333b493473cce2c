import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { plainReason } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import type { Cell } from './blocks/parts.ts';
import { openRead } from './damage/find-damage.ts';
import { type DamagedPart, damagedParts, marksOf, type WhenDamaged } from './damage/marks.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from './datasets.ts';
import { asRows } from './file/as-rows.ts';
import { RowWriter } from './file/row-writer.ts';
import { SETPOINT_COLUMNS, SETPOINTS, sealedSetpoints, setpointStretches } from './setpoint-rows.ts';
import { devicesOf, FrameReader } from './stretches.ts';

/** What a copy with plain rows holds. */
export interface Unfolded {
  /** Readings of all instruments, and of datasets. */
  readonly rows: number;
  readonly devices: readonly string[];
  /** What is left out because it is damaged. */
  readonly damaged: readonly DamagedPart[];
}

/** Tables whose rows are written anew. */
const REWRITTEN = /^(frames_.*|setpoints|blocks|seals|events|datasets)$/;

/**
 * Copies a journal (also one that is being written) into a new file in which every reading is a row of its instrument's
 * table, for tools that read SQLite and nothing else. Nothing stays behind where that fails. `mark`: rows that are
 * damaged are left out, and listed in the table `damaged`.
 * @throws FileError where the record cannot be read, or the copy not written
 */
export function unfold(path: string, to: string, damaged: WhenDamaged = 'refuse'): Unfolded {
  if (existsSync(to)) throw new FileError(to, 0, 'a file of that name is there, expected a new one');
  const part = `${to}.part`;
  rmSync(part, { force: true });
  const from = openRead(path, damaged);
  try {
    const isDamaged = damagedParts(from).length > 0;
    if (!isDamaged) {
      if (from.isTransaction) from.exec('ROLLBACK');
      from.prepare('VACUUM INTO ?').run(part);
    }
    const unfolded = isDamaged ? unfoldSound(from, part) : unfoldInPlace(part);
    renameSync(part, to);
    return unfolded;
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof FileError) throw new FileError(path, 0, error.text);
    throw new FileError(to, 0, `cannot be written: ${plainReason(error)}, expected room for a copy`);
  } finally {
    from.close();
  }
}

function unfoldInPlace(path: string): Unfolded {
  const db = new DatabaseSync(path);
  try {
    // Nobody else knows the file, and one that is not finished is thrown away.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    const devices = devicesOf(db);
    let rows = 0;
    for (const device of devices) rows += unfoldTable(db, db, device);
    unfoldSetpoints(db, db);
    for (const dataset of datasetsOf(db)) rows += unfoldDataset(db, db, dataset);
    // Its rows are no longer what was sealed: the record itself is.
    db.exec('DELETE FROM blocks; DROP TABLE IF EXISTS seals; COMMIT');
    return { rows, devices, damaged: [] };
  } finally {
    db.close();
  }
}

/** What is sound of a damaged record, into a new file: pages that SQLite cannot read are not asked for. */
function unfoldSound(from: DatabaseSync, path: string): Unfolded {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    const tables = from
      .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .all() as { name: string; sql: string }[];
    for (const { name, sql } of tables) {
      if (name === 'seals') continue;
      db.exec(sql);
      if (!REWRITTEN.test(name)) copyRows(from, db, name, () => true);
    }
    const marks = marksOf(from);
    copyRows(from, db, 'events', row => marks?.events.has(row) !== true);
    if (tables.some(({ name }) => name === 'datasets'))
      copyRows(from, db, 'datasets', row => marks?.datasets.has(row) !== true);
    const devices = devicesOf(from);
    let rows = 0;
    for (const device of devices) rows += unfoldTable(from, db, device);
    unfoldSetpoints(from, db);
    for (const dataset of datasetsOf(from)) rows += unfoldDataset(from, db, dataset);
    const damaged = damagedParts(from);
    db.exec(`CREATE TABLE damaged (source TEXT NOT NULL, row_from INTEGER NOT NULL, row_to INTEGER, from_s REAL, to_s REAL,
      reason TEXT NOT NULL)`);
    const insert = db.prepare('INSERT INTO damaged VALUES (?, ?, ?, ?, ?, ?)');
    for (const part of damaged)
      insert.run(part.source, part.from, part.to, part.from_s, part.to_s, part.reason);
    db.exec("INSERT INTO meta VALUES ('record', 'damaged, marked'); COMMIT");
    return { rows, devices, damaged };
  } finally {
    db.close();
  }
}

/** Row by row with their numbers; rows that are not wanted are never read. */
function copyRows(
  from: DatabaseSync,
  to: DatabaseSync,
  table: string,
  isWanted: (row: number) => boolean,
): void {
  const columns = from.prepare(`PRAGMA table_info("${table}")`).all().length;
  const insert = to.prepare(
    `INSERT INTO "${table}" (rowid, ${namesOf(from, table)}) VALUES (${new Array(columns + 1).fill('?').join(', ')})`,
  );
  const one = from.prepare(`SELECT rowid AS row, * FROM "${table}" WHERE rowid = ?`);
  one.setReturnArrays(true);
  const last = Number(from.prepare(`SELECT coalesce(max(rowid), 0) AS n FROM "${table}"`).get()?.['n']);
  for (let row = 1; row <= last; row++) {
    const cells = isWanted(row) ? (one.get(row) as unknown as Cell[] | undefined) : undefined;
    if (cells !== undefined) insert.run(...cells);
  }
}

function namesOf(db: DatabaseSync, table: string): string {
  const columns = db.prepare(`PRAGMA table_info("${table}")`).all() as { name: string }[];
  return columns.map(({ name }) => `"${name}"`).join(', ');
}

function unfoldSetpoints(from: DatabaseSync, db: DatabaseSync): void {
  const sealed = from === db ? sealedSetpoints(from) : Infinity;
  const insert = db.prepare(
    `INSERT INTO ${SETPOINTS} (rowid, ${SETPOINT_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  for (const { row, rows, t_s, role, asked, applied, source, outcome } of setpointStretches(from)) {
    if (row > sealed) break;
    for (let i = 0; i < rows; i++)
      insert.run(row + i, t_s[i], role[i], orNull(asked[i]), orNull(applied[i]), source[i], outcome[i]);
  }
}

/** A dataset becomes the table `dataset_<n>`. */
function unfoldDataset(from: DatabaseSync, db: DatabaseSync, dataset: RecordedDataset): number {
  const { number, columns } = dataset;
  const table = `dataset_${number}`;
  const named = columns.map(column => `"${column}" REAL, `).join('');
  db.exec(`CREATE TABLE ${table} (t_s REAL NOT NULL, ${named}quality BLOB NOT NULL, reason TEXT)`);
  const writer = new RowWriter(db, table, columns);
  const places = columns.map((_, place) => place);
  for (const stretch of datasetStretches(from, dataset)) writer.insert(asRows(stretch, places), stretch.row);
  return dataset.rows;
}

/** Into another file all of it goes, into its own what lies in blocks. */
function unfoldTable(from: DatabaseSync, db: DatabaseSync, device: string): number {
  const reader = new FrameReader(from, device);
  const writer = new RowWriter(db, `frames_${device}`, reader.channels);
  const channels = Array.from(reader.channels, (_, place) => place);
  const sealed = from === db ? reader.sealed : Infinity;
  for (const stretch of reader.stretches({ channels })) {
    if (stretch.row > sealed) break;
    writer.insert(asRows(stretch, channels), stretch.row);
  }
  return reader.count;
}
