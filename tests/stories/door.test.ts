import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDoorAudit } from '../../control/program/serve/door-audit.ts';
import { DoorClient, DoorError } from '../../dashboards/door/client/door-client.ts';
import { Accounts } from '../../dashboards/door/people/accounts.ts';
import { type LabServer, serveLab } from '../../dashboards/door/serve-lab.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { addAccounts, PASSWORD, tokenOf } from '../dashboards/door/opened.ts';
import { type LabFolder, LONG, labFolder, SHORT, until, withCells } from './support/lab-folder.ts';
import { endOf, ROOT, RUN_TIMEOUT_MS, scratchFolder } from './support/program.ts';

/** The door of a real laboratory: by the client, by the example in Python, and as the program opens it. */

const WEEK = `campaign: week
version: 1
bench: cells/bench.yaml
runs:
- { run: first, method: methods/short.yaml, subject: nickel }
- { run: second, method: methods/short.yaml, subject: nickel, after: [ first ] }
`;
const hasPython = spawnSync('python3', ['--version']).status === 0;
let folder: LabFolder;
let server: LabServer;
let token: string;

beforeAll(async () => {
  folder = await labFolder({ 'methods/short.yaml': SHORT, 'methods/long.yaml': LONG, 'week.yaml': WEEK });
  withCells(folder.path);
  mkdirSync(join(folder.path, '.cellbench'), { recursive: true });
  const clock = realClock();
  const accounts = new Accounts(folder.path);
  await addAccounts(accounts);
  token = tokenOf(accounts, 'operator', new Date(clock.utc_ms() + 86_400_000).toISOString());
  const audit = openDoorAudit(folder.path, clock);
  server = await serveLab(folder.lab, { folder: folder.path, port: 0, clock, audit });
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

it('a run is started, watched, held and stopped by the client', { timeout: RUN_TIMEOUT_MS }, async () => {
  const door = new DoorClient(server.url, { token });
  const asked = {
    bench: 'cells/bench',
    method: 'methods/long',
    subject: 'nickel',
    mode: 'twin',
    pace: 600,
  } as const;
  const early = await door.startRun(asked).catch((error: unknown) => error);
  expect(early).toMatchObject({ status: 409, message: expect.stringContaining('nobody is in control') });
  expect(early).toBeInstanceOf(DoorError);
  await door.takeControl({});
  expect((await door.checkMethod({ text: 'method: x\nversion: 2\nsteps: 7\n' })).findings[0]).toMatchObject({
    severity: 'error',
  });
  const live = liveStates(server, token);
  const { id } = await door.startRun(asked);
  await until('going', async () => (await door.run(id)).state === 'going');
  // The page of the run itself, through the door.
  const page = `${server.url}/run/${encodeURIComponent(id)}`;
  const headers = { authorization: `Bearer ${token}` };
  const snapshot = await (await fetch(`${page}/api/snapshot`, { headers })).json();
  expect(snapshot).toMatchObject({ run: { method: 'long' } });
  expect((await fetch(`${page}/api/snapshot`)).status).toBe(401);
  // A run that has just begun, or is on its way into its hold, takes no such command yet.
  const takes = async (command: string): Promise<boolean> => {
    const shown = (await (await fetch(`${page}/api/snapshot`, { headers })).json()) as { allowed: string[] };
    return shown.allowed.includes(command);
  };
  await until('in a step', () => takes('hold'));
  expect((await door.command(id, { command: 'hold' })).accepted).toBe(true);
  await until('held', () => takes('resume'));
  const paged = await fetch(`${page}/api/command`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'resume', by: 'somebody else' }),
  });
  expect(await paged.json()).toMatchObject({ accepted: true });
  await door.releaseControl();
  await until('told to be going', () => live.has(id, 'going'));
  expect((await door.command(id, { command: 'stop' })).accepted).toBe(true);
  await until('over', async () => (await door.run(id)).state === 'over');
  await until('told to be over', () => live.has(id, 'over'));
  const words = (await door.events(id)).map(({ text }) => String(text)).join('\n');
  expect(words).toContain('operator');
  expect(words).not.toContain('somebody else');
  live.end();
});

/** What the live feed says of the runs, one after the other. */
function liveStates(of: LabServer, key: string) {
  const said: Record<string, string>[] = [];
  // Node's own WebSocket takes headers, unlike that of a browser.
  const url = `${of.url.replace(/^http/, 'ws')}/api/v1/live`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` } } as never);
  socket.onmessage = ({ data }) => {
    const { runs } = JSON.parse(String(data)) as { runs: { id: string; state: string }[] };
    said.push(Object.fromEntries(runs.map(({ id, state }) => [id, state])));
  };
  return {
    has: (id: string, state: string): boolean => said.some(states => states[id] === state),
    end: (): void => socket.close(),
  };
}

it.skipIf(!hasPython)(
  'the example in Python carries out a campaign',
  { timeout: RUN_TIMEOUT_MS },
  async () => {
    const path = join(ROOT, 'examples/api/campaign.py');
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThanOrEqual(41);
    const env = { ...process.env, CELLBENCH_URL: server.url, CELLBENCH_TOKEN: token };
    const ended = await endOf(spawn('python3', [path, 'week'], { env }));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('first completed');
    expect(ended.stdout.trim().split('\n').at(-1)).toMatch(/^over/);
    const wrong = await endOf(spawn('python3', [path, 'no-such'], { env }));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('POST /campaigns: 404') });
  },
);

it('the program adds an admin, opens the door and closes it', { timeout: RUN_TIMEOUT_MS }, async () => {
  const scratch = scratchFolder();
  try {
    const short = await endOf(program(['serve', scratch.path, '--add-admin', 'anna'], 'short\n'));
    expect(short).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected 10 characters or more'),
    });
    const added = await endOf(program(['serve', scratch.path, '--add-admin', 'anna'], `${PASSWORD}\n`));
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('anna is admin') });
    const outside = await endOf(program(['serve', scratch.path, '--host', '0.0.0.0']));
    expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining('expected TLS') });
    const door = program(['serve', scratch.path, '--port', '0']);
    const url = await new Promise<string>(resolve => {
      let text = '';
      door.stdout?.on('data', data => {
        text += String(data);
        const found = /http:\S+\n/.exec(text);
        if (found !== null) resolve(found[0].trim());
      });
    });
    expect((await fetch(`${url}/api/v1/runs`)).status).toBe(401);
    const signedIn = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'anna', password: PASSWORD }),
    });
    expect(await signedIn.json()).toMatchObject({ name: 'anna', role: 'admin' });
    const ending = endOf(door);
    door.kill('SIGTERM');
    expect(await ending).toMatchObject({ code: 0 });
    const audit = openDoorAudit(scratch.path, realClock()).last(10);
    expect([audit.found, audit.lines.map(({ what }) => what)]).toEqual([[], ['signIn', 'addAdmin']]);
  } finally {
    scratch.remove();
  }
});

function program(args: readonly string[], input?: string): ChildProcess {
  const main = join(ROOT, 'control/program/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args]);
  child.stdin.end(input);
  return child;
}
