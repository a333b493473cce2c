import type { Page } from 'playwright-core';
import { afterEach, beforeEach } from 'vitest';
import type { LiveView } from '../../control/view.ts';
import { type DashboardServer, serveDashboard } from '../../dashboards/server.ts';
import { browserOfPage } from './browser-of-page.ts';
import { type FakeRun, fakeRun } from './fake-view.ts';

/** The built page of a run that moves when the test says so, in a real browser; opened anew for each test. */
export let page: Page;
export let run: FakeRun;
export let server: DashboardServer;
/** What the browser had to complain of. */
export let complaints: string[];
/** What it asked others than the bench. */
export let foreign: string[];

let pageDir: string;

/** The same bench once more, at the port that it had. */
export async function serveAgain(): Promise<void> {
  server = await serveDashboard(run.view, { port: server.port, pageDir });
}

/** Opens the page before each test of the block in which it is called; `shown`: of a run that shows more than the fake one. */
export function openedInBrowser(shown: (view: LiveView) => LiveView = view => view): void {
  const built = browserOfPage();
  beforeEach(async () => {
    pageDir = built.pageDir;
    run = fakeRun();
    server = await serveDashboard(shown(run.view), { port: 0, pageDir });
    page = await built.browser.newPage({ viewport: { width: 1280, height: 800 } });
    complaints = [];
    foreign = [];
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', sent => {
      if (new URL(sent.url()).host !== `127.0.0.1:${server.port}`) foreign.push(sent.url());
    });
    await page.goto(server.url);
    await page.waitForSelector('.chart canvas');
  });
  afterEach(async () => {
    await page.close();
    await server.close();
  });
}
