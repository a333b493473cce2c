import { rmSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { CHROMIUM, CHROMIUM_SWITCHES } from '../../support/chromium.ts';
import { buildPage } from '../built-page.ts';
import { type FakeDoor, fakeDoor } from './fake-door.ts';

/** The built page of a laboratory before a door that a test moves, in a real browser; opened anew for each test. */
export let page: Page;
export let door: FakeDoor;
/** What the browser had to complain of. */
export let complaints: string[];
/** What it asked others than the door. */
export let foreign: string[];

/** Opens the browser for the block in which it is called. A test goes to its place with `open`. */
export function inBrowser(): void {
  let browser: Browser;
  let pageDir: string;
  beforeAll(async () => {
    pageDir = buildPage('workshop');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(pageDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    door = await fakeDoor(pageDir);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(10_000);
    complaints = [];
    foreign = [];
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', sent => {
      if (!sent.url().startsWith(door.url)) foreign.push(sent.url());
    });
  });
  afterEach(async () => {
    await page.close();
    await door.close();
  });
}

/** Goes to a place of the page and waits until it stands there. */
export async function open(hash: string, query = ''): Promise<void> {
  await page.goto(`${door.url}/${query}${hash}`);
  await page.waitForSelector('h1');
}

/** What was asked of the door that would change something, without the session's token. */
export function asked(): unknown[] {
  return door.asked.map(({ what, body }) => [what, body]);
}
