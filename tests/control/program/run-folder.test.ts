import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../control/program/options.ts';
import { inRunFolder } from '../../../control/program/run-files.ts';
import { smallDisk } from '../../support/small-disk.ts';

/** The folder of a run that begins nothing. */

const disk = smallDisk(64);

describe.runIf(disk !== undefined)('a folder that is a disk of its own', () => {
  it('stays where a run has written nothing, and what happened is told', async () => {
    const path = disk?.path ?? '';
    try {
      const refused = inRunFolder(path, () => Promise.reject(new UsageError('no page')));
      await expect(refused).rejects.toThrow('no page');
      expect(await inRunFolder(path, () => Promise.resolve(3))).toBe(3);
      expect(existsSync(path)).toBe(true);
    } finally {
      disk?.remove();
    }
  });
});
