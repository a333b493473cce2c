import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { inBrowser, open, page } from './in-browser.ts';

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
});
