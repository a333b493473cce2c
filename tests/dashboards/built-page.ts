import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Builds the page as it stands now into a folder of the test's own, and says where. */
export function buildPage(): string {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-page-'));
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const page = join(ROOT, 'dashboards', 'page');
  execFileSync(process.execPath, [vite, 'build', page, '--logLevel', 'warn', '--outDir', dir], { cwd: ROOT });
  return dir;
}
