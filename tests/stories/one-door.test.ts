import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { doorAuditPath, openDoorAudit } from '../../control/program/serve/door-audit.ts';
import { Accounts } from '../../dashboards/door/people/accounts.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { addAccounts, PASSWORD } from '../dashboards/door/opened.ts';
import { endOf, ROOT, RUN_TIMEOUT_MS, scratchFolder } from './support/program.ts';

/** One laboratory, one door, and what is kept beside it when others write at the same time or something is lost. */

let scratch: ReturnType<typeof scratchFolder>;
let doors: ChildProcess[];
beforeEach(() => {
  scratch = scratchFolder();
  doors = [];
});
afterEach(async () => {
  await Promise.all(doors.map(door => ended(door, 'SIGKILL')));
  scratch.remove();
});

const options = { timeout: RUN_TIMEOUT_MS };

it(
  'a second door is refused and told where the first one is; a killed one is not in the way',
  options,
  async () => {
    const first = await openedDoor();
    const refused = await endOf(program(['serve', scratch.path, '--port', '0']));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`its door is open already (process ${first.pid} since `);
    expect(refused.stderr).toContain(`its page: ${first.url})`);
    await ended(first.child, 'SIGKILL');
    const second = await openedDoor();
    expect(second.pid).not.toBe(first.pid);
    expect(await ended(second.child, 'SIGTERM')).toBe(0);
    expect(existsSync(join(scratch.path, '.cellbench/door.json'))).toBe(false);
  },
);

it(
  'admins added at the terminal and accounts added at the open door do not lose each other',
  options,
  async () => {
    const accounts = new Accounts(scratch.path);
    await addAccounts(accounts);
    const { url } = await openedDoor();
    const headers = await signedIn(url);
    const adding = ['one', 'two', 'three'].map(name => endOf(addAdmin(name)));
    let isOver = false;
    const terminal = Promise.all(adding).finally(() => {
      isOver = true;
    });
    const added: string[] = [];
    for (let i = 0; !isOver; i++) {
      const name = `person ${i}`;
      const body = JSON.stringify({ name, role: 'viewer', password: PASSWORD });
      const reply = await fetch(`${url}/api/v1/accounts`, { method: 'POST', headers, body });
      if (reply.status === 201) added.push(name);
    }
    expect((await terminal).map(({ code }) => code)).toEqual([0, 0, 0]);
    const names = accounts.now().accounts.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['one', 'two', 'three', ...added]));
    const { found, lines } = openDoorAudit(scratch.path, realClock()).last(10_000);
    expect(found).toEqual([]);
    expect(lines.filter(({ what }) => what === 'addAdmin')).toHaveLength(3);
    expect(lines.filter(({ what, status }) => what === 'addAccount' && status === 201)).toHaveLength(
      added.length,
    );
  },
);

it.each(['lost', 'empty'])(
  'accounts that are %s open nothing: put back, or a new admin',
  async how => {
    expect(await endOf(addAdmin('anna'))).toMatchObject({ code: 0 });
    const { path } = new Accounts(scratch.path);
    const nobody = { version: 1, accounts: [], tokens: [], guestLinks: [] };
    if (how === 'lost') rmSync(path);
    else writeFileSync(path, JSON.stringify(nobody));
    const refused = await endOf(program(['serve', scratch.path, '--port', '0']));
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--add-admin NAME'),
    });
    // The kept end of the audit tells it, too.
    rmSync(doorAuditPath(scratch.path));
    expect(await endOf(program(['serve', scratch.path, '--port', '0']))).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(await endOf(addAdmin('anna'))).toMatchObject({ code: 0 });
    const { url } = await openedDoor();
    expect((await fetch(`${url}/api/v1/runs`)).status).toBe(401);
  },
  RUN_TIMEOUT_MS,
);

it('the door says at its start that the audit was cut', options, async () => {
  const audit = openDoorAudit(scratch.path, realClock());
  const local = { by: 'local', how: 'local', from: '127.0.0.1', to: {}, asked: null, status: 200 };
  for (let n = 0; n < 3; n++) audit.write({ ...local, what: 'takeControl', outcome: 'done' });
  const path = doorAuditPath(scratch.path);
  writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0]}\n`);
  const door = await openedDoor();
  const ending = endOf(door.child);
  door.child.kill('SIGTERM');
  await ending;
  expect(door.errors()).toContain(
    '.cellbench/audit.jsonl: was cut: 1 lines, expected 3 (entries 2 to 3 are missing)',
  );
});

async function signedIn(url: string): Promise<Record<string, string>> {
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'admin', password: PASSWORD });
  const reply = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: json, body });
  const { csrf } = (await reply.json()) as { csrf: string };
  const cookie = String(reply.headers.get('set-cookie')).split(';')[0];
  return { ...json, cookie, 'x-csrf-token': csrf, origin: url };
}

function program(args: readonly string[], input?: string): ChildProcess {
  const main = join(ROOT, 'control/program/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args]);
  child.stdin.end(input);
  return child;
}

function addAdmin(name: string): ChildProcess {
  return program(['serve', scratch.path, '--add-admin', name], `${PASSWORD}\n`);
}

interface Opened {
  readonly child: ChildProcess;
  readonly pid: number | undefined;
  readonly url: string;
  /** What it has said on stderr. */
  errors(): string;
}

async function openedDoor(): Promise<Opened> {
  const child = program(['serve', scratch.path, '--port', '0']);
  doors.push(child);
  let errors = '';
  child.stderr?.on('data', data => {
    errors += String(data);
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', data => {
      text += String(data);
      const found = /(http:\S+)\n[\s\S]*audit: /.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', code => reject(new Error(`the door has ended with ${code}: ${errors}`)));
  });
  return { child, pid: child.pid, url, errors: () => errors };
}

/** Its exit code; null: killed. */
function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise(resolve => {
    child.on('close', resolve);
    child.kill(signal);
  });
}
