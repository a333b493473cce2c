import { describe, expect, it } from 'vitest';
import type { AuditLine } from '../../../dashboards/door/audit.ts';
import { serveDashboard } from '../../../dashboards/server.ts';
import { hasChromium } from '../../support/chromium.ts';
import { browserOfPage } from '../browser-of-page.ts';
import { fakeRun } from '../fake-view.ts';
import { ask, openedDoor, PASSWORD, signedIn, tokenOf, withToken } from './opened.ts';

/** Who acts on alarms through a door with accounts: the door knows the name, the page asks for none. */

it('an acknowledgement has as many lines in the audit as other changes, in control or not, in the name of the account', async () => {
  await using door = await openedDoor();
  const operator = await signedIn(door.server, 'operator');
  const command = (body: unknown) =>
    ask(door.server, '/api/v1/runs/run-1/commands', { method: 'POST', headers: operator, body });
  const reader = withToken(tokenOf(door.accounts, 'engineer'));
  const lines = async () => {
    const { json } = await ask(door.server, '/api/v1/audit', { headers: reader });
    return (json as { lines: AuditLine[] }).lines
      .filter(({ what }) => what === 'command')
      .map(({ by, status }) => [by, status]);
  };
  expect((await command({ command: 'acknowledge', alarm: 'x' })).status).toBe(200);
  expect(await lines()).toEqual([
    ['operator', 200],
    ['operator', 102],
  ]);
  const api = '/run/run-1/api/command';
  const typed = { command: 'acknowledge', by: 'Somebody Else' };
  const { status } = await ask(door.server, api, { method: 'POST', headers: operator, body: typed });
  expect(status).toBe(200);
  expect(await lines()).toHaveLength(4);
  expect(door.fake.asked.at(-1)?.of).toMatchObject({ command: { by: 'operator' }, who: 'operator' });
});

describe.skipIf(!hasChromium)('in a browser', () => {
  const built = browserOfPage();

  it('with accounts no name is asked for, and the history comes through the door', async () => {
    await using door = await openedDoor({ pageDir: built.pageDir });
    const run = fakeRun();
    const served = await serveDashboard(run.view, { port: 0, pageDir: built.pageDir });
    const context = await built.browser.newContext();
    try {
      door.fake.pages.set('run-1', served.url);
      const page = await context.newPage();
      await page.goto(door.server.url);
      await page.evaluate(async password => {
        const json = { 'content-type': 'application/json' };
        const body = JSON.stringify({ name: 'operator', password });
        const { csrf } = await (
          await fetch('/api/v1/session', { method: 'POST', headers: json, body })
        ).json();
        const headers = { ...json, 'x-csrf-token': csrf };
        await fetch('/api/v1/control', { method: 'POST', headers, body: '{}' });
      }, PASSWORD);
      run.warn();
      await page.goto(`${door.server.url}/run/run-1/`);
      await page.waitForSelector('p.who:has-text("As operator")');
      expect(await page.locator('.alarms label.who').count()).toBe(0);
      await page.click('button[aria-label="Shelve h2-in-o2-warn"]');
      expect(await page.locator('form.shelve label').count()).toBe(2);
      await page.fill('form.shelve label:has-text("because") input', 'span gas');
      await page.click('form.shelve button[type=submit]');
      await expect
        .poll(() => door.fake.asked.at(-1)?.of)
        .toMatchObject({ command: { command: 'shelve', by: 'operator', reason: 'span gas' } });
      await page.click('.to-history');
      await expect.poll(() => page.locator('dialog[open] tbody tr').count()).toBe(50);
    } finally {
      await context.close();
      await served.close();
    }
  });
});
