import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { devicesOf, FrameReader } from '../../../control/record/stretches.ts';
import { runTagsOf } from '../../../control/send/journal-lines.ts';
import { type Victoria, victoria } from '../../support/victoria.ts';
import { type Gateway, gateway, TROUBLES } from './gateway.ts';

/** Readings at full rate into a real store that is killed, hangs, refuses and loses answers, controller killed twice. */

/** Journal and store against each other. `rows`: in the journal. */
interface Count {
  readonly rows: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly lost: number;
  /** Where rows are missing: run and device, how many, from the first to the last time. */
  readonly missing: readonly string[];
}

/** What came of it, of all runs together. */
export interface ChaosResult extends Count {
  readonly heap_slope_MB_per_h: number;
}

interface Beat {
  readonly at_s: number;
  readonly heap_MB: number;
}

const NODE = process.execPath;
const CONTROLLER = new URL('./controller.ts', import.meta.url).pathname;
const MAIN = new URL('../../../control/program/main.ts', import.meta.url).pathname;
const DEVICES = 10;
const RATE_HZ = 100;
/** Trouble for one half of each of so many spans. */
const SPANS = 10;
const KILLS = [0.35, 0.7];
// Every collection is a whole one, so that what it leaves is what is in use.
const WHOLE_COLLECTIONS = ['--gc-global', '--max-semi-space-size=4'];
const HEAP_WINDOW_S = 15;
const LOOKS_AGAIN = 3;

const sleep = (s: number): Promise<void> => new Promise(resolve => setTimeout(resolve, s * 1000));

/** Runs it for so many minutes in an empty folder; `say` hears how it goes. */
export async function chaosInflux(
  dir: string,
  minutes: number,
  say: (text: string) => void,
): Promise<ChaosResult> {
  const store = await victoria(join(dir, 'store'));
  await store.start();
  const between = await gateway(store.port);
  try {
    const { runs, beats } = await run(dir, minutes * 60, { store, between, say });
    for (const folder of runs) await send(folder, say);
    const compared = (): Promise<Count[]> => Promise.all(runs.map(folder => compare(store, folder)));
    let counts = await compared();
    // When a store shows what it has taken is its own matter.
    for (let n = 0; n < LOOKS_AGAIN && counts.some(count => count.lost > 0); n++) {
      for (const text of counts.flatMap(count => count.missing)) say(`not seen yet: ${text}`);
      await sleep(2);
      counts = await compared();
    }
    const sum = (of: (count: Count) => number): number => counts.reduce((all, count) => all + of(count), 0);
    return {
      rows: sum(count => count.rows),
      stored: sum(count => count.stored),
      duplicates: sum(count => count.duplicates),
      lost: sum(count => count.lost),
      missing: counts.flatMap(count => count.missing),
      heap_slope_MB_per_h: Number(slope(beats).toFixed(2)),
    };
  } finally {
    await between.close();
    await store.stop();
  }
}

