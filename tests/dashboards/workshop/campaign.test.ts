import { describe, expect, it } from 'vitest';
import type { CarriedCourse } from '../../../control/view.ts';
import { hasChromium } from '../../support/chromium.ts';
import { CHARGING } from '../campaign/fake-campaign.ts';
import { asked, complaints, door, inBrowser, open, page } from './in-browser.ts';

/** What can be done with a campaign from the page, each with who (the door knows) and why. */

/** The campaign stands otherwise, and every page is told. */
function changeCourse(change: (course: CarriedCourse) => CarriedCourse): void {
  door.campaigns = door.campaigns.map(one => ({
    ...one,
    course: change(one.course as unknown as CarriedCourse) as unknown as Record<string, unknown>,
  }));
  door.tell();
}

async function because(button: string, reason = 'so it is'): Promise<void> {
  const dialog = page.locator('dialog');
  await dialog.getByLabel('Why (stands in the record').fill(reason);
  await dialog.getByRole('button', { name: button, exact: true }).click();
}

const EDITS = 'POST campaigns/campaign-night/edits';

describe.skipIf(!hasChromium)(
  hasChromium ? 'a campaign on the page' : 'a campaign on the page (skipped: no chromium)',
  () => {
    inBrowser();

    it('is started from its file', async () => {
      await open('#/campaigns');
      await page.getByLabel('campaign file').selectOption('night');
      await page.getByRole('button', { name: 'Start a campaign' }).click();
      await expect
        .poll(asked)
        .toEqual([['POST campaigns', { file: 'night', mode: 'twin', hasLooked: false }]]);
      await page.waitForURL('**/#/campaigns/campaign-night');
    });

    it('shows what ran, what runs, what waits for what, and leads to the records', async () => {
      await open('#/campaigns/campaign-night');
      await page.waitForSelector('tbody tr');
      const rows = await page.locator('tbody tr').allTextContents();
      expect(rows.map(row => row.replace(/\s+/g, ' '))).toEqual([
        expect.stringMatching(/first✓ completed.*60\.0 min/),
        expect.stringMatching(/second▶ under way/),
        expect.stringMatching(/third○ waits waits for run second/),
        expect.stringMatching(/fourth○ waits waits for a person: over-voltage tripped/),
      ]);
      expect(await page.getByRole('link', { name: 'first', exact: true }).getAttribute('href')).toBe(
        '#/runs/campaign-night%2Ffirst',
      );
      expect(complaints).toEqual([]);
    });

    it('is stopped without a word: a person can always stop', async () => {
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'Stop: second', exact: true }).click();
      await page.locator('dialog').getByRole('button', { name: 'Stop it' }).click();
      await expect.poll(asked).toEqual([[EDITS, { change: { do: 'stop', run: 'second' }, because: '' }]]);
    });

    it('says what is missing before a run is added', async () => {
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'Add a run' }).click();
      const dialog = page.locator('dialog');
      expect(await dialog.textContent()).toContain(
        'Missing: Name of the run, Method (as in the campaign file)',
      );
      await dialog.getByLabel('Name of the run').fill('fifth');
      await dialog.getByLabel('Method (as').fill('short.yaml');
      expect(await dialog.textContent()).not.toContain('Missing');
    });

    it('shows every channel, the worst alarm, and which run does not answer', async () => {
      const { limit: alarm, ...reading } = {
        ...CHARGING,
        limit: { id: 'over-voltage', reaction: 'trip' as const, text: 'over-voltage 4.31 > 4.3 V', open: 1 },
      };
      door.channels = {
        benches: [{ bench: 'two-cells', subjects: ['nickel', 'iron'] }],
        withPage: ['second'],
        readings: { second: { ...reading, alarm } },
        silent: {},
      };
      await open('#/campaigns/campaign-night');
      const field = page.locator('.matrix .field').first();
      await field.waitFor();
      expect(await field.getAttribute('href')).toBe('run/campaign-night%2Fsecond/');
      expect(await field.textContent()).toContain('3.942');
      expect(await page.textContent('.worst')).toContain('over-voltage 4.31 > 4.3 V');
      expect(await page.locator('.matrix .field').nth(1).textContent()).toContain('wants attention');
      door.channels = { ...door.channels, readings: {}, silent: { second: '2026-11-30T09:14:05.000Z' } };
      await expect.poll(() => page.textContent('.worst'), { timeout: 20_000 }).toContain('does not answer');
      expect(await page.textContent('.worst')).toContain('2026-11-30 09:14:05 UTC');
      expect(await page.getByRole('button', { name: /^Attention/ }).textContent()).toContain('2');
      expect(complaints).toEqual([]);
    });

    it('is held, resumed and stopped, as a whole and run by run', async () => {
      await open('#/campaigns/campaign-night');
      const word = { by: 'ada', because: 'not given', sinceUtc: '2026-11-30T09:00:00.000Z' };
      const marks = () => page.locator('tr:has(th:text-is("third")) .mark').textContent();
      expect(await page.getByRole('button', { name: 'Resume the campaign' }).isDisabled()).toBe(true);
      expect(await page.getByRole('button', { name: 'Let it begin: third' }).isDisabled()).toBe(true);
      door.taken = ({ do: what, run }) => {
        const held = what === 'hold' ? word : null;
        changeCourse(course =>
          run === undefined
            ? { ...course, held }
            : {
                ...course,
                runs: course.runs.map(one =>
                  one.id === run ? { ...one, held: held === null ? null : { what: run, ...held } } : one,
                ),
              },
        );
      };
      for (const [name, yes, said = ''] of [
        ['Hold the campaign', 'Do it', 'Held by ada since 2026-11-30 09:00 UTC (no reason given)'],
        ['Resume the campaign', 'Do it'],
        ['Hold back: third', 'Do it', 'third is held back by ada since 2026-11-30 09:00 UTC'],
        ['Let it begin: third', 'Do it'],
        ['Stop: second', 'Stop it'],
        ['Stop the campaign', 'Stop it'],
      ]) {
        await page.getByRole('button', { name, exact: true }).click();
        await because(yes);
        await page.locator('.said:has-text("taken")').waitFor();
        if (said === '') continue;
        await page.getByText(said).waitFor();
        expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true);
      }
      expect(await marks()).toContain('waits');
      const bodies = door.asked.map(({ what, body }) => [what, (body as { change: unknown }).change]);
      expect(bodies).toEqual([
        [EDITS, { do: 'hold' }],
        [EDITS, { do: 'resume' }],
        [EDITS, { do: 'hold', run: 'third' }],
        [EDITS, { do: 'resume', run: 'third' }],
        [EDITS, { do: 'stop', run: 'second' }],
        [EDITS, { do: 'stop' }],
      ]);
    });

    it('a run under way is held itself: it stands still, and its campaign goes on', async () => {
      const [first] = door.runs;
      door.runs = [{ ...first, id: 'campaign-night/second', campaign: 'campaign-night' }, ...door.runs];
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'Hold: second' }).click();
      await page.locator('.said:has-text("Hold: done")').waitFor();
      door.channels = { ...door.channels, readings: { second: { ...CHARGING, state: 'Held' } } };
      await page.locator('tr:has-text("second") .mark:has-text("held")').waitFor();
      expect(await page.getByRole('button', { name: 'Hold: second' }).isDisabled()).toBe(true);
      expect(await page.getByRole('button', { name: 'Resume: second' }).isEnabled()).toBe(true);
      expect(asked()).toEqual([['POST runs/campaign-night/second/commands', { command: 'hold' }]]);
      expect(await page.getByRole('link', { name: 'live page: second' }).getAttribute('href')).toBe(
        'run/campaign-night%2Fsecond/',
      );
    });

    it('one time of a run is removed alone, and it is said what goes with the last one', async () => {
      changeCourse(course => ({
        ...course,
        runs: course.runs.map(one => {
          if (one.id === 'third') return { ...one, run: 'ageing', id: 'ageing-2' };
          return one.id === 'second'
            ? { ...one, run: 'ageing', id: 'ageing-1' }
            : { ...one, after: ['ageing'] };
        }),
      }));
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'Remove: ageing-2' }).click();
      expect(await page.locator('dialog').textContent()).toContain('Its other times are done.');
      await because('Do it');
      await expect
        .poll(asked)
        .toEqual([[EDITS, { change: { do: 'remove', run: 'ageing-2' }, because: 'so it is' }]]);
      expect(await page.getByRole('button', { name: 'Replace: ageing' }).isDisabled()).toBe(true);
      changeCourse(course => ({ ...course, runs: course.runs.filter(({ id }) => id !== 'ageing-1') }));
      await page.getByRole('button', { name: 'Remove: ageing-2' }).click();
      await page.getByText('What comes after it is not done then either: fourth.').waitFor();
    });

    it('a stopped one leads to being started again', async () => {
      door.campaigns = door.campaigns.map(one => ({ ...one, is: 'stopped' as const }));
      await open('#/campaigns/campaign-night');
      await page.getByRole('link', { name: 'Start it again' }).click();
      await expect.poll(() => page.getByLabel('campaign file').inputValue()).toBe('night');
    });

    it('its queue is changed: moved, removed, added, replaced, each with its reason', async () => {
      await open('#/campaigns/campaign-night');
      await page.getByLabel('Move before: fourth').selectOption('third');
      await page.getByRole('button', { name: 'Move: fourth', exact: true }).click();
      await because('Do it', 'iron first');
      await page.getByRole('button', { name: 'Remove: third' }).click();
      await because('Do it', 'not needed');
      await page.getByRole('button', { name: 'Add a run' }).click();
      await page.locator('dialog').getByLabel('Name of the run').fill('fifth');
      await page.locator('dialog').getByLabel('Method (as in the campaign file)').fill('capacity.yaml');
      await page.locator('dialog').getByLabel('subject').fill('iron');
      await page
        .locator('dialog')
        .getByLabel('Parameters, a line each')
        .fill('rate_C = 1/2\ncycles_count = 3');
      await page.locator('dialog').getByLabel('second').check();
      await because('Add it', 'once more');
      await page.getByRole('button', { name: 'Replace: third' }).click();
      await page.locator('dialog').getByLabel('Method (as in the campaign file)').fill('ageing.yaml');
      await because('Replace it', 'longer');
      await expect.poll(asked).toEqual([
        [EDITS, { change: { do: 'move', run: 'fourth', before: 'third' }, because: 'iron first' }],
        [EDITS, { change: { do: 'remove', run: 'third' }, because: 'not needed' }],
        [
          EDITS,
          {
            change: {
              do: 'add',
              runs: [
                {
                  run: 'fifth',
                  method: 'capacity.yaml',
                  subject: 'iron',
                  after: ['second'],
                  with: { rate_C: '1/2', cycles_count: 3 },
                },
              ],
            },
            because: 'once more',
          },
        ],
        [
          EDITS,
          {
            change: {
              do: 'replace',
              run: 'third',
              with: { run: 'third', method: 'ageing.yaml', subject: 'nickel' },
            },
            because: 'longer',
          },
        ],
      ]);
    });

    it('a bench that waits for a person is acknowledged', async () => {
      await open('#/campaigns/campaign-night');
      await page.getByRole('button', { name: 'I have looked at it' }).click();
      await because('Do it', 'loose cable');
      await expect
        .poll(asked)
        .toEqual([
          [EDITS, { change: { do: 'acknowledge', bench: 'two-cells iron' }, because: 'loose cable' }],
        ]);
    });

    it.each(['door', 'campaign'])(
      'what the %s refuses is said, and stays until it is dismissed',
      async who => {
        await open('#/campaigns/campaign-night');
        const text = 'the campaign is not held';
        if (who === 'door') door.refuse = { status: 409, error: text };
        else door.decides = { accepted: false, text };
        await page.getByRole('button', { name: 'Hold the campaign' }).click();
        await because('Do it');
        await page.locator('[role=alert]:has-text("the campaign is not held")').waitFor();
        await page.getByRole('button', { name: 'Dismiss' }).click();
        expect(await page.locator('[role=alert]').count()).toBe(0);
      },
    );
  },
);
