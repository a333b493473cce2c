import { rmSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { CHROMIUM, CHROMIUM_SWITCHES } from '../support/chromium.ts';
import { buildPage } from './built-page.ts';

/** A browser and the built page of a run, there while the tests of a block run. */
export interface BrowserOfPage {
  readonly browser: Browser;
  /** Folder of the page. */
  readonly pageDir: string;
}

/** Builds the page and starts the browser before the tests of the block in which it is called, and ends both. */
export function browserOfPage(): BrowserOfPage {
  let browser: Browser;
  let pageDir: string;
  beforeAll(async () => {
    pageDir = buildPage();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(pageDir, { recursive: true, force: true });
  });
  return {
    get browser() {
      return browser;
    },
    get pageDir() {
      return pageDir;
    },
  };
}