async function run(
  dir: string,
  all_s: number,
  { store, between, say }: { store: Victoria; between: Gateway; say: (text: string) => void },
): Promise<{ runs: string[]; beats: Beat[][] }> {
  const runs: string[] = [];
  const beats: Beat[][] = [];
  let controller = begin();
  const start_ms = performance.now();
  const now_s = (): number => (performance.now() - start_ms) / 1000;
  let kills = 0;
  let isStopped = false;

  function begin(): ChildProcess {
    const folder = join(dir, `run-${runs.length + 1}`);
    mkdirSync(folder);
    runs.push(folder);
    const heard: Beat[] = [];
    beats.push(heard);
    const child = spawn(
      NODE,
      [...WHOLE_COLLECTIONS, CONTROLLER, folder, between.url, String(DEVICES), String(RATE_HZ)],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    createInterface({ input: child.stdout }).on('line', line => {
      const beat = JSON.parse(line) as { main_MB: number; thread_MB: number };
      heard.push({ at_s: performance.now() / 1000, heap_MB: beat.main_MB + beat.thread_MB });
      if (heard.length % 30 === 0) say(line);
    });
    return child;
  }

  while (now_s() < all_s) {
    const place = (now_s() / all_s) * SPANS;
    const isTrouble = place % 1 >= 0.25 && place % 1 < 0.75;
    const trouble = isTrouble ? TROUBLES[Math.floor(place) % TROUBLES.length] : undefined;
    if (trouble !== between.trouble) say(`${now_s().toFixed(0)} s: ${trouble ?? 'all well'}`);
    between.trouble = trouble;
    if (trouble === 'stops the store' && !isStopped) {
      isStopped = true;
      await store.stop();
    } else if (trouble === undefined && isStopped) {
      isStopped = false;
      await store.start();
    }
    if (kills < KILLS.length && now_s() > KILLS[kills] * all_s) {
      kills++;
      controller.kill('SIGKILL');
      say(`${now_s().toFixed(0)} s: controller killed`);
      controller = begin();
    }
    await sleep(0.1);
  }
  between.trouble = undefined;
  if (isStopped) await store.start();
  controller.stdin?.write('end\n');
  await new Promise(resolve => controller.once('exit', resolve));
  return { runs, beats };
}

/** What is left of a run, by the command for it. */
async function send(folder: string, say: (text: string) => void): Promise<void> {
  const child = spawn(NODE, [MAIN, 'send', folder, '--minutes', '5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', text => say(`send ${folder}: ${String(text).trim()}`));
  const code = await new Promise(resolve => child.once('exit', resolve));
  if (code !== 0) say(`send ${folder}: exit code ${String(code)}`);
}

/** Journal and store, reading by reading, by device and time. */
async function compare(store: Victoria, folder: string): Promise<Count> {
  const path = join(folder, 'run.sqlite');
  const { run } = runTagsOf(path);
  const started_ms = Date.parse(run);
  const stored = await store.times('bench_quality', run);
  const db = openReadOnly(path);
  const count = { rows: 0, stored: 0, duplicates: 0, lost: 0, missing: [] as string[] };
  for (const device of devicesOf(db)) {
    const times = stored.get(device) ?? [];
    const seen = new Set(times);
    count.stored += times.length;
    let found = 0;
    const missing_s: number[] = [];
    for (const { rows, t_s } of new FrameReader(db, device).stretches({ channels: [] })) {
      count.rows += rows;
      for (let i = 0; i < rows; i++) {
        // The store keeps whole ms.
        if (seen.has(started_ms + Math.floor(Math.round(t_s[i] * 1e9) / 1e6))) found++;
        else missing_s.push(t_s[i]);
      }
    }
    count.lost += missing_s.length;
    if (missing_s.length > 0)
      count.missing.push(`${run} ${device}: ${missing_s.length}, ${missing_s[0]} to ${missing_s.at(-1)} s`);
    count.duplicates += times.length - found;
  }
  db.close();
  return count;
}

/**
 * Trend of the least heap of each window (what a collection leaves), MB/h: one slope for all controllers of the test, each
 * about its own mean, its first quarter left out.
 */
function slope(runs: readonly (readonly Beat[])[]): number {
  let over = 0;
  let under = 0;
  for (const beats of runs) {
    const floors = new Map<number, Beat>();
    for (const beat of beats.slice(Math.floor(beats.length / 4))) {
      const window = Math.floor(beat.at_s / HEAP_WINDOW_S);
      const floor = floors.get(window);
      if (floor === undefined || beat.heap_MB < floor.heap_MB) floors.set(window, beat);
    }
    const points = [...floors.values()];
    const mean = (of: (beat: Beat) => number): number =>
      points.reduce((sum, beat) => sum + of(beat), 0) / points.length;
    const at_s = mean(beat => beat.at_s);
    const heap_MB = mean(beat => beat.heap_MB);
    over += points.reduce((sum, beat) => sum + (beat.at_s - at_s) * (beat.heap_MB - heap_MB), 0);
    under += points.reduce((sum, beat) => sum + (beat.at_s - at_s) ** 2, 0);
  }
  return under === 0 ? 0 : (over / under) * 3600;
}
