import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { asked, complaints, door, foreign, inBrowser, open, page } from './in-browser.ts';

/** The laboratory's page before a door of the test's own: who sits here, what can be started, what came of it. */

describe.skipIf(!hasChromium)(
  hasChromium ? "the laboratory's page" : "the laboratory's page (skipped: no chromium)",
  () => {
    inBrowser();

    it('shows the benches, says that there are no accounts, asks nobody else and has nothing to complain of', async () => {
      await open('');
      await page.waitForSelector('.bench');
      const text = await page.textContent('body');
      expect(text).toContain('Without accounts');
      expect(text).toContain('You are in control');
      expect(await page.locator('.bench').count()).toBe(2);
      expect(await page.locator('.bench').first().textContent()).toContain('busy with');
      expect(await page.locator('.bench').last().textContent()).toContain('free');
      expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] });
    });

    it('shows nothing before somebody has signed in; from then on each request has the token of the session', async () => {
      door.me = { name: null, role: null, csrf: null, withoutAccounts: false, guestUntilUtc: null };
      door.control = null;
      await open('#/runs');
      expect(await page.locator('nav').count()).toBe(0);
      await page.getByLabel('Name').fill('anna');
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForSelector('[role=alert]');
      expect(await page.textContent('[role=alert]')).toContain('name or password is wrong');
      await page.getByLabel('Password').fill('right');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForSelector('nav');
      await page.getByRole('button', { name: 'Take control' }).click();
      await expect.poll(() => page.textContent('.control')).toContain('You are in control');
      expect(door.asked.at(-1)).toEqual({ what: 'POST control', body: {}, csrf: 'token-1' });
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect.poll(() => page.locator('nav').count()).toBe(0);
    });

    it('control is taken from somebody with a reason only; whoever has it not starts nothing', async () => {
      door.control = { by: 'berta', sinceUtc: '2026-11-30T08:00:00Z', reason: 'night' };
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.waitForSelector('.fields');
      expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
      expect(await page.textContent('main')).toContain('take control first');
      await page.getByRole('button', { name: 'Take control' }).click();
      const yes = page.locator('dialog button[type=submit]');
      expect(await yes.isDisabled()).toBe(true);
      await page.locator('dialog').getByLabel('Reason').fill('shift begins');
      await yes.click();
      await expect.poll(asked).toEqual([['POST control', { reason: 'shift begins' }]]);
      await expect
        .poll(() => page.getByRole('button', { name: 'Start', exact: true }).isEnabled())
        .toBe(true);
    });

    it('a run is rehearsed with what was chosen, looked at, and started; its live page opens', async () => {
      await open('#/start');
      await page.getByLabel('bench').selectOption('cells/bench');
      await page.getByLabel('subject').selectOption('iron');
      await page.getByLabel('method').selectOption('capacity');
      await page.getByLabel('rate_C').fill('1/3');
      await page.getByLabel('way').selectOption('fast');
      await page.getByRole('button', { name: 'Rehearse first' }).click();
      const planned = {
        bench: 'cells/bench',
        method: 'capacity',
        subject: 'iron',
        set: { rate_C: '1/3', way: 'fast' },
      };
      await page.waitForSelector('.rehearsal .outcome');
      expect(asked()).toEqual([['POST rehearsals', planned]]);
      const said = await page.textContent('.rehearsal');
      for (const word of ['4.00 h', 'over-voltage comes within 50 mV', '11.20 Wh', 'capacity', 'charge'])
        expect(said).toContain(word);
      await page.getByLabel('Simulated seconds').fill('60');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.waitForURL('**/run/2026-11-30_capacity_3/');
      expect(asked().at(-1)).toEqual(['POST runs', { ...planned, mode: 'twin', pace: 60, hasLooked: false }]);
    });

    it('on the real instruments it asks once more; what is refused is said with its place', async () => {
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.getByLabel('real instruments').check();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      expect(await page.textContent('dialog')).toContain('emergency stop');
      await page.locator('dialog').getByRole('button', { name: 'Leave it' }).click();
      expect(asked()).toEqual([]);
      const finding = { severity: 'error', line: 3, column: 5, text: 'no role', hint: 'cell.voltage_V' };
      door.refuse = { status: 400, error: 'bench.yaml does not fit', findings: [finding] };
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('dialog').getByRole('button', { name: 'Start on the instruments' }).click();
      await page.waitForSelector('[role=alert]');
      const said = await page.textContent('[role=alert]');
      for (const word of ['bench.yaml does not fit', 'no role', 'line 3, column 5', 'cell.voltage_V'])
        expect(said).toContain(word);
    });

    it('a bench whose file is refused says why and is no place to start', async () => {
      const place = { line: 7, column: 0, hint: null };
      const finding = { severity: 'error' as const, ...place, text: 'delay_s 120, expected 60' };
      door.benches[1] = { ...door.benches[1], devices: {}, findings: [finding] };
      await open('');
      const card = page.locator('.bench').last();
      await expect.poll(() => card.textContent()).toContain('delay_s 120, expected 60');
      for (const word of ['error', 'line 7', 'Nothing can be started here'])
        expect(await card.textContent()).toContain(word);
      for (const word of ['free', 'devices: 0', 'Start here', 'column'])
        expect(await card.textContent()).not.toContain(word);
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.waitForSelector('.fields');
      expect(await page.textContent('form')).toContain('delay_s 120, expected 60');
      for (const name of ['Start', 'Rehearse first'])
        expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true);
    });

    it('a method that others call is marked so where it is listed and chosen', async () => {
      await open('#/methods');
      await page.waitForSelector('tbody tr');
      expect(await page.textContent('main')).not.toContain('procedure');
      door.methods[0] = { ...door.methods[0], isProcedure: true };
      await page.reload();
      await expect.poll(() => page.locator('tbody tr').first().textContent()).toContain('capacity procedure');
      await open('#/start?bench=pem%2Fbench&method=capacity');
      await page.waitForSelector('.fields');
      expect(await page.textContent('form')).toContain('capacity (procedure): what a cell gives');
      expect(await page.textContent('form')).toContain('called by a method that is made for it');
    });

    it('emulated wires cannot be chosen where a driver has no emulator', async () => {
      await open('#/start?bench=pem%2Fbench');
      await expect.poll(() => page.getByLabel('emulated wires').isDisabled()).toBe(true);
    });

    it('runs are filtered, chosen and compared figure by figure', async () => {
      await open('#/runs');
      await page.waitForSelector('tbody tr');
      await page.getByLabel('Filter').fill('tripped');
      expect(await page.locator('tbody tr').count()).toBe(1);
      await page.getByLabel('Filter').fill('');
      expect(await page.getByLabel('Choose 2026-11-30_capacity_3 to compare').isDisabled()).toBe(true);
      await page.getByLabel('Choose 2026-11-30_capacity_1 to compare').check();
      await page.getByLabel('Choose 2026-11-30_capacity_2 to compare').check();
      await page.getByLabel('Choose campaign-night/first to compare').check();
      await page.getByRole('link', { name: 'Compare the 3 chosen' }).click();
      await page.waitForSelector('.compared');
      const rows = await page.locator('.compared tbody tr').allTextContents();
      expect(rows.find(row => row.startsWith('capacity'))).toContain('differs');
      expect(rows.find(row => row.startsWith('temperature'))).toContain('same within u95');
      expect(await page.textContent('main')).toContain('one of them did not just complete');
    });

    it('a run that is over: figures, steps, spectra, report, files', async () => {
      await open('#/runs/2026-11-30_capacity_2');
      await page.waitForSelector('.tree');
      const text = await page.textContent('main');
      for (const word of ['tripped', 'over-voltage', '2.710 ± 0.020 Ah', 'missed', 'charge', 'timeout'])
        expect(text).toContain(word);
      expect(await page.locator('.spectra svg').count()).toBeGreaterThan(1);
      const report = page.getByRole('link', { name: 'Open the report' });
      expect(await report.getAttribute('href')).toBe('#/report/2026-11-30_capacity_2');
      await page.getByRole('button', { name: 'Make csv' }).click();
      const file = page.getByRole('link', { name: 'rows.csv' });
      await file.waitFor();
      expect(await file.getAttribute('href')).toBe('api/v1/runs/2026-11-30_capacity_2/exports/csv/rows.csv');
    });

    it('a run under way is held without a word more, and stopped after a second one; stopping needs no control', async () => {
      await open('#/runs/2026-11-30_capacity_3');
      await page.getByRole('button', { name: 'Hold' }).click();
      await page.waitForSelector('.said');
      door.control = { by: 'berta', sinceUtc: '', reason: 'my shift' };
      door.tell();
      await expect.poll(() => page.getByRole('button', { name: 'Hold' }).isDisabled()).toBe(true);
      await page.locator('[role=alert]:has-text("berta has taken control: my shift")').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      expect(await page.textContent('dialog')).toContain('emergency stop');
      await page.locator('dialog').getByRole('button', { name: 'Stop it' }).click();
      await expect.poll(asked).toEqual([
        ['POST runs/2026-11-30_capacity_3/commands', { command: 'hold' }],
        ['POST runs/2026-11-30_capacity_3/commands', { command: 'stop' }],
      ]);
    });

    it('says when the line is down and takes up what it has missed', async () => {
      await open('#/runs');
      await page.waitForSelector('tbody tr');
      door.runs = door.runs.slice(0, 1);
      door.cut();
      await page.waitForSelector('.banner.lost');
      await expect.poll(() => page.locator('.banner.lost').count()).toBe(0);
      await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    });

    it('a viewer reads, and nothing can be pressed', async () => {
      door.me = {
        ...door.me,
        name: 'guest',
        role: 'viewer',
        withoutAccounts: false,
        guestUntilUtc: '2026-12-01T08:00:00Z',
      };
      await open('#/campaigns/campaign-night');
      await page.waitForSelector('tbody tr');
      expect(await page.textContent('.control')).toContain('Guest, reads only, until 2026-12-01 08:00');
      expect(await page.locator('main button:enabled').count()).toBe(0);
    });
  },
);
