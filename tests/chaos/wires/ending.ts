import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { type BenchFiles, WATCHDOG_S } from './bench.ts';
import { type Controller, startController } from './controller.ts';
import { mountDisk, unmountDisk } from './disk.ts';
import type { Instruments } from './instruments.ts';
import { judge } from './judge.ts';
import type { Done, Kind } from './kind.ts';
import { hasBegun, type Moment, reach, signOf } from './moments.ts';
import { takePort } from './port.ts';
import { safeValues } from './safe-values.ts';
import { utc_s } from './seen.ts';

/** One ending: a run on the instruments, something done to it, and the judgement. */

export interface Plan {
  readonly kind: Kind;
  readonly moment: Moment;
  readonly seed: number;
}

export interface Workshop {
  readonly root: string;
  readonly clock: Clock;
  readonly instruments: Instruments;
  readonly files: BenchFiles;
  /** Folder of this ending. */
  readonly folder: string;
}

/** What was wrong, each `kind: what was found`; undefined where this machine does not allow the ending. */
export async function runEnding(plan: Plan, shop: Workshop): Promise<readonly string[] | undefined> {
  const { kind, moment } = plan;
  const { root, clock, instruments, files, folder } = shop;
  const random = seededRandom(plan.seed);
  const chance = (): number => random.uniform();
  const out = join(folder, 'run');
  mkdirSync(folder, { recursive: true });
  if (kind.ownDisk === true && !mountDisk(out)) return undefined;
  await kind.before?.(instruments);
  // A PLC answers in some tens of milliseconds; the emulator alone would be faster than any real one.
  if (kind.before === undefined)
    await instruments.fault('plc', { delay_ms: [0, 15, 40][Math.floor(3 * chance())] });
  const port = kind.page === 'port-taken' ? await takePort() : undefined;
  const page =
    kind.page === undefined ? ['--no-serve'] : port === undefined ? [] : ['--port', String(port.port)];
  const home = kind.page === 'missing' ? withoutPage(root, folder) : root;
  const start = (
    bench: string,
    to: string,
    method = files.method,
    more: readonly string[] = ['--no-serve'],
  ): Controller =>
    startController(home, ['--real', '--bench', bench, '--method', method, ...more, '--out', to], clock);

  const from = instruments.log.length;
  const controller = start(files.bench, out, files.method, page);
  let seconds = 0;
  let done: Done | undefined;
  const wrong: string[] = [];
  const stage = {
    clock,
    chance,
    instruments,
    controller,
    files,
    out,
    scratch: folder,
    // What it would run does not matter: it must not come so far.
    second: (bench: string) => start(bench, join(folder, `second-${++seconds}`), files.probe),
  };
  try {
    const share = chance();
    const isEarly = kind.before !== undefined || kind.page === 'missing';
    if (!isEarly && !(await reach(moment, share, { instruments, controller, clock, from }))) {
      return [
        `early: ${moment} was never reached, exit ${controller.exit()?.code}: ${reasonIn(out) || lastWords(controller)}`,
      ];
    }
    const act_s = utc_s(clock);
    const actIndex = instruments.log.length - from;
    done = await kind.act(stage);
    if (done === undefined) return undefined;
    wrong.push(...(done.wrong ?? []));
    if (kind.page === 'missing') await stopIfItRuns(stage, from);
    if (kind.page === 'port-taken') wrong.push(...(await stopServed(controller, out, clock)));
    const exit = await controller.gone(kind.expect.within_s);
    const leftBehind = exit === undefined ? [] : await leftBehindBy(controller, clock);
    // The supply's own watchdog has its time, and shows whether somebody has to be switched off by it.
    const isOn = instruments.log.findLast(seen => seen.what === 'stack');
    await clock.sleep(isOn?.what === 'stack' && isOn.output_on === 1 ? WATCHDOG_S + 1.5 : 0.3);
    await done.undo?.();
    const log = instruments.log.slice(from);
    writeFileSync(join(folder, 'seen.jsonl'), log.map(seen => JSON.stringify(seen)).join('\n'));
    const safe = safeValues(files.bench);
    const { expect } = kind;
    const said = controller.said();
    wrong.push(...judge({ moment, expect, exit, said, out, act_s, actIndex, log, safe, leftBehind }));
  } finally {
    writeFileSync(join(folder, 'said.txt'), controller.said());
    if (controller.exit() === undefined) {
      controller.child.kill('SIGCONT');
      controller.child.kill('SIGKILL');
      await controller.gone(5);
    }
    await done?.undo?.();
    port?.free();
    if (kind.ownDisk === true) unmountDisk(out);
    await instruments.heal();
  }
  // Where a guard has acted, a person looks at the bench first.
  const mark = join(dirname(files.bench), 'bench.guard.json');
  const looked = (): string[] => (existsSync(mark) ? ['--acknowledge', 'chaos'] : []);
  const next = (to: string): Controller => start(files.bench, to, files.probe, ['--no-serve', ...looked()]);
  wrong.push(...(await takesNext(stage, folder, next)));
  if (wrong.length === 0) rmSync(folder, { recursive: true, force: true });
  return wrong;
}

