import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportRun } from '../../../control/exchange/export-run.ts';
import { reviewFolder } from '../../../control/exchange/pack/sealed-folder.ts';
import { signingKey } from '../../../control/exchange/pack/signing-key.ts';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { dropRecord, whyNotExported } from '../../../control/program/runs/drop-record.ts';
import { leftBehind, leftText } from '../../../control/program/runs/left-behind.ts';
import { judgeRuns } from '../../../control/program/runs/prune-rules.ts';
import { runsIn } from '../../../control/program/runs/run-list.ts';
import { cellbench } from '../../stories/support/program.ts';
import { knownRun, put } from '../../support/exported-run.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'prune-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A folder of runs, one a month from May on. */
function folderOf(name: string, ...runs: string[]): string {
  const folder = join(dir, name);
  runs.forEach((run, i) => {
    knownRun(join(folder, run), 50);
    // The record says when it began.
    rmSync(join(folder, run), { recursive: true });
    knownRun(join(folder, run), 50, { startedUtc: `2026-0${5 + i}-01T00:00:00.000Z` });
  });
  return folder;
}

async function exportInto(run: string, format: 'csv' | 'bdf'): Promise<void> {
  const source = openRunSource(run);
  await exportRun(source, {
    format,
    to: join(run, `export-${format}`),
    decimal: 'point',
    institution: 'Lab',
    licence: '',
    now_ms: AUGUST,
    picture: undefined,
    key: signingKey(join(dir, 'key.pem')),
    progress: async () => {},
  });
  source.close();
}

const AUGUST = Date.parse('2026-08-01T00:00:00Z');

describe('the rule by which runs go', () => {
  const gone = (folder: string, rule: Parameters<typeof judgeRuns>[1]): string[] =>
    judgeRuns(runsIn(folder), rule, AUGUST).flatMap(({ run, stays }) => (stays === '' ? [run.name] : []));

  it.each([
    [{ olderThan_d: 61.5 }, ['may']],
    [{ olderThan_d: 60.5 }, ['may', 'june']],
    [{ keep: 1 }, ['may', 'june']],
    [{ keep: 2, olderThan_d: 1 }, ['may']],
    [{ keep: 0 }, ['may', 'june', 'july']],
    [{ keep: 0, mode: 'rehearsal' }, []],
  ])('%j lets %j go', (rule, names) => {
    const folder = existsSync(join(dir, 'months'))
      ? join(dir, 'months')
      : folderOf('months', 'may', 'june', 'july');
    expect(gone(folder, rule)).toEqual(names);
  });

  it('never takes a run that may be under way', () => {
    const folder = folderOf('open', 'may');
    put(join(folder, 'may'), 'run.sqlite-wal', 'x');
    expect(gone(folder, { keep: 0 })).toEqual([]);
  });
});

describe('what stands for a record', () => {
  it('is an export of all readings, of this record, unchanged', async () => {
    const folder = folderOf('exports', 'none', 'bdf', 'whole', 'changed', 'older');
    for (const run of ['whole', 'changed', 'older']) await exportInto(join(folder, run), 'csv');
    await exportInto(join(folder, 'bdf'), 'bdf');
    put(join(folder, 'changed', 'export-csv', 'data'), 'cycler.csv', 'x');
    rmSync(join(folder, 'older', 'run.sqlite'));
    knownRun(join(folder, 'older'), 60);
    const said = new Map<string, string>();
    for (const run of runsIn(folder)) said.set(run.name, await whyNotExported(run));
    expect(Object.fromEntries(said)).toEqual({
      none: 'it has no export',
      bdf: 'export-bdf does not hold all readings',
      whole: '',
      changed: 'export-csv has been changed (data/cycler.csv: is not the file that was summed)',
      older: 'export-csv was made of another state of the record',
    });
  });

  it('stays when the record goes', async () => {
    const folder = join(dir, 'exports');
    const whole = runsIn(folder).find(({ name }) => name === 'whole');
    const sums = readFileSync(join(folder, 'whole/export-csv/SHA256SUMS'), 'utf8');
    if (whole !== undefined) dropRecord(whole);
    expect(existsSync(join(folder, 'whole/run.sqlite'))).toBe(false);
    expect(readFileSync(join(folder, 'whole/export-csv/SHA256SUMS'), 'utf8')).toBe(sums);
    expect(runsIn(folder).map(({ name }) => name)).not.toContain('whole');
  });
});

