import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../../control/exchange/layout.ts';
import { reviewFolder } from '../../../control/exchange/pack/sealed-folder.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { knownRun } from '../../support/exported-run.ts';
import { KnownRuns, ROWS, STACK_BENCH } from '../../support/known-runs.ts';
import { smallDisk } from '../../support/small-disk.ts';

/** What every form in which a run goes out must stand: edited bytes, an edited record, a full disk. */

const runs = new KnownRuns();
afterAll(() => runs.remove());

describe('every form', () => {
  it('one byte changed anywhere in a copy is found, 200 times', async () => {
    const random = seededRandom(8);
    const folders: string[] = [];
    for (const format of EXPORT_FORMATS) folders.push(await runs.exported(format, `bytes-${format}`));
    for (const folder of folders) expect(reviewFolder(folder).found).toEqual([]);
    for (let n = 0; n < 200; n++) {
      const folder = folders[n % folders.length];
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry =>
        entry.isFile(),
      );
      const { parentPath, name } = files[Math.floor(random.uniform() * files.length)];
      const whole = readFileSync(join(parentPath, name));
      const bytes = Buffer.from(whole);
      const at = Math.floor(random.uniform() * bytes.length);
      bytes[at] ^= 1 + Math.floor(random.uniform() * 255);
      writeFileSync(join(parentPath, name), bytes);
      expect(reviewFolder(folder).found, `${folder}: ${name} at ${at}`).not.toEqual([]);
      writeFileSync(join(parentPath, name), whole);
    }
    for (const folder of folders) expect(reviewFolder(folder).found).toEqual([]);
    // What was taken out or put in, too.
    rmSync(join(folders[0], 'columns.csv'));
    writeFileSync(join(folders[1], 'more.txt'), '');
    rmSync(join(folders[2], 'SHA256SUMS.sig'));
    expect(reviewFolder(folders[0]).found).toEqual(['columns.csv: is missing']);
    expect(reviewFolder(folders[1]).found).toEqual(['more.txt: has no sum in SHA256SUMS']);
    expect(reviewFolder(folders[2]).found).toEqual(['SHA256SUMS.sig: is missing']);
  });

  it.each(EXPORT_FORMATS)('%s: an edited record is one message, and nothing is left', async format => {
    const edited = knownRun(
      join(runs.dir, `edited-${format}`),
      ROWS,
      format === 'esdf' ? { benchFile: STACK_BENCH } : {},
    );
    const db = new DatabaseSync(join(edited, 'run.sqlite'));
    db.exec("UPDATE blocks SET data = zeroblob(length(data)) WHERE source = 'frames_cycler'");
    db.close();
    await expect(runs.exported(format, `of-edited-${format}`, { unverified: true }, edited)).rejects.toThrow(
      /run\.sqlite: frames_cycler: rows 1 to 2000: checksum does not fit/,
    );
    expect(readdirSync(runs.dir).filter(name => name.startsWith(`of-edited-${format}`))).toEqual([]);
  });

  it.for(EXPORT_FORMATS)(
    '%s: a disk that fills half way is one message, and nothing is left',
    async (format, context) => {
      const disk = smallDisk(100);
      if (disk === undefined) return context.skip('needs a tmpfs of its own, which may not be mounted here');
      try {
        // The first instrument's readings do not fit.
        const big = join(runs.dir, `big-${format}`);
        knownRun(big, 6000, format === 'esdf' ? { benchFile: STACK_BENCH } : {});
        await expect(runs.exported(format, '', { to: join(disk.path, 'out') }, big)).rejects.toThrow(
          /out.*cannot be written: .*(no room|no space).*expected room for a new f/s,
        );
        expect(readdirSync(disk.path)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );
});
