import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { systemTrouble } from '../../../control/program/system-error.ts';
import { cellbench, told } from '../../stories/support/program.ts';
import { knownRun } from '../../support/exported-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'system-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(join(dir, 'file'), 'here first');

function thrownBy(what: () => unknown): unknown {
  try {
    what();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('what the computer refuses is said in one line, what is our own failure is not taken for it', () => {
  const missing = join(dir, 'nowhere', 'x.html');
  expect(systemTrouble(thrownBy(() => writeFileSync(missing, '')))).toBe(
    `${missing}: no such file or folder (ENOENT)`,
  );
  expect(systemTrouble(thrownBy(() => readFileSync(join(dir, 'file', 'x'))))).toMatch(
    /no folder \(ENOTDIR\)$/,
  );
  expect(systemTrouble(thrownBy(() => readFileSync(dir)))).toMatch(
    /is a folder, expected a file \(EISDIR\)$/,
  );
  expect(systemTrouble(Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' }))).toBe(
    'no room on the disk (ENOSPC)',
  );
  const path = join(dir, 'some.sqlite');
  new DatabaseSync(path).exec('CREATE TABLE t (a)');
  const db = new DatabaseSync(path, { readOnly: true });
  expect(systemTrouble(thrownBy(() => db.exec('INSERT INTO t VALUES (1)')))).toBe(
    'the record: attempt to write a readonly database',
  );
  expect(systemTrouble(thrownBy(() => db.exec('SELECT nothing')))).toBeUndefined();
  db.close();
  expect(systemTrouble(new TypeError('x is not a function'))).toBeUndefined();
  expect(systemTrouble(Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeUndefined();
});

const run = knownRun(join(dir, 'run'), 300);
const record = join(run, 'run.sqlite');
it.each([
  ['a report over the record', ['report', run, '--to', record], /run\.sqlite/],
  ['a report over some file', ['report', run, '--to', join(dir, 'file')], /file: is there, expected/],
  ['a comparison over a record', ['compare', run, run, '--html', record], /run\.sqlite: is there, expected/],
  [
    'a comparison into nowhere',
    ['compare', run, run, '--html', join(dir, 'no/x.html')],
    /no such file|holds no/,
  ],
  ['an export without a place for its key', ['export', run], /no folder \(ENOTDIR\)/],
])('%s: one message, exit code 2, nothing written over', async (_, args, says) => {
  process.env['XDG_CONFIG_HOME'] = join(dir, 'file');
  const before = readFileSync(record);
  const ended = await cellbench(...args);
  expect(ended.code, told(ended)).toBe(2);
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(readFileSync(record).equals(before)).toBe(true);
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('here first');
});