describe('cellbench prune', () => {
  it('says what would go, and lets nothing go without an export or --yes', async () => {
    const folder = folderOf('command', 'bare', 'exported');
    await exportInto(join(folder, 'exported'), 'csv');
    cpSync(join(folder, 'bare'), join(dir, 'elsewhere'), { recursive: true });
    symlinkSync(join(dir, 'elsewhere'), join(folder, 'linked'));
    const dry = await cellbench('prune', folder, '--keep', '0', '--dry-run');
    expect(dry.stdout).toMatch(/would go {2}exported .*export-csv stays/);
    expect(dry.stdout).toMatch(/stays {5}bare: it has no export \(--yes/);
    expect(existsSync(join(folder, 'exported/run.sqlite'))).toBe(true);
    const real = await cellbench('prune', folder, '--keep', '0');
    expect(real.code).toBe(0);
    expect(existsSync(join(folder, 'exported/run.sqlite'))).toBe(false);
    expect(existsSync(join(folder, 'bare/run.sqlite'))).toBe(true);
    const sure = await cellbench('prune', folder, '--keep', '0', '--yes');
    expect(sure.stdout).toMatch(/stays {5}linked: it is a link/);
    expect(existsSync(join(folder, 'bare'))).toBe(false);
    expect(existsSync(join(dir, 'elsewhere/run.sqlite'))).toBe(true);
  });

  it('leaves what is not of cellbench, and names it', async () => {
    const folder = folderOf('foreign', 'bare', 'exported', 'plain');
    await exportInto(join(folder, 'exported'), 'csv');
    for (const run of ['bare', 'exported']) {
      put(join(folder, run), 'notes.txt', 'mine');
      put(join(folder, run, 'mydata'), 'deep.bin', 'mine');
      put(join(folder, run, 'imported'), 'else.txt', 'mine');
      // A folder with a name of ours is somebody's, too.
      put(join(folder, run, 'rows.sqlite'), 'x', 'mine');
      put(join(folder, run), 'result.json', '{}');
    }
    const dry = await cellbench('prune', folder, '--keep', '0', '--yes', '--dry-run');
    const names = 'not of cellbench, stays: imported/else.txt, mydata/, notes.txt, rows.sqlite/';
    expect(dry.stdout).toMatch(new RegExp(`would go {2}bare .*no export; ${names}`));
    expect(dry.stdout).toMatch(new RegExp(`would go {2}exported .*export-csv stays; ${names}`));
    expect((await cellbench('prune', folder, '--keep', '0', '--yes')).code).toBe(0);
    const mine = ['imported', 'mydata', 'notes.txt', 'rows.sqlite'];
    expect(readdirSync(folder).sort()).toEqual(['bare', 'exported']);
    expect(readdirSync(join(folder, 'bare')).sort()).toEqual(mine);
    expect(readdirSync(join(folder, 'exported')).sort()).toEqual(['export-csv', ...mine]);
    for (const file of ['notes.txt', 'mydata/deep.bin', 'imported/else.txt', 'rows.sqlite/x'])
      expect(readFileSync(join(folder, 'bare', file), 'utf8')).toBe('mine');
  });

  it('does not take what a killed process left for a run or an export', async () => {
    const folder = folderOf('killed', 'whole', 'i3.part-3136', 'old.going-77');
    await exportInto(join(folder, 'whole'), 'csv');
    renameSync(join(folder, 'whole/export-csv'), join(folder, 'whole/export-csv.part-4711'));
    expect(runsIn(folder).map(({ name, exports }) => ({ name, exports }))).toEqual([
      { name: 'whole', exports: [] },
    ]);
  });

  it('wants a rule', async () => {
    const ended = await cellbench('prune', dir);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/no rule: expected --older-than DAYS, --keep N, or both/);
  });
});

