import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doorAuditPath, openDoorAudit } from '../../../control/program/serve/door-audit.ts';
import type { AuditLine, Deed, DoorAudit } from '../../../dashboards/door/audit.ts';
import { Accounts } from '../../../dashboards/door/people/accounts.ts';
import { ask, movableClock, openedDoor, PASSWORD, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
const clock = movableClock();
const DEED: Deed = {
  by: 'anna',
  how: 'session',
  from: '127.0.0.1',
  what: 'command',
  to: { id: 'run-1' },
  asked: { command: 'hold' },
  status: 200,
  outcome: 'accepted: held',
};

describe('who did what', () => {
  it('stands in the audit file with name, address, what was asked and what came of it, and nothing secret', async () => {
    await using door = await openedDoor();
    const { server } = door;
    const operator = await signedIn(server, 'operator');
    const post = (path: string, headers: Record<string, string>, body: unknown) =>
      ask(server, API + path, { method: 'POST', headers, body });
    await post('/session', {}, { name: 'operator', password: 'a wrong secret' });
    await post('/session', {}, { name: 'typed secret', password: PASSWORD });
    await post('/control', operator, {});
    await post('/runs/run-1/commands', operator, { command: 'hold' });
    await post('/runs/run-1/commands', operator, { command: 'limit', interlock: 'x', value: 1, reason: 'r' });
    await post('/accounts', await signedIn(server, 'admin'), {
      name: 'new',
      role: 'viewer',
      password: 'secret enough',
    });
    const reader = withToken(tokenOf(door.accounts, 'engineer'));
    const audit = (await ask(server, `${API}/audit?most=50`, { headers: reader })).json as {
      lines: AuditLine[];
      found: string[];
      n: number;
    };
    expect([audit.found, audit.n]).toEqual([[], 11]);
    expect(audit.lines.map(({ by, what, status }) => [by, what, status])).toEqual([
      ['admin', 'addAccount', 201],
      ['admin', 'addAccount', 102],
      ['admin', 'signIn', 200],
      ['operator', 'command', 403],
      ['operator', 'command', 200],
      ['operator', 'command', 102],
      ['operator', 'takeControl', 200],
      ['operator', 'takeControl', 102],
      [null, 'signIn', 401],
      ['operator', 'signIn', 401],
      ['operator', 'signIn', 200],
    ]);
    expect(audit.lines[5]).toMatchObject({ asked: { command: 'hold' }, outcome: 'asked' });
    expect(audit.lines[4]).toMatchObject({
      from: '127.0.0.1',
      how: 'session',
      to: { id: 'run-1' },
      asked: { command: 'hold' },
      outcome: 'accepted: hold it is',
    });
    const text = readFileSync(doorAuditPath(door.folder), 'utf8');
    expect(text).not.toMatch(/secret/);
    expect(statSync(doorAuditPath(door.folder)).mode & 0o777).toBe(0o600);
  });

  it('shows each line that was changed, taken out or put in, and goes on behind a line that was cut off', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cellbench-audit-'));
    try {
      const path = doorAuditPath(folder);
      const audit = openDoorAudit(folder, clock);
      for (let n = 0; n < 5; n++) audit.write(DEED);
      appendFileSync(path, '{"n":6,"utc":"20');
      const again = openDoorAudit(folder, clock);
      // Another process writes, too: an admin is added at the terminal.
      audit.write(DEED);
      again.write(DEED);
      audit.write(DEED);
      expect(again.last(2)).toMatchObject({ found: [], n: 8, lines: [{ n: 8 }, { n: 7 }] });
      const lines = readFileSync(path, 'utf8').split('\n');
      const foundIn = (changed: readonly string[]): readonly string[] => {
        writeFileSync(path, changed.join('\n'));
        return openDoorAudit(folder, clock).last(1).found;
      };
      expect(foundIn(lines.map((line, i) => (i === 2 ? line.replace('anna', 'bert') : line)))).toEqual([
        'line 3: entry 3 is not what was written, or was put in',
      ]);
      expect(foundIn(lines.toSpliced(3, 1))).toEqual(['line 4: entry 4 is missing before it']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that cannot be written down is not done, but a stop is', async () => {
    const kept: Deed[] = [];
    let trouble: string | undefined;
    const audit: DoorAudit = {
      write: deed => void kept.push(deed),
      trouble: () => trouble,
      last: () => ({ lines: [], found: [], n: 0, hash: '' }),
    };
    await using door = await openedDoor({ audit });
    const operator = withToken(tokenOf(door.accounts, 'operator'));
    const command = (name: string) =>
      ask(door.server, `${API}/runs/run-1/commands`, {
        method: 'POST',
        headers: operator,
        body: { command: name },
      });
    await ask(door.server, `${API}/control`, { method: 'POST', headers: operator, body: {} });
    trouble = 'no space left on the disk';
    const held = await command('hold');
    expect([held.status, held.text]).toEqual([503, expect.stringContaining('no space left')]);
    expect((await command('stop')).status).toBe(200);
    expect((await ask(door.server, `${API}/runs`, { headers: operator })).status).toBe(200);
    expect(kept.map(({ status }) => status)).toEqual([102, 200, 102, 503, 200]);
  });
});

describe('the accounts', () => {
  it('are for the owner of the lab only, and nobody comes in while they cannot be read', async () => {
    await using door = await openedDoor();
    const headers = withToken(tokenOf(door.accounts, 'admin'));
    const { path } = door.accounts;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(PASSWORD);
    writeFileSync(path, '{ "version": 1');
    expect((await ask(door.server, `${API}/runs`, { headers })).status).toBe(503);
    expect((await ask(door.server, `${API}/runs`)).status).toBe(503);
    writeFileSync(path, text);
    expect((await ask(door.server, `${API}/runs`, { headers })).status).toBe(200);
  });

  it.each([
    ['{', 0o600, 'is no JSON'],
    ['{"version":2}', 0o600, 'version: '],
    ['{"version":1,"accounts":[],"tokens":[],"guestLinks":[]}', 0o644, 'mode 644, expected 600'],
  ])('are refused as %s with mode %o', (text, mode, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'cellbench-accounts-'));
    try {
      const { path } = new Accounts(folder);
      new Accounts(folder).change(file => file);
      writeFileSync(path, text);
      rmSync(path);
      writeFileSync(path, text, { mode });
      expect(() => new Accounts(folder)).toThrow(message);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
