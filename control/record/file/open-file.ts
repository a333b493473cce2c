import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { CREATE_BLOCKS } from '../blocks/block-table.ts';
import type { JournalTable, Survives } from '../journal-messages.ts';
import { FORMAT, formatOf, openReadOnly } from '../read-only.ts';
import { CREATE_SEALED_TABLES } from '../seal/sealed-tables.ts';
import { CREATE_SEALS } from '../seal/seals.ts';
import { SETPOINTS } from '../setpoint-rows.ts';
import { FrameReader } from '../stretches.ts';

/** A journal's file as it is opened for writing: new and empty, or one that an earlier process has left. */

/** Makes the file and its tables; there must be none yet. Throws what the disk says. */
export function newFile(
  path: string,
  tables: readonly JournalTable[],
  meta: Readonly<Record<string, string>>,
  survives: Survives,
): DatabaseSync {
  const db = writing(path, survives);
  db.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    ${CREATE_SEALED_TABLES}
    CREATE TABLE checkpoints (t_s REAL NOT NULL, state TEXT NOT NULL);
    ${CREATE_BLOCKS};
    ${CREATE_SEALS};
  `);
  const setMeta = db.prepare('INSERT INTO meta VALUES (?, ?)');
  for (const [key, value] of Object.entries({ ...meta, format: String(FORMAT) })) setMeta.run(key, value);
  for (const { device, channels } of tables) {
    const columns = channels.map(channel => `"${channel}" REAL, `).join('');
    db.exec(
      `CREATE TABLE "frames_${device}" (t_s REAL NOT NULL, ${columns}quality BLOB NOT NULL, reason TEXT)`,
    );
  }
  db.exec(`CREATE TABLE ${SETPOINTS} (t_s REAL NOT NULL, role TEXT NOT NULL, asked REAL, applied REAL,
    source TEXT NOT NULL, outcome TEXT NOT NULL)`);
  return db;
}

/** Opens a file of this form with just these tables. @throws FileError where it is another one */
export function oldFile(path: string, tables: readonly JournalTable[], survives: Survives): DatabaseSync {
  // SQLite itself would make a new file.
  if (!existsSync(path)) throw new FileError(path, 0, 'no such file, expected the record to go on with');
  const before = openReadOnly(path);
  try {
    const format = formatOf(before);
    if (format !== FORMAT)
      throw new FileError(path, 0, `form ${format} of the record, expected ${FORMAT} to go on with it`);
    for (const { device, channels } of tables) {
      const there = new FrameReader(before, device).channels.join(', ');
      if (there !== channels.join(', '))
        throw new FileError(
          path,
          0,
          `frames_${device} has "${there}", expected the channels "${channels.join(', ')}"`,
        );
    }
  } finally {
    before.close();
  }
  return writing(path, survives);
}

function writing(path: string, survives: Survives): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${survives === 'powerCut' ? 'FULL' : 'NORMAL'};`);
  return db;
}
