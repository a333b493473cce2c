import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs all tests and closes with `N passed, N failed`; the exit code says the same. Arguments go to vitest. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-tests-'));
const json = join(dir, 'result.json');
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname;
const args = [
  vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${json}`,
  ...process.argv.slice(2),
];

const code = await new Promise<number>(resolve => {
  // What tests leave lying about goes with the folder.
  const env = { ...process.env, TMPDIR: dir };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  child.on('exit', status => resolve(status ?? 1));
});

interface Summary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function summary(): { passed: number; failed: number; skipped: number } {
  try {
    const result = JSON.parse(readFileSync(json, 'utf8')) as Summary;
    // A file that cannot even be loaded has no tests to count, and is a failure all the same.
    const broken = result.testResults.filter(
      f => f.status === 'failed' && f.assertionResults.length === 0,
    ).length;
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken,
      skipped: result.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const { passed, failed, skipped } = summary();
const failures = code !== 0 && failed === 0 ? 1 : failed;
console.log(`\n${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failures > 0 || passed === 0 ? 1 : 0;
