import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { LabRefusal, nameSchema } from '../../../dashboards/door/lab.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';

/**
 * What lies in the folder of a laboratory. A name from outside is a path below it without its end; it never leads anywhere
 * else, not over `..` and not over a link.
 */

const ENDING = '.yaml';
/** Runs, with the folders of campaigns between them. */
export const RUNS = 'runs';
/** What the laboratory keeps for itself. */
export const OWN = '.cellbench';

/** A folder and what may be opened in it. */
export class LabPlace {
  /** The folder itself, links followed. */
  readonly root: string;
  readonly runs: string;
  readonly own: string;

  /** @throws FileError where there is no such folder */
  constructor(folder: string) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new FileError(folder, 0, 'no such folder, expected that of a laboratory');
    this.root = realpathSync(folder);
    this.runs = join(this.root, RUNS);
    this.own = join(this.root, OWN);
  }

  /** True of a path in it, links followed; of one that is not there the nearest folder above counts. */
  has(path: string): boolean {
    return isBelow(realOf(path), this.root);
  }

  /** True of what comes with the program: it is never written over. */
  isOfPackage(path: string): boolean {
    const real = realOf(path);
    return ['examples', 'profiles'].some(own => isBelow(real, join(PACKAGE_FOLDER, own)));
  }

  /** What a file of the lab may name: files in it, and the examples of the program. @throws FileError */
  mustBeNear(path: string, said: string): void {
    if (this.has(path) || isBelow(realOf(path), join(PACKAGE_FOLDER, 'examples'))) return;
    throw new FileError(said, 0, 'lies outside of the laboratory, expected a file in it');
  }

  /** Path of a file by its name, whether it is there or not. @throws LabRefusal for a name that leads anywhere else */
  pathOf(name: string): string {
    const path = join(this.root, `${checkedName(name)}${ENDING}`);
    if (!this.has(path)) throw new LabRefusal('missing', `${name}: no such file in the laboratory`);
    return path;
  }

  /** Folder of a run or a campaign, and what is in it. @throws LabRefusal likewise */
  runDir(id: string, ...inside: readonly string[]): string {
    const path = join(this.runs, checkedName(id), ...inside);
    if (!this.has(path) || !isBelow(realOf(path), realOf(this.runs)))
      throw new LabRefusal('missing', `${id}: no such run in the laboratory`);
    return path;
  }

  /** Without the folder's own path: whoever reads it knows where he is. */
  said(text: string): string {
    return text.replaceAll(`${this.root}${sep}`, '');
  }
}

/** Every text in something that goes out, as `said` says it. */
export function saidWithin<T>(place: LabPlace, value: T): T {
  if (typeof value === 'string') return place.said(value) as T;
  if (Array.isArray(value)) return value.map(one => saidWithin(place, one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, saidWithin(place, one)])) as T;
}

/** The name as it is. @throws LabRefusal where it is none */
export function checkedName(name: string): string {
  const parsed = nameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new LabRefusal('missing', 'no such name in the laboratory, expected a path below its folder');
}

/** Name of a file below a folder, from its path relative to it; undefined: it cannot be asked for. */
export function nameOf(relative: string): string | undefined {
  if (!relative.endsWith(ENDING)) return undefined;
  const name = relative.slice(0, -ENDING.length).split(sep).join('/');
  return nameSchema.safeParse(name).success ? name : undefined;
}

function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realOf(above), path.slice(above.length));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
