import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { JournalFile } from '../../control/record/file/journal-file.ts';
import type { RunResult } from '../../control/review/result.ts';
import { CELL_BENCH, knownRun } from '../support/exported-run.ts';
import { cellbench, scratchFolder, told } from './support/program.ts';

/** Folders of runs that are not as a run leaves them, and a run that says of itself that it is not all there. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const thinned = join(scratch.path, 'thinned');
const data = join(thinned, 'export-bdf/data');
const back = join(scratch.path, 'back');
const RECORDING = { instruments: { cycler: { interval_s: 60, change: { 'cell.current_A': 0.5 } } } };
const ROLES = ['cell.voltage_V', 'cell.current_A'].map(role => ({
  role,
  accuracy: { reading_pct: 0.05, abs: 0.001, basis: 'default' },
}));

async function done(...args: string[]): Promise<string> {
  const ended = await cellbench(...args);
  expect(ended.code, told(ended)).toBe(0);
  return ended.stdout;
}

function resultOf(run: string): RunResult {
  return JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
}

function u95Of(run: string, figure: string): number {
  return resultOf(run).kpis.find(({ id, phase }) => id === figure && phase === undefined)?.u95 ?? Number.NaN;
}

function bdfIn(folder: string): string {
  return join(folder, String(readdirSync(folder).find(name => name.endsWith('.bdf.csv'))));
}

beforeAll(async () => {
  process.env['XDG_CONFIG_HOME'] = join(scratch.path, 'config');
  expect(CELL_BENCH).toContain('cycler');
  knownRun(thinned, 2400, { recording: JSON.stringify(RECORDING), roles: JSON.stringify(ROLES) });
  await done('export', thinned, '--to', 'bdf');
  await done('import', bdfIn(data), '--out', back);
}, 120_000);

describe('a thinned run', () => {
  it('says so in what is exported of it', () => {
    const said = { thinned: { instruments: RECORDING.instruments, counts: [] } };
    const metadata = readdirSync(data).find(name => /[^v]\.metadata\.json$/.test(name));
    expect(JSON.parse(readFileSync(join(data, String(metadata)), 'utf8'))).toMatchObject({ run: said });
    expect(JSON.parse(readFileSync(join(thinned, 'export-bdf/run.json'), 'utf8'))).toMatchObject(said);
    expect(readFileSync(join(thinned, 'export-bdf/README.txt'), 'utf8')).toMatch(
      /recording rules left some out[\s\S]*cycler: one at least each 60 s, and where cell\.current_A moved by 0\.5\n/,
    );
  });

  it('is as uncertain when it comes back, and says why', async () => {
    const plain = join(scratch.path, 'plain');
    cpSync(data, plain, { recursive: true });
    const metadata = join(plain, String(readdirSync(plain).find(name => name.endsWith('.metadata.json'))));
    const { run, ...rest } = JSON.parse(readFileSync(metadata, 'utf8')) as { run: Record<string, unknown> };
    const { thinned: _thinned, ...whole } = run;
    writeFileSync(metadata, JSON.stringify({ ...rest, run: whole }));
    const unaware = join(scratch.path, 'unaware');
    await done('import', bdfIn(plain), '--out', unaware);
    expect(resultOf(back).reason).toContain('thinned: recording rules left readings out');
    expect(resultOf(unaware).reason).toBe('');
    const source = openRunSource(back);
    expect(JSON.parse(source.meta.get('recording') ?? '')).toEqual(RECORDING);
    source.close();
    expect(u95Of(back, 'charge-out')).toBeGreaterThan(2 * u95Of(unaware, 'charge-out'));
  }, 60_000);
});

describe('what comes back of a thinned run', () => {
  it('energies by a power that was worked out know how well, and how much was left out is taken over', async () => {
    const counted = join(scratch.path, 'counted');
    cpSync(data, counted, { recursive: true });
    const metadata = join(
      counted,
      String(readdirSync(counted).find(name => name.endsWith('.metadata.json'))),
    );
    const said = JSON.parse(readFileSync(metadata, 'utf8')) as { run: { thinned: { counts: unknown[] } } };
    said.run.thinned.counts = [{ device: 'cycler', seen: 9000, kept: 2400 }];
    writeFileSync(metadata, JSON.stringify(said));
    const again = join(scratch.path, 'again');
    await done('import', bdfIn(counted), '--out', again);
    expect(u95Of(again, 'energy-out')).toBeGreaterThan(0);
    expect(u95Of(again, 'energy-in')).toBeGreaterThan(0);
    expect(resultOf(again).thinned).toEqual([
      { device: 'cycler', seen: 9000, kept: 2400, ...RECORDING.instruments.cycler },
    ]);
    expect(resultOf(back).thinned).toBeUndefined();
  }, 60_000);
});

describe('conclude of a run that was killed while it was concluded', () => {
  const KEPT = ['SHA256SUMS', 'imported', 'report.html', 'result.json', 'run.sqlite'];

  it.each([
    ['before anything stood beside the record', ['result.json', 'report.html', 'SHA256SUMS']],
    ['before the report', ['report.html', 'SHA256SUMS']],
    ['before the sums', ['SHA256SUMS']],
    ['and whose report was made by hand', ['result.json', 'SHA256SUMS']],
  ])(
    '%s makes what is missing, the same as it was',
    async (name, missing) => {
      const run = join(scratch.path, name);
      cpSync(back, run, { recursive: true });
      for (const file of missing) rmSync(join(run, file));
      await done('conclude', run);
      expect(readdirSync(run).sort()).toEqual(KEPT);
      expect(resultOf(run)).toEqual(resultOf(back));
      await done('verify', run);
      const again = await cellbench('conclude', run);
      expect(again.code).toBe(2);
      expect(again.stderr).toMatch(/has a result, expected a run that was cut off/);
    },
    60_000,
  );

  it('before the record was closed: closes it', async () => {
    const open = join(scratch.path, 'open');
    const run = join(scratch.path, 'killed');
    for (const dir of [open, run]) mkdirSync(dir);
    copyFileSync(join(back, 'run.sqlite'), join(open, 'run.sqlite'));
    const source = openRunSource(open);
    const tables = [{ device: 'cycler', channels: source.reader('cycler').channels }];
    source.close();
    const session = { t_s: 1, utc: '2026-05-02T00:00:00Z', pid: 4_194_305, host: hostname(), software: 'x' };
    const file = new JournalFile(join(open, 'run.sqlite'), tables, {}, { session, goesOn: true });
    for (const name of ['run.sqlite', 'run.sqlite-wal']) copyFileSync(join(open, name), join(run, name));
    file.close();
    await done('conclude', run);
    expect(readdirSync(run).sort()).toEqual(KEPT.filter(name => name !== 'imported'));
    expect(resultOf(run)).toEqual(resultOf(back));
    await done('verify', run);
  }, 60_000);
});

describe('compare', () => {
  it('refuses a folder whose record is none', async () => {
    const run = join(scratch.path, 'empty');
    cpSync(back, run, { recursive: true });
    for (const text of ['', 'no database at all']) {
      writeFileSync(join(run, 'run.sqlite'), text);
      const ended = await cellbench('compare', run, back);
      expect(ended.code, told(ended)).toBe(2);
      expect(ended.stderr).toMatch(/empty\/run\.sqlite: no record of a run/);
    }
    const listed = JSON.parse(await done('runs', scratch.path, '--json')) as {
      name: string;
      verdict: string;
    }[];
    expect(listed.find(({ name }) => name === 'empty')?.verdict).toMatch(/the record cannot be read/);
    expect(existsSync(join(run, 'result.json'))).toBe(true);
  }, 60_000);

  it('says of a damaged record that it proves its figures no more', async () => {
    const run = join(scratch.path, 'damaged');
    cpSync(back, run, { recursive: true });
    const db = new DatabaseSync(join(run, 'run.sqlite'));
    const { changes } = db.prepare('UPDATE blocks SET data = substr(data, 2) WHERE row = 1').run();
    db.close();
    expect(changes).toBeGreaterThan(0);
    const note = /note: the record of damaged is damaged or was changed \(block of .* from row 1 on/;
    expect(await done('compare', run, back)).toMatch(note);
    expect(await done('compare', back, back)).not.toMatch(note);
  }, 60_000);
});
