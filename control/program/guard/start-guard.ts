import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { Listeners } from '../../../drivers/contract/listeners.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { answerTo, fromGuardSchema, type GuardTask, type ToGuard } from '../../guard/messages.ts';
import { guardedDevices } from '../../guard/secure.ts';
import type { BenchSession } from '../../run/session.ts';
import { compileRoles } from '../../tick/roles.ts';

/** What a guard does stands in the folder of the run, a line each, JSON. */
const GUARD_LOG = 'guard.jsonl';
/** So long may the guard take to have seen all its instruments, s. */
const READY_S = 30;
/** The orderly end takes so long at most, s. */
const END_S = 2;
/** More than this between two beats, s, is our own standing still, no silence of the guard. */
const OWN_PAUSE_S = 0.5;

/** The guard process, seen from the controller. */
export interface GuardLink {
  readonly pid: number;
  /** With each control tick: asks, and looks at the last answer. */
  beat(): void;
  /** The guard is gone, silent or wrong, once: nobody watches any more. */
  readonly lost$: Listeners<string>;
  /** The bench has ended as it should: the guard ends, too. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The guard that a bench asks for; undefined where it says why it needs none. @throws DeviceError where an instrument
 * does not answer the guard
 */
export async function guardOf(
  loaded: LoadedBench,
  dir: string,
  clock: Clock,
): Promise<GuardLink | undefined> {
  const { bench, baseDir, descriptions } = loaded;
  if ('none' in bench.guard) return undefined;
  const task: GuardTask = {
    pid: process.pid,
    timeout_s: bench.guard.timeout_s,
    devices: guardedDevices(bench, compileRoles(bench, descriptions)),
    bench,
    baseDir: resolve(baseDir),
    log: resolve(dir, GUARD_LOG),
  };
  return await startGuard(task, clock);
}

/** From now on a guard that is lost ends what the session does; whether there is one stands in its record. */
export function underGuard(session: BenchSession, link: GuardLink | undefined): void {
  const { guard } = session.parts.bench;
  if ('none' in guard || link === undefined) {
    const text = `no guard: ${'none' in guard ? guard.none : 'none was started'}`;
    session.note({ kind: 'guard', data: { what: 'none', timeout_s: null } }, text);
    return;
  }
  const { timeout_s } = guard;
  const text = `a second process (${link.pid}) acts when this one is gone or silent for ${timeout_s} s`;
  session.note({ kind: 'guard', data: { what: 'watches', timeout_s } }, text);
  link.lost$.add(lost => {
    session.note({ kind: 'guard', data: { what: 'lost', timeout_s } }, lost);
    session.abort({ by: 'guard', id: 'lost' }, lost);
  });
}

/** Starts the guard of a bench; resolves once every instrument has answered it. @throws DeviceError with its reason */
async function startGuard(task: GuardTask, clock: Clock): Promise<GuardLink> {
  const child = fork(fileURLToPath(siblingUrl(import.meta.url, './guard-process')), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Ctrl-C in the terminal is for the controller.
    detached: true,
  });
  const lost$ = new Listeners<string>();
  let isOver = false;
  let n = 0;
  /** Since the last answer, without what we stood still ourselves. */
  let silent_s = 0;
  let beat_s = clock.now_s();
  const lose = (text: string): void => {
    if (isOver) return;
    isOver = true;
    lost$.tell(text);
  };
  const say = (message: ToGuard): void => {
    if (child.connected) child.send(message, () => {});
  };
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const refuse = (text: string): void => reject(new DeviceError('closed', 'guard', text));
    const cancel = clock.schedule(READY_S, () => {
      child.kill('SIGKILL');
      refuse(`not ready within ${READY_S} s`);
    });
    child.once('error', error => refuse(error.message));
    child.once('exit', code => {
      cancel();
      refuse(`ended before it was ready (exit code ${code})`);
      lose('the guard has ended');
    });
    child.on('message', raw => {
      const checked = fromGuardSchema.safeParse(raw);
      if (!checked.success) return lose('the guard says what no guard says');
      const message = checked.data;
      if (message.say === 'ready') {
        cancel();
        resolve();
      } else if (message.say === 'refused') {
        cancel();
        refuse(message.reason);
      } else if (message.answer === answerTo(message.n) && message.n <= n) silent_s = 0;
      else lose('the guard answers wrongly');
    });
    say({ say: 'task', task });
  });
  return {
    pid: child.pid ?? 0,
    lost$,
    beat() {
      if (isOver) return;
      const now_s = clock.now_s();
      silent_s += Math.min(now_s - beat_s, OWN_PAUSE_S);
      beat_s = now_s;
      if (silent_s > task.timeout_s) lose(`the guard was silent for ${silent_s.toFixed(1)} s`);
      say({ say: 'beat', n: ++n });
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      say({ say: 'end' });
      const cancel = clock.schedule(END_S, () => child.kill('SIGKILL'));
      await exited;
      cancel();
    },
  };
}
