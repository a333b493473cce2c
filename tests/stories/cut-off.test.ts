import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it, vi } from 'vitest';
import { openReadOnly } from '../../control/record/read-only.ts';
import { FrameReader } from '../../control/record/stretches.ts';
import type { RunResult } from '../../control/review/result.ts';

/** A run whose program is killed in the middle: what is there is evaluated, sealed, and called what it is. */

const ROOT = new URL('../..', import.meta.url).pathname;
const MAIN = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts')];
const dir = mkdtempSync(join(tmpdir(), 'cut-off-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const { NODE_OPTIONS: _options, ...env } = process.env;

function cellbench(...args: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...MAIN, ...args], {
    env,
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

/** Rows of the cycler so far; 0 where there is no record yet. */
function rowsOf(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const db = openReadOnly(path);
    try {
      return new FrameReader(db, 'cycler').rows;
    } finally {
      db.close();
    }
  } catch {
    // It is just being made.
    return 0;
  }
}

/** One row of a record. */
function valueIn(path: string, query: string): Record<string, number> {
  const db = openReadOnly(path);
  try {
    return db.prepare(query).get() as Record<string, number>;
  } finally {
    db.close();
  }
}

it('is refused while it runs, then concluded once', async () => {
  const method = join(dir, 'long.yaml');
  writeFileSync(
    method,
    `method: long
version: 2
phases:
- name: work
  steps:
  - set: { chamber.temperature_degC: 25 }
  - repeat: { times: 500 }
    steps:
    - cc: { current_A: 2 }
      for_s: 900
    - cc: { current_A: -2 }
      for_s: 900
finally:
- rest: {}
  for_s: 1
`,
  );
  const run = join(dir, 'run');
  const path = join(run, 'run.sqlite');
  const bench = join(ROOT, 'examples/cell-cycling/bench.yaml');
  const args = ['--bench', bench, '--method', method, '--out', run, '--no-serve', '--pace', '20000'];
  const child = spawn(process.execPath, [...MAIN, ...args], { env, cwd: ROOT, stdio: 'ignore' });
  const gone = new Promise(resolve => child.once('exit', resolve));
  try {
    // In virtual time events go with the rows: some ten steps lie in so many.
    await vi.waitFor(() => expect(rowsOf(path)).toBeGreaterThan(10_000), { timeout: 60_000, interval: 50 });
    const running = cellbench('conclude', run);
    expect(running.said).toMatch(
      /run\.sqlite: is under way: process \d+ writes it, expected one that was cut off/,
    );
    expect(running.code).toBe(2);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
  expect(cellbench('resume', run)).toEqual({
    code: 2,
    said: expect.stringMatching(
      /run\.sqlite: is of a run with a twin, whose instruments are gone with it; expected one of --real/,
    ),
  });
  const rows = rowsOf(path);
  const before = openReadOnly(path);
  const [{ last_s, n }] = before.prepare('SELECT max(t_s) AS last_s, count(*) AS n FROM events').all() as {
    last_s: number;
    n: number;
  }[];
  const [{ set_s }] = before.prepare('SELECT max(t_s) AS set_s FROM setpoints').all() as { set_s: number }[];
  before.close();
  // Steps of 900 s: what happened is known nearly as far as the rows go.
  expect(n).toBeGreaterThan(8);
  expect(last_s).toBeGreaterThan(rows - 4096 - 900);
  expect(set_s).toBeGreaterThan(rows - 4096 - 900);
  expect(cellbench('conclude', run)).toMatchObject({ code: 0, said: expect.stringContaining('cut off') });
  expect(readdirSync(run).sort()).toEqual(['SHA256SUMS', 'report.html', 'result.json', 'run.sqlite']);
  expect(cellbench('verify', run)).toMatchObject({ code: 0 });
  const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
  expect(result).toMatchObject({
    verdict: 'cut off',
    cause: { by: 'record', id: 'cut-off' },
    mode: 'rehearsal',
  });
  expect(result.unproven.map(({ what }) => what)).toEqual([expect.stringContaining('safe state')]);
  expect(result.counts.devices).toMatchObject([{ id: 'cycler', frames: rows }]);
  expect(result.phases).toMatchObject([{ name: 'work', ended_by: 'cut off', end_s: result.simulated_s }]);
  // 2 A in for half of the time.
  const charge =
    result.kpis.find(({ id, phase }) => id === 'charge-in' && phase === undefined)?.value ?? Number.NaN;
  expect(charge).toBeCloseTo(result.simulated_s / 3600, 0);
  expect(result.limits.length).toBeGreaterThan(5);
  const db = new DatabaseSync(path, { readOnly: true });
  const sessions = db.prepare('SELECT session, what, reason FROM sessions ORDER BY rowid').all();
  db.close();
  expect(sessions.map(row => Object.values(row))).toEqual([
    [1, 'begin', null],
    [2, 'begin', null],
    [2, 'end', 'concluded a run that was cut off'],
  ]);
}, 120_000);

it('tells how well software held a potential, though nobody was left to tell it', async () => {
  const method = join(dir, 'held.yaml');
  writeFileSync(
    method,
    `method: held
version: 2
phases:
- name: work
  steps:
  - { name: lower, cccv: { current_C: 1/10, cell.negativePotential_V: 0.1 }, for_h: 2000 }
`,
  );
  const run = join(dir, 'held');
  const bench = join(ROOT, 'examples/three-electrode/bench.yaml');
  const args = ['--bench', bench, '--method', method, '--out', run, '--no-serve', '--pace', '20000'];
  const child = spawn(process.execPath, [...MAIN, ...args], { env, cwd: ROOT, stdio: 'ignore' });
  const gone = new Promise(resolve => child.once('exit', resolve));
  try {
    await vi.waitFor(() => expect(rowsOf(join(run, 'run.sqlite'))).toBeGreaterThan(30_000), {
      timeout: 60_000,
      interval: 50,
    });
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
  const { code, said } = cellbench('conclude', run);
  expect({ code, said }).toMatchObject({ code: 0 });
  const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
  expect(result.verdict).toBe('cut off');
  expect(result.controlled).toMatchObject([
    { phase: 'work', step: 'lower', role: 'cell.negativePotential_V', unit: 'V', target: 0.1, count: 1 },
  ]);
  expect(result.controlled?.[0].rms).toBeLessThan(0.005);
  expect(result.controlled?.[0].readings).toBeGreaterThan(1000);
  expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('by software');
}, 120_000);

it('ends where the latest of its record is, and tells which rows recording rules held back when it was killed', async () => {
  const method = join(dir, 'thinned.yaml');
  writeFileSync(
    method,
    `method: thinned
version: 2
record: { every_s: 60 }
phases:
- name: work
  steps:
  - repeat: { times: 20000 }
    steps:
    - cc: { current_A: 2 }
      for_s: 20
    - cc: { current_A: -2 }
      for_s: 20
`,
  );
  const run = join(dir, 'thinned');
  const path = join(run, 'run.sqlite');
  const bench = join(ROOT, 'examples/cell-cycling/bench.yaml');
  const args = ['--bench', bench, '--method', method, '--out', run, '--no-serve', '--pace', '20000'];
  const child = spawn(process.execPath, [...MAIN, ...args], { env, cwd: ROOT, stdio: 'ignore' });
  const gone = new Promise(resolve => child.once('exit', resolve));
  try {
    await vi.waitFor(() => expect(rowsOf(path)).toBeGreaterThan(3000), { timeout: 60_000, interval: 50 });
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
  const { last_s: event_s } = valueIn(path, 'SELECT max(t_s) AS last_s FROM events');
  const rows = rowsOf(path);
  const { code, said } = cellbench('conclude', run);
  expect({ code, said }).toMatchObject({ code: 0 });
  const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
  expect(result.simulated_s).toBeGreaterThanOrEqual(event_s);
  expect(result.phases).toMatchObject([{ name: 'work', ended_by: 'cut off', end_s: result.simulated_s }]);
  const [{ last_s, cut_s }, ...others] = result.rowsLost ?? [];
  expect(others).toEqual([]);
  expect(cut_s).toBe(result.simulated_s);
  // Rows wait for a trip for as long as its rule says.
  expect(cut_s - (last_s ?? 0)).toBeGreaterThan(30);
  expect(result.thinned).toMatchObject([{ device: 'cycler', seen: null, kept: rows, interval_s: 60 }]);
  expect(said).toMatch(/^No row of cycler from [\d:]+ h to the cut at [\d:]+ h \(.*\): what was read/m);
  const report = readFileSync(join(run, 'report.html'), 'utf8');
  expect(report).toContain('Rows that a cut has taken');
  expect(cellbench('verify', run)).toMatchObject({ code: 0 });
}, 120_000);
