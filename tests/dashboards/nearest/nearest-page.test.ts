import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { openedInBrowser, page, run, server } from '../in-browser.ts';

describe.skipIf(!hasChromium)(
  hasChromium ? 'the nearest limits' : 'the nearest limits (skipped: no chromium)',
  () => {
    openedInBrowser();
    const rows = async (): Promise<string[]> =>
      (await page.locator('.nearest li').allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim());

    it('say value, limit, what is left, and when it will be reached or how much of the way is gone', async () => {
      expect(await rows()).toEqual([
        '◆1 H₂ in O₂ 1.20 > 2 vol % in 4:20 left 0.80',
        '◆1 cell voltage #2 1.871 > 2.2 V 85 % left 0.329',
        '◆1 stack voltage 238.0 > 304 V 78 % left 66.0',
      ]);
    });

    it('say in a word that one has fired, or that nothing is read', async () => {
      run.trip();
      await page.waitForSelector('.nearest li.is-fired.trip');
      expect((await rows())[0]).toBe('◆1 H₂ in O₂ 2.10 > 2 vol % beyond left −0.10');
      run.lose();
      await page.waitForSelector('.nearest li.is-unusable');
      expect((await rows())[2]).toBe('◆1 stack voltage – > 304 V no reading');
    });

    it('speak German and Japanese, with the decimal sign of the language', async () => {
      await page.goto(`${server.url}?lang=de`);
      await page.waitForSelector('.nearest li');
      expect((await rows())[1]).toBe('◆1 Zellspannung #2 1,871 > 2,2 V 85 % Abstand 0,329');
      await page.goto(`${server.url}?lang=ja`);
      await page.waitForSelector('.nearest li');
      expect((await rows())[0]).toBe('◆1 O₂ 中 H₂ 1.20 > 2 vol% あと 4:20 余裕 0.80');
    });
  },
);
