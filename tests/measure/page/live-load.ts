import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { realClock } from '../../../drivers/contract/clock.ts';
import { startController } from '../../chaos/wires/controller.ts';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../../support/chromium.ts';
import { COLUMNS, look, spread, textOf } from './pictures.ts';

/** A run over emulated wires with nobody and with many at its page: what they take of the controller. */

const ROOT = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
/** How often a page that follows the run fetches its window anew, s, and how long that is. */
const RELOAD_S = 5;
const FOLLOWED_S = 600;
const SETTLES_S = 10;
const STARTS_WITHIN_S = 180;
/** A second word sooner is taken for the first, s. */
const ECHO_S = 1;
const ENDS_WITHIN_S = 90;
/** Of the kernel's CPU times. */
const TICKS_PER_S = 100;
const clock = realClock();

/** One who looks at the page until `close`. */
interface Visitor {
  readonly messages: () => number;
  readonly failures: () => readonly string[];
  close(): Promise<void>;
}

/** CPU time of a process with all of its threads, s. Linux only. */
function cpu_s(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / TICKS_PER_S;
}

/** Ticks of sampling so far, and those that were missed, by the page's own figures. */
async function ticksOf(url: string): Promise<{ ticks: number; missed: number }> {
  const text = await textOf(`${url}/metrics`);
  const figure = (name: string): number =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  return { ticks: figure('cellbench_ticks_total'), missed: figure('cellbench_missed_ticks_total') };
}

/** Asks what a browser asks: the page, what it needs at its start, the live connection, and its window again and again. */
async function openVisitor(url: string): Promise<Visitor> {
  let messages = 0;
  const failures: string[] = [];
  const dist = join(ROOT, 'dashboards/page/dist');
  const assets = readdirSync(join(dist, 'assets')).map(name => `/assets/${name}`);
  for (const path of ['/', ...assets, '/api/snapshot', '/api/picture', '/api/limits'])
    await textOf(`${url}${path}`);
  const { roles } = JSON.parse(await textOf(`${url}/api/trends`)) as { roles: string[] };
  const history = (): Promise<unknown> =>
    Promise.all(roles.map(role => textOf(`${url}/api/history?role=${encodeURIComponent(role)}`)));
  await history();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
  let now_s = 0;
  socket.onmessage = event => {
    messages++;
    const said = JSON.parse(String(event.data)) as { snapshot?: { run: { time_s: number } } };
    now_s = said.snapshot?.run.time_s ?? now_s;
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('the live connection was refused'));
  });
  let isAsking = false;
  const cancel = clock.every(RELOAD_S, () => {
    if (isAsking) return;
    isAsking = true;
    look(url, roles, Math.max(0, now_s - FOLLOWED_S), Math.max(1, now_s))
      .catch((error: unknown) => failures.push(String(error)))
      .finally(() => {
        isAsking = false;
      });
  });
  return {
    messages: () => messages,
    failures: () => failures,
    async close() {
      cancel();
      socket.close();
    },
  };
}

/** A real browser with the page open. */
async function openChromium(url: string): Promise<Visitor> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
  const failures: string[] = [];
  let messages = 0;
  const page = await browser.newPage({ viewport: { width: COLUMNS + 280, height: 800 } });
  page.on('pageerror', error => failures.push(error.message));
  page.on('websocket', socket => socket.on('framereceived', () => messages++));
  await page.goto(url);
  await page.waitForSelector('.chart canvas', { timeout: 60_000 });
  return { messages: () => messages, failures: () => failures, close: () => browser.close() };
}

/** One stretch of the run: CPU of the controller in parts of one core, ticks and missed ones. */
async function watched(pid: number, url: string, for_s: number) {
  const [before, cpuBefore_s, begin_s] = [await ticksOf(url), cpu_s(pid), clock.now_s()];
  await clock.sleep(for_s);
  const [after, cpuAfter_s, end_s] = [await ticksOf(url), cpu_s(pid), clock.now_s()];
  return {
    cpu_pct: Number(((100 * (cpuAfter_s - cpuBefore_s)) / (end_s - begin_s)).toFixed(1)),
    ticks: after.ticks - before.ticks,
    missed: after.missed - before.missed,
  };
}

/**
 * Starts the example's run over wires, and looks at it for `for_s` with nobody and with so many at its page, one of them a
 * real browser where there is one. Throws where the run does not begin, or has ended meanwhile.
 */
export async function liveLoad(dir: string, browsers: number, for_s: number) {
  const args = ['--wire', '--minutes', '60', '--port', '0', '--out', join(dir, 'run')];
  const controller = startController(ROOT, args, clock);
  try {
    const begin_s = clock.now_s();
    let url: string | undefined;
    while (url === undefined) {
      url = /Live page: (http\S+)/.exec(controller.said())?.[1];
      if (controller.exit() !== undefined || clock.now_s() - begin_s > STARTS_WITHIN_S)
        throw new Error(`no live page:\n${controller.said().slice(-1000)}`);
      await clock.sleep(0.2);
    }
    await clock.sleep(SETTLES_S);
    const alone = await watched(controller.pid, url, for_s);
    const visitors: Visitor[] = [];
    try {
      if (hasChromium) visitors.push(await openChromium(url));
      while (visitors.length < browsers) visitors.push(await openVisitor(url));
      await clock.sleep(RELOAD_S);
      const before = visitors.map(({ messages }) => messages());
      const looked = await watched(controller.pid, url, for_s);
      if (controller.exit() !== undefined)
        throw new Error(`the run has ended:\n${controller.said().slice(-1000)}`);
      const failures = visitors.flatMap(one => one.failures());
      for (const failure of failures.slice(0, 5)) console.error(failure);
      return {
        browsers: visitors.length,
        chromium: hasChromium,
        seconds: for_s,
        alone,
        looked_at: looked,
        messages_per_s: spread(visitors.map((one, i) => (one.messages() - before[i]) / for_s)),
        failures: failures.length,
      };
    } finally {
      await Promise.allSettled(visitors.map(one => one.close()));
    }
  } finally {
    // Asks for the end, then for it at once; what is left of it does not go on beside whatever is measured next.
    for (const within_s of [ECHO_S, ENDS_WITHIN_S]) {
      if (controller.exit() !== undefined) break;
      process.kill(controller.pid, 'SIGTERM');
      await controller.gone(within_s);
    }
    const left = controller.leftBehind();
    if (controller.exit() === undefined) process.kill(controller.pid, 'SIGKILL');
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
