import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { doorAuditPath, openDoorAudit } from '../../../control/program/serve/door-audit.ts';
import type { AuditLine, Deed } from '../../../dashboards/door/audit.ts';
import { ask, movableClock, openedDoor, signedIn, tokenOf, withToken } from './opened.ts';

const API = '/api/v1';
const clock = movableClock();
const DEED: Deed = {
  by: 'local',
  how: 'local',
  from: '127.0.0.1',
  what: 'command',
  to: { id: 'run-1' },
  asked: { command: 'hold' },
  status: 200,
  outcome: 'accepted: held',
};

/** A lab with an audit file of five lines. */
function fiveLines(): { folder: string; path: string; endPath: string; lines: string[] } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'cellbench-audit-end-'));
  const path = doorAuditPath(folder);
  const audit = openDoorAudit(folder, clock);
  for (let n = 0; n < 5; n++) audit.write(DEED);
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, 5);
  const endPath = join(dirname(path), 'audit-end.json');
  return { folder, path, endPath, lines, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const textOf = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('');

it.each([
  ['two lines', 3, 'was cut: 3 lines, expected 5 (entries 4 to 5 are missing)'],
  ['one line', 4, 'was cut: 4 lines, expected 5 (entry 5 is missing)'],
  ['all lines', 0, 'was cut: 0 lines, expected 5 (entries 1 to 5 are missing)'],
])('the audit says that %s were cut off its end, and shows it for ever', (_name, left, text) => {
  using lab = fiveLines();
  writeFileSync(lab.path, textOf(lab.lines.slice(0, left)));
  const audit = openDoorAudit(lab.folder, clock);
  expect(audit.last(0).found).toEqual([text]);
  audit.write(DEED);
  const { found, n } = openDoorAudit(lab.folder, clock).last(0);
  const missing = left === 4 ? 'entry 5 is missing' : `entries ${left + 1} to 5 are missing`;
  expect([found, n]).toEqual([[`line ${left + 1}: ${missing} before it`], 6]);
});

it('the audit says so when it is cut while the door is open, and is right again with its lines put back', () => {
  using lab = fiveLines();
  const audit = openDoorAudit(lab.folder, clock);
  rmSync(lab.path);
  expect(audit.last(0).found).toEqual(['was cut: 0 lines, expected 5 (entries 1 to 5 are missing)']);
  audit.write(DEED);
  const more = readFileSync(lab.path, 'utf8');
  writeFileSync(lab.path, textOf(lab.lines) + more);
  expect(audit.last(0)).toMatchObject({ found: [], n: 6 });
});

it('a last line without its end is kept, half of one goes', () => {
  using lab = fiveLines();
  truncateSync(lab.path, statSync(lab.path).size - 1);
  const audit = openDoorAudit(lab.folder, clock);
  expect(audit.last(0)).toMatchObject({ found: [], n: 5 });
  audit.write(DEED);
  expect(openDoorAudit(lab.folder, clock).last(0)).toMatchObject({ found: [], n: 6 });
  truncateSync(lab.path, statSync(lab.path).size - 10);
  expect(openDoorAudit(lab.folder, clock).last(0).found).toEqual([
    'was cut: 5 lines, expected 6 (entry 6 is missing)',
  ]);
});

it('the kept end is for the owner only; an older one does no harm, a lost or damaged one is told', () => {
  using lab = fiveLines();
  expect(statSync(lab.endPath).mode & 0o777).toBe(0o600);
  const older = readFileSync(lab.endPath, 'utf8');
  openDoorAudit(lab.folder, clock).write(DEED);
  writeFileSync(lab.endPath, older);
  expect(openDoorAudit(lab.folder, clock).last(0)).toMatchObject({ found: [], n: 6 });
  writeFileSync(lab.endPath, older.replace(/"hash":"../, '"hash":"00'));
  expect(openDoorAudit(lab.folder, clock).last(0).found).toEqual([
    'entry 5 is not the one in audit-end.json: what comes before it was written anew',
  ]);
  writeFileSync(lab.endPath, '');
  expect(openDoorAudit(lab.folder, clock).last(0).found).toEqual([
    'its end in audit-end.json is no JSON: whether lines were cut off its end cannot be told',
  ]);
  rmSync(lab.endPath);
  expect(openDoorAudit(lab.folder, clock).last(0).found).toEqual([
    'audit-end.json is missing: whether lines were cut off its end cannot be told',
  ]);
});

it('from the first deed on nothing is done that cannot be written down, but stop and sign-out are', async () => {
  await using door = await openedDoor();
  const operator = await signedIn(door.server, 'operator');
  const send = (method: string, path: string, body?: unknown) =>
    ask(door.server, API + path, { method, headers: operator, ...(body === undefined ? {} : { body }) });
  const command = (name: string) => send('POST', '/runs/run-1/commands', { command: name });
  expect((await send('POST', '/control', {})).status).toBe(200);
  const path = doorAuditPath(door.folder);
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  expect(await command('hold')).toMatchObject({
    status: 503,
    text: expect.stringContaining('it is a folder'),
  });
  expect((await command('stop')).status).toBe(200);
  const reader = withToken(tokenOf(door.accounts, 'engineer'));
  const audit = await ask(door.server, `${API}/audit`, { headers: reader });
  expect(audit).toMatchObject({
    status: 200,
    json: { lines: [], found: [expect.stringContaining('it is a folder')] },
  });
  expect((await send('DELETE', '/session')).status).toBe(200);
  expect((await send('GET', '/runs')).status).toBe(401);
  rmSync(path, { recursive: true });
  renameSync(`${path}.away`, path);
  expect((await send('POST', '/session', { name: 'nobody', password: 'x' })).status).toBe(401);
  const { lines, found } = openDoorAudit(door.folder, clock).last(20);
  expect(found).toEqual([]);
  expect(lines.map(({ what, status }) => `${what} ${status}`).reverse()).toEqual([
    'signIn 200',
    'takeControl 102',
    'takeControl 200',
    'command 102',
    'command 503',
    'command 200',
    'signOut 200',
    'signIn 401',
  ]);
});

it('what was asked stands in the audit before it is done', async () => {
  await using door = await openedDoor();
  const operator = withToken(tokenOf(door.accounts, 'operator'));
  let before: AuditLine | undefined;
  const { command } = door.fake.lab;
  door.fake.lab.command = (...asked: Parameters<typeof command>) => {
    before = openDoorAudit(door.folder, clock).last(1).lines[0];
    return command(...asked);
  };
  await ask(door.server, `${API}/control`, { method: 'POST', headers: operator, body: {} });
  const asking = { method: 'POST', headers: operator, body: { command: 'hold' } };
  expect((await ask(door.server, `${API}/runs/run-1/commands`, asking)).status).toBe(200);
  expect(before).toMatchObject({ what: 'command', by: 'operator', status: 102, outcome: 'asked' });
  expect(existsSync(doorAuditPath(door.folder))).toBe(true);
});
