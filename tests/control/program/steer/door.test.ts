import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alarmsCommand } from '../../../../control/program/alarms/alarms-command.ts';
import { askRun, openDoor, openDoorOf, openRuns } from '../../../../control/program/steer/door.ts';
import { limitCommand, skipCommand } from '../../../../control/program/steer/steer-command.ts';
import { toPage } from '../../../../dashboards/pass-on.ts';
import { serveDashboard } from '../../../../dashboards/server.ts';
import { ourIdentity } from '../../../../drivers/process-identity.ts';
import { fakeRun } from '../../../dashboards/fake-view.ts';

const KEY = randomUUID();
/** What is left behind of a process whose number another one has now, and of one that is gone. */
const STALE = {
  ...{ pid: process.pid, processStart: '1 of-another-boot', url: 'http://127.0.0.1:1', key: KEY },
  folder: 'HERE',
};
const GONE = { ...STALE, pid: 2 ** 22 - 1 };
const OURS = { ...STALE, ...ourIdentity() };

let dir: string;
function writeDoor(at: string, text: string): void {
  writeFileSync(join(at, 'door.json'), text.replace('HERE', String(statSync(at, { bigint: true }).ino)));
}
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'door-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const who = ['--by', 'A. Volta', '--reason', 'full'];

it('asks the page of the run, and says what it decides', async () => {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', piece => (body += piece));
    request.on('end', () => {
      asked.push([request.url, JSON.parse(body)]);
      expect(request.headers).toMatchObject({ 'x-of-run': KEY, 'x-asked-through': 'command line' });
      response.setHeader('content-type', 'application/json');
      const accepted = asked.length === 1;
      response.end(JSON.stringify({ accepted, text: accepted ? 'done' : 'not now' }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    using _door = openDoor(dir, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, KEY);
    expect(await limitCommand([dir, 'hot', '70.5', ...who])).toBe(0);
    await expect(skipCommand([dir, ...who])).rejects.toThrow('refused: not now');
    const name = { by: 'A. Volta', reason: 'full' };
    expect(asked).toEqual([
      ['/api/command', { command: 'limit', interlock: 'hot', value: 70.5, ...name }],
      ['/api/command', { command: 'skip', ...name }],
    ]);
  } finally {
    server.close();
  }
  expect(() => readFileSync(join(dir, 'door.json'))).toThrow();
});

it('the runs below a folder that take commands are those whose program lives', () => {
  for (const name of ['a', 'b', 'c', 'd']) mkdirSync(join(dir, name));
  expect(openRuns(join(dir, 'no-such'))).toEqual([]);
  writeDoor(join(dir, 'a'), JSON.stringify(GONE));
  writeFileSync(join(dir, 'b', 'door.json'), '{');
  using _one = openDoor(join(dir, 'c'), 'http://127.0.0.1:1', KEY);
  expect(openRuns(dir)).toEqual([join(dir, 'c')]);
  using _two = openDoor(join(dir, 'd'), 'http://127.0.0.1:1', KEY);
  expect(openRuns(dir)).toEqual([join(dir, 'c'), join(dir, 'd')]);
});

it('an alarm is acknowledged of the only run under way, never of one of several', async () => {
  const before = process.cwd();
  process.chdir(dir);
  try {
    const acknowledge = () => alarmsCommand(['acknowledge', '--by', 'A. Volta']);
    await expect(acknowledge()).rejects.toThrow('runs: no run is under way, expected --run');
    for (const name of ['a', 'b']) mkdirSync(join('runs', name), { recursive: true });
    using _one = openDoor(join('runs', 'a'), 'http://127.0.0.1:1', KEY);
    await expect(acknowledge()).rejects.toThrow(/a.door\.json.*does not answer/);
    using _two = openDoor(join('runs', 'b'), 'http://127.0.0.1:1', KEY);
    await expect(acknowledge()).rejects.toThrow(/2 are under way: runs.a, runs.b/);
  } finally {
    process.chdir(before);
  }
});

it.each([
  [() => skipCommand([]), /found 0 words, expected RUN/],
  [() => skipCommand(['x', '--by', 'A']), /--reason: expected why/],
  [() => skipCommand(['x', '--reason', 'A']), /--by: expected the name/],
  [() => limitCommand(['x', 'hot', 'warm', ...who]), /VALUE: found "warm", expected a number/],
  [() => limitCommand(['x', 'hot', '', ...who]), /VALUE: found "", expected a number/],
  [() => skipCommand(['x', '--because', 'A']), /because/],
])('bad input is refused before anything is asked (%#)', async (run, says) => {
  await expect(run()).rejects.toThrow(says);
});

it.each([
  ['is not there', undefined, /is not there, expected a run under way whose page is up/],
  ['is rubbish', '{', /is no address of a run/],
  ['is of a process that is gone', JSON.stringify(GONE), /process 4194303 is gone/],
  ['is of a process whose number another one has now', JSON.stringify(STALE), /process \d+ is gone/],
  ['says nothing of its run', JSON.stringify({ pid: process.pid, url: STALE.url }), /is no address of a run/],
  ['was copied with its folder', JSON.stringify({ ...OURS, folder: '1' }), /was copied from another run/],
  ['leads nowhere', JSON.stringify(OURS), /does not answer/],
])('a door that %s', async (_, text, says) => {
  if (text !== undefined) writeDoor(dir, text);
  await expect(askRun(dir, { command: 'hold' })).rejects.toThrow(says);
});

it('a door that leads to the page of another run asks nothing of that one', async () => {
  const run = fakeRun();
  writeFileSync(join(dir, 'index.html'), '');
  const other = await serveDashboard(run.view, { port: 0, pageDir: dir, key: randomUUID() });
  try {
    writeDoor(dir, JSON.stringify({ ...OURS, url: other.url }));
    await expect(askRun(dir, { command: 'stop' })).rejects.toThrow('leads to another run');
    expect(run.asked).toEqual([]);
    writeDoor(dir, JSON.stringify(OURS));
    const page = openDoorOf(dir);
    expect(page).toBe(`http://127.0.0.1:1/#${KEY}`);
    expect(toPage(page, '/api/command', { headers: { 'x-of-run': 'of the visitor' } })?.headers).toEqual({
      'x-of-run': KEY,
    });
  } finally {
    await other.close();
  }
});

it('a page takes what is for its own run, and what its own page asks', async () => {
  const run = fakeRun();
  writeFileSync(join(dir, 'index.html'), '');
  const own = await serveDashboard(run.view, { port: 0, pageDir: dir, key: KEY });
  try {
    using _door = openDoor(dir, own.url, KEY);
    expect(await askRun(dir, { command: 'stop' })).toEqual({ accepted: true, text: 'heard stop' });
    expect((await fetch(`${own.url}/api/snapshot`)).status).toBe(200);
  } finally {
    await own.close();
  }
});
