import { describe, expect, it } from 'vitest';
import type { CommandName, LiveSnapshot, LiveView, RunState } from '../../../control/view.ts';
import { hasChromium } from '../../support/chromium.ts';
import { openedInBrowser, page, run, server } from '../in-browser.ts';

/** Whatever the state, the language and the width of the window: what ends a run is whole inside it. */

interface Shown {
  readonly state: RunState;
  readonly allowed: readonly CommandName[];
  readonly alarm?: 'warn' | 'trip';
}

const EVER: readonly CommandName[] = ['limit', 'stop', 'abort'];
const STATES: Readonly<Record<string, Shown>> = {
  running: { state: 'Execute', allowed: ['hold', 'skip', ...EVER] },
  held: { state: 'Held', allowed: ['resume', ...EVER] },
  alarm: { state: 'Execute', allowed: ['hold', 'skip', 'acknowledge', ...EVER], alarm: 'warn' },
  tripped: { state: 'Aborted', allowed: ['acknowledge', 'abort'], alarm: 'trip' },
  complete: { state: 'Complete', allowed: ['acknowledge', 'reset', 'abort'], alarm: 'warn' },
};
const WIDTHS = [320, 360, 720, 800, 912, 1024, 1280, 1440, 1920];

/** Most of a small tablet is for what is measured. */
const HIGHEST_PX = 165;

let shown: Shown = STATES['running'];

function asShown(view: LiveView): LiveView {
  const snapshot = (): LiveSnapshot => {
    const own = view.snapshot();
    const { state, allowed } = shown;
    return {
      ...own,
      run: {
        ...own.run,
        bench: 'pem-500kw',
        subject: 'stack 7',
        method: 'pem-night',
        state,
        step: 'polarisation-after',
        reason: state === 'Aborted' ? 'cell-voltage-high' : '',
        verdict: state === 'Aborted' ? 'failed' : '',
        report: state === 'Complete' ? '/report' : '',
        planned_s: 45_000,
      },
      alarms: own.alarms.flatMap(alarm =>
        Array.from({ length: 12 }, (_, i) => ({
          ...alarm,
          id: `${alarm.id}-${i}`,
          reaction: shown.alarm ?? alarm.reaction,
        })),
      ),
      allowed,
    };
  };
  return { ...view, snapshot };
}

describe.skipIf(!hasChromium)(
  hasChromium ? 'Stop and Abort in sight' : 'Stop and Abort in sight (skipped: no chromium)',
  () => {
    openedInBrowser(asShown);

    it.each(['en', 'de', 'ja'])('whole inside the window: %s', async lang => {
      const out: string[] = [];
      const inside = async (name: string, width: number): Promise<void> => {
        await page.setViewportSize({ width, height: 800 });
        for (const button of ['.controls .stop', '.controls .abort']) {
          const box = await page.locator(button).boundingBox();
          const end = box === null ? Number.NaN : box.x + box.width;
          const isWhole = box !== null && box.x >= 0 && end <= width && box.y + box.height <= 800;
          if (!isWhole) out.push(`${name} ${width} ${button} ends at ${end}`);
        }
        const head = await page
          .locator('.top .controls')
          .evaluate(own => own.parentElement?.clientHeight ?? 0);
        if (width > 640 && head > HIGHEST_PX) out.push(`${name} ${width} the head is ${head} px high`);
      };
      for (const [name, next] of Object.entries(STATES)) {
        shown = next;
        if (next.alarm !== undefined) run.warn();
        run.tick();
        await page.goto(`${server.url}?lang=${lang}`);
        await page.waitForSelector('.controls');
        for (const width of WIDTHS) await inside(name, width);
        const keep = process.env['CELLBENCH_PICTURES'];
        for (const width of keep === undefined ? [] : WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({ path: `${keep}/head-${lang}-${name}-${width}.png` });
        }
        await page.click('.controls .abort');
        for (const width of [360, 720, 1280]) await inside(`${name}, armed`, width);
      }
      expect(out).toEqual([]);
    });

    it('on a phone without a connection: greyed, not gone', async () => {
      shown = STATES['running'];
      await page.setViewportSize({ width: 360, height: 800 });
      await page.goto(server.url);
      await page.waitForSelector('.controls .abort:enabled');
      await server.close();
      await page.waitForSelector('.page.lost');
      expect(await page.locator('.controls .abort').isVisible()).toBe(true);
      expect(await page.locator('.controls button:enabled').count()).toBe(0);
    });
  },
);
