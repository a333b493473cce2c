import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { complaints, openedInBrowser, page, run } from '../in-browser.ts';

/** What the bar says is shown. */
const stretch = (): Promise<string> => page.locator('.window-bar .stretch').innerText();
const push = (name: string): Promise<void> => page.click(`.window-bar button:text-is("${name}")`);
const isOn = async (name: string): Promise<boolean> =>
  (await page.getAttribute(`.window-bar button:text-is("${name}")`, 'aria-pressed')) === 'true';
const points = async (): Promise<number> => Number(await page.getAttribute('.chart >> nth=0', 'data-points'));

describe.skipIf(!hasChromium)(
  hasChromium ? 'windows of the run in a browser' : 'windows of the run in a browser (skipped: no chromium)',
  () => {
    openedInBrowser();

    it('shows all of the run at first and asks the record for nothing', async () => {
      await expect.poll(points).toBe(601);
      expect(await stretch()).toBe('0:00:00 – 0:10:00');
      expect([await isOn('All'), await isOn('Follow')]).toEqual([true, true]);
      expect(run.windowsAsked).toEqual([]);
    });

    it('a stretch marked in one chart is shown by all, out of the record, and left by a double click', async () => {
      await expect.poll(points).toBe(601);
      const box = await page.locator('.chart .u-over').first().boundingBox();
      if (box === null) throw new Error('the chart has no box');
      const at = (part: number): [number, number] => [box.x + part * box.width, box.y + 20];
      await page.mouse.move(...at(0.5));
      await page.mouse.down();
      await page.mouse.move(...at(0.6), { steps: 4 });
      await page.mouse.up();
      // A tenth of ten minutes from its middle on, as fine as a pixel.
      await expect.poll(stretch).toMatch(/^0:0(4:5[89]|5:00) – 0:0(5:5[89]|6:00)$/);
      const asked = run.windowsAsked.at(-1);
      expect(asked?.roles).toEqual(run.view.trendRoles());
      expect(asked?.from_s).toBeCloseTo(300, -0.6);
      expect(asked?.columns).toBeGreaterThan(400);
      await expect.poll(points).toBeLessThan(70);
      expect([await isOn('All'), await isOn('Follow')]).toEqual([false, false]);
      for (let i = 0; i < 5; i++) run.tick();
      await page.waitForTimeout(300);
      expect(await stretch()).toMatch(/^0:0(4:5[89]|5:00) – 0:0(5:5[89]|6:00)$/);
      await page.mouse.dblclick(...at(0.5));
      await expect.poll(() => isOn('All')).toBe(true);
      await expect.poll(points).toBeGreaterThan(600);
      expect(complaints).toEqual([]);
    });

    it('a mouse let go in the chart beside has marked up to the edge; it is asked for once', async () => {
      await expect.poll(points).toBe(601);
      const box = await page.locator('.chart .u-over').first().boundingBox();
      if (box === null) throw new Error('the chart has no box');
      const asked: string[] = [];
      page.on('request', request => {
        if (/api.(window|marks)/.test(request.url())) asked.push(request.url());
      });
      const at = (part: number): [number, number] => [box.x + part * box.width, box.y + 20];
      await page.mouse.move(...at(0.8));
      await page.mouse.down();
      await page.mouse.move(...at(1.6), { steps: 10 });
      await page.mouse.up();
      await expect.poll(stretch).toMatch(/^0:0(7:5[89]|8:00) – 0:10:00$/);
      await page.waitForTimeout(500);
      expect(asked.map(url => new URL(url).pathname).sort()).toEqual(['/api/marks', '/api/window']);
      expect(complaints).toEqual([]);
    });

    it('buttons and keys move it; one that is at the end follows the run', async () => {
      await expect.poll(points).toBe(601);
      await push('+');
      await expect.poll(stretch).toBe('0:05:00 – 0:10:00');
      await expect.poll(points).toBeLessThan(310);
      for (let i = 0; i < 10; i++) run.tick();
      await expect.poll(stretch).toBe('0:05:10 – 0:10:10');
      await push('◀');
      await expect.poll(stretch).toBe('0:02:40 – 0:07:40');
      expect(await isOn('Follow')).toBe(false);
      await page.focus('.take-away summary');
      for (const [key, shown] of [
        ['ArrowLeft', '0:00:10 – 0:05:10'],
        ['-', '0:00:00 – 0:10:00'],
        ['0', '0:00:00 – 0:10:10'],
        ['+', '0:05:05 – 0:10:10'],
        ['f', '0:05:05 – 0:10:10'],
        ['ArrowRight', '0:05:05 – 0:10:10'],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(stretch, { message: key }).toBe(shown);
      }
      expect(await isOn('Follow')).toBe(true);
    });

    it('says that a view is rough and that a record cannot be read, and asks again', async () => {
      await expect.poll(points).toBe(601);
      run.beRough(true);
      await push('10 min');
      const note = page.locator('.window-note');
      await expect.poll(() => note.innerText()).toContain('rough');
      run.beRough(false);
      const tickUntilFine = async (): Promise<number> => {
        run.tick();
        return note.count();
      };
      await expect.poll(tickUntilFine, { timeout: 30_000, interval: 200 }).toBe(0);
      run.lose();
      await push('1 h');
      await expect.poll(() => note.innerText()).toContain('not fetched');
    });

    it('hands out what is shown as CSV and as a picture', async () => {
      await expect.poll(points).toBe(601);
      await push('+');
      await expect.poll(points).toBeLessThan(310);
      const taken = async (what: string): Promise<{ name: string; rows: string[] }> => {
        await page.click('.take-away summary');
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.click(`.take-away >> text=${what}`),
        ]);
        return {
          name: file.suggestedFilename(),
          rows: readFileSync(await file.path(), 'utf8').split('\r\n'),
        };
      };
      const whose = 'test-bench_cell-b_run-1_night_SIMULATED';
      const drawn = await taken('What is drawn');
      expect(drawn.name).toBe(`${whose}_drawn_0h05m00s_0h10m00s.csv`);
      expect(drawn.rows[0]).toBe(
        'bench,subject,run,method,mode,role,unit,from_s,to_s,from_utc,kind,last,min,max',
      );
      expect(drawn.rows.length).toBeGreaterThan(4 * 250);
      const current_A = 1000 + 500 * Math.sin(300 / 9);
      expect(drawn.rows[1]).toContain('test bench,cell-b,run-1,night,SIMULATED,stack.current_A,A,300,');
      expect(drawn.rows[1]).toContain(',2026-05-01T20:05:00.000Z,');
      expect(drawn.rows[1]).toContain(`,${[0, -5, 5].map(by => current_A + by).join(',')}`);
      const all = await taken('supply');
      expect(all.name).toBe(`${whose}_supply_0h05m00s_0h10m00s.csv`);
      expect([all.rows[0], all.rows[1], all.rows.length]).toEqual(['t_s,current_A', '300,100', 303]);
      const [png] = await Promise.all([
        page.waitForEvent('download'),
        page.click('button[aria-label="PNG of Pressure"]'),
      ]);
      expect(png.suggestedFilename()).toBe(`${whose}_Pressure_0h05m00s_0h10m00s.png`);
      const keep = process.env['CELLBENCH_PICTURES'];
      if (keep !== undefined) await png.saveAs(`${keep}/chart.png`);
      const bytes = readFileSync(await png.path());
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.length).toBeGreaterThan(2000);
      expect(complaints).toEqual([]);
    });
  },
);
