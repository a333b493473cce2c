import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CampaignState } from '../../control/campaign/state.ts';
import type { CampaignShown, LiveSnapshot } from '../../control/view.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { cellbench, ROOT, scratchFolder } from './support/program.ts';

/** A campaign of two runs side by side: one address, on which each of them has its live page and takes what is asked of it. */

const clock = realClock();
const scratch = scratchFolder();
let child: ChildProcess | undefined;
let said = '';
const out = join(scratch.path, 'out');
afterAll(() => {
  const pids = [child?.pid, ...['first', 'second'].map(pidOf)];
  for (const pid of pids)
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  scratch.remove();
});

const state = (): CampaignState => JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')) as CampaignState;
function pidOf(id: string): number | undefined {
  if (!existsSync(join(out, 'state.json'))) return undefined;
  return (state().carried[id]?.handle as { pid: number } | undefined)?.pid;
}

async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const start_s = clock.now_s();
  while (!(await is())) {
    if (clock.now_s() - start_s > 60) throw new Error(`${what}: not within a minute\n${said}`);
    await clock.sleep(0.05);
  }
}

it('each run has its page below the one of the campaign, and is asked there', async () => {
  scratch.write(
    'long.yaml',
    'method: long\nversion: 2\nsteps:\n- { rest: {}, for_h: 10 }\nfinally:\n- { rest: {}, for_s: 1 }\n',
  );
  const file = scratch.write(
    'campaign.yaml',
    `campaign: pages
version: 1
bench: ${join(ROOT, 'examples/two-cells/bench.yaml')}
runs:
- { run: first, method: long.yaml, subject: nickel }
- { run: second, method: long.yaml, subject: iron }
- { run: third, method: long.yaml, subject: iron }
`,
  );
  const main = join(ROOT, 'control/program/main.ts');
  const args = ['campaign', 'start', file, '--out', out, '--pace', '20', '--port', '0'];
  child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { cwd: ROOT });
  child.stdout?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await until('the address', () => /Page of the campaign: http:\S+/.test(said));
  const [, page = ''] = /Page of the campaign: (http:\S+)/.exec(said) ?? [];
  const text = (path: string): Promise<string> => fetch(new URL(path, page)).then(reply => reply.text());
  const snapshot = async (run: string): Promise<LiveSnapshot | undefined> => {
    const reply = await fetch(new URL(`run/${run}/api/snapshot`, page));
    return reply.ok ? ((await reply.json()) as LiveSnapshot) : undefined;
  };
  const ask = async (run: string, command: string): Promise<{ accepted?: boolean; error?: string }> => {
    const reply = await fetch(new URL(`run/${run}/api/command`, page), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command }),
    });
    return (await reply.json()) as { accepted?: boolean; error?: string };
  };
  await until('both under way', async () => {
    const both = await Promise.all(['first', 'second'].map(snapshot));
    return both.every(one => one?.run.state === 'Execute');
  });
  expect(await text('/')).toContain('<div id="page">');
  const shown = JSON.parse(await text('/api/campaign')) as CampaignShown;
  expect(shown.withPage).toEqual(['first', 'second']);
  expect(shown.benches.map(({ subjects }) => subjects)).toEqual([['nickel', 'iron']]);
  expect(shown.readings.second).toMatchObject({ state: 'Execute', work: 'rest', alarm: null, isLive: true });
  expect(shown.readings.second.voltage_V).toBeGreaterThan(2);
  expect(await text('/run/first/')).toContain('<div id="page">');

  // What is asked of one is asked of no other.
  expect(await ask('first', 'hold')).toMatchObject({ accepted: true });
  await until('held', async () => (await snapshot('first'))?.run.state === 'Held');
  expect((await snapshot('second'))?.run.state).toBe('Execute');
  const socket = new WebSocket(new URL('run/first/live', page.replace('http', 'ws')));
  const first = await new Promise<string>((resolve, reject) => {
    socket.onmessage = event => resolve(String(event.data));
    socket.onerror = () => reject(new Error('no socket'));
  });
  socket.close();
  expect((JSON.parse(first) as { snapshot: LiveSnapshot }).snapshot.run).toMatchObject({ state: 'Held' });
  // The same from another terminal, by the folder.
  const words = ['charge-current-high', '2', '--by', 'A. Volta', '--reason', 'a weak lead'];
  expect(await cellbench('limit', join(out, 'second'), ...words)).toMatchObject({ code: 0 });
  expect(
    (await fetch(new URL('run/first/api/limits', page)).then(reply => reply.text())).includes('5.5'),
  ).toBe(true);

  expect(await ask('second', 'stop')).toMatchObject({ accepted: true });
  await until('the third', async () => (await snapshot('third'))?.run.state === 'Execute');
  expect(state().queue.items.find(({ id }) => id === 'second')?.state).toBe('failed');
  expect(existsSync(join(out, 'second', 'door.json'))).toBe(false);
  const gone = await fetch(new URL('run/second/', page));
  expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('second')]);
  expect((await snapshot('first'))?.run.state).toBe('Held');

  // Nobody from elsewhere, and nothing but runs.
  expect((await fetch(page, { headers: { origin: 'http://example.org' } })).status).toBe(403);
  expect((await fetch(new URL('run/..%2f..%2f/', page))).status).toBe(404);

  child.kill('SIGTERM');
  const ended = child;
  await until('its end', () => ended.exitCode !== null);
  expect(ended.exitCode).toBe(3);
}, 180_000);
