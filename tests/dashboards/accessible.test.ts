import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { foundByAxe } from './by-axe.ts';
import { openedInBrowser, page, run, server } from './in-browser.ts';

/** The page by the rules of WCAG 2.2, levels A and AA, as far as a program can tell: axe-core. */

const STATES: readonly (readonly [string, () => void])[] = [
  ['quiet', () => {}],
  ['a warning', () => run.warn()],
  ['tripped', () => run.trip()],
  ['a lost instrument', () => run.lose()],
  ['over', () => run.end()],
  ['not proved', () => run.leaveUnproven('output off: look at the supply')],
  ['the connection lost', () => void server.close()],
];
const FORMS = [
  ['desk', { width: 1440, height: 900 }, 'light', ''],
  ['dark desk', { width: 1440, height: 900 }, 'dark', ''],
  ['phone', { width: 390, height: 844 }, 'light', ''],
  ['wall', { width: 1920, height: 1080 }, 'light', '?screen=wall'],
] as const;

describe.skipIf(!hasChromium)(
  hasChromium ? 'everybody can use the page' : 'everybody can use the page (skipped: no chromium)',
  () => {
    openedInBrowser();

    it.each(FORMS)('%s: nothing found in any state', async (_, size, colorScheme, query) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.url}${query}`);
      await page.waitForSelector('.tile');
      // As of a run that has told more than there is room for.
      await page.locator('.events ol').evaluate(list => {
        list.style.maxHeight = '12px';
      });
      const all: Record<string, string[]> = {};
      for (const [name, go] of STATES) {
        go();
        await page.waitForTimeout(300);
        const seen = await foundByAxe(page);
        if (seen.length > 0) all[name] = seen;
      }
      expect(all).toEqual({});
    });
  },
);
