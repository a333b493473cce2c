import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { foundByAxe } from '../by-axe.ts';
import { complaints, door, inBrowser, open, page } from './in-browser.ts';

/** The page by the rules of WCAG 2.2, levels A and AA, as far as axe-core can tell; in every language; on every screen. */

/** Place, and what stands there once it is whole. */
const PLACES: readonly (readonly [hash: string, ready: string])[] = [
  ['#/benches', '.bench'],
  ['#/methods', 'tbody tr'],
  ['#/start?bench=cells%2Fbench&method=capacity', '.fields'],
  ['#/runs', 'tbody tr'],
  ['#/runs/2026-11-30_capacity_2', '.tree'],
  ['#/runs/2026-11-30_capacity_3', '.buttons'],
  ['#/compare?run=2026-11-30_capacity_1&run=2026-11-30_capacity_2', '.compared'],
  ['#/campaigns', 'tbody tr'],
  ['#/campaigns/campaign-night', 'tbody tr'],
  ['#/edit/capacity', '.cm-content'],
  ['#/people', 'h1'],
];
const FORMS = [
  ['desk', { width: 1440, height: 900 }, 'light'],
  ['dark desk', { width: 1440, height: 900 }, 'dark'],
  ['phone', { width: 390, height: 844 }, 'light'],
] as const;

describe.skipIf(!hasChromium)(
  hasChromium
    ? 'everybody can use the laboratory'
    : 'everybody can use the laboratory (skipped: no chromium)',
  () => {
    inBrowser();

    it.each(FORMS)('%s: nothing found at any place, nothing sticks out', async (_, size, colorScheme) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      door.findings = [{ severity: 'warning', line: 6, column: 3, text: 'long', hint: null }];
      const all: Record<string, string[]> = {};
      for (const [hash, ready] of PLACES) {
        await open(hash);
        await page.waitForSelector(ready);
        const seen = await foundByAxe(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(wide) > 0) seen.push(`sticks out by ${wide} px`);
        if (seen.length > 0) all[hash] = seen;
      }
      expect(all).toEqual({});
      expect(complaints).toEqual([]);
    });

    it('so are its dialogs and the sign-in', async () => {
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'Add a run' }).click();
      expect(await foundByAxe(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Stop the campaign' }).click();
      expect(await foundByAxe(page)).toEqual([]);
      door.me = { ...door.me, name: null, role: null, withoutAccounts: false };
      await page.reload();
      await page.getByLabel('Password').waitFor();
      expect(await foundByAxe(page)).toEqual([]);
    });

    it('a run is started by the keyboard alone', async () => {
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.waitForSelector('.fields');
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement?.textContent')) === 'Start') {
          const isButton = await page.evaluate('document.activeElement?.tagName === "BUTTON"');
          if (isButton === true) break;
        }
      }
      await page.keyboard.press('Enter');
      await page.waitForURL('**/run/2026-11-30_capacity_3/');
    });
  },
);
