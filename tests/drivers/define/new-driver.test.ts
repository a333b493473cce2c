import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSkeleton } from '../../../control/program/build/write-skeleton.ts';
import type { DriverEntry } from '../../../drivers/entry.ts';
import { loadOwnDriver } from '../../../drivers/own-drivers.ts';
import type { EmulatorEntry } from '../../../sim/emulators/entry.ts';
import { sweepDeclared } from '../../support/declared-driver.ts';

/** `npm run new-driver`: what it writes works at once. In a folder that has the rest of the repository by links. */

const root = mkdtempSync(join(tmpdir(), 'new-driver-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const room of ['drivers', 'sim/emulators']) {
  mkdirSync(join(root, room), { recursive: true });
  for (const name of readdirSync(room)) symlinkSync(resolve(room, name), join(root, room, name));
}
const { files } = writeSkeleton(['acme-labs/ps-80'], root);
const { acmeLabsPs80: driver } = (await import(join(root, files[0]))) as { acmeLabsPs80: DriverEntry };
const { acmeLabsPs80: emulator } = (await import(join(root, files[1]))) as { acmeLabsPs80: EmulatorEntry };

sweepDeclared(driver, emulator, { model: 'ANOTHER' });

describe('new-driver', () => {
  it('writes a driver, its emulator and its test, formatted as the others', () => {
    expect(files).toEqual([
      'drivers/acme-labs/ps-80.ts',
      'sim/emulators/acme-labs/ps-80.ts',
      'tests/drivers/acme-labs/ps-80.test.ts',
    ]);
    expect(readFileSync(join(root, files[2]), 'utf8')).toContain(
      "from '../../../sim/emulators/acme-labs/ps-80.ts'",
    );
    const args = ['format', '--config-path', resolve('biome.json'), ...files.map(file => join(root, file))];
    const format = spawnSync(resolve('node_modules/.bin/biome'), args, { encoding: 'utf8' });
    expect(format.stderr + format.stdout).not.toContain('would have printed');
    expect(format.status).toBe(0);
  });

  it.each([
    [['acme-labs/ps-80'], /ps-80\.ts is there already: nothing has been written/],
    [['PS 80'], /"PS 80": expected npm run new-driver -- maker\/model/],
    [['generic/scpi'], /generic\/scpi is there already/],
    [['acme/x', '--here'], /--here: expected npm run/],
    [['acme/x', '--own'], /--own: expected npm run/],
  ])('%j is refused', (args, words) => {
    expect(() => writeSkeleton(args, root)).toThrow(words);
  });

  it('writes one of a lab of its own into any folder', () => {
    const { files: own } = writeSkeleton(['acme/ps-80', '--own', root], '.');
    expect(own).toEqual(['acme-ps-80.ts', 'acme-ps-80.emulator.ts']);
    const loaded = loadOwnDriver('acme-ps-80.ts', root);
    expect(loaded).toEqual({ id: 'acme/ps-80', path: join(root, 'acme-ps-80.ts') });
  });
});
