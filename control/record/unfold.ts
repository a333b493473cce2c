import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { plainReason } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { PartReader } from './blocks/parts.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from './datasets.ts';
import { asRows } from './file/as-rows.ts';
import { RowWriter } from './file/row-writer.ts';
import { openReadOnly } from './read-only.ts';
import { SETPOINT_COLUMNS, SETPOINTS, setpointStretches } from './setpoint-rows.ts';
import { devicesOf, FrameReader } from './stretches.ts';

/** What a copy with plain rows holds. */
export interface Unfolded {
  /** Readings of all instruments, and of datasets. */
  readonly rows: number;
  readonly devices: readonly string[];
}

/**
 * Copies a journal (also one that is being written) into a new file in which every reading is a row of its instrument's
 * table, for tools that read SQLite and nothing else. Nothing stays behind where that fails.
 * @throws FileError where the record cannot be read, or the copy not written
 */
export function unfold(path: string, to: string): Unfolded {
  if (existsSync(to)) throw new FileError(to, 0, 'a file of that name is there, expected a new one');
  const part = `${to}.part`;
  rmSync(part, { force: true });
  const from = openReadOnly(path);
  try {
    from.prepare('VACUUM INTO ?').run(part);
    const unfolded = unfoldInPlace(part);
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
    for (const device of devices) rows += unfoldTable(db, device);
    unfoldSetpoints(db);
    for (const dataset of datasetsOf(db)) rows += unfoldDataset(db, dataset);
    // Its rows are no longer what was sealed: the record itself is.
    db.exec('DELETE FROM blocks; DROP TABLE IF EXISTS seals; COMMIT');
    return { rows, devices };
  } finally {
    db.close();
  }
}

function unfoldSetpoints(db: DatabaseSync): void {
  const { sealed } = new PartReader(db, SETPOINTS, SETPOINT_COLUMNS.length - 1);
  const insert = db.prepare(
    `INSERT INTO ${SETPOINTS} (rowid, ${SETPOINT_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  for (const { row, rows, t_s, role, asked, applied, source, outcome } of setpointStretches(db)) {
    if (row > sealed) break;
    for (let i = 0; i < rows; i++)
      insert.run(row + i, t_s[i], role[i], orNull(asked[i]), orNull(applied[i]), source[i], outcome[i]);
  }
}

/** A dataset becomes the table `dataset_<n>`. */
function unfoldDataset(db: DatabaseSync, dataset: RecordedDataset): number {
  const { number, columns } = dataset;
  const table = `dataset_${number}`;
  const named = columns.map(column => `"${column}" REAL, `).join('');
  db.exec(`CREATE TABLE ${table} (t_s REAL NOT NULL, ${named}quality BLOB NOT NULL, reason TEXT)`);
  const writer = new RowWriter(db, table, columns);
  const places = columns.map((_, place) => place);
  for (const stretch of datasetStretches(db, dataset)) writer.insert(asRows(stretch, places), stretch.row);
  return dataset.rows;
}

function unfoldTable(db: DatabaseSync, device: string): number {
  const reader = new FrameReader(db, device);
  const writer = new RowWriter(db, `frames_${device}`, reader.channels);
  const channels = Array.from(reader.channels, (_, place) => place);
  const { rows, sealed } = reader;
  for (const stretch of reader.stretches({ channels })) {
    if (stretch.row > sealed) break;
    writer.insert(asRows(stretch, channels), stretch.row);
  }
  return rows;
}
