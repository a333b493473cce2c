import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('a thread that unpacks is ended at any moment, and the process goes on', () => {
  const file = join(import.meta.dirname, '../support/packing-thread.ts');
  const { stdout, signal } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 });
  expect([signal, stdout.trim()]).toEqual([null, '150']);
}, 70_000);
