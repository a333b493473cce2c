import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { complaints, openedInBrowser, page, run, server } from '../in-browser.ts';

describe.skipIf(!hasChromium)(
  hasChromium ? 'phases and cells in a browser' : 'phases and cells in a browser (skipped: no chromium)',
  () => {
    openedInBrowser();

    it('the phases, as wide as they take, and what is left of the one under way', async () => {
      const boxes = page.locator('.strip li');
      await expect.poll(() => boxes.count()).toBe(3);
      expect(await boxes.evaluateAll(all => all.map(box => box.className))).toEqual([
        'is-done',
        'is-now',
        'is-to-come',
      ]);
      const widths = await boxes.evaluateAll(all => all.map(box => box.getBoundingClientRect().width));
      expect(widths[1] / widths[0]).toBeGreaterThan(4);
      expect(await page.locator('.strip p').innerText()).toContain('2 of 3: wind');
      expect(await page.locator('.strip p').innerText()).toContain('left in it 0:46:40 by rehearsal');
      run.tick();
      await expect.poll(() => page.locator('.strip p').innerText()).toContain('0:46:39');
      expect(complaints).toEqual([]);
    });

    it('each cell is a bar; lowest and highest are named, one without a value too; distances from the mean', async () => {
      const cells = page.locator('.cells');
      await expect.poll(() => cells.locator('rect').count()).toBe(3);
      expect(await cells.locator('p').innerText()).toBe(
        'lowest #1 1.852, mean 1.861, highest #2 1.871 V, spread 19 mV, 1 without a value: #3',
      );
      expect(await cells.locator('rect.cell-unread').count()).toBe(1);
      const heights = () =>
        cells.locator('rect.cell-bar').evaluateAll(all => all.map(bar => Number(bar.getAttribute('height'))));
      const [low, high] = await heights();
      expect(high).toBeGreaterThan(low);
      await cells.locator('button').click();
      await expect.poll(async () => (await heights())[0] - (await heights())[1]).toBeCloseTo(0, 6);
      run.lose();
      // What was read last stays, greyed, and says so.
      await expect
        .poll(() => cells.locator('.age').innerText())
        .toMatch(/^no cell has a value, \d+:\d\d:\d\d ago$/);
      expect(await cells.getAttribute('class')).toContain('is-dead');
      expect(complaints).toEqual([]);
    });

    it('a calm wall shows the cells', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.goto(`${server.url}?screen=wall`);
      await expect.poll(() => page.locator('.cells').isVisible()).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(1080);
    });
  },
);
