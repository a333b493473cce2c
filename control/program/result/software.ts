import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Software } from '../../review/result.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';

/** What the program is: its version, and the commit that it was made from. */

/** In the package: the commit that it was built from, one line. */
export const COMMIT_FILE = 'dist/commit.txt';

/** Name, version and commit of what runs, for the record. */
export function software(): Software {
  const text = readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { name: 'cellbench', version, commit: commitOf(PACKAGE_FOLDER), node: process.version };
}

/** The same in one line. */
export function softwareText({ name, version, commit, node }: Software): string {
  return `${name} ${version}${commit === null ? '' : ` (${commit.replace(/^(.{12}).{28}/, '$1')})`}, node ${node}`;
}

/**
 * Commit of the source: a package carries it, a checkout is asked. `-dirty` behind it: the checkout has been changed.
 * Null: neither, or no git on this machine.
 */
export function commitOf(folder: string): string | null {
  // A folder above may be a repository of somebody else.
  if (!existsSync(join(folder, '.git'))) return builtFrom(folder);
  try {
    const asked = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return execFileSync('git', asked, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

function builtFrom(folder: string): string | null {
  const path = join(folder, COMMIT_FILE);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || null : null;
}
