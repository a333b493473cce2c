import { describe, expect, it } from 'vitest';
import type { LiveView } from '../../control/view.ts';
import { hasChromium } from '../support/chromium.ts';
import { openedInBrowser, page, run } from './in-browser.ts';

/** What a person asks for on the page goes out with a name, and where the record needs it with a reason. */

const installed = hasChromium;
const LIMIT = { role: 'o2.h2_vol_pct', trips: '>', unit: 'vol_pct' } as const;

/** The same run, two of whose limits may be made stricter and whose step may be skipped. */
const withLimits = (view: LiveView): LiveView => ({
  ...view,
  snapshot: () => {
    const now = view.snapshot();
    return { ...now, allowed: [...now.allowed, 'limit', 'skip'] };
  },
  thresholds: () => [
    { ...LIMIT, id: 'h2-in-o2-warn', reaction: 'warn', limit: 1, bench: 1 },
    { ...LIMIT, id: 'h2-in-o2-trip', reaction: 'trip', limit: 1.8, bench: 2 },
  ],
});

describe.skipIf(!installed)(
  installed ? 'asking on the page' : 'asking on the page (skipped: chromium not installed)',
  () => {
    openedInBrowser(withLimits);

    it('an alarm is acknowledged with the name that stands above the list', async () => {
      run.warn();
      await page.fill('.alarms label:has-text("Your name") input', ' A. Miller ');
      await page.click('button[aria-label="Acknowledge h2-in-o2-warn"]');
      await expect
        .poll(() => run.asked)
        .toEqual([{ command: 'acknowledge', alarm: 'h2-in-o2-warn', by: 'A. Miller' }]);
    });

    it('all at once likewise; without a name it goes out without one', async () => {
      run.trip();
      await page.click('.way-out button:has-text("Acknowledge all")');
      await expect.poll(() => run.asked).toEqual([{ command: 'acknowledge' }]);
    });

    it('a limit is made stricter with a name and a reason only; laxer than the bench is not asked', async () => {
      await page.fill('.alarms label:has-text("Your name") input', 'A. Miller');
      await page.click('.controls button:has-text("Limit")');
      const dialog = page.locator('dialog[open]');
      const change = dialog.locator('button:has-text("Change the limit")');
      await dialog.locator('select').selectOption('h2-in-o2-trip');
      expect(await dialog.textContent()).toMatch(/trip; now > 1\.8 vol\W%, the bench > 2 vol/);
      expect(await change.isDisabled()).toBe(true);
      await dialog.locator('label:has-text("Reason") input').fill('new membrane');
      await dialog.locator('input[type=number]').fill('2.5');
      expect(await change.isDisabled()).toBe(true);
      await dialog.locator('input[type=number]').fill('1.5');
      expect(await dialog.locator('label:has-text("Name") input').inputValue()).toBe('A. Miller');
      await change.click();
      await expect
        .poll(() => run.asked)
        .toEqual([
          {
            command: 'limit',
            interlock: 'h2-in-o2-trip',
            value: 1.5,
            by: 'A. Miller',
            reason: 'new membrane',
          },
        ]);
    });

    it('nothing is asked where the dialog is left', async () => {
      await page.click('.controls button:has-text("Limit")');
      await page.locator('dialog[open] button:has-text("Leave it")').click();
      await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
      expect(run.asked).toEqual([]);
    });
  },
);
