import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { door, inBrowser, open, page } from './in-browser.ts';

/** Rules for the page of a run leave the page of a laboratory as it is. */
describe.skipIf(!hasChromium)('the layout of the laboratory', () => {
  inBrowser();

  it('on a desk the heading stands at the left, and the editor has its messages beside it', async () => {
    await open('#/edit/capacity');
    await page.waitForSelector('.cm-content');
    const left = (of: string) =>
      page.locator(of).evaluate<number, Element>(node => node.getBoundingClientRect().left);
    expect(await left('.head h1')).toBeLessThan(20);
    expect(await left('.code')).toBeLessThan(20);
    expect(await left('[aria-labelledby=editor-messages]')).toBeGreaterThan(700);
  });

  it.each([
    ['de', 'Starten'],
    ['en', 'Start'],
    ['ja', '開始'],
  ])('on a phone in %s three rows stand above what is looked at', async (lang, tab) => {
    door.me = { ...door.me, name: 'Henriette', role: 'engineer', withoutAccounts: false };
    door.control = { by: 'Otto', sinceUtc: '2026-11-30T08:00:00Z', reason: '' };
    await page.setViewportSize({ width: 360, height: 740 });
    await open('#/start', `?lang=${lang}`);
    await page.getByRole('link', { name: tab, exact: true }).waitFor();
    const height = await page.locator('.lab-top').evaluate(node => node.getBoundingClientRect().height);
    expect(height).toBeLessThan(135);
    const cut = await page.locator('.lab-top :is(a, button, select, [role=status])').evaluateAll(
      all =>
        all.filter(one => {
          const { left, right, height } = one.getBoundingClientRect();
          return left < 0 || right > innerWidth || height > 40;
        }).length,
    );
    expect(cut).toBe(0);
  });
});
