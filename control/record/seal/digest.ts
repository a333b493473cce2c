import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Block } from '../blocks/block-codec.ts';
import type { Cell } from '../blocks/parts.ts';

/** What is sealed of a record, each as one SHA-256 over its content. */

/** The form of the file and all that it says of itself: input files, seed, software; tables and their columns. */
export function digestOfHead(db: DatabaseSync): Buffer {
  const meta = db.prepare('SELECT key, value FROM meta ORDER BY key');
  const tables = db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name, sql');
  return digestOf([rowsOf(meta), rowsOf(tables)]);
}

/** A block of a table's rows, the first of which has this number. */
export function digestOfBlock({ rows, from_s, to_s, packed, crc32, stats, data }: Block): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([rows, from_s, to_s, packed, crc32, stats.length]));
  return hash.update(stats).update(data).digest();
}

/** A row of a table whose rows are sealed one by one: its cells in the order of its columns. */
export function digestOfCells(cells: readonly Cell[]): Buffer {
  return digestOf(cells.map(asJson));
}

/** The rows of a table that lie in no block, with their numbers. */
export function digestOfRows(db: DatabaseSync, table: string): Buffer {
  return digestOf(rowsOf(db.prepare(`SELECT rowid, * FROM "${table}" ORDER BY rowid`)));
}

function rowsOf(statement: ReturnType<DatabaseSync['prepare']>): unknown[] {
  statement.setReturnArrays(true);
  return (statement.all() as unknown as Cell[][]).map(row => row.map(asJson));
}

function asJson(cell: Cell): unknown {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

function digestOf(content: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
