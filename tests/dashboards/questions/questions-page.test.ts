import { beforeEach, describe, expect, it } from 'vitest';
import type { LiveSnapshot, LiveView } from '../../../control/view.ts';
import { hasChromium } from '../../support/chromium.ts';
import { openedInBrowser, page, run } from '../in-browser.ts';

/** A question goes with the run or step of which it was asked, and no key that is held down answers one. */

const installed = hasChromium;
let place: Partial<LiveSnapshot['run']>;
let allowed: LiveSnapshot['allowed'];

const moved = (view: LiveView): LiveView => ({
  ...view,
  snapshot: () => {
    const now = view.snapshot();
    return { ...now, run: { ...now.run, ...place }, allowed };
  },
});

describe.skipIf(!installed)(
  installed ? 'questions on the page' : 'questions on the page (skipped: chromium not installed)',
  () => {
    beforeEach(() => {
      place = { step: 'rest', skips: { step: 'rest', began_s: 12.5 } };
      allowed = ['hold', 'stop', 'abort', 'skip', 'limit'];
    });
    openedInBrowser(moved);

    const open = () => page.locator('dialog[open]');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const goTo = (now: Partial<LiveSnapshot['run']>, may = allowed): void => {
      place = now;
      allowed = may;
      run.tick();
    };

    it('a skip carries its step, and its question goes with the step', async () => {
      await press('Skip step');
      await open().locator('label:has-text("Name") input').fill('A. Miller');
      await open().locator('label:has-text("Reason") input').fill('long enough');
      goTo({ step: 'fill', skips: { step: 'fill', began_s: 40 } });
      await expect.poll(() => open().count()).toBe(0);
      expect(await page.textContent('.answer')).toContain('skip: question closed: rest has ended');
      await press('Skip step');
      expect(await open().locator('h2').textContent()).toBe('Skip fill?');
      await open().locator('label:has-text("Reason") input').fill('full');
      await open().locator('label:has-text("Name") input').fill('A. Miller');
      await press('Skip the step');
      await expect
        .poll(() => run.asked)
        .toEqual([{ command: 'skip', by: 'A. Miller', reason: 'full', began_s: 40 }]);
    });

    it.each(['Stop', 'Limit'])('%s: what was asked of one run never comes back over the next', async name => {
      await press(name);
      await expect.poll(() => open().count()).toBe(1);
      const first = place;
      goTo(first, ['clear']);
      await expect.poll(() => open().count()).toBe(0);
      goTo({ ...first, startedUtc: '2026-05-02T06:00:00.000Z' }, ['hold', 'stop', 'abort', 'skip', 'limit']);
      await page.waitForTimeout(500);
      expect(await open().count()).toBe(0);
      expect(await page.textContent('.answer')).toContain('question closed');
      expect(run.asked).toEqual([]);
    });

    it('an abort that was armed is not of the next run; Escape disarms it, and a held Enter is one press', async () => {
      const abort = page.locator('.controls .abort');
      const armed = page.locator('.controls .abort.armed');
      await abort.focus();
      await page.keyboard.down('Enter');
      for (let i = 0; i < 24; i++) {
        await page.waitForTimeout(40);
        await page.keyboard.down('Enter'); // as it repeats
      }
      await page.keyboard.up('Enter');
      expect(await armed.count()).toBe(1);
      expect(run.asked).toEqual([]);
      await page.keyboard.press('Escape');
      await expect.poll(() => armed.count()).toBe(0);
      await abort.click();
      await expect.poll(() => armed.count()).toBe(1);
      goTo({ ...place, startedUtc: '2026-05-02T06:00:00.000Z' });
      await expect.poll(() => armed.count()).toBe(0);
      expect(run.asked).toEqual([]);
    });
  },
);
