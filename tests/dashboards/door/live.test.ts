import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { serveDashboard } from '../../../dashboards/server.ts';
import { fakeRun } from '../fake-view.ts';
import { fakeRun as runInLab } from './fake-lab.ts';
import { ask, type OpenedDoor, openedDoor, signedIn, tokenOf, withToken } from './opened.ts';

type Headers = Record<string, string>;

/** A WebSocket of the door, and what it has said. */
function open(door: OpenedDoor, path: string, headers: Headers) {
  const socket = new WebSocket(`ws://127.0.0.1:${door.server.port}${path}`, { headers });
  const said: { at_s: number; json: Record<string, unknown> }[] = [];
  socket.on('message', data => said.push({ at_s: performance.now() / 1000, json: JSON.parse(String(data)) }));
  const closed = new Promise<void>(resolve => socket.on('close', () => resolve()));
  const status = new Promise<number>(resolve => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, reply) => resolve(reply.statusCode ?? 0));
    socket.on('error', () => {});
  });
  return { socket, said, closed, status };
}

describe('what goes on in the lab', () => {
  it('is said whole when it is opened, then when it changes, at most twice a second', async () => {
    await using door = await openedDoor();
    const operator = await signedIn(door.server, 'operator');
    const { said, status, socket } = open(door, '/api/v1/live', { cookie: operator['cookie'] });
    expect(await status).toBe(101);
    await expect.poll(() => said.length).toBe(1);
    expect(said[0].json).toMatchObject({ runs: [{ id: 'run-2' }, { id: 'run-1' }], control: null });
    for (let n = 0; n < 20; n++) {
      door.fake.runs[0] = { ...runInLab('run-1'), bytes: 5000 + n };
      await ask(door.server, '/api/v1/control', {
        method: n % 2 === 0 ? 'POST' : 'DELETE',
        headers: operator,
        ...(n % 2 === 0 ? { body: {} } : {}),
      });
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await expect.poll(() => JSON.stringify(said.at(-1)?.json), { timeout: 20_000 }).toContain('"bytes":5019');
    const gaps = said.slice(1).map(({ at_s }, i) => at_s - said[i].at_s);
    expect(Math.min(...gaps)).toBeGreaterThan(0.4);
    const count = said.length;
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(said.length).toBe(count);
    socket.close();
  });

  it('is kept for nobody who does not read', { timeout: 60_000 }, async () => {
    await using door = await openedDoor();
    const headers = withToken(tokenOf(door.accounts, 'viewer'));
    const slow = open(door, '/api/v1/live', headers);
    await slow.status;
    slow.socket.pause();
    const quick = open(door, '/api/v1/live', headers);
    const long = 'x'.repeat(4_000_000);
    for (let n = 0; n < 10; n++) {
      const seen = quick.said.length;
      door.fake.runs[0] = { ...runInLab('run-1'), verdict: `${n} ${long}` };
      await expect.poll(() => quick.said.length, { timeout: 30_000 }).toBeGreaterThan(seen);
      quick.said.length = 1;
    }
    door.fake.runs[0] = { ...runInLab('run-1'), verdict: 'the end' };
    slow.socket.resume();
    await expect.poll(() => JSON.stringify(slow.said.at(-1)?.json), { timeout: 30_000 }).toContain('the end');
    // What lay in the sockets when it stopped reading, and the newest state; the others were never made for it.
    expect(slow.said.length).toBeLessThanOrEqual(5);
    slow.socket.terminate();
    quick.socket.terminate();
  });

  it('is for whoever may look, as long as they may, out of pages of the door', async () => {
    await using door = await openedDoor();
    const viewer = await signedIn(door.server, 'viewer');
    const statusOf = (headers: Headers) => open(door, '/api/v1/live', headers).status;
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ cookie: viewer['cookie'], origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf({ cookie: viewer['cookie'], host: 'evil.example' })).toBe(403);
    const { status, closed } = open(door, '/api/v1/live', {
      cookie: viewer['cookie'],
      origin: viewer['origin'],
    });
    expect(await status).toBe(101);
    await ask(door.server, '/api/v1/session', { method: 'DELETE', headers: viewer });
    await closed;
    expect(await open(door, '/api/v1/nothing', withToken(tokenOf(door.accounts, 'viewer'))).status).toBe(404);
  });
});

