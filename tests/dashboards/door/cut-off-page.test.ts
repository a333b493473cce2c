import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CutOff } from '../../../dashboards/door/lab/cut-off.ts';
import { endedAs } from '../../../dashboards/page/lab/ended-as.ts';
import { hasChromium } from '../../support/chromium.ts';
import { browserOfPage } from '../browser-of-page.ts';
import { foundByAxe } from '../by-axe.ts';
import { openedDoor } from './opened.ts';

/** The live page of a run whose process was killed. */

const CUT: CutOff = {
  ...{ sinceUtc: '2026-11-30T11:59:00.000Z', guard: 'not proved', timeout_s: 5, guardSaid: null },
  unproven: [{ what: 'output_on reads NaN', otherwise: 'pull the fuse' }],
  watchdogs: [{ device: 'supply', armed_s: 10 }],
};
const TWIN: CutOff = { ...CUT, guard: 'simulated', unproven: [], watchdogs: [] };

it.each([
  ['killed', CUT, 'Execute', { word: 'Cut off', tone: 'bad' }],
  ['killed, its guard has proved the safe state', { ...CUT, guard: 'proved' as const }, 'Execute', 'quiet'],
  ['a twin that was killed', TWIN, 'Execute', 'quiet'],
  ['over, its end was not seen', null, 'Execute', { word: 'Over', tone: 'quiet' }],
  ['over, as it has said', null, 'Complete', undefined],
] as const)('a run that is %s never stands as running', (_what, cutOff, state, expected) => {
  const ended = endedAs(cutOff, state);
  if (typeof expected === 'string') expect(ended).toEqual({ word: 'Cut off', tone: expected });
  else expect(ended).toEqual(expected);
});

describe.skipIf(!hasChromium)('the page of a run that was killed', () => {
  const built = browserOfPage();

  it.each([
    ['en', 'ended without a word', 'could NOT prove', 'Next: pull the fuse', 'must look'],
    ['de', 'endete ohne ein Wort', 'NICHT nachweisen', 'Als Nächstes: pull the fuse', 'muss nach dem'],
    ['ja', '前触れなく終わりました', '確認できませんでした', '次の手段: pull the fuse', '確認してください'],
  ])('says in %s what its guard proved, which means is next, and that somebody must look', async (...of) => {
    const [lang, ...said] = of;
    const hung = createServer(() => {});
    await new Promise<void>(resolve => hung.listen(0, '127.0.0.1', () => resolve()));
    await using door = await openedDoor({ withAccounts: false, livePageDir: built.pageDir });
    door.fake.pages.set('run-1', `http://127.0.0.1:${(hung.address() as AddressInfo).port}`);
    const page = await built.browser.newPage();
    try {
      await page.goto(`${door.server.url}/run/run-1/?lang=${lang}`);
      await page.waitForSelector('h1');
      door.fake.pages.delete('run-1');
      const over = { state: 'over', verdict: 'cut off: no result' } as const;
      door.fake.runs[0] = { ...door.fake.runs[0], ...over, cutOff: CUT };
      const notice = page.locator('.banner.bad.cut-off[role=alert]');
      await notice.waitFor({ timeout: 12_000 });
      for (const word of said) expect(await notice.textContent()).toContain(word);
      expect(await notice.locator('a').getAttribute('href')).toContain('#/runs/run-1');
      expect(await foundByAxe(page)).toEqual([]);
      // Of a twin nothing has to be looked at.
      door.fake.runs[0] = { ...door.fake.runs[0], cutOff: TWIN };
      await page.locator('.banner.cut-off[role=status]').waitFor({ timeout: 12_000 });
      expect(await page.locator('.banner.bad').count()).toBe(0);
    } finally {
      await page.close();
      hung.closeAllConnections();
      hung.close();
    }
  });
});
