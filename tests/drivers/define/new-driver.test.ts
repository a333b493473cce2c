import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DriverEntry } from '../../../drivers/entry.ts';
import type { EmulatorEntry } from '../../../sim/emulators/entry.ts';
import { sweepDeclared } from '../../support/declared-driver.ts';

/** `npm run new-driver`: what it writes works at once. In a folder that has the rest of the repository by links. */

const root = mkdtempSync(join(tmpdir(), 'new-driver-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const room of ['drivers', 'sim/emulators']) {
  mkdirSync(join(root, room), { recursive: true });
  for (const name of readdirSync(room)) symlinkSync(resolve(room, name), join(root, room, name));
}
const command = resolve('control/program/build/new-driver.ts');
const begin = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });

const made = begin('acme-labs/ps-80', '--into', root);
const files = made.stdout.split('\n').slice(0, 3);
const { acmeLabsPs80: driver } = (await import(join(root, files[0]))) as { acmeLabsPs80: DriverEntry };
const { acmeLabsPs80: emulator } = (await import(join(root, files[1]))) as { acmeLabsPs80: EmulatorEntry };

sweepDeclared(driver, emulator, { model: 'ANOTHER' });

describe('new-driver', () => {
  it('writes a driver, its emulator and its test, formatted as the others', () => {
    expect(made.stderr).toBe('');
    expect(files).toEqual([
      'drivers/acme-labs/ps-80.ts',
      'sim/emulators/acme-labs/ps-80.ts',
      'tests/drivers/acme-labs/ps-80.test.ts',
    ]);
    const args = ['format', '--config-path', resolve('biome.json'), ...files.map(file => join(root, file))];
    const format = spawnSync(resolve('node_modules/.bin/biome'), args, { encoding: 'utf8' });
    expect(format.stderr + format.stdout).not.toContain('would have printed');
    expect(format.status).toBe(0);
  });

  it.each([
    [['acme-labs/ps-80', '--into', root], /ps-80\.ts is there already: nothing has been written/],
    [['PS 80'], /"PS 80": expected npm run new-driver -- maker\/model/],
    [['generic/scpi'], /generic\/scpi is there already/],
    [['acme/x', '--here'], /--here: expected npm run/],
  ])('%j is refused with 2', (args, words) => {
    const { status, stderr } = begin(...args);
    expect(stderr).toMatch(words);
    expect(status).toBe(2);
  });
});
