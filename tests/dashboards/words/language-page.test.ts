import { afterEach, describe, expect, it } from 'vitest';
import { de } from '../../../dashboards/page/words/de.ts';
import { en } from '../../../dashboards/page/words/en.ts';
import { ja } from '../../../dashboards/page/words/ja.ts';
import { speak } from '../../../dashboards/page/words/language.ts';
import { localValue } from '../../../dashboards/page/words/number.ts';
import { roleWords } from '../../../dashboards/page/words/roles/role-words.ts';
import { hasChromium } from '../../support/chromium.ts';
import { complaints, openedInBrowser, page, run, server } from '../in-browser.ts';

/** Stands for whatever a text is told. */
const HOLE = '\u0001';

/** All fixed pieces of a table; of a text that is told something what stands around it. */
function piecesOf(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (typeof table === 'function') {
    const told = (table as (...args: unknown[]) => string)(HOLE, HOLE, HOLE, HOLE);
    return told.split(HOLE).map(piece => piece.replace(/^[\s,:;]+|[\s,:;]+$/g, ''));
  }
  return Object.values(table as object).flatMap(piecesOf);
}

/** English pieces that the other language does not use itself. */
function foreignTo(table: unknown): string[] {
  const own = new Set(piecesOf(table));
  return [...new Set(piecesOf(en))].filter(
    piece => piece.length > 2 && /[a-z]/i.test(piece) && !own.has(piece),
  );
}

/** Texts and labels of the page, without those that come from the bench. */
const TEXTS = `(() => {
  const FROM_BENCH = '.events li, .alarm div:nth-child(2), .alarm b, h1, .method, .phase, .strip li span, .strip p, .banner.bad, .way-out p, .unproven li, .language, noscript, script';
  const out = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    if (!node.parentElement.closest(FROM_BENCH)) out.push(node.textContent.trim());
  for (const of of document.querySelectorAll('[aria-label]')) if (!of.closest(FROM_BENCH)) out.push(of.getAttribute('aria-label'));
  for (const of of document.querySelectorAll('[title]')) if (!of.closest(FROM_BENCH)) out.push(of.title);
  return out.filter(text => text !== '');
})()`;

describe('the words of the page', () => {
  afterEach(() => speak('en'));

  it.each([
    ['de', de],
    ['ja', ja],
  ] as const)('of %s say nothing twice in English by mistake', (_, table) => {
    // What is the same in both is a name, a unit or an international word.
    const same = piecesOf(table).filter(piece => piece.length > 3 && new Set(piecesOf(en)).has(piece));
    expect(same.filter(piece => !['Name', 'normal'].includes(piece))).toEqual([]);
  });

  it('write numbers with the sign of the language, never grouped', () => {
    expect(localValue(12973.94, 'A')).toBe('12973.9');
    speak('de');
    expect([localValue(12973.94, 'A'), localValue(-0.25, 'barg'), localValue(1, 'on')]).toEqual([
      '12973,9',
      '\u22120,25',
      'ein',
    ]);
    speak('ja');
    expect([localValue(1973.94, 'A'), localValue(0, 'on')]).toEqual(['1973.9', '切']);
  });

  it('call the usual roles by their names, others by their own', () => {
    speak('de');
    expect(roleWords('stack.current_A', 'A')).toBe('Stackstrom');
    expect(roleWords('cell.voltage_V[].min', 'V')).toBe('Zellspannung min');
    expect(roleWords('rig.oddity_V', 'V')).toBe('rig oddity');
  });
});

const STATES: readonly (readonly [string, () => void])[] = [
  ['quiet', () => {}],
  ['a warning', () => run.warn()],
  ['tripped', () => run.trip()],
  ['a lost instrument', () => run.lose()],
  ['over', () => run.end()],
  ['not proved', () => run.leaveUnproven('x')],
];

describe.skipIf(!hasChromium)(
  hasChromium ? 'the page in other languages' : 'the page in other languages (skipped: no chromium)',
  () => {
    openedInBrowser();

    it.each([
      ['de', de],
      ['ja', ja],
    ] as const)('%s: nothing is left in English in any state', async (code, table) => {
      const foreign = foreignTo(table);
      expect(foreign.length).toBeGreaterThan(150);
      await page.goto(`${server.url}?lang=${code}`);
      await page.waitForSelector('.chart canvas');
      expect(await page.getAttribute('html', 'lang')).toBe(code);
      const left = new Set<string>();
      for (const [state, go] of STATES) {
        go();
        await page.waitForTimeout(300);
        const texts = (await page.evaluate(TEXTS)) as string[];
        expect(texts.length).toBeGreaterThan(60);
        for (const text of texts)
          for (const piece of foreign)
            if (text === piece || (piece.includes(' ') && text.includes(piece)))
              left.add(`${state}: ${text}`);
      }
      expect([...left]).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('is chosen on the page and kept in the browser', async () => {
      await page.selectOption('select.language', 'de');
      await page.waitForURL(/lang=de/);
      await page.waitForSelector('.tile');
      expect(await page.locator('.controls .stop').innerText()).toBe('Stoppen');
      await page.goto(server.url);
      await page.waitForSelector('.tile');
      expect(await page.locator('.controls .stop').innerText()).toBe('Stoppen');
    });
  },
);
