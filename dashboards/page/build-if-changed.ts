import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds the page into `dist` when something that goes into it has changed since the last time, else does nothing and
 * starts nothing. What it was built from stands beside `dist` as a hash.
 */

const PAGE = import.meta.dirname;
const ROOT = join(PAGE, '../..');
const DIST = join(PAGE, 'dist');
const MARK = join(PAGE, '.built-from');
const FRESH = join(PAGE, `dist.${process.pid}`);

/** Files of the page itself, without what has been built. */
function ownFiles(): string[] {
  return readdirSync(PAGE, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => path !== MARK && !/^dist([./\\]|$)/.test(relative(PAGE, path)));
}

/** All files that go into the page: its own, what they import of the project, and the versions of all packages. */
function partsOfPage(): string[] {
  const found = new Set(ownFiles());
  for (const path of found) {
    if (!/\.tsx?$/.test(path)) continue;
    for (const [, target] of readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const imported = resolve(dirname(path), target);
      if (existsSync(imported)) found.add(imported);
    }
  }
  const lock = join(ROOT, 'package-lock.json');
  if (existsSync(lock)) found.add(lock);
  return [...found].sort();
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const bytes = readFileSync(path);
    hash.update(`${relative(ROOT, path)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

const hash = hashOf(partsOfPage());
const isBuilt = existsSync(join(DIST, 'index.html'));
if (!isBuilt || !existsSync(MARK) || readFileSync(MARK, 'utf8').trim() !== hash) build();

function build(): void {
  const vite = viteProgram();
  if (vite === undefined) {
    console.error('cellbench: the page must be built, and vite is not installed; run npm ci');
    process.exitCode = 5;
    return;
  }
  // Beside it first: whoever is started meanwhile finds a whole page.
  const args = [vite, 'build', PAGE, '--logLevel', 'warn', '--outDir', FRESH];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) {
    rmSync(DIST, { recursive: true, force: true });
    renameSync(FRESH, DIST);
    writeFileSync(MARK, `${hash}\n`);
  }
  rmSync(FRESH, { recursive: true, force: true });
  process.exitCode = status ?? 5;
}

function viteProgram(): string | undefined {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js');
  } catch {
    return undefined;
  }
}