describe('a prune that is killed', () => {
  class Killed extends Error {}

  /** Lets a run go, and stops before the n-th file is deleted (from 1), as a kill would; false: it was through. */
  function killedBefore(n: number, folder: string, run: string): boolean {
    const listed = runsIn(folder).find(({ name }) => name === run);
    if (listed === undefined) throw new Error('no such run');
    let at = 0;
    try {
      dropRecord(listed, path => {
        if (++at === n) throw new Killed();
        rmSync(path, { recursive: true, force: true });
      });
    } catch (error) {
      if (error instanceof Killed) return true;
      throw error;
    }
    return false;
  }

  /** The process that is dead: numbers of living ones are far smaller. */
  const DEAD = 4194399;
  function asIfKilled(folder: string, run: string): void {
    for (const name of readdirSync(folder))
      if (name.endsWith(`.going-${process.pid}`))
        renameSync(join(folder, name), join(folder, name.replace(/\d+$/, String(DEAD))));
    const going = join(folder, run, 'prune-going.json');
    if (existsSync(going))
      put(
        join(folder, run),
        'prune-going.json',
        readFileSync(going, 'utf8').replace(/"pid":\d+/, `"pid":${DEAD}`),
      );
  }

  it.each([
    ['with an export', true],
    ['without one', false],
  ])(
    '%s, before any file: the record is whole or gone, and the next one settles it',
    async (_, isExported) => {
      const whole = folderOf(`kill-whole-${isExported}`, 'may');
      if (isExported) await exportInto(join(whole, 'may'), 'csv');
      put(join(whole, 'may'), 'report.html', '<html>');
      const record = readFileSync(join(whole, 'may/run.sqlite'));
      let n = 1;
      for (; n < 20; n++) {
        const folder = join(dir, `kill-${isExported}-${n}`);
        cpSync(whole, folder, { recursive: true });
        const wasKilled = killedBefore(n, folder, 'may');
        asIfKilled(folder, 'may');
        const left = leftBehind(folder);
        expect(left.length, `before file ${n}`).toBe(wasKilled ? 1 : 0);
        for (const one of left)
          expect(leftText(one)).toMatch(/prune was killed .*; prune (puts|leaves|deletes)/);
        for (const one of left) one.settle();
        expect(leftBehind(folder)).toEqual([]);
        if (n === 1) {
          expect(runsIn(folder).map(({ name }) => name)).toEqual(['may']);
          expect(readFileSync(join(folder, 'may/run.sqlite')).equals(record)).toBe(true);
          expect(existsSync(join(folder, 'may/report.html'))).toBe(true);
        } else {
          expect(runsIn(folder)).toEqual([]);
          expect(existsSync(join(folder, 'may'))).toBe(isExported);
          if (isExported) {
            expect(readdirSync(join(folder, 'may'))).toEqual(['export-csv']);
            expect(reviewFolder(join(folder, 'may/export-csv')).found).toEqual([]);
          }
        }
        if (!wasKilled) break;
      }
      expect(n).toBeGreaterThan(2);
      expect(n).toBeLessThan(20);
    },
  );

  it('is settled by the command, which says so; what a living process makes stays', async () => {
    const folder = folderOf('settled', 'june', 'july');
    renameSync(join(folder, 'june'), join(folder, `june.going-${DEAD}`));
    put(join(folder, `x.part-${DEAD}`), 'half', '1');
    put(join(folder, 'july', `export-csv.part-${DEAD}`), 'half', '1');
    put(join(folder, `y.part-${process.pid}`), 'half', '1');
    const listed = await cellbench('runs', folder);
    expect(listed.code).toBe(0);
    expect(listed.stderr).toMatch(/june\.going-\d+: prune was killed .*puts it back as june/);
    expect(listed.stderr).toMatch(/export-csv\.part-\d+: an export was killed .*clears it away/);
    const dry = await cellbench('prune', folder, '--unfinished', '--dry-run');
    expect(dry.stdout).toMatch(/would settle/);
    expect(existsSync(join(folder, `x.part-${DEAD}`))).toBe(true);
    const real = await cellbench('prune', folder, '--unfinished');
    expect(real.code, real.stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['july', 'june', `y.part-${process.pid}`]);
    expect(existsSync(join(folder, 'july', `export-csv.part-${DEAD}`))).toBe(false);
    expect(runsIn(folder).map(({ name }) => name)).toEqual(['june', 'july']);
  });
});
