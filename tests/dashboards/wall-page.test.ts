import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { openedInBrowser, page, run, server } from './in-browser.ts';

/** A wall has one screen: whatever stands above the tiles takes its room from them. */

const STATES: readonly (readonly [string, () => void])[] = [
  ['a warning', () => run.warn()],
  ['tripped', () => run.trip()],
  ['criteria not met', () => run.miss('stable-band, stabilise: 1514 mV, wanted < 5 mV: fail')],
  ['not proved', () => run.leaveUnproven('output off: look at the supply')],
  ['ended early', () => run.finishEarly('A. Miller')],
  ['a lost instrument', () => run.lose()],
  ['over', () => run.end()],
  ['the connection lost', () => void server.close()],
];

/** Bars of tiles that do not stand in their tile, and texts of alarms that are cut without a sign of it. */
const cutOff = (): Promise<string[]> =>
  page.evaluate(() => {
    // Dots come behind a line of text, not in a row of boxes.
    const hasDots = (text: Element) => {
      const { textOverflow, display } = getComputedStyle(text);
      return textOverflow === 'ellipsis' && !display.includes('flex');
    };
    const bars = [...document.querySelectorAll('.tile-bar')].filter(bar => {
      const tile = bar.closest('.tile')?.getBoundingClientRect();
      const own = bar.getBoundingClientRect();
      return own.height > 0 && tile !== undefined && (own.bottom > tile.bottom || own.height < 8);
    });
    const texts = [...document.querySelectorAll('.alarm > div, .where .left, .who h1')].filter(
      text => text.scrollWidth > text.clientWidth && !hasDots(text),
    );
    const shown = document.querySelector('.where')?.getBoundingClientRect();
    const time = document.querySelector('.where .time')?.getBoundingClientRect();
    const out = shown !== undefined && time !== undefined && (time.width < 300 || shown.right > innerWidth);
    const sized = (part: Element) =>
      `${part.outerHTML.slice(0, 40)} in ${part.closest('.tile')?.clientHeight} px`;
    return [...bars, ...texts].map(sized).concat(out ? ['time'] : []);
  });

describe.skipIf(!hasChromium)(
  hasChromium ? 'the wall of a run' : 'the wall of a run (skipped: no chromium)',
  () => {
    openedInBrowser();

    it('never scrolls and has its phases in sight, with all that can be wrong at once', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.goto(`${server.url}?screen=wall`);
      await page.waitForSelector('.tile');
      for (const [name, go] of STATES) {
        go();
        await page.waitForTimeout(300);
        const [tall, strip] = (await page.evaluate(
          `[document.documentElement.scrollHeight, document.querySelector('.strip').getBoundingClientRect().bottom]`,
        )) as number[];
        expect([name, tall <= 1080, strip <= 1080]).toEqual([name, true, true]);
        expect([name, await cutOff()]).toEqual([name, []]);
      }
    });

    it('says the time of day, when it was updated, and that there are no alarms, or how many', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.goto(`${server.url}?screen=wall`);
      await page.waitForSelector('.wall-row');
      const row = (): Promise<string> => page.locator('.wall-row').innerText();
      expect(await row()).toMatch(/^No alarms\s+updated \d\d:\d\d:\d\d\s+\d\d:\d\d$/);
      run.warn();
      await expect.poll(row).toMatch(/^1 alarm\s/);
    });

    it('says what is next, and of an alarm its priority by shape and digit', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      run.trip();
      await page.goto(`${server.url}?screen=wall`);
      await page.waitForSelector('.alarm-chip.trip');
      expect(await page.locator('.way-out p').isVisible()).toBe(true);
      expect(await page.locator('.way-out button:visible').count()).toBe(0);
      const mark = `getComputedStyle(document.querySelector('.alarm-chip b'), '::before').content`;
      expect(await page.evaluate(mark)).toContain('◆1');
    });
  },
);
