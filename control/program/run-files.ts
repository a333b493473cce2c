import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from '../../drivers/contract/clock.ts';
import { DeviceError, plainReason } from '../../drivers/contract/errors.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { UsageError } from './options.ts';

/** What every command of the program needs of the files around a run: folder, version, refusals. */

/** Folder of a run whose name nobody gave: `runs/<date>-<mode>`. */
export function folderByDate(clock: Clock, mode: string): string {
  const date = new Date(clock.utc_ms()).toISOString().slice(0, 19).replaceAll(':', '-');
  return join('runs', `${date}-${mode}`);
}

/**
 * Makes the folder of a run and does the work in it; work that ends before it has written anything leaves no folder
 * behind. A folder that holds a run already is refused. @throws UsageError
 */
export async function inRunFolder<T>(dir: string, work: (dir: string) => Promise<T>): Promise<T> {
  makeRunFolder(dir);
  try {
    return await work(dir);
  } finally {
    removeIfEmpty(dir);
  }
}

/** Takes a folder away in which nothing is; what cannot be taken away stays. */
export function removeIfEmpty(dir: string): void {
  try {
    if (existsSync(dir) && readdirSync(dir).length === 0) rmdirSync(dir);
  } catch {
    // A disk of its own, or a folder that is not ours to take away: it was there before, and what happened is to be told.
  }
}

function makeRunFolder(dir: string): void {
  const rest = 'expected a new or empty folder; nothing is overwritten';
  if (existsSync(join(dir, 'run.sqlite'))) {
    throw new UsageError(`${dir} holds a run already (run.sqlite), ${rest}`);
  }
  try {
    makeFolder(resolve(dir));
  } catch (error) {
    throw new UsageError(
      `${dir}: cannot be made: ${plainReason(error)}, expected the name of a new or empty folder`,
    );
  }
  const [first, ...more] = readdirSync(dir);
  if (first !== undefined) {
    const also = more.length === 0 ? '' : ` and ${more.length} more`;
    throw new UsageError(`${dir} holds other files (${first}${also}), ${rest}`);
  }
}

/**
 * Makes a folder and what is missing above it, one after the other: the recursive way of Node never comes back from
 * a file system that takes no folders (/proc).
 */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // What is missing is not the folder above: it is there.
    const isOdd = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isOdd ? new Error(`${above} takes no folders`) : error;
  }
}

/** Bad input is one clear message and exit code 2; anything else is our own failure. */
export function isBadInput(error: unknown): boolean {
  return [UsageError, FileError, DeviceError].some(kind => error instanceof kind);
}
