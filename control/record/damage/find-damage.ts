import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { type Block, openBlock } from '../blocks/block-codec.ts';
import { hasTable } from '../file/has-table.ts';
import { openReadOnly } from '../read-only.ts';
import { SEALED } from '../seal/seals.ts';
import { reviewSeals, type WrongSeal } from '../seal/verify.ts';
import { type DamagedPart, type SoundTable, setMarks, type WhenDamaged } from './marks.ts';
import { partsBetween, type UnsoundBlock } from './part-places.ts';
import { damagedEvents, type Wrong } from './single-rows.ts';

/** Finds what of a record is damaged, so that the rest can be read. */

/**
 * Opens a record for reading. `mark`: whatever is damaged is looked for and left out by every reader of it. @throws
 * FileError
 */
export function openRead(path: string, damaged: WhenDamaged): DatabaseSync {
  const db = openReadOnly(path);
  if (damaged === 'mark') markDamage(db);
  return db;
}

/** Looks through all of an opened record; what is damaged is left out by whoever reads it from now on. */
function markDamage(db: DatabaseSync): void {
  // One moment of a record that is being written: what was found stays where it was.
  if (!db.isTransaction) db.exec('BEGIN');
  const review = reviewSeals(db);
  const wrong = new Map<string, Map<number, WrongSeal>>();
  for (const one of review?.wrong ?? []) {
    const rows = wrong.get(one.what) ?? new Map<number, WrongSeal>();
    wrong.set(one.what, rows.set(one.row, one));
  }
  const wrongOf = (what: string): ReadonlyMap<number, WrongSeal> => wrong.get(what) ?? new Map();
  const sealedOf = (source: string): ReadonlySet<number> | undefined =>
    review === undefined || review.sealed.size === 0 ? undefined : (review.sealed.get(source) ?? new Set());
  const tables = new Map<string, SoundTable>();
  const parts: DamagedPart[] = [];
  const said = new Set<string>(['event', 'dataset']);
  for (const { source, width } of sourcesOf(db)) {
    const rows = `${SEALED.rows}${source}`;
    said.add(source).add(rows);
    const of: Wrong = { blocks: wrongOf(source), plain: wrongOf(rows).values().next().value?.text };
    const found = tableOf(db, source, width, of, sealedOf(source));
    tables.set(source, found.sound);
    parts.push(...found.parts);
  }
  const events = damagedEvents(db, wrongOf('event'));
  const datasets = new Set(wrongOf('dataset').keys());
  for (const [row, { text }] of wrongOf('dataset'))
    parts.push({ source: `dataset_${row}`, from: 1, to: null, from_s: null, to_s: null, reason: text });
  const others = (review?.wrong ?? []).filter(({ what }) => !said.has(what)).map(({ text }) => text);
  setMarks(db, {
    parts: [...parts, ...events.parts],
    tables,
    events: events.rows,
    datasets,
    others: [...others, ...(review?.others ?? [])],
  });
}

/** Every table whose rows may lie in blocks, and how many columns it has beside the times. */
function sourcesOf(db: DatabaseSync): { readonly source: string; readonly width: number }[] {
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").all() as {
    name: string;
  }[];
  const found: { source: string; width: number }[] = [];
  for (const { name } of names) {
    const columns = db.prepare(`PRAGMA table_info("${name}")`).all().length;
    // An instrument's: t_s, the channels, quality and reason.
    if (name.startsWith('frames_')) found.push({ source: name, width: columns - 3 });
    else if (name === 'setpoints') found.push({ source: name, width: columns - 1 });
  }
  if (!hasTable(db, 'datasets')) return found;
  const datasets = db.prepare('SELECT rowid AS n, columns FROM datasets').all();
  for (const { n, columns } of datasets as { n: number; columns: string }[])
    found.push({ source: `dataset_${n}`, width: widthOf(columns) });
  return found;
}

function widthOf(columns: string): number {
  try {
    const names: unknown = JSON.parse(columns);
    return Array.isArray(names) ? names.length : 0;
  } catch {
    // Its seal says that it was changed, and all of it is left out.
    return 0;
  }
}

function tableOf(
  db: DatabaseSync,
  source: string,
  width: number,
  wrong: Wrong,
  sealed: ReadonlySet<number> | undefined,
): { readonly sound: SoundTable; readonly parts: readonly DamagedPart[] } {
  const blocks: SoundTable['blocks'][number][] = [];
  const unsound: UnsoundBlock[] = [];
  let next = 1;
  for (const head of headsOf(db, source)) {
    const why =
      wrong.blocks.get(head.row)?.text ??
      (sealed === undefined || sealed.has(head.row) ? '' : 'was never sealed');
    const reason = why || (head.row < next ? 'lies over another block' : unreadable(db, head.id, width));
    if (reason === '') {
      blocks.push(head);
      next = head.row + head.rows;
    } else unsound.push({ ...head, reason });
  }
  // Blocks that are gone are known by their seals only.
  for (const [row, { text }] of wrong.blocks)
    if (!unsound.some(one => one.row === row))
      unsound.push({ row, rows: 0, from_s: Number.NaN, to_s: Number.NaN, reason: text });
  return partsBetween(db, source, { blocks, unsound, changed: wrong.plain });
}

interface Head {
  readonly id: number;
  readonly row: number;
  readonly rows: number;
  readonly from_s: number;
  readonly to_s: number;
}

function* headsOf(db: DatabaseSync, source: string): Generator<Head> {
  if (!hasTable(db, 'blocks')) return;
  const ids = db.prepare('SELECT rowid AS id, row FROM blocks WHERE source = ? ORDER BY row').all(source);
  const head = db.prepare('SELECT rows, from_s, to_s FROM blocks WHERE rowid = ?');
  for (const { id, row } of ids as { id: number; row: number }[]) {
    let said: { rows: number; from_s: number | null; to_s: number | null } | undefined;
    try {
      said = head.get(id) as typeof said;
    } catch {
      // Where SQLite cannot read it, nothing is known of it but its place.
    }
    const rows = Number.isInteger(said?.rows) && (said?.rows ?? 0) > 0 ? (said?.rows ?? 0) : 0;
    yield { id, row, rows, from_s: said?.from_s ?? Number.NaN, to_s: said?.to_s ?? Number.NaN };
  }
}

/** Why a block cannot be read to its last value; empty: it can. */
function unreadable(db: DatabaseSync, id: number, width: number): string {
  try {
    const block = db.prepare('SELECT * FROM blocks WHERE rowid = ?').get(id) as unknown as Block;
    const open = openBlock(block, width);
    for (let place = 0; place <= width; place++) open.column(place);
    open.quality();
    open.texts();
    return '';
  } catch (error) {
    return messageOf(error);
  }
}
