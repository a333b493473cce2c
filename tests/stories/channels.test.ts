import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSubjects } from '../../control/bench/bench-file.ts';
import type { CampaignState } from '../../control/campaign/state.ts';
import { emulateSubjects } from '../../control/program/channels/emulate-subjects.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { isRunning, type ProcessIdentity } from '../../drivers/process-identity.ts';
import type { Emulators } from '../../sim/wire-client.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/**
 * Three cells of one cycler at a time, as a campaign on instruments: a trip of one leaves the others, a kill of their process leaves
 * nothing on, and each goes on where it was.
 */

const EXAMPLE = join(ROOT, 'examples/eight-cells');
const CELLS = ['cell1', 'cell2', 'cell3'];
const LONG_MS = 300_000;
const clock = realClock();
const scratch = scratchFolder();
let emulators: Emulators;
let supervisor: ChildProcess | undefined;
const pids: number[] = [];

/** The example with its first three cells, patient with a machine that is busy. */
function benchText(): string {
  const text = readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8');
  const three =
    text.slice(0, text.indexOf('  cell4:\n')) + text.slice(text.indexOf('# Which number of cell.mode'));
  return three
    .replace('version: 1\n', 'version: 1\nguard: { timeout_s: 10 }\n')
    .replaceAll('watchdog: { timeout_s: 5 }', 'watchdog: { timeout_s: 20 }')
    .replace(/( +)stale_after_s: 3/g, '$1stale_after_s: 12\n$1reply_s: 4');
}

/** The same with each `endpoint` at its emulator. */
function atEmulators(text: string): string {
  let of = 'chamber';
  return text
    .split('\n')
    .map(line => {
      const subject = /^ {2}(cell\d):$/.exec(line)?.[1];
      if (subject !== undefined) of = `${subject}/cycler`;
      else if (/^ {2}chamber:$/.test(line)) of = 'chamber';
      return line.replace(/"opc\.tcp:[^"]*"/, JSON.stringify(emulators.endpoints[of]?.['endpoint']));
    })
    .join('\n');
}

async function until(what: string, is: () => boolean | Promise<boolean>, within_s = 120): Promise<void> {
  const start_s = clock.now_s();
  while (!(await is())) {
    if (clock.now_s() - start_s > within_s) throw new Error(`${what}: not within ${within_s} s\n${logs()}`);
    await clock.sleep(0.2);
  }
}

const out = join(scratch.path, 'out');
const state = (): CampaignState => JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')) as CampaignState;
const itemOf = (id: string) => state().queue.items.find(one => one.id === id);
const hostOf = (id: string): ProcessIdentity | undefined => {
  const handle = existsSync(join(out, 'state.json')) ? state().carried[id]?.handle : undefined;
  return handle === null || handle === undefined ? undefined : (handle as unknown as ProcessIdentity);
};
const isOn = async (cell: string): Promise<boolean> => (await emulators.look(`${cell}/cell.output_on`)) > 0.5;
const current_A = (cell: string): Promise<number> => emulators.look(`${cell}/cell.current_A`);
const setpoint = (): Promise<number> => emulators.look('chamber.temperatureSet_degC');
const logs = (): string =>
  existsSync(out)
    ? readdirSync(out, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('log') || name.endsWith('events.jsonl'))
        .map(name => `--- ${name}\n${readFileSync(join(out, name), 'utf8').slice(-2000)}`)
        .join('\n')
    : 'nothing begun';

let file = '';
beforeAll(async () => {
  for (const name of readdirSync(EXAMPLE))
    if (name.endsWith('-nodes.yaml')) copyFileSync(join(EXAMPLE, name), join(scratch.path, name));
  const plain = scratch.write('plain.yaml', benchText());
  emulators = await emulateSubjects(loadSubjects(plain, describeDevice), 1, 1);
  scratch.write('bench.yaml', atEmulators(benchText()));
  scratch.write(
    'long.yaml',
    `method: long
version: 2
returns: { in_Ah: in.chargeIn_Ah }
phases:
- name: charge
  reentry:
  - { set: { chamber.temperature_degC: 25 } }
  steps:
  - { set: { chamber.temperature_degC: 25 } }
  - { cc: { current_C: 1/3 }, id: in, for_min: 30 }
finally:
- { rest: {}, for_s: 1 }
`,
  );
  file = scratch.write(
    'campaign.yaml',
    `campaign: three cells
version: 1
bench: bench.yaml
runs:
${CELLS.map(cell => `- { run: ${cell}, method: long.yaml, subject: ${cell} }`).join('\n')}
`,
  );
}, LONG_MS);

