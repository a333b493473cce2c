import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds the page of a run and that of a laboratory, each into its `dist`, when something that goes into it has changed
 * since the last time, else does nothing and starts nothing. What it was built from stands beside `dist` as a hash.
 */

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['page', 'workshop'].map(name => join(ROOT, 'dashboards', name));

/** Files of a page itself, without what has been built. */
function ownFiles(page: string): string[] {
  return readdirSync(page, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !/^(dist([./\\]|$)|\.built-from$)/.test(relative(page, path)));
}

/** All files that go into a page: its own, what they import of the project, and the versions of all packages. */
function partsOf(page: string): string[] {
  const found = new Set(ownFiles(page));
  for (const path of found) {
    if (!/\.(tsx?|css)$/.test(path)) continue;
    for (const [, target] of readFileSync(path, 'utf8').matchAll(/(?:from|import) ['"](\.[^'"]+)['"]/g)) {
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

for (const page of PAGES) {
  const mark = join(page, '.built-from');
  const hash = hashOf(partsOf(page));
  const isBuilt = existsSync(join(page, 'dist', 'index.html'));
  if (!isBuilt || !existsSync(mark) || readFileSync(mark, 'utf8').trim() !== hash) build(page, mark, hash);
}

function build(page: string, mark: string, hash: string): void {
  const dist = join(page, 'dist');
  const fresh = join(page, `dist.${process.pid}`);
  const vite = viteProgram();
  if (vite === undefined) {
    console.error('cellbench: the page must be built, and vite is not installed; run npm ci');
    process.exitCode = 5;
    return;
  }
  // Beside it first: whoever is started meanwhile finds a whole page.
  const args = [vite, 'build', page, '--logLevel', 'warn', '--outDir', fresh];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) {
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
    writeFileSync(mark, `${hash}\n`);
  } else process.exitCode = status ?? 5;
  rmSync(fresh, { recursive: true, force: true });
}

function viteProgram(): string | undefined {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js');
  } catch {
    return undefined;
  }
}
