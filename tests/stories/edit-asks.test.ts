import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LiveSnapshot } from '../../control/view.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/** A person edits a held run by hand: sees what differs, what the rest comes to, and is asked. */

const clock = realClock();
const scratch = scratchFolder();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  scratch.remove();
});

const method = (rounds: number): string => `method: m
version: 2
steps:
- repeat: { times: ${rounds} }
  steps:
  - { name: pause, rest: {}, for_min: 10 }
- { name: long, rest: {}, for_h: 1 }
finally:
- { rest: {}, for_s: 1 }
`;

/** A run at a pace, held `at_s` of its time. Returns its folder. */
async function heldRun(name: string, method: string, pace: number, at_s: number): Promise<string> {
  const out = join(scratch.path, name);
  const main = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts')];
  const bench = join(ROOT, 'examples/cell-cycling/bench.yaml');
  const args = ['--bench', bench, '--method', method, '--out', out, '--pace', String(pace), '--port', '0'];
  children.push(spawn(process.execPath, [...main, ...args], { cwd: ROOT, stdio: 'ignore' }));
  const door = (): string =>
    (JSON.parse(readFileSync(join(out, 'door.json'), 'utf8')) as { url: string }).url;
  const snapshot = async (): Promise<LiveSnapshot | undefined> =>
    existsSync(join(out, 'door.json'))
      ? ((await (await fetch(new URL('api/snapshot', door()))).json()) as LiveSnapshot)
      : undefined;
  const start_s = clock.now_s();
  while (((await snapshot())?.run.time_s ?? 0) < at_s) {
    if (clock.now_s() - start_s > 60) throw new Error('not under way within a minute');
    await clock.sleep(0.1);
  }
  await fetch(new URL('api/command', door()), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"command":"hold"}',
  });
  return out;
}

it('shows the rest as rehearsed, and takes no answer for a no', async () => {
  const begun = scratch.write('m.yaml', method(50));
  const edited = scratch.write('edited.yaml', method(3));
  // In its second round.
  const out = await heldRun('run', begun, 200, 800);
  const words = ['edit', out, edited, '--by', 'A. Volta', '--reason', 'enough'];
  // Nobody is there to be asked.
  const asked = await cellbench(...words);
  expect(asked).toMatchObject({ code: 1, stderr: '' });
  expect(asked.stdout).toMatch(/- .*50 rounds[\s\S]*\+ .*3 rounds/);
  expect(asked.stdout).toMatch(
    /The rest, from .*pause on \(0:10:\d\d h of the rehearsal\): 1:(1\d|20):\d\d h/,
  );
  expect(asked.stdout).toContain('Nothing was changed.');
  expect((await cellbench('audit', out)).stdout).not.toContain('is edited');
  const taken = await cellbench(...words, '--json');
  expect(taken.code).toBe(0);
  const said = JSON.parse(taken.stdout) as { rest: { from_s: number; left_s: number } };
  expect(said.rest.from_s).toBeGreaterThan(600);
  expect(said.rest.from_s).toBeLessThan(660);
  expect((await cellbench('audit', out)).stdout).toMatch(/A\. Volta .*is edited .*enough/);
}, 180_000);

it('edits a run that has just been held, also at a pace at which its record is written seldom', async () => {
  const begun = scratch.write('slow.yaml', method(50));
  const edited = scratch.write('slow-edited.yaml', method(3));
  const out = await heldRun('slow', begun, 4, 10);
  const who = ['--by', 'A. Volta', '--reason', 'enough'];
  const taken = await cellbench('edit', out, edited, ...who, '--yes', '--no-rehearse');
  expect(taken).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