afterAll(async () => {
  for (const pid of [...pids, ...(supervisor?.exitCode === null ? [supervisor.pid ?? []] : [])].flat()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  await emulators.stop();
  scratch.remove();
}, LONG_MS);

function start(): Promise<number | null> {
  const main = join(ROOT, 'control/program/main.ts');
  const args = ['campaign', 'start', file, '--real', '--out', out, '--operator', 'A. Volta'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  supervisor = child;
  return new Promise(resolve => child.once('exit', resolve));
}

describe('three cells of one cycler at a time', () => {
  it(
    'a trip of one, a kill of all, and on again',
    async () => {
      const ended = start();
      for (const cell of CELLS) await until(`${cell} is on`, () => isOn(cell), 200);
      const host = hostOf('cell1');
      if (host === undefined) throw new Error('no process is known');
      pids.push(host.pid);
      expect(CELLS.map(hostOf)).toEqual([host, host, host]);
      expect(await setpoint()).toBe(25);

      // One of them trips: the others and the chamber go on.
      await emulators.force('cell2/cell.voltage_V', 4);
      await until('cell2 is off', async () => !(await isOn('cell2')));
      await emulators.force('cell2/cell.voltage_V', null);
      await until('cell2 is over', () => itemOf('cell2')?.state === 'failed');
      expect(itemOf('cell2')?.reason).toContain('cell-voltage-high');
      for (const cell of ['cell1', 'cell3']) expect(await current_A(cell)).toBeGreaterThan(0.5);
      expect(await setpoint()).toBe(25);
      expect(Object.keys(state().benches)).toEqual(['bench.yaml cell2']);
      expect(existsSync(join(scratch.path, 'bench.cell1.guard.json'))).toBe(true);
      expect(existsSync(join(scratch.path, 'bench.cell2.guard.json'))).toBe(false);

      // Their process is killed: the guard, or each instrument's own watchdog, switches both off, the chamber too.
      process.kill(host.pid, 'SIGKILL');
      for (const cell of ['cell1', 'cell3'])
        await until(`${cell} is off`, async () => !(await isOn(cell)), 60);
      await until('the chamber is let go', async () => (await setpoint()) === 20, 60);
      await until('both are cut off', () =>
        ['cell1', 'cell3'].every(id => itemOf(id)?.state === 'waiting' && itemOf(id)?.cut_ms !== null),
      );
      for (const cell of ['cell1', 'cell3'])
        expect(existsSync(join(scratch.path, `bench.${cell}.guard.json`)), cell).toBe(true);

      // Once somebody has looked, each goes on in its own record.
      const edit = ['acknowledge', '--out', out, '--by', 'A. Volta', '--because', 'all is off'];
      await until('the guard has ended', () => !readMark('cell1').includes('"proved_s": null'), 60);
      expect((await cellbench('campaign', 'edit', file, ...edit)).code).toBe(0);
      for (const cell of ['cell1', 'cell3']) await until(`${cell} is on again`, () => isOn(cell), 200);
      const again = hostOf('cell1');
      if (again !== undefined) pids.push(again.pid);
      expect(again).toEqual(hostOf('cell3'));
      expect(again).not.toEqual(host);
      expect(isRunning(host)).toBe(false);
      expect(await isOn('cell2')).toBe(false);
      expect(await setpoint()).toBe(25);

      supervisor?.kill('SIGTERM');
      expect(await ended).toBe(3);
      for (const cell of CELLS) expect(await isOn(cell), cell).toBe(false);
      expect(await setpoint()).toBe(20);
      for (const cell of ['cell1', 'cell3']) {
        const result = JSON.parse(readFileSync(join(out, cell, 'result.json'), 'utf8')) as object;
        expect(result).toMatchObject({ unproven: [] });
      }
    },
    3 * LONG_MS,
  );
});

function readMark(cell: string): string {
  const path = join(scratch.path, `bench.${cell}.guard.json`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
