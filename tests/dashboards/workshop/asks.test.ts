import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { asked, complaints, door, inBrowser, open, page } from './in-browser.ts';

/** What stands against a press, in words: a wrong field, a run that does not answer, a door that is lost. */

const RUN = '2026-11-30_capacity_3';
const OVER = '2026-11-30_capacity_2';

describe.skipIf(!hasChromium)(
  hasChromium ? 'what is asked for' : 'what is asked for (skipped: no chromium)',
  () => {
    inBrowser();

    it('a field says at once what is wrong in it, and the form what is missing', async () => {
      await open('#/start');
      const main = page.locator('main');
      await main.getByText('Missing: bench, method').waitFor();
      await page.getByLabel('bench').selectOption('cells/bench');
      await main.getByText('Missing: subject, method').waitFor();
      await page.getByLabel('subject').selectOption('iron');
      await page.getByLabel('method').selectOption('capacity');
      const rate = page.getByLabel('rate_C');
      const start = page.getByRole('button', { name: 'Start', exact: true });
      for (const [written, said] of [
        ['9', 'is above 1'],
        ['0.001', 'is below 0.05'],
        ['abc', 'expected a number'],
        ['0,5', 'write 0.5'],
        ['０．５', 'write 0.5'],
        ['0.5 A', 'A is no unit of it, expected C'],
      ]) {
        await rate.fill(written);
        await main.getByText(said).waitFor();
        expect(await rate.getAttribute('aria-invalid')).toBe('true');
        expect(await start.isDisabled()).toBe(true);
        expect(await main.textContent()).toContain('Wrong: rate_C');
      }
      await rate.fill('1/3');
      await expect.poll(() => start.isDisabled()).toBe(false);
      expect(await main.textContent()).not.toContain('Wrong');
      const rehearse = page.getByRole('button', { name: 'Rehearse first' });
      for (const written of ['-5', '0', 'abc', '2000000']) {
        await page.getByLabel('Simulated seconds').fill(written);
        await main.getByText('expected a number from 0.1 to 1000000').waitFor();
        await main.getByText('Wrong: pace').waitFor();
        expect([await start.isDisabled(), await rehearse.isDisabled()]).toEqual([true, true]);
      }
      await page.getByLabel('Simulated seconds').fill('');
      await expect.poll(() => rehearse.isDisabled()).toBe(false);
      expect(asked()).toEqual([]);
    });

    it('a rehearsal says how far it is, and is given up', async () => {
      door.isRehearsalSlow = true;
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.getByRole('button', { name: 'Rehearse first' }).click();
      await page.getByText('25 %').waitFor();
      await page.getByRole('button', { name: 'Give the rehearsal up' }).click();
      await page.getByText('The rehearsal was given up.').waitFor();
      expect(door.asked.at(-1)?.what).toBe('DELETE rehearsals/r1');
    });

    it('a run that does not answer says so, with what guards the bench; a stop may be asked for', async () => {
      door.runs = door.runs.map(run =>
        run.id === RUN
          ? {
              ...run,
              silent: {
                sinceUtc: '2026-11-30T09:14:05.000Z',
                guard: { what: 'watches' as const, timeout_s: 5 },
                watchdogs: [{ device: 'supply', armed_s: 10 }],
              },
            }
          : run,
      );
      await open('#/runs');
      await page.locator('tr', { hasText: RUN }).getByText('does not answer').waitFor();
      await open(`#/runs/${RUN}`);
      const said = page.locator('[role=alert]');
      await said.waitFor();
      for (const word of ['last heard of 2026-11-30 09:14:05 UTC', 'after 5 s', 'supply switches', '10 s'])
        expect(await said.textContent()).toContain(word);
      expect(await page.getByRole('button', { name: 'Hold' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator('dialog').getByRole('button', { name: 'Stop it' }).click();
      await expect.poll(asked).toEqual([[`POST runs/${RUN}/commands`, { command: 'stop' }]]);
    });

    it('the record is verified, with its answer in words; the report stands in the page', async () => {
      await open(`#/runs/${OVER}`);
      await page.getByRole('button', { name: 'Verify the record' }).click();
      await page.getByText('Nothing was changed since it was written.').waitFor();
      expect(await page.textContent('main')).toContain('3 seals checked');
      door.verified = {
        ...door.verified,
        is: 'changed',
        isClosed: false,
        found: ['event 2: is not what was sealed'],
      };
      await page.getByRole('button', { name: 'Verify the record' }).click();
      await page.getByText('It is not what was written:').waitFor();
      for (const word of ['event 2: is not what was sealed', 'was not closed by its program'])
        expect(await page.textContent('main')).toContain(word);
      await page.getByRole('link', { name: 'Open the report' }).click();
      await page.frameLocator('iframe').getByText('report').waitFor();
      await page.getByRole('link', { name: `‹ ${OVER}` }).click();
      await page.waitForURL(`**/#/runs/${OVER}`);
      expect(complaints).toEqual([]);
    });

    it('nothing but a stop can be pressed while the door is lost', async () => {
      await open(`#/runs/${RUN}`);
      const hold = page.getByRole('button', { name: 'Hold' });
      await expect.poll(() => hold.isDisabled()).toBe(false);
      await page.route('**/api/v1/**', route => route.abort());
      await door.close();
      await page.waitForSelector('.banner.lost');
      await expect.poll(() => hold.isDisabled()).toBe(true);
      expect(await page.textContent('main')).toContain('cannot be reached');
      expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(false);
    });
  },
);
