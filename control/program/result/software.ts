import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Software } from '../../review/result.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';

/** What the program is: its version, and the commit that it was made from. */

/** In the package: the commit that it was built from, one line. */
export const COMMIT_FILE = 'dist/commit.txt';
const ASKED = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];

/** Name, version and commit of what runs, for the record. */
export function software(): Software {
  return softwareOf(commitOf(PACKAGE_FOLDER));
}

/** The same while something else is done: asking a checkout takes its time. Never rejects. */
export async function softwareSoon(): Promise<Software> {
  if (!isCheckout(PACKAGE_FOLDER)) return software();
  const asked = promisify(execFile)('git', ASKED, { cwd: PACKAGE_FOLDER, encoding: 'utf8' });
  return softwareOf(await asked.then(({ stdout }) => stdout.trim()).catch(() => null));
}

function softwareOf(commit: string | null): Software {
  const text = readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { name: 'cellbench', version, commit, node: process.version };
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
  if (!isCheckout(folder)) return builtFrom(folder);
  try {
    return execFileSync('git', ASKED, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

/** A folder above may be a repository of somebody else. */
function isCheckout(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}

function builtFrom(folder: string): string | null {
  const path = join(folder, COMMIT_FILE);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || null : null;
}
