import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import { WHOLE_FORMATS } from '../../exchange/layout.ts';
import { isUnfinished } from '../../exchange/pack/new-folder.ts';
import { reviewFolder } from '../../exchange/pack/sealed-folder.ts';
import type { ListedRun } from './run-list.ts';

/** A run's record goes; its exports stay. */

const headSchema = z.looseObject({
  format: z.string(),
  journal: z.looseObject({ sha256: z.string() }),
  changed: z.array(z.string()).default([]),
  damaged: z.array(z.unknown()).default([]),
});

/**
 * Why the exports in a run's folder do not stand for its record; empty if one does: it holds all readings, of the record
 * as it lies there now, and every file of it is as it was made.
 */
export function whyNotExported({ dir, exports }: ListedRun): string {
  if (exports.length === 0) return 'it has no export';
  const record = sha256OfFile(join(dir, 'run.sqlite'));
  const why: string[] = [];
  for (const name of exports) {
    const said = whyNot(join(dir, name), record);
    if (said === '') return '';
    why.push(`${name} ${said}`);
  }
  return why.join('; ');
}

function whyNot(dir: string, record: string): string {
  let head: z.output<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')));
  } catch {
    return 'says nothing of itself that can be read';
  }
  if (!WHOLE_FORMATS.includes(head.format)) return 'does not hold all readings';
  if (head.journal.sha256 !== record) return 'was made of another state of the record';
  if (head.damaged.length > 0) return 'lacks what is damaged of the record';
  if (head.changed.length > 0) return 'was made of a record that was not as it was sealed';
  const [wrong] = reviewFolder(dir).found;
  return wrong === undefined ? '' : `has been changed (${wrong})`;
}

/** Files that cellbench writes into a run's folder; `-wal` and the like stand beside those of SQLite. */
const OURS =
  /^((run|sending|rows)\.sqlite(-wal|-shm|-journal)?|result\.json|rehearsal\.json|report\.html|SHA256SUMS|prune-going\.json)(\.part)?$/;
/** Where an import keeps the files that it has read. */
const IMPORTED = 'imported';

/**
 * What lies in a run's folder and is neither of its record nor an export: somebody has put it there. Paths below the
 * folder; a folder or link of a name of ours is foreign, too.
 */
export function foreignIn({ dir, exports, result }: Pick<ListedRun, 'dir' | 'exports' | 'result'>): string[] {
  const read = new Set(result?.inputs.map(({ path }) => basename(path)));
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const { name } = entry;
    if (exports.includes(name) || (entry.isFile() && OURS.test(name))) return [];
    if (entry.isDirectory() && isUnfinished(name)) return [];
    if (name !== IMPORTED || !entry.isDirectory()) return [entry.isDirectory() ? `${name}/` : name];
    return readdirSync(join(dir, name), { withFileTypes: true })
      .filter(file => !file.isFile() || !read.has(file.name))
      .map(file => `${name}/${file.name}`);
  });
}

/** In a run's folder while its record is being deleted: which files are to go. */
export const GOING = 'prune-going.json';

/** Deletes a file, or a folder with all in it; nothing where there is none. */
type Remove = (path: string) => void;
const removed: Remove = path => rmSync(path, { recursive: true, force: true });

/**
 * Deletes a run's record and what was made of it; its exports and what is not of cellbench stay. Where there are none the
 * folder goes at once, so that no half of it is left. The record itself is the first to go: whatever stops this, the run is
 * whole or gone, and what is left says so.
 */
export function dropRecord(
  run: Pick<ListedRun, 'dir' | 'exports' | 'result'>,
  remove: Remove = removed,
): void {
  const { dir, exports } = run;
  const foreign = new Set(foreignIn(run));
  if (exports.length === 0 && foreign.size === 0) {
    const going = `${dir}.going-${process.pid}`;
    renameSync(dir, going);
    remove(join(going, 'run.sqlite'));
    for (const name of readdirSync(going)) remove(join(going, name));
    rmdirSync(going);
    return;
  }
  const files = ['run.sqlite', ...oursIn(dir, foreign)];
  sayGoing(dir, files);
  finishDrop(dir, files, remove);
}

/** Where there is no room for it the record goes all the same: room is what is wanted. */
function sayGoing(dir: string, files: readonly string[]): void {
  try {
    writeFileSync(join(dir, GOING), JSON.stringify({ pid: process.pid, files }));
  } catch {
    rmSync(join(dir, GOING), { force: true });
  }
}

/** Deletes these files of a run's folder, then the word that they are to go, and what is empty then. */
export function finishDrop(dir: string, files: readonly string[], remove: Remove = removed): void {
  for (const file of files) remove(join(dir, file));
  const imported = join(dir, IMPORTED);
  if (existsSync(imported) && readdirSync(imported).length === 0) rmdirSync(imported);
  remove(join(dir, GOING));
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}

/** Files and unfinished folders that go with the record. */
function oursIn(dir: string, foreign: ReadonlySet<string>): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const { name } = entry;
    if (name === 'run.sqlite') return [];
    if (entry.isFile() && OURS.test(name)) return [name];
    if (entry.isDirectory() && isUnfinished(name)) return [name];
    if (name !== IMPORTED || !entry.isDirectory()) return [];
    return readdirSync(join(dir, name))
      .map(file => `${IMPORTED}/${file}`)
      .filter(file => !foreign.has(file));
  });
}
