import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { foundByAxe } from '../by-axe.ts';
import { complaints, openedInBrowser, page, run, server } from '../in-browser.ts';

/** The history of alarms on the page: out of the record, also of what the browser has never seen. */

const dialog = (): ReturnType<typeof page.locator> => page.locator('dialog[open]');
const rows = (): ReturnType<typeof page.locator> => dialog().locator('tbody tr');

describe.skipIf(!hasChromium)('the history of alarms', () => {
  openedInBrowser();

  it('opens from the list by keys, is chosen from, gone through, taken away and shown in the charts', async () => {
    // Nothing stands now: all of it comes out of the record.
    expect(await page.locator('.alarms li').count()).toBe(0);
    await page.locator('.to-history').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rows().count()).toBe(50);
    expect(await rows().first().textContent()).toMatch(/h2-in-o2-trip.*came first.*high.*stands.*not yet/);
    expect(await rows().nth(2).textContent()).toContain('by B. Sato (page): span gas');

    await dialog().locator('button:has-text("Older")').click();
    await dialog().locator('button:has-text("Older")').click();
    await expect.poll(() => rows().count()).toBe(23);
    expect(await dialog().textContent()).toContain('101 to 123');
    expect(await dialog().locator('button:has-text("Older")').isDisabled()).toBe(true);

    await dialog().locator('label:has-text("Not acknowledged (2)")').click();
    await expect.poll(() => rows().count()).toBe(2);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog().locator('button:has-text("CSV")').click(),
    ]);
    expect(file.suggestedFilename()).toBe('run-1_alarms.csv');
    expect(readFileSync(await file.path(), 'utf8').split('\r\n')).toHaveLength(4);

    run.windowsAsked.length = 0;
    await dialog().getByRole('button', { name: 'Show h2-in-o2-hold at 0:08:20 in the charts' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog().count()).toBe(0);
    await expect
      .poll(() => run.windowsAsked.map(({ from_s, to_s }) => [from_s, to_s]))
      .toContainEqual([440, 580]);
    expect(complaints).toEqual([]);
  });

  it('of a run before this one in the session it is told, too, without charts', async () => {
    await page.click('.to-history');
    await dialog().locator('select').selectOption('run-0');
    await expect.poll(() => dialog().textContent()).toContain('None.');
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
  });

  it.each([
    ['desk', { width: 1440, height: 900 }, 'light', 'en'],
    ['dark desk', { width: 1440, height: 900 }, 'dark', 'de'],
    ['phone', { width: 390, height: 844 }, 'light', 'ja'],
  ] as const)(
    '%s: nothing found by axe-core, nothing wider than the screen',
    async (name, size, scheme, lang) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${server.url}?lang=${lang}`);
      run.warn();
      await page.waitForSelector('.alarms li');
      await page.click('.to-history');
      await expect.poll(() => rows().count()).toBe(50);
      expect(await foundByAxe(page)).toEqual([]);
      const over = await page.evaluate(() => {
        const shown = document.querySelector('dialog[open]');
        return shown === null ? 0 : shown.scrollWidth - shown.clientWidth;
      });
      expect(over).toBeLessThanOrEqual(0);
      const pictures = process.env['CELLBENCH_PICTURES'];
      if (pictures !== undefined)
        await page.screenshot({ path: `${pictures}/history-${name.replace(' ', '-')}.png` });
    },
  );

  it('a warning on a simulated run is put aside for run time, and says when it comes back', async () => {
    run.warn();
    await page.click('button[aria-label="Shelve h2-in-o2-warn"]');
    const form = page.locator('form.shelve');
    expect(await form.textContent()).toMatch(/comes back at 0:40:0\d of the run/);
    expect(await form.textContent()).toContain('Minutes of run time');
  });
});
