import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownRun } from '../support/exported-run.ts';
import { smallDisk } from '../support/small-disk.ts';
import { cellbench, scratchFolder, told } from './support/program.ts';

/** `cellbench export` and `verify` of an export as a person types them: one message, exit code 2, nothing half-done. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const run = join(scratch.path, 'run');
beforeAll(() => {
  process.env['XDG_CONFIG_HOME'] = join(scratch.path, 'config');
  knownRun(run, 3000);
  mkdirSync(join(scratch.path, 'there'));
});

const BAD: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['a form that is none', ['--to', 'xls'], /--to xls: expected csv, parquet, bdf, esdf, hdf5, rocrate, rde/],
  [
    'decimal commas in HDF5',
    ['--to', 'hdf5', '--decimal', 'comma'],
    /--decimal is for text: --to csv, bdf, esdf/,
  ],
  ['a licence for CSV', ['--license', 'CC0-1.0'], /--license is for --to rocrate/],
  [
    'a licence in words',
    ['--to', 'rocrate', '--license', 'ask me'],
    /--license ask me: expected a number of SPDX/,
  ],
  [
    'a folder that is there',
    ['--out', join(scratch.path, 'there')],
    /there: is there already, expected the name of a new folder/,
  ],
  [
    'a place where nothing can be written',
    ['--out', '/proc/nowhere/out'],
    /\/proc\/nowhere\/out: cannot be written: .*expected room for a new folder/,
  ],
  ['a stack vocabulary for a cell', ['--to', 'esdf'], /a cell is under test, expected a stack/],
];

describe('export', () => {
  it.each(BAD)('%s', async (_, args, says) => {
    const ended = await cellbench('export', run, ...args);
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr.split('cellbench: ')).toHaveLength(2);
    expect(readdirSync(run)).toEqual(['run.sqlite']);
    expect(readdirSync(join(scratch.path, 'there'))).toEqual([]);
  });

  it('what is no run', async () => {
    const ended = await cellbench('export', join(scratch.path, 'nowhere'));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/nowhere.*no such file, expected run\.sqlite/);
  });

  it('a disk that fills half way', async context => {
    const disk = smallDisk(100);
    if (disk === undefined) return context.skip('needs a tmpfs of its own, which may not be mounted here');
    try {
      const ended = await cellbench('export', run, '--to', 'hdf5', '--out', join(disk.path, 'out'));
      expect(ended.code, told(ended)).toBe(2);
      expect(ended.stderr).toMatch(
        /^cellbench: .*\/out: cannot be written: no space is left on the disk, expected room/,
      );
      expect(readdirSync(disk.path)).toEqual([]);
    } finally {
      disk.remove();
    }
  });
});

describe('verify', () => {
  it('of an export: as it was made, by which key; and what was changed', async () => {
    const out = join(scratch.path, 'out');
    expect((await cellbench('export', run, '--to', 'rocrate', '--out', out)).code).toBe(0);
    const clean = await cellbench('verify', out);
    expect(clean.code, told(clean)).toBe(0);
    expect(clean.stdout).toMatch(
      /\d+ files, nothing was changed since they were signed with the key [0-9a-f]{16}\n$/,
    );
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toContain(
      /key ([0-9a-f]{16})/.exec(clean.stdout)?.[1],
    );
    writeFileSync(join(out, 'columns.csv'), '');
    const changed = await cellbench('verify', out);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/out: columns\.csv: is not the file that was summed\n$/);
    expect(existsSync(join(run, 'export-rocrate'))).toBe(false);
  });
});
