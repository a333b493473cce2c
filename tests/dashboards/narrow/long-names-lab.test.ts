import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { door, inBrowser, open, page } from '../workshop/in-browser.ts';
import { wideParts } from './wide-parts.ts';

/** What the door says has names of 60 characters and more without a blank. */

const LONG = 'LGM50x21700xbatchx20261130xformationxatx45degCxcellx000017xyz';
/** What is only shown. */
const SHOWN = [
  'two-cells',
  'nickel',
  'iron',
  'ea-elb',
  'what a cell gives',
  'over-voltage tripped',
  'cell too high',
  'over-voltage',
  'discharge',
  'a night',
];
/** What the page asks for by its name. */
const ASKED = ['2026-11-30_capacity_2', 'campaign-night'];
const PLACES: readonly (readonly [hash: string, ready: string])[] = [
  ['#/benches', '.bench'],
  ['#/methods', 'tbody tr'],
  ['#/start?bench=cells%2Fbench&method=capacity', '.fields'],
  ['#/runs', 'tbody tr'],
  [`#/runs/2026-11-30_capacity_2${LONG}`, '.tree'],
  [`#/compare?run=2026-11-30_capacity_1&run=2026-11-30_capacity_2${LONG}`, '.compared'],
  ['#/campaigns', 'tbody tr'],
  [`#/campaigns/campaign-night${LONG}`, 'tbody tr'],
];

const lengthened = (json: string, names: readonly string[]): string =>
  names.reduce((text, name) => text.replaceAll(`"${name}"`, `"${name.replaceAll(' ', '')}${LONG}"`), json);

describe.skipIf(!hasChromium)(
  hasChromium ? 'long names in a laboratory' : 'long names in a laboratory (skipped: no chromium)',
  () => {
    inBrowser();

    it('never make it scroll sideways', async () => {
      door.runs = JSON.parse(lengthened(JSON.stringify(door.runs), ASKED));
      door.campaigns = JSON.parse(lengthened(JSON.stringify(door.campaigns), [...ASKED, ...SHOWN]));
      await page.route('**/api/v1/**', async route => {
        const reply = await route.fetch();
        await route.fulfill({ response: reply, body: lengthened(await reply.text(), SHOWN) });
      });
      const all: Record<string, string[]> = {};
      for (const [hash, ready] of PLACES) {
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 740 });
          await open(hash);
          await page.waitForSelector(ready);
          const wide = await wideParts(page);
          if (wide.length > 0) all[`${hash} ${width}`] = wide;
        }
      }
      expect(all).toEqual({});
    });
  },
);
