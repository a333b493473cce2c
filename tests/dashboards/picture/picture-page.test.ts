import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { openedInBrowser, page, run, server } from '../in-browser.ts';

describe.skipIf(!hasChromium)(
  hasChromium ? 'the process picture' : 'the process picture (skipped: no chromium)',
  () => {
    openedInBrowser(view => {
      /** The outlet is asked to open at 600 s and never does. */
      const snapshot = (): ReturnType<typeof view.snapshot> => {
        const now = view.snapshot();
        const outlet = {
          role: 'h2.outletValve_on',
          unit: 'on',
          value: 0,
          quality: 'good',
          channel: 'plc.x',
        } as const;
        return { ...now, roles: [...now.roles, { ...outlet, set: { value: 1, min: 0, max: 1 } }] };
      };
      return { ...view, snapshot };
    });
    const texts = (of: string): Promise<string[]> => page.locator(`${of} text`).allTextContents();

    it('shows symbols with values, what flows, and what has no symbol', async () => {
      await page.waitForSelector('.picture');
      expect(await texts('.of-stack')).toEqual([
        expect.stringMatching(/^2\d\d\.\d V$/),
        expect.stringMatching(/ A$/),
      ]);
      expect(await texts('.of-pressure')).toEqual(['PT', '11.00 bar(g)']);
      expect(await texts('.pipe.is-main')).toEqual(['H₂']);
      await page.click('.picture summary');
      expect(await page.locator('.picture li').allInnerTexts()).toEqual([
        expect.stringMatching(/^H₂ in O₂ H₂ 0\.\d\d vol %$/),
      ]);
    });

    it('says that a valve moves, then that it is not as it was asked', async () => {
      await page.waitForSelector('.of-valve.is-moving');
      expect(await texts('.of-valve')).toEqual(['moving']);
      for (let s = 0; s < 7; s++) run.tick();
      await page.waitForSelector('.of-valve.is-differs');
      expect(await texts('.of-valve')).toEqual(['!', 'shut, asked open']);
      expect(await page.locator('.picture svg').getAttribute('aria-label')).toBe(
        'Process picture, outlet: shut, asked open',
      );
    });

    it('hatches what is not read, with what it read last in brackets and its age', async () => {
      run.lose();
      await page.waitForSelector('.of-stack.is-unread');
      expect(await texts('.of-stack')).toEqual(['?', '(223.6 V)', '(680.5 A)', '0:02:13 ago']);
    });

    it('stands on a wall with words of 32 px and more', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.goto(`${server.url}?screen=wall`);
      await page.waitForSelector('.picture .word');
      // Banners take of its height.
      for (const height of [1080, 640, 560, 520]) {
        await page.setViewportSize({ width: 1920, height });
        await page.waitForTimeout(100);
        const px = await page.locator('.picture .word').evaluate(of => {
          const svg = of.closest('svg');
          const scale = (svg?.getScreenCTM()?.a ?? 0) as number;
          return Number.parseFloat(getComputedStyle(of).fontSize) * scale;
        });
        expect([height, px >= 32]).toEqual([height, true]);
      }
      await page.setViewportSize({ width: 1920, height: 1080 });
      for (const of of ['.picture', '.nearest', '.strip', '.tiles']) {
        const box = await page.locator(of).boundingBox();
        expect([of, box !== null && box.y + box.height <= 1080]).toEqual([of, true]);
      }
    });
  },
);