describe('the live page of a run', () => {
  it('is read through the door; its commands go through role and control, in the name of the account', async () => {
    await using door = await openedDoor();
    const pageDir = mkdtempSync(join(tmpdir(), 'cellbench-dist-'));
    writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>run</title>');
    const run = fakeRun();
    const page = await serveDashboard(run.view, { port: 0, pageDir });
    try {
      door.fake.pages.set('run-1', page.url);
      const operator = await signedIn(door.server, 'operator');
      const viewer = withToken(tokenOf(door.accounts, 'viewer'));
      expect((await ask(door.server, '/run/run-1', { headers: viewer })).headers['location']).toBe(
        '/run/run-1/',
      );
      expect((await ask(door.server, '/run/run-1/', { headers: viewer })).text).toContain(
        '<title>run</title>',
      );
      expect((await ask(door.server, '/run/run-1/', {})).status).toBe(401);
      expect(
        (await ask(door.server, '/run/run-1?screen=wall', { headers: viewer })).headers['location'],
      ).toBe('/run/run-1/?screen=wall');
      expect((await ask(door.server, '/run/run-2/', { headers: viewer })).status).toBe(404);
      // Of one that is over a person is shown what has come of it, however the page was shown.
      const person = { ...viewer, accept: 'text/html,*/*' };
      for (const [query, lang] of [
        ['', ''],
        ['?screen=wall', ''],
        ['?screen=wall&lang=de', '?lang=de'],
      ]) {
        const { status, headers } = await ask(door.server, `/run/run-2/${query}`, { headers: person });
        expect([status, headers['location']]).toEqual([302, `/${lang}#/runs/run-2`]);
      }
      expect((await ask(door.server, '/run/run-1/api/trends', { headers: operator })).text).toContain(
        'roles',
      );
      for (const path of ['/run/run-1/live', '/api/v1/runs/run-1/live']) {
        const { status, said, socket } = open(door, path, {
          cookie: operator['cookie'],
          origin: operator['origin'],
        });
        expect(await status).toBe(101);
        await expect.poll(() => said[0]?.json).toHaveProperty('snapshot');
        socket.close();
      }
      expect(await open(door, '/run/run-1/live', {}).status).toBe(401);
      const { 'x-csrf-token': _, ...asPage } = operator;
      const command = (headers: Headers, body: unknown) =>
        ask(door.server, '/run/run-1/api/command', { method: 'POST', headers, body });
      expect((await command(asPage, { command: 'hold' })).status).toBe(409);
      await ask(door.server, '/api/v1/control', { method: 'POST', headers: operator, body: {} });
      const held = await command(asPage, { command: 'skip', by: 'admin', reason: 'it is clear' });
      expect(held.json).toEqual({ accepted: true, text: 'skip it is' });
      expect(door.fake.asked.at(-1)?.of).toMatchObject({
        id: 'run-1',
        command: { by: 'operator' },
        who: 'operator',
      });
      const { origin: __, ...nowhere } = asPage;
      expect((await command(nowhere, { command: 'hold' })).status).toBe(403);
      expect((await command({ ...asPage, origin: 'http://evil.example' }, { command: 'stop' })).status).toBe(
        403,
      );
      expect((await command(viewer, { command: 'stop' })).status).toBe(403);
      expect(
        (await command(asPage, { command: 'limit', interlock: 'x', value: 1, by: 'a', reason: 'b' })).status,
      ).toBe(403);
      // Nothing went to the run past the door.
      expect(run.asked).toEqual([]);
      const other = await ask(door.server, '/run/run-1/api/snapshot', {
        method: 'POST',
        headers: operator,
        body: {},
      });
      expect(other.status).toBe(404);
    } finally {
      await page.close();
      rmSync(pageDir, { recursive: true });
    }
  });
});
