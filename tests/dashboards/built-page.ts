import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Builds a page (of a run, or of a laboratory) as it stands now into a folder of the test's own, and says where. */
export function buildPage(name: 'page' | 'workshop' = 'page'): string {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-page-'));
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const page = join(ROOT, 'dashboards', name);
  execFileSync(process.execPath, [vite, 'build', page, '--logLevel', 'warn', '--outDir', dir], { cwd: ROOT });
  return dir;
}
