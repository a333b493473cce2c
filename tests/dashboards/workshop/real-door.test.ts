import { rmSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { buildPage } from '../built-page.ts';
import { foundByAxe } from '../by-axe.ts';
import { ask, type OpenedDoor, openedDoor, PASSWORD, withToken } from '../door/opened.ts';

/** People with accounts before the real door: cookie, token of the session, live news, taking control, a guest's link. */

describe.skipIf(!hasChromium)(
  hasChromium ? 'people at the real door' : 'people at the real door (skipped: no chromium)',
  () => {
    let browser: Browser;
    let pageDir: string;
    let door: OpenedDoor;
    const contexts: BrowserContext[] = [];
    beforeAll(async () => {
      pageDir = buildPage('workshop');
      browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(pageDir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      door = await openedDoor({ pageDir });
    });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
      await door[Symbol.asyncDispose]();
    });

    /** A browser of their own. */
    async function visitor(): Promise<Page> {
      const context = await browser.newContext({ locale: 'en-GB' });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      return page;
    }

    async function person(name: string): Promise<Page> {
      const page = await visitor();
      await page.goto(door.server.url);
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForSelector('nav');
      return page;
    }

    it('two of them: the one sees what the other does, and why control has gone', async () => {
      const [first, second] = [await person('operator'), await person('engineer')];
      await first.getByRole('button', { name: 'Take control' }).click();
      await first.locator('text=You are in control').waitFor();
      await second.locator('text=In control: operator').waitFor();
      await second.getByRole('button', { name: 'Take control' }).click();
      await second.locator('dialog').getByLabel('Reason').fill('my shift');
      await second.locator('dialog button[type=submit]').click();
      await second.locator('text=You are in control').waitFor();
      await first.locator('[role=alert]:has-text("engineer has taken control: my shift")').waitFor();
      await first.getByRole('button', { name: 'Sign out' }).click();
      await first.getByLabel('Password').waitFor();
    });

    it('a session that has ended leads back to the sign-in', async () => {
      const page = await person('viewer');
      door.clock.later(1e6);
      await page.getByRole('link', { name: 'Methods' }).click();
      await page.getByLabel('Password').waitFor();
    });

    it('an operator gives a link, a guest reads by it and can press nothing, until it is taken back', async () => {
      const page = await person('operator');
      await page.getByRole('link', { name: 'operator, operator' }).click();
      const links = page.getByRole('region', { name: 'Links for guests' });
      await links.getByLabel('Until the end of').fill('2026-12-20');
      await links.getByRole('button', { name: 'Make a link' }).click();
      const url = (await links.locator('code').textContent()) ?? '';
      const guest = await visitor();
      await guest.goto(url);
      await guest.waitForSelector('nav');
      await guest.locator('.control:has-text("Guest, reads only, until 2026-12-20")').waitFor();
      expect(await guest.getByRole('button', { name: 'Take control' }).count()).toBe(0);
      await links.getByRole('button', { name: /^Take back/ }).click();
      await expect.poll(() => links.locator('li').count()).toBe(0);
      await guest.reload();
      await guest.getByLabel('Password').waitFor();
    });

    it('a token is made, shown once, and lets a program in', async () => {
      const page = await person('engineer');
      await page.getByRole('link', { name: 'engineer, engineer' }).click();
      const tokens = page.getByRole('region', { name: 'Tokens for programs' });
      await tokens.getByLabel('What for').fill('night script');
      expect(await tokens.getByLabel('Role').locator('option').allTextContents()).toEqual([
        'viewer',
        'operator',
        'engineer',
      ]);
      await tokens.getByLabel('Role').selectOption('operator');
      await tokens.getByLabel('Until the end of').fill('2026-12-20');
      await tokens.getByRole('button', { name: 'Make a token' }).click();
      const token = (await tokens.locator('code').textContent()) ?? '';
      const me = await ask(door.server, '/api/v1/me', { headers: withToken(token) });
      expect(me.json).toMatchObject({ name: 'engineer', role: 'operator' });
    });

    it('an admin adds somebody, who signs in; the last admin stays', async () => {
      const page = await person('admin');
      await page.getByRole('link', { name: 'admin, admin' }).click();
      const accounts = page.getByRole('region', { name: 'Accounts' });
      await accounts.getByLabel('Name').fill('berta');
      await accounts.getByLabel('Role', { exact: true }).selectOption('operator');
      await accounts.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await accounts.getByRole('button', { name: 'Add the account' }).click();
      await accounts.getByRole('rowheader', { name: 'berta' }).waitFor();
      expect(await foundByAxe(page, null)).toEqual([]);
      const other = await person('berta');
      await other.getByRole('link', { name: 'berta, operator' }).waitFor();
      await accounts.getByRole('button', { name: 'Remove: admin' }).click();
      await page.locator('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.locator('[role=alert]:has-text("it is the last admin")').waitFor();
    });
  },
);
