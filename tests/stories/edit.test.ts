import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import type { GuardMark } from '../../control/guard/guard-log.ts';
import { eventsOf, readEvents } from '../../control/record/recorded-events.ts';
import type { RunResult } from '../../control/review/result.ts';
import { cellbench, ROOT } from './support/program.ts';
import { aloneFiles, clock, type Raw } from './support/wire-story.ts';

/**
 * A run on emulated lines that answer late is held at load, and what is left of its method is edited from another terminal.
 * Then both its processes are killed, and it goes on as it was edited.
 */

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});
const PORT = 18_340;
const WHO = ['--by', 'A. Volta', '--reason', 'the membrane has seen enough'];

it('is edited while it is held, by one at a time, and goes on so after a kill', async () => {
  const { wires, folder, bench, method, pids } = await aloneFiles('edit', 600);
  const out = join(folder, 'run');
  // What is looked at here is no matter of how busy the machine is.
  const file = parse(readFileSync(bench, 'utf8')) as Raw & { guard?: object };
  Object.assign(file.devices['supply'], { stale_after_s: 15, watchdog: { timeout_s: 30 }, reply_s: 5 });
  writeFileSync(bench, stringify({ ...file, guard: { timeout_s: 25 } }));
  const main = ['--disable-warning=ExperimentalWarning', join(ROOT, 'control/program/main.ts')];
  const args = ['--real', '--bench', bench, '--method', method, '--port', String(PORT), '--out', out];
  const log = join(folder, 'run.log');
  const said = openSync(log, 'w');
  const child = spawn(process.execPath, [...main, ...args], { cwd: ROOT, stdio: ['ignore', said, said] });
  started.push(child);
  const gone = new Promise(resolve => child.once('exit', resolve));
  const until = async (what: string, is: () => boolean | Promise<boolean>, most_s = 90): Promise<void> => {
    const from_s = clock.now_s();
    while (!(await is())) {
      if (child.exitCode !== null || clock.now_s() - from_s > most_s)
        throw new Error(`${what}: not within ${most_s} s\n${readFileSync(log, 'utf8')}`);
      await clock.sleep(0.1);
    }
  };
  const current_A = async (): Promise<number> =>
    Number(await wires.carryOut({ do: 'look', signal: 'stack.current_A' }));
  const door = (): string =>
    (JSON.parse(readFileSync(join(out, 'door.json'), 'utf8')) as { url: string }).url;
  const ask = async (command: string): Promise<boolean> => {
    const reply = await fetch(new URL('api/command', door()), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command }),
    });
    return ((await reply.json()) as { accepted: boolean }).accepted;
  };
  await until('under load', async () => (await current_A()) > 1500);
  pids.push(child.pid ?? 0);
  const { guard } = JSON.parse(readFileSync(join(folder, 'bench.guard.json'), 'utf8')) as GuardMark;
  pids.push(guard);

  const text = readFileSync(method, 'utf8');
  const then = `  - { wait: {}, name: held, for_s: 8 }\n  - ramp: { stack.current_A: 900, per_s: 1000 }\n  - { wait: {}, name: less, for_s: 12 }\n`;
  const edited = join(folder, 'edited.yaml');
  writeFileSync(edited, text.replace('  - { wait: {}, name: held, for_s: 600 }\n', then));
  const wrong = join(folder, 'wrong.yaml');
  writeFileSync(wrong, text.replaceAll('1900', '1800'));
  const edit = (file: string, ...more: string[]) =>
    cellbench('edit', out, file, ...WHO, '--no-rehearse', '--yes', ...more);

  expect(await edit(edited)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is of a run in Execute, expected a run that is held/) as unknown,
  });
  expect(await ask('hold')).toBe(true);
  // At once: it waits until the run is held.
  expect(await edit(wrong)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /wrong\.yaml: .*yaml:\d+: stands otherwise at .*wrong\.yaml:\d+, expected it as it was/,
    ) as unknown,
  });
  // Two at the same moment, both from what was in force: one of them is told so.
  const both = await Promise.all([edit(edited), edit(edited)]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
  const [done, late] = both.toSorted((a, b) => (a.code ?? 9) - (b.code ?? 9));
  expect(done.stdout).toMatch(/held \(wait\)|- .*held/);
  expect(done.stdout).toMatch(/\+ [\d.]+ less \(wait\)/);
  expect(done.stdout).toMatch(/edited: resume goes on with the new method/);
  expect(late.stderr).toMatch(/refused: somebody else/);
  const shown = (await (await fetch(new URL('api/snapshot', door()))).json()) as { run: { edited: string } };
  expect(shown.run.edited).toMatch(
    /^edited at .* h by A\. Volta \(command line\): the membrane has seen enough$/,
  );
  expect(await current_A()).toBeGreaterThan(1500);
  expect(await ask('resume')).toBe(true);
  await until('at less load', async () => (await current_A()) < 1000);
  await clock.sleep(2.5);
  process.kill(guard, 'SIGKILL');
  child.kill('SIGKILL');
  await gone;

  const again = await cellbench('resume', out, '--acknowledge', 'A. Person', '--no-serve');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
  expect(result).toMatchObject({
    verdict: 'completed',
    unproven: [],
    edits: [{ by: 'A. Volta (command line)', reason: 'the membrane has seen enough', path: edited }],
  });
  const methods = result.inputs.filter(({ what }) => what === 'method').map(({ path }) => path);
  expect(methods).toEqual([method, edited]);
  const source = openRunSource(out);
  const events = readEvents(source.db);
  source.close();
  const steps = eventsOf(events, 'step').map(({ text: said }) => said.split(':')[0]);
  expect(steps.filter(name => name.startsWith('held') || name.startsWith('less'))).toEqual(['held', 'less']);
  expect(eventsOf(events, 'edit').map(({ data }) => data.text)).toEqual([readFileSync(edited, 'utf8')]);
  expect(eventsOf(events, 'resumed')[0]?.data.steps).toMatchObject([{ step: 'less', how: 'continue' }]);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Edits of the method');
  expect(await cellbench('verify', out)).toMatchObject({ code: 0 });
  const audit = await cellbench('audit', out);
  expect(audit.stdout).toMatch(
    /A\. Volta \(command line\): the rest of the method is edited .*the membrane has seen enough[\s\S]*\+ .*less/,
  );
}, 900_000);
