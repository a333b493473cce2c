import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { eventsOf, readEvents } from '../../control/record/recorded-events.ts';
import type { RunResult } from '../../control/review/result.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { sha256Of } from '../../drivers/contract/sha256.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/** The rest of a method is edited while its run is held; the next run of the same session begins with it, and says so. */

const clock = realClock();
const scratch = scratchFolder();
let child: ChildProcess | undefined;
afterAll(() => {
  child?.kill('SIGKILL');
  scratch.remove();
});

const METHOD = (for_s: number, more = ''): string =>
  `method: short\nversion: 2\nsteps:\n- { call: warm.yaml }\n- { rest: {}, id: long, for_s: ${for_s} }\n${more}`;
const WARM = 'procedure: warm\nversion: 2\nsteps:\n- { rest: {}, for_s: 5 }\n';

it('goes on with the edited method, its text and the files that it calls', async () => {
  const [method, edited, warm] = ['short.yaml', 'edited.yaml', 'warm.yaml'].map(file =>
    join(scratch.path, file),
  );
  writeFileSync(method, METHOD(100_000));
  writeFileSync(edited, METHOD(30, '- { rest: {}, id: more, for_s: 10 }\n'));
  writeFileSync(warm, WARM);
  const out = join(scratch.path, 'run');
  const log = join(scratch.path, 'log');
  const said = openSync(log, 'w');
  const args = ['--bench', resolve('examples/cell-cycling/bench.yaml'), '--method', method, '--pace', '20'];
  const main = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts')];
  child = spawn(process.execPath, [...main, ...args, '--port', '18342', '--out', out], {
    cwd: ROOT,
    stdio: ['ignore', said, said],
  });
  const until = async (what: string, is: () => boolean | Promise<boolean>): Promise<void> => {
    const from_s = clock.now_s();
    while (!(await is())) {
      if (child?.exitCode !== null || clock.now_s() - from_s > 60)
        throw new Error(`${what}: not within 60 s\n${readFileSync(log, 'utf8')}`);
      await clock.sleep(0.05);
    }
  };
  const door = (): URL =>
    new URL((JSON.parse(readFileSync(join(out, 'door.json'), 'utf8')) as { url: string }).url);
  const ask = async (command: string): Promise<boolean> => {
    const reply = await fetch(new URL('api/command', door()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command }),
    });
    return ((await reply.json()) as { accepted: boolean }).accepted;
  };
  const state = async (): Promise<string> =>
    ((await (await fetch(new URL('api/snapshot', door()))).json()) as { run: { state: string } }).run.state;
  await until('door', () => existsSync(join(out, 'door.json')));
  await until('under way', async () => (await state()) === 'Execute');
  await until('held', () => ask('hold'));
  await until('Held', async () => (await state()) === 'Held');
  const who = ['--by', 'A. Volta', '--reason', 'enough', '--no-rehearse', '--yes'];
  // The command reads in the record that the run is held, which is there within its next flush.
  await until('edited', async () => (await cellbench('edit', out, edited, ...who)).code === 0);
  // What lies in the file by then is nobody's business: the run goes on by what was taken.
  const taken = readFileSync(edited, 'utf8');
  writeFileSync(edited, METHOD(200_000));
  expect(await ask('resume')).toBe(true);
  await until('first result', () => existsSync(join(out, 'result.json')));
  await until('reset', () => ask('reset'));
  await until('started', () => ask('start'));
  await until('second result', () => existsSync(join(`${out}-2`, 'result.json')));

  const [first, second] = [out, `${out}-2`].map(
    dir => JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')) as RunResult,
  );
  expect(first).toMatchObject({ verdict: 'completed', edits: [{ path: edited }] });
  expect(second.verdict).toBe('completed');
  expect(second.edits).toBeUndefined();
  const ofMethod = (result: RunResult) =>
    result.inputs.flatMap(({ what, path, sha256 }) =>
      what === 'method' || what === 'procedure' ? [[what, path, sha256]] : [],
    );
  expect(ofMethod(first)).toEqual([
    ['method', method, sha256Of(METHOD(100_000))],
    ['procedure', warm, sha256Of(WARM)],
    ['method', edited, sha256Of(taken)],
  ]);
  expect(ofMethod(second)).toEqual([
    ['method', edited, sha256Of(taken)],
    ['procedure', warm, sha256Of(WARM)],
  ]);
  const source = openRunSource(`${out}-2`);
  try {
    expect(source.meta.get('methodFile')).toBe(taken);
    expect(JSON.parse(source.meta.get('given') ?? '{}')).toMatchObject({ method: edited });
    const steps = eventsOf(readEvents(source.db), 'step').map(({ text }) => text.split(':')[0]);
    expect(steps.map(name => name.split(' ')[0])).toEqual(expect.arrayContaining(['long', 'more']));
  } finally {
    source.close();
  }
}, 180_000);
