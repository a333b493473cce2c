import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CarriedCourse } from '../../control/campaign/carried-course.ts';
import type { CampaignEvent, CampaignState } from '../../control/campaign/state.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { identityOf, isRunning } from '../../drivers/process-identity.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/** A campaign of two tiny runs, as processes: its supervisor is killed during the first one, and stopped during the second. */

const clock = realClock();
const scratch = scratchFolder();
const started: ChildProcess[] = [];
const pids: number[] = [];
afterAll(() => {
  for (const pid of [
    ...started.flatMap(({ pid, exitCode }) => (exitCode === null ? (pid ?? []) : [])),
    ...pids,
  ]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  scratch.remove();
});

async function until(what: string, is: () => boolean): Promise<void> {
  const start_s = clock.now_s();
  while (!is()) {
    if (clock.now_s() - start_s > 60) throw new Error(`${what}: not within a minute`);
    await clock.sleep(0.05);
  }
}

const out = join(scratch.path, 'out');
scratch.write(
  'tiny.yaml',
  `method: tiny
version: 2
parameters: { long_s: { default: 40, min: 1, max: 1000 } }
returns: { took_s: pause.time_s }
steps:
- { rest: {}, id: pause, for_s: long_s }
finally:
- { rest: {}, for_s: 1 }
`,
);
const file = scratch.write(
  'campaign.yaml',
  `campaign: tiny
version: 1
bench: ${join(ROOT, 'examples/two-cells/bench.yaml')}
runs:
- { run: first, method: tiny.yaml, subject: nickel }
- { run: second, method: tiny.yaml, subject: nickel, with: { long_s: 900 }, after: [ first ] }
`,
);

function start(): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const main = join(ROOT, 'control/program/main.ts');
  const args = ['campaign', 'start', file, '--out', out, '--pace', '20'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  started.push(child);
  return { child, ended: new Promise(resolve => child.once('exit', resolve)) };
}
const state = (): CampaignState => JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')) as CampaignState;
const itemOf = (id: string) => state().queue.items.find(one => one.id === id);
const handleOf = (id: string) =>
  state().carried[id]?.handle as { pid: number; processStart: string } | undefined;
const logOf = (id: string): string =>
  existsSync(join(out, `${id}.log`)) ? readFileSync(join(out, `${id}.log`), 'utf8') : '';
const isThere = (): boolean => existsSync(join(out, 'state.json'));

describe('a campaign', () => {
  it('goes on after a kill of its supervisor, each run once; a signal ends its run in order', async () => {
    const one = start();
    await until('first is under way', () => isThere() && existsSync(join(out, 'first/run.sqlite')));
    const first = handleOf('first');
    if (first === undefined) throw new Error('first has no process');
    pids.push(first.pid);
    one.child.kill('SIGKILL');
    await one.ended;
    expect(isRunning(first)).toBe(true);
    const refused = await cellbench('campaign', 'start', file, '--out', out, '--wire');
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/was begun on twins/) as unknown,
    });

    const two = start();
    await until('second is under way', () => /% {2}run /.test(logOf('second')));
    // The first one's process had ended before.
    expect(isRunning(first)).toBe(false);
    expect(itemOf('first')).toMatchObject({ state: 'completed', values: { 'first.took_s': 40 } });
    expect(itemOf('second')?.begun_ms).toBeGreaterThanOrEqual(itemOf('first')?.over_ms ?? Infinity);
    const second = handleOf('second');
    if (second === undefined) throw new Error('second has no process');
    pids.push(second.pid);
    expect(identityOf(second.pid)).toEqual(second);

    two.child.kill('SIGTERM');
    expect(await two.ended).toBe(3);
    expect(isRunning(second)).toBe(false);
    const course = JSON.parse(readFileSync(join(out, 'campaign.json'), 'utf8')) as CarriedCourse;
    expect(course).toMatchObject({
      is: 'stopped',
      counts: { completed: 1, failed: 1, waiting: 1, running: 0 },
    });
    // It reached its safe state, and is to be done once more.
    const result = JSON.parse(readFileSync(join(out, 'second/result.json'), 'utf8')) as object;
    expect(result).toMatchObject({ cause: { by: 'signal', id: 'SIGTERM' }, unproven: [] });
    const events = readFileSync(join(out, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const told = events.map(line => JSON.parse(line) as CampaignEvent);
    expect(told.map(({ n }) => n)).toEqual(told.map((_, i) => i + 1));
    expect(told.filter(({ kind }) => kind === 'begun').map(({ id }) => id)).toEqual(['first', 'second']);
    expect(told.filter(({ kind }) => kind === 'takenUp').map(({ id }) => id)).toEqual(['first']);
  }, 180_000);
});
