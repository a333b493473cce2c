import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { foundByAxe } from '../by-axe.ts';
import { complaints, openedInBrowser, page, run, server } from '../in-browser.ts';

const tile = (name: string) => page.locator(`.tile:has(.tile-head:has-text("${name}"))`);

describe.skipIf(!hasChromium)(
  hasChromium ? 'tiles in a browser' : 'tiles in a browser (skipped: no chromium)',
  () => {
    openedInBrowser();

    it('each quantity with its value, what is set and the nearest limit', async () => {
      await expect.poll(() => page.locator('.tile').count()).toBe(4);
      const current_A = 1000 + 500 * Math.sin(600 / 9);
      expect(await tile('current').locator('.tile-value').innerText()).toBe(current_A.toFixed(1));
      expect(await tile('current').locator('.tile-beside').innerText()).toBe('set 1010.0');
      expect(await tile('H₂ in O₂').locator('.tile-beside').innerText()).toBe('trip > 2.00');
      expect(await tile('H₂ in O₂').locator('.bar-limit.acts').count()).toBe(1);
      // A pressure without a limit and without a set value has nothing to measure it by.
      expect(await tile('pressure').locator('svg').count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it('of a lost instrument the last number stands greyed with its age, and no pointer on the bar', async () => {
      await expect.poll(() => page.locator('.tile').count()).toBe(4);
      run.lose();
      await expect.poll(() => tile('current').locator('.age').innerText()).toBe('0:02:13 ago');
      const last_A = 1000 + 500 * Math.sin(600 / 9);
      expect(await tile('current').locator('.tile-value .dead').innerText()).toBe(last_A.toFixed(1));
      expect(await page.locator('.cells .age').innerText()).toBe('no cell has a value, 0:02:13 ago');
      expect(await page.locator('.picture text.is-old').count()).toBeGreaterThan(0);
      expect(await tile('current').locator('rect.bar-value').count()).toBe(0);
      expect(await tile('current').getAttribute('class')).toContain('is-dead');
      expect(await foundByAxe(page)).toEqual([]);
    });

    it('a wall is read from afar, has nothing to press, and all of it is in the picture', async () => {
      run.warn();
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.goto(`${server.url}?screen=wall`);
      await expect.poll(() => page.locator('.tile').count()).toBe(4);
      const seen = await page.evaluate(() => {
        const shown = [...document.querySelectorAll<HTMLElement>('#page *')].filter(
          element => element.offsetParent !== null || getComputedStyle(element).position === 'sticky',
        );
        const texts = shown.filter(element =>
          [...element.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
          ),
        );
        return {
          small: texts
            .filter(element => Number.parseFloat(getComputedStyle(element).fontSize) < 32)
            .map(element => `${element.className}: ${element.textContent}`),
          numbers: [...document.querySelectorAll('.tile:not(.is-dead) .tile-value')].map(element =>
            Number.parseFloat(getComputedStyle(element).fontSize),
          ),
          buttons: shown.filter(element => element.matches('button, input, select')).length,
          height: document.documentElement.scrollHeight,
          width: document.documentElement.scrollWidth,
        };
      });
      expect(seen.small).toEqual([]);
      expect(seen.numbers).toHaveLength(4);
      expect(Math.min(...seen.numbers)).toBeGreaterThanOrEqual(88);
      expect(seen.buttons).toBe(0);
      expect(seen.width).toBeLessThanOrEqual(1920);
      expect(seen.height).toBeLessThanOrEqual(1080);
      // What stands comes before the cells.
      expect(await page.locator('.alarms .alarm').isVisible()).toBe(true);
      expect(await page.locator('.cells').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    });
  },
);
