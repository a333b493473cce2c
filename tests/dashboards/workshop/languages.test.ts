import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { de } from '../../../dashboards/workshop/words/de.ts';
import { en } from '../../../dashboards/workshop/words/en.ts';
import { ja } from '../../../dashboards/workshop/words/ja.ts';
import { hasChromium } from '../../support/chromium.ts';
import { door, inBrowser, open, page } from './in-browser.ts';

/** All fixed words of the page come out of one table a language: none is left in English. */

function textsOf(table: object): string[] {
  return Object.values(table).flatMap(entry => {
    if (typeof entry === 'string') return [entry];
    if (typeof entry === 'function') return [String(entry('', '', '', '', ''))];
    return textsOf(entry as object);
  });
}

/** Of a text that stands in a table the words with letters, without what a function puts into it. */
const isWord = (text: string): boolean => /\p{L}{3}/u.test(text);

const PLACES: readonly (readonly [hash: string, ready: string])[] = [
  ['#/benches', '.bench'],
  ['#/methods', 'tbody tr'],
  ['#/start?bench=cells%2Fbench&method=capacity', '.fields'],
  ['#/runs', 'tbody tr'],
  ['#/runs/2026-11-30_capacity_2', '.tree'],
  ['#/compare?run=2026-11-30_capacity_1&run=2026-11-30_capacity_2', '.compared'],
  ['#/campaigns/campaign-night', 'tbody tr'],
  ['#/edit/capacity', '.cm-content'],
  ['#/people', 'h1'],
];

/** Texts that stand by themselves on the page, and its labels. */
const SHOWN = `(() => {
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode.textContent.trim());
  for (const one of document.querySelectorAll('[aria-label], [placeholder]'))
    texts.push(one.getAttribute('aria-label') ?? '', one.getAttribute('placeholder') ?? '');
  return texts.filter(text => text !== '');
})()`;

describe('the words', () => {
  it('say something in every language', () => {
    for (const table of [de, ja]) {
      expect(textsOf(table).length).toBe(textsOf(en).length);
      expect(textsOf(table).filter(text => text === '')).toEqual([]);
    }
  });

  it('stand somewhere on the page, each of them', () => {
    const folder = join(import.meta.dirname, '../../../dashboards/workshop');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => /\.tsx?$/.test(path) && !/^(words|dist)/.test(path))
      .map(path => readFileSync(join(folder, path), 'utf8'))
      .join('\n');
    expect(Object.keys(en).filter(word => !new RegExp(`\\bt\\.${word}\\b`).test(sources))).toEqual([]);
  });
});

describe.skipIf(!hasChromium)(hasChromium ? 'the languages' : 'the languages (skipped: no chromium)', () => {
  inBrowser();

  it.each([
    ['de', de, 'Prüfstände'],
    ['ja', ja, '試験台'],
  ] as const)('%s: nothing of the English table is left on the page', async (language, table, title) => {
    const own = new Set(textsOf(table));
    const english = new Set(textsOf(en).filter(text => isWord(text) && !own.has(text)));
    const left: Record<string, string[]> = {};
    for (const [hash, ready] of PLACES) {
      await open(hash, `?lang=${language}`);
      await page.waitForSelector(ready);
      const shown = (await page.evaluate(SHOWN)) as string[];
      const wrong = shown.filter(text => english.has(text));
      if (wrong.length > 0) left[hash] = wrong;
    }
    expect(left).toEqual({});
    await open('#/benches', `?lang=${language}`);
    expect(await page.textContent('h1')).toBe(title);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
  });

  it.each([
    ['de', 'von einer Person abgebrochen', 'abgeschlossen'],
    ['ja', '操作者による即時停止', '完了'],
  ] as const)(
    '%s: how a run ended, in the list, of one run and compared',
    async (language, aborted, completed) => {
      const id = '2026-11-30_capacity_1';
      door.runs = door.runs.map(run => (run.id === id ? { ...run, verdict: 'aborted by a person' } : run));
      const compared = `#/compare?run=${id}&run=campaign-night%2Ffirst`;
      for (const [hash, ready] of [
        ['#/runs', 'tbody tr'],
        [`#/runs/${id}`, '.outcome'],
        [compared, '.compared'],
      ] as const) {
        await open(hash, `?lang=${language}`);
        await page.waitForSelector(ready);
        await expect.poll(() => page.textContent('main')).toContain(aborted);
        expect(await page.textContent('main')).not.toContain('aborted');
        if (hash !== `#/runs/${id}`) expect(await page.textContent('main')).toContain(completed);
      }
    },
  );

  it('a choice is kept in the browser; numbers are written as the language writes them', async () => {
    await open('#/runs/2026-11-30_capacity_1');
    await page.getByLabel('Language').selectOption('de');
    await expect.poll(() => page.textContent('main')).toContain('2,980 ± 0,020 Ah');
    await page.reload();
    await page.waitForSelector('h1');
    expect(await page.getAttribute('html', 'lang')).toBe('de');
  });
});
