import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../control/view.ts';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../support/chromium.ts';
import { ROOT, scratchFolder } from './support/program.ts';

/** The page of the real program in a real browser: a rehearsal held back to two simulated minutes a second. */

describe('the live page of a running night', () => {
  it('loads, its trends move, hold, resume and stop work, and the report is there afterwards', async ({
    skip,
  }) => {
    if (!hasChromium) skip('chromium is not installed (apt-get install chromium)');
    const scratch = scratchFolder();
    const dir = join(scratch.path, 'run');
    const args = [
      '--disable-warning=ExperimentalWarning',
      'control/program/main.ts',
      '--pace',
      '120',
      '--port',
      '8180',
      '--out',
      dir,
    ];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', chunk => {
      printed += String(chunk);
    });
    child.stderr.on('data', chunk => {
      printed += String(chunk);
    });
    const ended = new Promise<number | null>(resolve => child.on('exit', resolve));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
    try {
      await expect.poll(() => /Live page: (\S+)/.exec(printed)?.[1], { timeout: 15_000 }).toBeDefined();
      const url = /Live page: (\S+)/.exec(printed)?.[1] ?? '';
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', error => complaints.push(error.message));
      await page.goto(url);
      const state = () => page.textContent('.state');
      const points = async () => Number(await page.getAttribute('.chart >> nth=0', 'data-points'));
      await expect.poll(state, { timeout: 30_000 }).toBe('Running');
      const before = await points();
      await expect.poll(points, { timeout: 30_000 }).toBeGreaterThan(before + 30);

      await page.getByRole('button', { name: 'Hold' }).click();
      await expect.poll(state, { timeout: 20_000 }).toBe('Held');
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect.poll(state, { timeout: 20_000 }).toBe('Running');
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
      await expect.poll(state, { timeout: 20_000 }).toBe('Stopped');
      await expect.poll(() => page.locator('a:has-text("report")').count(), { timeout: 30_000 }).toBe(1);
      const report = await page.request.get(`${url}/report`);
      expect(report.status()).toBe(200);
      expect(await report.text()).toContain('stopped by a person (page)');
      expect(complaints).toEqual([]);

      child.kill('SIGINT');
      expect(await ended).toBe(3);
      const result = JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')) as RunResult;
      expect(result).toMatchObject({ verdict: 'stopped by a person', reason: 'stopped by a person (page)' });
    } finally {
      await browser.close();
      child.kill('SIGKILL');
      scratch.remove();
    }
  });
});
