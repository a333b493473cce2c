import { rmSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { buildPage } from '../built-page.ts';
import { ask, FAR, type OpenedDoor, openedDoor, PASSWORD, signedIn } from '../door/opened.ts';

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

    it('a guest reads by a link and can press nothing', async () => {
      const headers = await signedIn(door.server, 'operator');
      const made = await ask(door.server, '/api/v1/guest-links', {
        method: 'POST',
        headers,
        body: { until_utc: FAR },
      });
      const page = await visitor();
      await page.goto((made.json as { url: string }).url);
      await page.waitForSelector('nav');
      await page.locator('.control:has-text("Guest, reads only")').waitFor();
      expect(await page.getByRole('button', { name: 'Take control' }).count()).toBe(0);
    });
  },
);
