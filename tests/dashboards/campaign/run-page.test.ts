import { rmSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type CampaignView, serveCampaign } from '../../../dashboards/campaign/serve-campaign.ts';
import { serveDashboard } from '../../../dashboards/server.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { buildPage } from '../built-page.ts';
import { fakeRun } from '../fake-view.ts';
import { courseOf, runOf } from './fake-campaign.ts';

describe.skipIf(!hasChromium)('the live page of a run below the page of its campaign', () => {
  it('has no door to ask: whoever is on this machine may command', async () => {
    const pageDir = buildPage();
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
    const run = await serveDashboard(fakeRun().view, { port: 0, pageDir });
    const view: CampaignView = {
      course: () => courseOf([runOf(1)]),
      pageOf: () => run.url,
      channels: () => [],
      clock: realClock(),
    };
    const server = await serveCampaign(view, { port: 0, pageDir });
    try {
      const page = await browser.newPage({ locale: 'en-GB' });
      const asked: string[] = [];
      page.on('request', sent => {
        if (sent.url().includes('/api/v1/')) asked.push(sent.url());
      });
      await page.goto(`${server.url}/run/run-1/`);
      const hold = page.getByRole('button', { name: 'Hold', exact: true });
      await hold.waitFor();
      await page.waitForTimeout(2500);
      expect(await hold.isEnabled()).toBe(true);
      // At first, and once more with the first snapshot.
      expect(asked.length).toBeLessThanOrEqual(2);
    } finally {
      await browser.close();
      await server.close();
      await run.close();
      rmSync(pageDir, { recursive: true, force: true });
    }
  });
});
