import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LabRun } from '../../dashboards/door/lab.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { LONG, until, withCells } from './support/lab-folder.ts';
import { RUN_TIMEOUT_MS } from './support/program.ts';
import { type ServedLab, servedLab } from './support/served-lab.ts';

/** A run whose process stands still (SIGSTOP): it is told by name, its page comes up, and what was asked of it is void. */

const clock = realClock();
let lab: ServedLab;
beforeAll(async () => {
  lab = await servedLab({ 'methods/long.yaml': LONG }, withCells);
});
afterAll(() => lab.remove());

async function asked(method: string, path: string, body?: unknown) {
  const reply = await fetch(`${lab.url}/api/v1/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: reply.status, said: (await reply.json()) as Record<string, unknown> & LabRun };
}

async function took_s(work: Promise<unknown>): Promise<number> {
  const begun_s = clock.now_s();
  await work;
  return clock.now_s() - begun_s;
}

it('says so, shows its page, takes a stop, and forgets what was asked meanwhile', {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  await asked('POST', 'control', {});
  const start = { bench: 'cells/bench', method: 'methods/long', subject: 'nickel', mode: 'twin', pace: 60 };
  const { said: begun } = await asked('POST', 'runs', start);
  const path = `runs/${begun.id}`;
  const run = async (): Promise<LabRun> => (await asked('GET', path)).said;
  await until('going', async () => (await run()).state === 'going');
  const state = async (): Promise<string> => {
    const reply = await fetch(`${lab.url}/run/${begun.id}/api/snapshot`);
    return ((await reply.json()) as { run: { state: string } }).run.state;
  };
  await until('under way', async () => (await state()) === 'Execute');
  expect((await run()).silent).toBeNull();
  const { pid } = JSON.parse(readFileSync(join(lab.path, 'runs', begun.id, 'door.json'), 'utf8'));
  process.kill(pid, 'SIGSTOP');
  // The door does not know it yet: the command is on its way, and is void when the run wakes.
  const late = asked('POST', `${path}/commands`, { command: 'hold' });
  const page = fetch(`${lab.url}/run/${begun.id}/`);
  expect(await took_s(page)).toBeLessThan(5);
  expect(await (await page).text()).toContain('<div id="page">');
  expect(await took_s(until('silent', async () => (await run()).silent !== null))).toBeLessThan(5);
  const { silent } = (await asked('GET', `${path}/silent`)).said;
  expect(silent).toMatchObject({ guard: null, watchdogs: [] });
  expect(Date.parse(silent?.sinceUtc ?? '')).toBeGreaterThan(0);
  const { said: all } = await asked('GET', 'runs');
  expect(all).toMatchObject([{ id: begun.id, silent: { guard: null } }]);
  // From now on nothing is sent that would be void.
  const resume = asked('POST', `${path}/commands`, { command: 'resume' });
  expect(await took_s(resume)).toBeLessThan(2);
  expect((await resume).status).toBe(409);
  expect((await late).said).toMatchObject({ error: expect.stringContaining('hold is void') });
  process.kill(pid, 'SIGCONT');
  await until('awake', async () => (await run()).silent === null);
  expect(await state()).toBe('Execute');
  const events = (await asked('GET', `${path}/events`)).said as unknown as { kind: string }[];
  expect(events.filter(({ kind }) => kind === 'command')).toEqual([]);

  process.kill(pid, 'SIGSTOP');
  await until('silent again', async () => (await run()).silent !== null);
  const stop = asked('POST', `${path}/commands`, { command: 'stop' });
  expect(await took_s(stop)).toBeLessThan(5);
  expect((await stop).said).toMatchObject({ error: expect.stringContaining('as soon as it wakes') });
  await clock.sleep(8);
  process.kill(pid, 'SIGCONT');
  await until('stopped', async () => (await run()).state === 'over');
  expect((await run()).verdict).toContain('stopped');
});
