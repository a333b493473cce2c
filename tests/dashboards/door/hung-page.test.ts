import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { browserOfPage } from '../browser-of-page.ts';
import { foundByAxe } from '../by-axe.ts';
import { openedDoor } from './opened.ts';

/** The live page of a run whose process takes connections and answers nothing. */

const SILENT = {
  sinceUtc: '2026-11-30T11:59:00.000Z',
  guard: { what: 'watches', timeout_s: 5 } as const,
  watchdogs: [{ device: 'supply', armed_s: 10 }],
};

describe.skipIf(!hasChromium)('the page of a run that does not answer', () => {
  const built = browserOfPage();

  it.each([
    ['en', false, 'does not answer', 'The guard watches: after 5 s'],
    ['de', true, 'antwortet nicht', 'Der Wächter wacht: nach 5 s'],
    ['ja', true, '応答しません', '応答が 5 秒途絶えると'],
  ])(
    'in %s comes from the door, says what guards the bench, and lets a person stop it',
    async (lang, isKnown, said, guard) => {
      const hung = createServer(() => {});
      await new Promise<void>(resolve => hung.listen(0, '127.0.0.1', () => resolve()));
      await using door = await openedDoor({ withAccounts: false, livePageDir: built.pageDir });
      door.fake.pages.set('run-1', `http://127.0.0.1:${(hung.address() as AddressInfo).port}`);
      // At first the door does not know it yet.
      if (isKnown) door.fake.runs[0] = { ...door.fake.runs[0], mode: 'rehearsal', silent: SILENT };
      const page = await built.browser.newPage();
      try {
        await page.goto(`${door.server.url}/run/run-1/?lang=${lang}`);
        await page.waitForSelector('h1');
        door.fake.runs[0] = { ...door.fake.runs[0], mode: 'rehearsal', silent: SILENT };
        const notice = page.locator('.silent');
        await notice.waitFor({ timeout: 20_000 });
        for (const word of [said, guard, 'supply', '2026-11-30 11:59:00 UTC'])
          expect(await notice.textContent()).toContain(word);
        // Whoever comes now has nothing of the run itself: whose it is and whether it is real says the list.
        const head = page.locator('header');
        await expect.poll(() => head.textContent(), { timeout: 20_000 }).toContain(door.fake.runs[0].bench);
        expect(await head.locator('.badge').count()).toBe(1);
        expect(await foundByAxe(page)).toEqual([]);
        await notice.getByRole('button').click();
        await page.locator('dialog[open] button.stop').click();
        await expect
          .poll(() => door.fake.asked.map(({ of }) => of))
          .toEqual([expect.objectContaining({ command: { command: 'stop', by: 'local' } })]);
        // On a wall every sentence is whole.
        await page.setViewportSize({ width: 1920, height: 1080 });
        await page.goto(`${door.server.url}/run/run-1/?lang=${lang}&screen=wall`);
        await notice.waitFor({ timeout: 20_000 });
        const rights = await notice.locator('p, li').evaluateAll(all =>
          all.map(of => {
            const range = document.createRange();
            range.selectNodeContents(of);
            return range.getBoundingClientRect().right;
          }),
        );
        expect(rights.length).toBeGreaterThan(3);
        expect(Math.max(...rights)).toBeLessThanOrEqual(1920);
      } finally {
        await page.close();
        hung.closeAllConnections();
        hung.close();
      }
    },
  );
});