/** What a plant that runs faster than life may need after an ending, before anybody may start on it. */
const AIRING = /(not started: alarm [^:]*|^)(h2-in-o2|o2-in-h2|room-h2|separator|conductivity)/m;

/** A process of the lowest priority may take a while to hear that it is not wanted any more. */
const ENDS_WITHIN_S = 15;

async function leftBehindBy(controller: Controller, clock: Clock): Promise<readonly number[]> {
  const until_s = clock.now_s() + ENDS_WITHIN_S;
  while (controller.leftBehind().length > 0 && clock.now_s() < until_s) await clock.sleep(0.2);
  return controller.leftBehind();
}

/** The next controller must get the bench at once: a run of one second completes. */
async function takesNext(
  stage: { clock: Clock },
  folder: string,
  start: (to: string) => Controller,
): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const to = join(folder, `next-${attempt}`);
    const next = start(to);
    const exit = await next.gone(60);
    if (exit?.code === 0) return [];
    if (exit === undefined) {
      next.child.kill('SIGKILL');
      await next.gone(5);
      return [`next-start: the next controller has not ended within 60 s: ${lastWords(next)}`];
    }
    const reason = reasonIn(to);
    if (attempt === 3 || !(AIRING.test(reason) || AIRING.test(next.said())))
      return [`next-start: exit ${exit.code}: ${reason || lastWords(next)}`];
    await stage.clock.sleep(5);
  }
}

/** Why a run ended, as its result says; empty if there is none. */
function reasonIn(folder: string): string {
  const path = join(folder, 'result.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { reason: string }).reason : '';
}

function lastWords(controller: Controller): string {
  return controller.said().trim().slice(-300).replaceAll('\n', ' | ');
}

/** Without its page a run may be refused, or go on; if it goes on, a person stops it. */
async function stopIfItRuns(
  stage: { instruments: Instruments; controller: Controller; clock: Clock },
  from: number,
): Promise<void> {
  if (await signOf(hasBegun, { ...stage, from, within_s: 40 })) {
    process.kill(stage.controller.pid, 'SIGINT');
    await stage.clock.sleep(8);
    if (stage.controller.exit() === undefined) process.kill(stage.controller.pid, 'SIGINT');
  }
}

/** A run with its page: it answers on the next port, and the page stays up after the run until a person ends it. */
async function stopServed(controller: Controller, out: string, clock: Clock): Promise<string[]> {
  const wrong: string[] = [];
  const url = /Live page: (http:\S+)/.exec(controller.said())?.[1];
  if (url === undefined) wrong.push(`page: no address of the page: ${lastWords(controller)}`);
  else {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status !== 200) wrong.push(`page: ${url} answers ${answer?.status ?? 'nothing'}`);
  }
  const until_s = clock.now_s() + 30;
  while (!existsSync(join(out, 'result.json')) && clock.now_s() < until_s) await clock.sleep(0.1);
  await clock.sleep(1.5);
  if (controller.exit() === undefined) process.kill(controller.pid, 'SIGINT');
  return wrong;
}

/** A copy of the project whose page has not been built. */
function withoutPage(root: string, folder: string): string {
  const home = join(folder, 'project');
  mkdirSync(home);
  for (const name of ['control', 'drivers', 'profiles', 'dashboards', 'sim', 'examples', 'package.json'])
    cpSync(join(root, name), join(home, name), { recursive: true });
  rmSync(join(home, 'dashboards/page/dist'), { recursive: true, force: true });
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  return home;
}
