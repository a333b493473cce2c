import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DashboardServer, serveDashboard } from '../../../dashboards/server.ts';
import { hasChromium } from '../../support/chromium.ts';
import { browserOfPage } from '../browser-of-page.ts';
import { type FakeRun, fakeRun } from '../fake-view.ts';
import { ask, type OpenedDoor, openedDoor, PASSWORD, signedIn } from './opened.ts';

/** What the live page of a run says of control while others take it, and of a session that ends elsewhere. */

describe.skipIf(!hasChromium)('control on the live page', () => {
  const built = browserOfPage();

  it('is lost soon, with the reason; signed out it is not known, and nobody knocks in vain', async () => {
    await using door = await openedDoor({ pageDir: built.pageDir, livePageDir: built.pageDir });
    const run: FakeRun = fakeRun();
    const served: DashboardServer = await serveDashboard(run.view, { port: 0, pageDir: built.pageDir });
    door.fake.pages.set('run-1', served.url);
    const engineer = await signedIn(door.server, 'engineer');
    const context = await built.browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
    });
    try {
      const csrf = await signIn(page, door);
      await asOperator(page, csrf, 'POST', '/control', '{}');
      await page.goto(`${door.server.url}/run/run-1/`);
      await page.locator('text=in control: you').waitFor();
      const hold = page.getByRole('button', { name: 'Hold', exact: true });
      expect(await hold.isEnabled()).toBe(true);

      await ask(door.server, '/api/v1/control', {
        ...{ method: 'POST', headers: engineer, body: { reason: 'pump noise' } },
      });
      await page.locator('text=in control: engineer').waitFor();
      expect(await hold.isEnabled()).toBe(false);
      expect(await page.textContent('.banner[role=alert]')).toContain('pump noise');

      // In another tab.
      await asOperator(page, csrf, 'DELETE', '/session');
      await page.locator('text=in control: not known').waitFor();
      expect(await page.textContent('body')).toContain('You are signed out');
      await page.waitForTimeout(6000);
      // One question may have been on its way; from then on nothing is asked that would be refused.
      expect(complaints.length).toBeLessThanOrEqual(1);

      await signIn(page, door, false);
      await page.locator('text=in control: engineer').waitFor();
      await page.locator('.page:not(.lost)').waitFor();
      complaints.length = 0;
      // The run ends, and its process with it.
      door.fake.runs[0] = { ...door.fake.runs[0], state: 'over', verdict: 'completed' };
      door.fake.pages.delete('run-1');
      await served.close();
      await page.locator('text=The run is over').waitFor();
      await page.waitForTimeout(3000);
      // A chart that was asked for as it ended gets no answer; it is not asked for again.
      const isOfChart = (text: string): boolean => text.includes('/api/history?');
      expect(complaints.filter(text => !isOfChart(text))).toEqual([]);
      const charts = complaints.filter(isOfChart).map(text => text.split(' ').at(-1));
      expect(charts).toEqual([...new Set(charts)]);
    } finally {
      await context.close();
      await served.close();
    }
  });
});

async function signIn(page: Page, door: OpenedDoor, from = true): Promise<string> {
  if (from) await page.goto(`${door.server.url}/api/v1/health`);
  return page.evaluate(async password => {
    const reply = await fetch('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'operator', password }),
    });
    return (await reply.json()).csrf as string;
  }, PASSWORD);
}

async function asOperator(
  page: Page,
  csrf: string,
  method: string,
  path: string,
  body?: string,
): Promise<void> {
  await page.evaluate(
    async ([token, how, to, text]) => {
      await fetch(`/api/v1${to}`, {
        method: how,
        headers: {
          'x-csrf-token': token,
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(text === undefined ? {} : { body: text }),
      });
    },
    [csrf, method, path, body] as [string, string, string, string | undefined],
  );
}
