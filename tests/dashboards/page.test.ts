import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { spectrumOf } from './half-circle.ts';
import { complaints, foreign, openedInBrowser, page, run, serveAgain, server } from './in-browser.ts';

const installed = hasChromium;

describe.skipIf(!installed)(
  installed ? 'page in a browser' : 'page in a browser (skipped: chromium not installed)',
  () => {
    openedInBrowser();

    const points = async (): Promise<number> =>
      Number(await page.getAttribute('.chart >> nth=0', 'data-points'));
    const tickUntil = async (done: () => Promise<boolean>): Promise<void> => {
      for (let i = 0; i < 100; i++) {
        run.tick();
        await page.waitForTimeout(50);
        if (await done()) return;
      }
      throw new Error('the page did not follow within 5 s');
    };

    it('loads without a complaint, asks nobody else, and says that it is simulated', async () => {
      await expect.poll(points).toBe(601);
      expect(await page.textContent('.state')).toBe('Running');
      // Its name in PackML, for whoever looks it up.
      expect(await page.getAttribute('.state', 'title')).toBe('PackML: Execute');
      expect(await page.textContent('.top')).toContain('simulated plant, simulated time');
      expect(await page.locator('.badge').innerText()).toBe('SIMULATED');
      expect(await page.locator('.chart .title').allTextContents()).toEqual([
        'Current and voltage',
        'Pressure',
        'Gas purity',
      ]);
      expect(complaints).toEqual([]);
      expect(foreign).toEqual([]);
    });

    it('trends move: points are added and the picture changes', async () => {
      await expect.poll(points).toBe(601);
      const canvas = page.locator('.chart canvas').first();
      const before = await canvas.evaluate(c => (c as HTMLCanvasElement).toDataURL());
      await tickUntil(async () => (await points()) >= 620);
      const after = await canvas.evaluate(c => (c as HTMLCanvasElement).toDataURL());
      expect(after).not.toBe(before);
      expect(await page.textContent('.where .time')).toContain('0:10:');
      expect(complaints).toEqual([]);
    });

    it('the canvas shows a line, not an empty frame', async () => {
      const partWithLine = (): Promise<number> =>
        page.locator('.chart:has-text("Pressure") canvas').evaluate(c => {
          const canvas = c as HTMLCanvasElement;
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          const blue = new Set<number>();
          for (let i = 0; i < pixels.length; i += 4) {
            if ((pixels[i + 2] ?? 0) - (pixels[i] ?? 0) > 40 && (pixels[i + 3] ?? 0) > 60) {
              blue.add((i / 4) % canvas.width);
            }
          }
          return blue.size / canvas.width;
        });
      // The pressure is recorded from begin to end but for a gap of 5 %; axis and margin take an eighth.
      await expect.poll(partWithLine).toBeGreaterThan(0.75);
    });

    it('a bad value reads as no reading, never 0', async () => {
      await page.click('.values summary');
      const state = page.locator('.values .cell', { hasText: 'oven state' });
      expect(await state.locator('b.value').textContent()).toBe('heating');
      const cell = page.locator('.values .cell', { hasText: 'room H₂' });
      expect(await cell.locator('.value').innerText()).toBe('– no reading');
    });

    it('of a dead device the last number stands with its age, wherever its values stand', async () => {
      const current = page.locator('.legend .entry', { hasText: 'current' });
      expect(await current.innerText()).toMatch(/\d A$/);
      run.lose();
      await page.waitForSelector('.legend .value.dead');
      expect(await current.innerText()).toMatch(/^current [\d.]+ A 0:02:13 ago$/);
      const dead = await page.locator('.legend .entry').allInnerTexts();
      expect(dead.filter(text => /\d\.\d/.test(text) && !text.endsWith(' ago'))).toEqual([]);
      expect(await page.locator('.legend .value.dead').count()).toBe(dead.length);
      expect(await page.locator('td.is-bad', { hasText: 'lost' }).count()).toBe(1);
    });

    it('a warning shows in the header and in the title, for as long as nobody has acknowledged it', async () => {
      expect(await page.title()).toBe('Running · test bench');
      expect(await page.locator('.alarm-chip').count()).toBe(0);
      run.warn();
      await page.waitForSelector('.alarm-chip.warn:has-text("warn 1 alarm")');
      await expect.poll(() => page.title()).toBe('(1) WARN · Running · test bench');
      await page.evaluate(() => scrollTo(0, 400));
      await page.click('.alarm-chip');
      await page.click('button[aria-label="Acknowledge h2-in-o2-warn"]');
      await page.waitForSelector('.alarm-chip.seen:has-text("1 alarm acknowledged")');
      await expect.poll(() => page.title()).toBe('Running · test bench');
    });

    it('a warning is shelved with a time, a name and a reason only, and brought back', async () => {
      run.warn();
      await page.click('button[aria-label="Shelve h2-in-o2-warn"]');
      const shelve = page.locator('.shelve button[type=submit]');
      expect(await shelve.isDisabled()).toBe(true);
      await page.fill('.shelve label:has-text("by") input', 'A. Miller');
      await page.fill('.shelve label:has-text("because") input', 'span gas');
      await page.fill('.shelve input[type=number]', '600');
      expect(await shelve.isDisabled()).toBe(true);
      await page.fill('.shelve input[type=number]', '20');
      await shelve.click();
      await page.waitForSelector('.alarm.shelved:has-text("by A. Miller: span gas")');
      expect(await page.locator('.alarm-chip').count()).toBe(0);
      expect(await page.title()).toBe('Running · test bench');
      await page.click('button[aria-label="Bring back h2-in-o2-warn"]');
      await page.waitForSelector('.alarm-chip.warn');
      expect(run.asked).toEqual([
        { command: 'shelve', alarm: 'h2-in-o2-warn', by: 'A. Miller', reason: 'span gas', for_s: 1200 },
        { command: 'unshelve', alarm: 'h2-in-o2-warn' },
      ]);
      expect(await page.textContent('.suppressed')).toContain('1 not armed in this step');
    });

    it('a double click aborts nothing', async () => {
      await page.dblclick('.controls .abort');
      await page.waitForSelector('.controls .abort:has-text("Press again")');
      expect(run.asked).toEqual([]);
      await page.waitForSelector('.controls .abort:has-text("Abort")', { timeout: 20_000 });
    });

    it('abort asks by a second press, which is all it takes', async () => {
      await page.click('.controls .abort');
      expect(run.asked).toEqual([]);
      await page.waitForSelector('.controls .abort:has-text("Press again")');
      // A press that belongs to a double click is none.
      await page.waitForTimeout(800);
      await page.click('.controls .abort:has-text("Press again")');
      await expect.poll(() => run.asked).toEqual([{ command: 'abort' }]);
      expect(await page.locator('.controls .abort').innerText()).toBe('Abort');
    });

    it('what could not be proved safe stands out under the header, with the next means', async () => {
      run.leaveUnproven('supply off: pull the plug at the cabinet');
      const notice = page.locator('.unproven[role=alert]');
      expect(await notice.innerText()).toBe('Not proved safe\nsupply off: pull the plug at the cabinet');
      const size_px = await notice
        .locator('li')
        .evaluate(e => Number.parseFloat(getComputedStyle(e).fontSize));
      expect(size_px).toBeGreaterThan(14);
    });

    it('a figure that its method does not accept is said, too, and an early end', async () => {
      run.finishEarly('down (cc)');
      await page.waitForSelector('.banner:has-text("before its last step, by down (cc)")');
      run.miss('margin: -2.6 +- 0.6 mV, wanted > 0 mV: fail');
      const notice = page.locator('[aria-label="Criteria not met"]');
      expect(await notice.innerText()).toContain('margin: -2.6 +- 0.6 mV, wanted > 0 mV: fail');
    });

    it('readings that have ended are grey and say when', async () => {
      run.end();
      await page.waitForSelector('.banner.ended:has-text("Readings ended at 0:10:00")');
      const legend = page.locator('.legend').first();
      expect(await legend.evaluate(e => getComputedStyle(e).filter)).toBe('grayscale(1)');
    });

    it('a trip shows in red with its reason, and can be acknowledged', async () => {
      run.trip();
      await page.waitForSelector('.state.bad');
      expect(await page.textContent('.state')).toBe('Aborted');
      expect(await page.textContent('.banner.bad')).toContain('Tripped by h2-in-o2-trip');
      expect(await page.textContent('.way-out p')).toBe('Tripped: acknowledge the alarms, then clear');
      expect(await page.textContent('[aria-live=assertive]')).toContain('trip: o2.h2_vol_pct 2.10 > 2.0');
      expect(await page.isDisabled('button:has-text("Hold")')).toBe(true);
      await page.click('button[aria-label="Acknowledge h2-in-o2-trip"]');
      await page.waitForSelector('.alarm small:has-text("acknowledged")');
      expect(run.asked).toEqual([{ command: 'acknowledge', alarm: 'h2-in-o2-trip' }]);
      expect(complaints).toEqual([]);
    });

    it('stop asks first: Escape and "Keep running" ask nothing, "Stop the run" does', async () => {
      const dialog = page.locator('dialog[open]');
      await page.click('.controls .stop');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.click('.controls .stop');
      await page.click('button:has-text("Keep running")');
      await dialog.waitFor({ state: 'detached' });
      expect(run.asked).toEqual([]);
      await page.click('.controls .stop');
      await page.click('button:has-text("Stop the run")');
      await page.waitForSelector('.banner.answer:has-text("stop: heard stop")');
      expect(run.asked).toEqual([{ command: 'stop' }]);
    });

    it('a refusal is said, with its reason', async () => {
      await page.click('button:has-text("Hold")');
      await page.waitForSelector('.banner.answer:has-text("hold: refused. heard hold")');
    });

    it('buttons do what is allowed only, and can be reached with the keyboard', async () => {
      expect(await page.isDisabled('button:has-text("Resume")')).toBe(true);
      await page.focus('button:has-text("Hold")');
      await page.keyboard.press('Enter');
      await expect.poll(() => run.asked).toEqual([{ command: 'hold' }]);
    });

    it('a lost connection is shown, values are greyed, buttons dead; it comes back by itself', async () => {
      await expect.poll(points).toBe(601);
      const { port } = server;
      await server.close();
      await page.waitForSelector('.banner.lost:has-text("Connection to the bench is lost")');
      expect(await page.locator('main').evaluate(e => getComputedStyle(e).filter)).toBe('grayscale(1)');
      expect(await page.isDisabled('.controls .stop')).toBe(true);
      for (let i = 0; i < 50; i++) run.tick();
      await serveAgain();
      expect(server.port).toBe(port);
      await page.waitForSelector('.banner.lost', { state: 'detached', timeout: 30_000 });
      // What passed meanwhile is in the history and must be in the trend.
      await expect.poll(points).toBeGreaterThanOrEqual(651);
      expect(await page.isDisabled('.controls .stop')).toBe(false);
    });

    it('a spectrum grows point by point; once it has ended it says what the Kramers-Kronig test found', async () => {
      expect(await page.locator('.spectra').count()).toBe(0);
      const marks = page.locator('.spectra figure:has-text("Nyquist") > svg circle');
      run.measure([spectrumOf(12)]);
      await expect.poll(() => marks.count()).toBe(12);
      expect(await page.locator('.spectra li').innerText()).toBe('spectrum 12 of 41 points, under way');
      run.measure([spectrumOf(13)]);
      await expect.poll(() => marks.count()).toBe(13);
      expect(await page.locator('.spectra figure').count()).toBe(2);
      run.measure([spectrumOf(41, true)]);
      await page.waitForSelector('.spectra .kk.is-good');
      expect(await page.locator('.spectra li').innerText()).toBe(
        'spectrum 41 points Kramers-Kronig test passed',
      );
      expect(await page.locator('.spectra figcaption').allInnerTexts()).toEqual([
        'Impedance: Nyquist, whole device under test',
        'Impedance: Bode',
        'Impedance: linear Kramers-Kronig test',
      ]);
      run.measure([spectrumOf(41, false)]);
      await page.waitForSelector('.spectra .kk.is-bad:has-text("not passed")');
      for (const width of [820, 400]) {
        await page.setViewportSize({ width, height: 1180 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
      expect(complaints).toEqual([]);
    });

    it('the report is one click away once it exists', async () => {
      run.finish('<!doctype html><title>the report</title><style>b{color:red}</style><b>verdict</b>');
      const link = page.locator('a:has-text("Open the report")');
      const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
      await opened.waitForSelector('b');
      expect(await opened.title()).toBe('the report');
      expect(await opened.locator('b').evaluate(e => getComputedStyle(e).color)).toBe('rgb(255, 0, 0)');
    });

    it('fits a tablet: nothing is wider than the screen', async () => {
      for (const width of [820, 400]) {
        await page.setViewportSize({ width, height: 1180 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });
  },
);
