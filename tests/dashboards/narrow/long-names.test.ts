import { describe, expect, it } from 'vitest';
import type { LiveSnapshot, LiveView } from '../../../control/view.ts';
import { hasChromium } from '../../support/chromium.ts';
import { openedInBrowser, page, run, server } from '../in-browser.ts';
import { wideParts } from './wide-parts.ts';

/** 60 characters without a blank, as people name files, cells and steps. */
const LONG = 'LGM50x21700xbatchx20261130xformationxatx45degCxcellx000017xyz';

const OPEN_ALL = `for (const one of document.querySelectorAll('details')) one.open = true`;

/** The same run with long names wherever a person or a file gives one. */
function longNamed(view: LiveView): LiveView {
  const snapshot = (): LiveSnapshot => {
    const shown = view.snapshot();
    const named = `${LONG}.${LONG}`;
    return {
      ...shown,
      run: {
        ...shown.run,
        bench: LONG,
        subject: LONG,
        method: LONG,
        phase: LONG,
        step: named,
        edited: named,
        reason: named,
        verdict: LONG,
        finishedBy: named,
        unproven: [named],
        unmet: [named],
      },
      phases: shown.phases.map(phase => ({ ...phase, name: `${phase.name}-${LONG}` })),
      roles: [
        ...shown.roles,
        { role: `x.${LONG}_V`, unit: 'V', value: 1.5, quality: 'good', channel: named },
        { role: 'oven.state_count', unit: 'count', value: 1, word: LONG, quality: 'good', channel: named },
      ],
      alarms: shown.alarms.map(alarm => ({
        ...alarm,
        id: LONG,
        text: named,
        acknowledged: true,
        acknowledgedBy: LONG,
      })),
      nearest: shown.nearest.map(near => ({ ...near, id: LONG, role: `x.${LONG}_V` })),
      suppressed: [LONG],
      devices: shown.devices.map(device => ({ ...device, id: LONG, state: 'lost', reason: named })),
      sinks: shown.sinks.map(sink => ({ ...sink, name: LONG, reason: named })),
      events: [{ t_s: 1, kind: 'step', text: named }],
      next: { text: named, command: 'acknowledge' },
    };
  };
  return { ...view, snapshot };
}

describe.skipIf(!hasChromium)(
  hasChromium ? 'long names on a page' : 'long names on a page (skipped: no chromium)',
  () => {
    openedInBrowser(longNamed);

    it.each(['en', 'de', 'ja'])('never make it scroll sideways: %s', async lang => {
      run.warn();
      for (const width of [360, 800, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        await page.goto(`${server.url}?lang=${lang}`);
        await page.waitForSelector('.alarm');
        await page.evaluate(OPEN_ALL);
        expect([width, await wideParts(page)]).toEqual([width, []]);
        const head = await page.locator('.top .who').boundingBox();
        expect(head?.height).toBeLessThan(220);
      }
    });
  },
);
