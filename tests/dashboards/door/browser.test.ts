import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardServer, serveDashboard } from '../../../dashboards/server.ts';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { fakeRun } from '../fake-view.ts';
import { ask, FAR, type OpenedDoor, openedDoor, PASSWORD, signedIn } from './opened.ts';

/** What a real browser lets pass between the door, its guests, and pages of others. `localhost` is another site than 127.0.0.1. */

describe.skipIf(!hasChromium)('in a browser', () => {
  let browser: Browser;
  let pageDir: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
    pageDir = mkdtempSync(join(tmpdir(), 'cellbench-dist-'));
    writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>lab</title>');
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(pageDir, { recursive: true, force: true });
  });

  /** Evaluated in a page: what the door says of whoever looks at it. */
  const ME = `fetch('/api/v1/me').then(reply => reply.json())`;

  it("a guest's link on a page of others lets the guest look", async () => {
    await using door = await openedDoor({ pageDir });
    const headers = await signedIn(door.server, 'operator');
    const given = await ask(door.server, '/api/v1/guest-links', {
      method: 'POST',
      headers,
      body: { until_utc: FAR },
    });
    const { url } = given.json as { url: string };
    const other = await otherSite(`<!doctype html><a href="${url}">look</a>`);
    const page = await browser.newPage();
    try {
      await page.goto(siteOf(other));
      await page.click('a');
      await page.waitForURL(`${door.server.url}/`);
      expect(await page.title()).toBe('lab');
      expect(await page.evaluate(ME)).toMatchObject({
        name: 'guest of operator',
        role: 'viewer',
        guestUntilUtc: FAR,
      });
    } finally {
      await page.close();
      other.close();
    }
  });

  it('pages of others neither read nor change anything, although somebody has signed in', async () => {
    await using door = await openedDoor({ pageDir });
    const other = await otherSite('<!doctype html><title>other</title>');
    const context = await browser.newContext();
    try {
      const own = await context.newPage();
      await signIn(own, door);
      expect(await own.evaluate(ME)).toMatchObject({ name: 'operator' });
      const page = await context.newPage();
      await page.goto(siteOf(other));
      const api = `${door.server.url}/api/v1`;
      const tried = await page.evaluate(async base => {
        const way = (init: RequestInit) =>
          fetch(`${base}/control`, init).then(
            reply => `${reply.type} ${reply.status}`,
            () => 'blocked',
          );
        const json = { 'content-type': 'application/json' };
        return [
          await way({ credentials: 'include' }),
          await way({ method: 'POST', credentials: 'include', headers: json, body: '{}' }),
          await way({ method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' }),
          await new Promise(resolve => {
            const socket = new WebSocket(`${base.replace('http', 'ws')}/live`);
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('blocked');
          }),
        ];
      }, api);
      expect(tried).not.toContain('open');
      expect(tried.filter(one => /(basic|cors) 2/.test(String(one)))).toEqual([]);
      expect(await own.evaluate(ME)).toMatchObject({ control: null });
    } finally {
      await context.close();
      other.close();
    }
  });

  it('the live page of a run lives and commands through the door', async () => {
    await using door = await openedDoor({ pageDir });
    const run = fakeRun();
    const served: DashboardServer = await serveDashboard(run.view, { port: 0, pageDir });
    const context = await browser.newContext();
    try {
      door.fake.pages.set('run-1', served.url);
      const page = await context.newPage();
      const csrf = await signIn(page, door);
      await page.evaluate(
        token =>
          fetch('/api/v1/control', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-csrf-token': token },
            body: '{}',
          }),
        csrf,
      );
      await page.goto(`${door.server.url}/run/run-1/`);
      const [decided, first] = await page.evaluate(async () => {
        const reply = await fetch('api/command', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"command":"hold"}',
        });
        const message = await new Promise(resolve => {
          const socket = new WebSocket(`${location.href.replace('http', 'ws')}live`);
          socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
        });
        return [await reply.json(), message];
      });
      expect(decided).toEqual({ accepted: true, text: 'hold it is' });
      expect(first).toHaveProperty('snapshot');
      expect(door.fake.asked.at(-1)?.of).toMatchObject({ command: { command: 'hold', by: 'operator' } });
    } finally {
      await context.close();
      await served.close();
    }
  });
});

async function signIn(page: Page, door: OpenedDoor): Promise<string> {
  await page.goto(door.server.url);
  return page.evaluate(async password => {
    const reply = await fetch('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'operator', password }),
    });
    return (await reply.json()).csrf as string;
  }, PASSWORD);
}

function otherSite(html: string): Promise<Server> {
  const server = createServer((_request, reply) =>
    reply.writeHead(200, { 'content-type': 'text/html' }).end(html),
  );
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function siteOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}
