import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KnownRecord, written } from '../../support/known-record.ts';

/** A record on a share where nothing can be written, read by a program of its own: rows, verification, list, export. */

const ROOT = new URL('../../..', import.meta.url).pathname;
let share: string;
let isMounted = false;
beforeEach(() => {
  share = mkdtempSync(join(tmpdir(), 'share-'));
  mkdirSync(join(share, 'run'));
});
afterEach(() => {
  if (isMounted) execFileSync('umount', [share]);
  isMounted = false;
  rmSync(share, { recursive: true });
});

/** From here on nothing can be written there, by nobody; only root may say so. */
function seal(): boolean {
  try {
    execFileSync('mount', ['--bind', '-o', 'ro', share, share], { stdio: 'ignore' });
    isMounted = true;
    execFileSync('mount', ['-o', 'remount,ro,bind', share], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    writeFileSync(join(share, 'run', 'x'), '');
    return false;
  } catch {
    return true;
  }
}

function cellbench(...args: string[]): { code: number | null; said: string } {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const program = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { env, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

it('a closed record is one file, and is read there whole', context => {
  const rows = written(join(share, 'run', 'run.sqlite'), 1500, 700);
  expect(readdirSync(join(share, 'run'))).toEqual(['run.sqlite']);
  if (!seal()) return context.skip('needs a read-only mount, which may not be made here');
  const run = join(share, 'run');
  expect(cellbench('verify', join(run, 'run.sqlite'))).toMatchObject({ code: 0 });
  const to = join(tmpdir(), `share-rows-${process.pid}.sqlite`);
  expect(cellbench('rows', run, '--to', to).said).toContain(`${rows} rows of supply`);
  rmSync(to);
  expect(cellbench('runs', share)).toMatchObject({ code: 0, said: expect.stringContaining('no result') });
  expect(readdirSync(run)).toEqual(['run.sqlite']);
});

it('one that was cut off says what to do; an empty -wal is none', context => {
  const path = join(share, 'made.sqlite');
  const record = new KnownRecord(path);
  record.put(0, 300);
  for (const tail of ['', '-wal']) copyFileSync(`${path}${tail}`, join(share, 'run', `run.sqlite${tail}`));
  record.file.close();
  mkdirSync(join(share, 'empty'));
  copyFileSync(path, join(share, 'empty', 'run.sqlite'));
  writeFileSync(join(share, 'empty', 'run.sqlite-wal'), '');
  expect(existsSync(`${path}-wal`)).toBe(false);
  if (!seal()) return context.skip('needs a read-only mount, which may not be made here');
  const { code, said } = cellbench('verify', join(share, 'run', 'run.sqlite'));
  expect(said).toMatch(/run\.sqlite: was cut off .*run\.sqlite-wal.* expected both files copied/);
  expect(code).toBe(2);
  expect(cellbench('verify', join(share, 'empty', 'run.sqlite'))).toMatchObject({ code: 0 });
});
