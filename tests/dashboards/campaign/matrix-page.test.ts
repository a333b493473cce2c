import { rmSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelShown } from '../../../control/view.ts';
import { serveCampaign } from '../../../dashboards/campaign/serve-campaign.ts';
import type { DashboardServer } from '../../../dashboards/server.ts';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { buildPage } from '../built-page.ts';
import { foundByAxe } from '../by-axe.ts';
import { wideParts } from '../narrow/wide-parts.ts';
import { FakeCampaign, type MadeNight, night } from './fake-campaign.ts';

describe.skipIf(!hasChromium)(
  hasChromium ? 'the channels of a campaign' : 'the channels of a campaign (skipped: no chromium)',
  () => {
    let browser: Browser;
    let pageDir: string;
    let campaign: FakeCampaign;
    let server: DashboardServer;
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      pageDir = buildPage();
      browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(pageDir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      complaints = [];
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', error => complaints.push(error.message));
    });
    afterEach(async () => {
      await page.close();
      await server.close();
      campaign.close();
    });

    async function opened(channels: number, query = '', made?: MadeNight): Promise<void> {
      campaign = await FakeCampaign.open(channels, made);
      server = await serveCampaign(campaign, { port: 0, pageDir });
      await page.goto(`${server.url}/${query}`);
      await page.waitForSelector('.field.is-discharge');
    }
    const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();

    it('stand all 64 in their order, each with letter and voltage, and lead to their own pages', async () => {
      await opened(64);
      const lines = (await texts('.field-line')).map(text => text.replace(/\s+/g, ' '));
      expect(lines).toHaveLength(64);
      expect(lines.map(line => line.slice(0, 2))).toEqual(
        Array.from({ length: 64 }, (_, i) => String(i + 1).padStart(2, '0')),
      );
      expect(lines[2]).toBe('03 !1 4.261');
      expect(lines[3]).toBe('04 - –');
      expect(await page.getAttribute('.matrix li:nth-child(3) a', 'href')).toBe('run/run-3/');
      expect((await texts('.worst'))[0]).toContain('◆1 TRIP 03 cell3 cell.voltage_V 4.261 > 4.25 and 1 more');
      await page.click('text=Attention 3');
      expect((await texts('.field-line')).map(line => line.slice(0, 2))).toEqual(['03', '24', '41']);
      expect(await page.title()).toBe('(2!) sixty-four cells: campaign');
      expect(complaints).toEqual([]);
    });

    it('with few channels draw a curve each, four by four', async () => {
      await opened(16);
      await page.waitForSelector('.sparkline path[d^="M0.0"]');
      const [first, , , , fifth] = await page.locator('.matrix li').evaluateAll(all =>
        all.map(one => {
          const { left, top } = one.getBoundingClientRect();
          return [left, top];
        }),
      );
      expect([fifth[0], fifth[1] > first[1]]).toEqual([first[0], true]);
    });

    it('are asked once a second, however many look, and not at all while nobody does', async () => {
      await opened(16);
      const others = await Promise.all([1, 2, 3].map(() => browser.newPage()));
      await Promise.all(others.map(other => other.goto(server.url)));
      const before = campaign.asked;
      await page.waitForTimeout(3000);
      const runs = await page.locator('a.field').count();
      expect(campaign.asked - before).toBeLessThanOrEqual(4 * runs);
      expect(campaign.asked - before).toBeGreaterThanOrEqual(2 * runs);
      await Promise.all([page, ...others].map(one => one.goto('about:blank')));
      await page.waitForTimeout(300);
      const quiet = campaign.asked;
      await page.waitForTimeout(2500);
      expect(campaign.asked).toBe(quiet);
    });

    it('say which one is not seen any more, and that the campaign is lost', async () => {
      await opened(16);
      campaign.lose('run-1');
      await page.waitForSelector('.matrix li:nth-child(1) .is-unseen');
      expect(await page.locator('.matrix li:nth-child(1) .volts').innerText()).toBe('–');
      await server.close();
      await page.waitForSelector('.banner.lost');
    });

    it.each([
      ['desk', { width: 1440, height: 900 }, 'light', ''],
      ['dark', { width: 1440, height: 900 }, 'dark', ''],
      ['phone', { width: 390, height: 844 }, 'light', ''],
      ['wall', { width: 1920, height: 1080 }, 'light', '?screen=wall'],
      ['dark wall', { width: 1920, height: 1080 }, 'dark', '?screen=wall&lang=ja'],
    ] as const)('on a %s anybody can use them', async (_, size, colorScheme, query) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await opened(64, query);
      expect(await foundByAxe(page)).toEqual([]);
      // Nothing sticks out sideways.
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    });

    it('are all on the wall with channels that wait for a person and a campaign that is lost, too', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      const held = { cell3: 'tripped: cell.voltage_V 4.261 > 4.25', cell5: 'lost' };
      await opened(64, '?screen=wall', { ...night(64), held });
      await server.close();
      await page.waitForSelector('.banner.lost');
      expect(await page.locator('.banner.held:visible').count()).toBe(1);
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(1080);
      const seen = await page.locator('.field').evaluateAll(all =>
        all.map(one => {
          const { bottom } = one.getBoundingClientRect();
          return bottom <= 1080 && one.scrollHeight <= one.clientHeight;
        }),
      );
      expect(seen).toEqual(Array.from({ length: 64 }, () => true));
    });

    it('with long names do not make the page scroll sideways', async () => {
      const long = 'LGM50x21700xbatchx20261130xformationxatx45degCxcellx000017xyz';
      const { runs, readings } = night(12);
      const named = runs.map(run => ({ ...run, run: `${run.run}${long}`, reason: long, waitsFor: long }));
      const told = Object.entries(readings).map(([id, reading]): [string, ChannelShown] => {
        const alarm = reading.alarm && { ...reading.alarm, text: long };
        return [id, { ...reading, step: long, alarm }];
      });
      await page.setViewportSize({ width: 360, height: 740 });
      await opened(12, '', { runs: named, readings: Object.fromEntries(told), held: { cell5: long } });
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        expect([width, await wideParts(page)]).toEqual([width, []]);
      }
    });

    it('stand on a wall all at once, in texts of 32 px and more', async () => {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await opened(64, '?screen=wall');
      const seen = await page.locator('.field').evaluateAll(all =>
        all.map(one => {
          const { bottom } = one.getBoundingClientRect();
          const line = one.querySelector('.field-line');
          return line === null ? '' : `${bottom <= 1080} ${line.scrollWidth <= line.clientWidth}`;
        }),
      );
      expect(new Set(seen)).toEqual(new Set(['true true']));
      const small = await page.evaluate(`(() => {
        const out = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
          const of = node.parentElement;
          if (node.textContent.trim() === '' || of.closest('.unseen, noscript, script') || of.getClientRects().length === 0) continue;
          const px = parseFloat(getComputedStyle(of).fontSize);
          if (px < 32) out.push(px + ' ' + node.textContent);
        }
        return out;
      })()`);
      expect(small).toEqual([]);
    });
  },
);
