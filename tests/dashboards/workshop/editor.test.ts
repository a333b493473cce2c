import { describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.ts';
import { foundByAxe } from '../by-axe.ts';
import { asked, complaints, door, inBrowser, open, page } from './in-browser.ts';

/** The editor of methods: messages at their place, completion from the schema, saving that overwrites nobody. */

const TEXT = '.cm-content';

/** Puts the cursor at the end of the text and writes. */
async function write(text: string): Promise<void> {
  await page.locator(TEXT).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

async function openMethod(): Promise<void> {
  await open('#/edit/capacity');
  await page.waitForSelector(TEXT);
}

describe.skipIf(!hasChromium)(
  hasChromium ? 'the editor of methods' : 'the editor of methods (skipped: no chromium)',
  () => {
    inBrowser();

    it("shows the text under the door's content policy and has nothing to complain of", async () => {
      door.findings = [
        { severity: 'error', line: 7, column: 5, text: 'no such role', hint: 'cell.current_A' },
      ];
      await openMethod();
      await page.waitForSelector('.cm-lintRange-error');
      expect(await page.textContent(TEXT)).toContain('what a cell gives');
      expect(complaints).toEqual([]);
    });

    it('a message stands in the list with its place, and leads there', async () => {
      door.findings = [
        { severity: 'error', line: 7, column: 3, text: 'no such role', hint: 'cell.current_A' },
        { severity: 'note', line: 0, column: 0, text: 'takes 4 h', hint: null },
      ];
      await openMethod();
      await page.locator('.findings li').first().waitFor();
      const list = await page.locator('.findings li').allTextContents();
      expect(list).toEqual([
        expect.stringMatching(/error no such role \(perhaps cell\.current_A\) line 7, column 3/),
        expect.stringMatching(/note takes 4 h/),
      ]);
      await page.getByRole('button', { name: 'line 7, column 3' }).click();
      await page.waitForSelector('.cm-focused');
      await page.keyboard.type('#');
      await expect.poll(() => page.textContent(TEXT)).toContain('- #cc: { current_C: rate_C }');
    });

    it('completes keys by what is around them', async () => {
      await openMethod();
      await write('- { rest: {}, f');
      await page.locator('.cm-tooltip-autocomplete li:has-text("for_min")').waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.textContent(TEXT)).toContain('- { rest: {}, for_min: ');
    });

    it('says what a key means', async () => {
      await openMethod();
      await page.locator('.cm-line:has-text("cc: ") >> text=cc').first().hover();
      await page.locator('.cm-meaning:has-text("constant current")').waitFor();
    });

    it('saves what was edited, once, with the state that it was made from', async () => {
      await openMethod();
      const save = page.getByRole('button', { name: 'Save' });
      expect(await save.isDisabled()).toBe(true);
      await write('# more');
      await page.locator('text=Not saved yet').waitFor();
      await page.keyboard.press('Control+s');
      await page.locator('.said:has-text("Saved.")').waitFor();
      expect(await save.isDisabled()).toBe(true);
      expect(door.methods.find(({ name }) => name === 'capacity')?.text).toMatch(/# more$/);
      expect(asked()).toEqual([
        ['PUT methods/capacity', { text: expect.stringContaining('# more'), sha256: 'a'.repeat(64) }],
      ]);
    });

    it('somebody else has saved meanwhile: both texts stand there, and a person decides', async () => {
      await openMethod();
      const theirs = { ...door.methods[0], text: 'method: theirs\n', sha256: 'd'.repeat(64) };
      door.methods = [theirs, ...door.methods.slice(1)];
      await write('# mine');
      await page.getByRole('button', { name: 'Save' }).click();
      const conflict = page.locator('.conflict');
      await conflict.waitFor();
      const sides = await conflict.locator('td.own').allTextContents();
      expect(sides).toContainEqual(expect.stringMatching(/^\d+ \+ .*# mine$/));
      expect(sides).toContain('1 − method: theirs');
      expect(await foundByAxe(page)).toEqual([]);
      expect(door.methods[0].text).toBe('method: theirs\n');
      await page.getByRole('button', { name: 'Keep mine' }).click();
      await page.locator('.said:has-text("Saved.")').waitFor();
      expect(asked().at(-1)).toEqual([
        'PUT methods/capacity',
        { text: expect.stringContaining('# mine'), sha256: 'd'.repeat(64) },
      ]);
    });

    it('or theirs is taken', async () => {
      await openMethod();
      door.methods = [{ ...door.methods[0], text: 'method: theirs\n', sha256: 'd'.repeat(64) }];
      await write('# mine');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Take theirs' }).click();
      await expect.poll(() => page.textContent(TEXT)).toBe('method: theirs');
      expect(await page.locator('text=Not saved yet').count()).toBe(0);
    });

    it('a built-in method is read, and an own one made of it', async () => {
      await open('#/edit/polarisation-curve');
      await page.waitForSelector(TEXT);
      await write('#');
      expect(await page.textContent(TEXT)).not.toContain('#');
      await page.getByLabel('Name of the new method').fill('capacity');
      await page.locator('text=There is a method of this name.').waitFor();
      await page.getByLabel('Name of the new method').fill('own/curve');
      await page.getByRole('button', { name: 'Make an own one of it' }).click();
      await page.getByRole('heading', { name: 'Method own/curve' }).waitFor();
      await page.waitForSelector(TEXT);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.said:has-text("Saved.")').waitFor();
      expect(asked()).toEqual([
        ['PUT methods/own/curve', { text: expect.stringContaining('method: capacity'), sha256: null }],
      ]);
    });

    it('is rehearsed beside it, as it was saved', async () => {
      await openMethod();
      await page.getByLabel('Check on bench').selectOption('cells/bench');
      await page.getByLabel('subject').selectOption('iron');
      await page.getByRole('button', { name: 'Rehearse' }).click();
      await page.waitForSelector('.rehearsal .outcome');
      expect(asked()).toEqual([
        ['POST rehearsals', { bench: 'cells/bench', method: 'capacity', subject: 'iron', set: {} }],
      ]);
    });

    it.each(['the door has forgotten the session', 'saving finds it out'])(
      'what is written outlives the session: %s',
      async how => {
        await openMethod();
        await write('# mine');
        door.me = { ...door.me, name: null, role: null, withoutAccounts: false };
        if (how === 'saving finds it out') await page.getByRole('button', { name: 'Save' }).click();
        else door.cut();
        await page.getByText('Sign in again: the text below stays').waitFor();
        expect(await foundByAxe(page)).toEqual([]);
        await write(' and more');
        await page.getByLabel('Name').fill('marie');
        await page.getByLabel('Password').fill('right');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('marie, engineer').waitFor();
        expect(await page.textContent(TEXT)).toContain('# mine and more');
        await page.getByRole('button', { name: 'Save' }).click();
        await page.locator('.said:has-text("Saved.")').waitFor();
        expect(asked().at(-1)).toEqual([
          'PUT methods/capacity',
          { text: expect.stringContaining('# mine and more'), sha256: 'a'.repeat(64) },
        ]);
      },
    );

    it('a long text is scrolled by the keyboard', async () => {
      const text = Array.from({ length: 200 }, (_, i) => `# line ${i}`).join('\n');
      door.methods = [{ ...door.methods[0], text }, ...door.methods.slice(1)];
      await openMethod();
      expect(await foundByAxe(page)).toEqual([]);
    });

    it('asks before what is not saved is lost', async () => {
      await openMethod();
      await write('# mine');
      const asking = page.waitForEvent('dialog');
      const click = page.getByRole('link', { name: 'Runs' }).click();
      await (await asking).dismiss();
      await click;
      expect(new URL(page.url()).hash).toBe('#/edit/capacity');
      await page.keyboard.press('Tab');
    });
  },
);
