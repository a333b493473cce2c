import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isAlive } from '../../../drivers/contract/code/alive.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';

/** True of the name of a folder that is still being made, or was left behind by a process that was killed meanwhile. */
export function isUnfinished(name: string): boolean {
  return /\.part-\d+$/.test(name);
}

/**
 * A folder that is there whole or not at all: the work is done in one beside it, which gets the name at the end. What
 * is there already is never overwritten. @throws FileError where it is, or cannot be written
 */
export async function inNewFolder<T>(to: string, work: (dir: string) => Promise<T>): Promise<T> {
  const path = resolve(to);
  refuseExisting(path, to);
  const part = `${path}.part-${process.pid}`;
  try {
    sweep(path);
    makeAbove(dirname(part));
    mkdirSync(part);
    const done = await work(part);
    // Somebody else may have been faster.
    refuseExisting(path, to);
    renameSync(part, path);
    return done;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new FileError(to, 0, `cannot be written: ${plainReason(error)}, expected room for a new folder`);
    // The folder that it was worked in is gone.
    if (error instanceof FileError && error.file.startsWith(part)) throw new FileError(to, 0, error.text);
    throw error;
  }
}

function refuseExisting(path: string, to: string): void {
  if (existsSync(path)) throw new FileError(to, 0, 'is there already, expected the name of a new folder');
}

/** What processes that were killed left behind. */
function sweep(path: string): void {
  const above = dirname(path);
  const head = `${basename(path)}.part-`;
  if (!existsSync(above)) return;
  for (const name of readdirSync(above)) {
    const pid = name.startsWith(head) ? Number(name.slice(head.length)) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(above, name), { recursive: true, force: true });
  }
}

/** Makes what is missing above, one after the other: the recursive way of Node never comes back from /proc. */
function makeAbove(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeAbove(above);
  mkdirSync(path);
}
