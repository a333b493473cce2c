import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CampaignEvent, CampaignState } from '../../control/campaign/state.ts';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import type { GuardMark } from '../../control/guard/guard-log.ts';
import { eventsOf, readEvents } from '../../control/record/recorded-events.ts';
import type { RunResult } from '../../control/review/result.ts';
import { cellbench, ROOT } from './support/program.ts';
import { aloneFiles, clock } from './support/wire-story.ts';

/**
 * A campaign on emulated lines that answer late: the process of its run is killed, then its supervisor. The guard drives the
 * safe state, a person looks, and the campaign goes on with the same run in the same folder.
 */

/** How long the first run holds its load, s. */
const HOLD_S = 10;
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

it('goes on with a run whose process was killed, after somebody has looked, and then with the next one', async () => {
  const { wires, folder, bench, method, pids } = await aloneFiles('campaign', HOLD_S);
  const out = join(folder, 'out');
  const file = join(folder, 'campaign.yaml');
  writeFileSync(
    join(folder, 'short.yaml'),
    'method: short\nversion: 2\nsteps:\n- { rest: {}, for_s: 1 }\nfinally:\n- { rest: {}, for_s: 1 }\n',
  );
  writeFileSync(
    file,
    `campaign: cut\nversion: 1\nbench: ${bench}\nruns:\n- { run: load, method: ${method} }\n- { run: next, method: short.yaml, after: [ load ] }\n`,
  );
  const start = (): { readonly child: ChildProcess; readonly ended: Promise<number | null> } => {
    const main = join(ROOT, 'control/program/main.ts');
    const args = ['--disable-warning=ExperimentalWarning', main, 'campaign', 'start', file];
    const child = spawn(process.execPath, [...args, '--out', out, '--real'], { cwd: ROOT, stdio: 'ignore' });
    started.push(child);
    return { child, ended: new Promise(resolve => child.once('exit', resolve)) };
  };
  const state = (): CampaignState =>
    JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')) as CampaignState;
  const load = () => state().queue.items[0];
  const mark = (): GuardMark =>
    JSON.parse(readFileSync(join(folder, 'bench.guard.json'), 'utf8')) as GuardMark;
  const until = async (what: string, is: () => boolean | Promise<boolean>): Promise<void> => {
    const from_s = clock.now_s();
    while (!(await is())) {
      if (clock.now_s() - from_s > 90) {
        const log = join(out, 'load.log');
        throw new Error(`${what}: not within 90 s\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
      }
      await clock.sleep(0.1);
    }
  };
  const current_A = async (): Promise<number> =>
    Number(await wires.carryOut({ do: 'look', signal: 'stack.current_A' }));

  const one = start();
  await until('under load', async () => (await current_A()) > 1500);
  await clock.sleep(3);
  const { guard, controller } = mark();
  pids.push(guard, controller);
  process.kill(controller, 'SIGKILL');
  await until('the guard is through', () => (mark().acted?.proved_s ?? null) !== null);
  await until('it is known to be cut off', () => load()?.cut_ms !== null);
  one.child.kill('SIGKILL');
  await one.ended;

  // Another supervisor knows it, too, and does nothing without a word.
  const two = start();
  await until('taken up', () => state().last.length > 0 && state().n > 4);
  await clock.sleep(2.5);
  expect(load()).toMatchObject({ state: 'waiting', resumed: 0 });
  expect((await cellbench('campaign', 'status', file, '--out', out)).stdout).toMatch(
    /load +waiting .*cut off/,
  );
  const word = await cellbench('campaign', 'edit', file, 'acknowledge', '--by', 'A. Person', '--out', out);
  expect(word).toMatchObject({ code: 0, stderr: '' });
  await until('it goes on', () => load()?.state === 'running');
  await until('under load again', async () => (await current_A()) > 1500);
  pids.push(mark().guard, mark().controller);
  expect(await two.ended).toBe(0);

  expect(state().queue.items).toMatchObject([
    { id: 'load', state: 'completed', resumed: 1 },
    { id: 'next', state: 'completed', resumed: 0 },
  ]);
  const told = readFileSync(join(out, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  const kinds = told.map(line => JSON.parse(line) as CampaignEvent).filter(({ id }) => id === 'load');
  expect(kinds.map(({ kind }) => kind)).toEqual(['begun', 'cutOff', 'benchHeld', 'resumed', 'ended']);
  expect(existsSync(join(out, 'load-1b'))).toBe(false);
  const result = JSON.parse(readFileSync(join(out, 'load/result.json'), 'utf8')) as RunResult;
  expect(result).toMatchObject({ verdict: 'completed', unproven: [] });
  const source = openRunSource(join(out, 'load'));
  const events = readEvents(source.db);
  source.close();
  const [resumed, ...more] = eventsOf(events, 'resumed');
  expect(more).toEqual([]);
  expect(eventsOf(events, 'guard').map(({ text }) => text)).toContainEqual(
    expect.stringContaining('A. Person has'),
  );
  // What it had held before the cut counts.
  const step = (name: string): number[] =>
    eventsOf(events, 'step').flatMap(({ text, t_s }) => (text.startsWith(name) ? [t_s] : []));
  const [end_s] = step('held');
  const [before_s, back_s] = step('ramp');
  const lasted_s = (resumed?.data.cut_s ?? Number.NaN) - before_s + (end_s - back_s);
  expect(Math.abs(lasted_s - HOLD_S)).toBeLessThan(1.5);
  expect(await cellbench('verify', join(out, 'load'))).toMatchObject({ code: 0 });

  // Who did what, in the run and in the campaign; and what was changed there afterwards.
  const audit = await cellbench('audit', join(out, 'load'));
  expect(audit).toMatchObject({ code: 0, stderr: '' });
  expect(audit.stdout).toMatch(/program 1: begins[\s\S]*program 2: begins[\s\S]*A\. Person has/);
  const listed = await cellbench('campaign', 'status', file, '--out', out, '--audit');
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(/nobody named: begin[\s\S]*A\. Person: acknowledge: looked at the bench \[/);
  expect(await cellbench('verify', out)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 entries, nothing was changed') as unknown,
  });
  const trail = join(out, 'audit.jsonl');
  writeFileSync(trail, readFileSync(trail, 'utf8').replace('A. Person', 'Somebody'));
  expect(await cellbench('verify', out)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('audit.jsonl: line 2: entry 2 is not what was written') as unknown,
  });
}, 400_000);
