import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../support/chromium.ts';
import { LONG, SHORT, withCells } from './support/lab-folder.ts';
import { RUN_TIMEOUT_MS } from './support/program.ts';
import { type ServedLab, servedLab } from './support/served-lab.ts';

/** A campaign started, watched, held, resumed, edited and stopped from the page alone, at the door of a real laboratory. */

const CAMPAIGN = `campaign: short night
version: 1
bench: cells/bench.yaml
runs:
- { run: first, method: methods/long.yaml, subject: nickel }
- { run: second, method: methods/short.yaml, subject: nickel }
- { run: third, method: methods/short.yaml, subject: nickel }
`;
const WAIT_MS = 90_000;

describe.skipIf(!hasChromium)(
  hasChromium
    ? 'a laboratory from the page alone'
    : 'a laboratory from the page alone (skipped: no chromium)',
  () => {
    let lab: ServedLab;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const refused: string[] = [];

    beforeAll(async () => {
      const files = { 'methods/short.yaml': SHORT, 'methods/long.yaml': LONG, 'night.yaml': CAMPAIGN };
      lab = await servedLab(files, withCells);
      browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
      page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
      page.setDefaultTimeout(WAIT_MS);
      page.on('console', message => {
        // A refusal is told by the browser as well: those are looked at one by one.
        const isRefusal = message.text().startsWith('Failed to load resource');
        if (!isRefusal && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('response', async reply => {
        if (!reply.ok())
          refused.push(`${new URL(reply.url()).pathname} ${await reply.text().catch(() => '')}`);
      });
      page.on('pageerror', error => complaints.push(error.message));
      await page.goto(lab.url);
      await page.getByRole('button', { name: 'Take control' }).click();
      await page.locator('text=You are in control').waitFor();
    }, RUN_TIMEOUT_MS);
    afterAll(async () => {
      await browser?.close();
      await lab?.remove();
    }, RUN_TIMEOUT_MS);

    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const row = (run: string) =>
      page.locator('tbody tr').filter({ has: page.getByRole('rowheader', { name: run, exact: true }) });
    const see = (run: string, text: string) => row(run).filter({ hasText: text }).waitFor();
    const because = async (yes: string, reason: string): Promise<void> => {
      const dialog = page.locator('dialog');
      await dialog.getByLabel(/^Why \(stands in the record/).fill(reason);
      await dialog.getByRole('button', { name: yes, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const said = (text: string) => page.locator('.said').filter({ hasText: text }).first().waitFor();

    it('a campaign', { timeout: 4 * RUN_TIMEOUT_MS }, async () => {
      // Started from its file, on the twin, slowly enough to be watched.
      await page.getByRole('link', { name: 'Campaigns' }).click();
      await page.getByLabel('campaign file').selectOption('night');
      await page.getByLabel('Simulated seconds').fill('600');
      await press('Start a campaign');
      await page.getByRole('heading', { name: 'short night' }).waitFor();

      // Watched: what goes on, what waits for what, its live page.
      await see('first', 'under way');
      await see('second', 'waits');
      const place = page.url();
      await row('first').getByRole('rowheader').getByRole('link').click();
      await page.getByRole('link', { name: /live page/ }).click();
      await page.locator('.state').filter({ hasText: 'Running' }).waitFor();
      await page.goto(place);

      // Held: nothing more begins. Resumed.
      await press('Hold the campaign');
      await because('Do it', 'visitors');
      await said('held');
      await see('second', 'visitors');
      await press('Resume the campaign');
      await because('Do it', 'they have gone');
      await said('resumed');
      await expect.poll(() => row('second').textContent(), { timeout: WAIT_MS }).not.toContain('visitors');

      // Edited: moved, removed, added; what does not fit is refused and said.
      await page.getByLabel('Move before: third').selectOption('second');
      await press('Move: third');
      await because('Do it', 'third first');
      await said('moved');
      const order = async (): Promise<string[]> => page.locator('tbody th').allTextContents();
      await expect.poll(order, { timeout: WAIT_MS }).toEqual(['first', 'third', 'second']);
      await press('Remove: second');
      await because('Do it', 'not needed');
      await see('second', 'removed by local: not needed');
      const add = async (method: string): Promise<void> => {
        await press('Add a run');
        await page.locator('dialog').getByLabel('Name of the run').fill('fourth');
        await page.locator('dialog').getByLabel('Method (as in the campaign file)').fill(method);
        await page.locator('dialog').getByLabel('subject').fill('nickel');
        await because('Add it', 'once more');
      };
      await add('methods/nowhere.yaml');
      await page.locator('[role=alert]').filter({ hasText: 'nowhere.yaml' }).first().waitFor();
      await add('methods/long.yaml');
      await see('fourth', 'waits');

      // One run stopped: the next ones go on.
      await press('Stop: first');
      await because('Stop it', 'seen enough');
      await see('first', 'not completed');
      await see('third', 'completed');
      await see('fourth', 'under way');

      // A run itself is held and goes on.
      await row('fourth').getByRole('rowheader').getByRole('link').click();
      await press('Hold');
      await said('Hold: ');
      await page.getByRole('link', { name: /live page/ }).click();
      await page.locator('.state').filter({ hasText: 'Held' }).waitFor();
      await page.goBack();
      await press('Resume');
      await said('Resume: ');
      await page.goto(place);

      // All of it stopped: what is under way ends in its safe state.
      await press('Stop the campaign');
      await because('Stop it', 'weekend');
      await page.locator('.head').filter({ hasText: 'stopped' }).waitFor();

      // The morning report and the records are a press away.
      const href = await page.getByRole('link', { name: 'Open the morning report' }).getAttribute('href');
      const report = await page.request.get(new URL(href ?? '', lab.url).href);
      expect(report.status()).toBe(200);
      expect(await report.text()).toContain('short night');
      await row('third').getByRole('rowheader').getByRole('link').click();
      await page.locator('tbody tr').filter({ hasText: 'charge' }).first().waitFor();
      expect(complaints).toEqual([]);
      expect(refused).toEqual([]);
    });
  },
);
