import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { Listeners } from '../../../drivers/contract/listeners.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { ourWord } from '../../../drivers/process-identity.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { answerTo, fromGuardSchema, type GuardTask, type ToGuard } from '../../guard/messages.ts';
import { guardedDevices } from '../../guard/secure.ts';
import type { BenchSession } from '../../run/session.ts';
import { compileRoles } from '../../tick/roles.ts';
import { isAtRest } from '../signals.ts';
import { removeMark } from './left-behind.ts';

/** So long may the guard take to have seen all its instruments, s. */
const READY_S = 30;
/** The orderly end takes so long at most, s. */
const END_S = 2;
/** Beats that may wait on its line. */
const MOST_UNTAKEN = 100;
/** More than this between two beats, s, is our own standing still, no silence of the guard. */
const OWN_PAUSE_S = 0.5;

/** A program of a cycler goes on when we are gone, and is taken up: a guard would end it. */
const NONE_FOR_PROGRAM = "the method runs as the cycler's own program, within the cycler's own limits";

/** Where a guard is started. */
export interface GuardPlace {
  readonly clock: Clock;
  /** Folder of the run. */
  readonly dir: string;
  /** What the next start is told by; undefined: emulated instruments, which are gone by then. */
  readonly mark: string | undefined;
  /** The start is given up. */
  readonly signal: AbortSignal;
}

/** The guard that a bench asks for; undefined where it says why it needs none. Rejects where it cannot be started at all. */
export async function guardOf(loaded: LoadedBench, place: GuardPlace): Promise<GuardLink | undefined> {
  const { bench, baseDir, descriptions } = loaded;
  if ('none' in bench.guard) return undefined;
  const { dir, mark = null } = place;
  const task: GuardTask = {
    pid: process.pid,
    word: ourWord(),
    timeout_s: bench.guard.timeout_s,
    devices: guardedDevices(bench, compileRoles(bench, descriptions)),
    bench,
    baseDir: resolve(baseDir),
    dir: resolve(dir),
    mark,
  };
  const link = new GuardLink(task, place.clock);
  const giveUp = (): void => link.giveUp();
  place.signal.addEventListener('abort', giveUp, { once: true });
  await link.answered;
  place.signal.removeEventListener('abort', giveUp);
  return link;
}

/**
 * From now on a guard that is lost ends what the session does; whether there is one stands in its record. Closes the
 * session and throws DeviceError where the guard has none of its lines: then nothing has been switched on.
 */
export async function underGuard(session: BenchSession, link: GuardLink | undefined): Promise<void> {
  const { guard } = session.parts.bench;
  if ('none' in guard || link === undefined) {
    const text = `no guard: ${'none' in guard ? guard.none : NONE_FOR_PROGRAM}`;
    session.note({ kind: 'guard', data: { what: 'none', timeout_s: null } }, text);
    return;
  }
  const { timeout_s } = guard;
  const lost = (text: string): void => {
    session.note({ kind: 'guard', data: { what: 'lost', timeout_s } }, text);
    session.abort({ by: 'guard', id: 'lost' }, text);
  };
  const failure = link.refusal ?? link.watch(session, lost);
  if (failure !== undefined) {
    await session.close();
    throw new DeviceError('closed', 'guard', failure);
  }
  const text = `a second process (${link.pid}) acts when this one is gone or silent for ${timeout_s} s`;
  session.note({ kind: 'guard', data: { what: 'watches', timeout_s } }, text);
}

/** The guard process, seen from the controller. */
export class GuardLink {
  /** Resolves when every instrument has answered the guard, or it has said why not. */
  readonly answered: Promise<void>;
  /** Why it does not watch: an instrument that does not answer it, or it has ended. */
  refusal: string | undefined;
  readonly #task: GuardTask;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #lost$ = new Listeners<string>();
  #session: BenchSession | undefined;
  #lost: string | undefined;
  #isReady = false;
  /** What the last beat said. */
  #rest = false;
  #isOver = false;
  #leavesMark = false;
  /** Nothing is said to it any more. */
  #hasEnded = false;
  /** Beats that it has not taken yet: one that stands still must not fill our memory. */
  #untaken = 0;
  #n = 0;
  /** Since the last answer, without what we stood still ourselves. */
  #silent_s = 0;
  #beat_s: number;

  constructor(task: GuardTask, clock: Clock) {
    this.#task = task;
    this.#clock = clock;
    this.#beat_s = clock.now_s();
    this.#child = fork(fileURLToPath(siblingUrl(import.meta.url, './guard-process')), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Ctrl-C in the terminal is for the controller.
      detached: true,
    });
    this.#exited = new Promise(resolve => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.answered = new Promise(resolve => {
      const cancel = clock.schedule(READY_S, () => {
        this.#lose(`not ready within ${READY_S} s`);
        this.giveUp();
      });
      const answer = (): void => {
        cancel();
        resolve();
      };
      this.#child.once('error', error => this.#lose(error.message, answer));
      this.#child.once('exit', (code, signal) =>
        this.#lose(`the guard has ended (${signal ?? `exit code ${code}`})`, answer),
      );
      this.#child.on('message', raw => this.#hear(raw, answer));
    });
    this.#say({ say: 'task', task });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * With each control tick: asks, and looks at the last answer. Also once it is lost: one that comes back must find us alive,
   * or it would end us on the way into the safe state.
   */
  beat(): void {
    if (this.#hasEnded || !this.#isReady) return;
    const now_s = this.#clock.now_s();
    this.#silent_s += Math.min(now_s - this.#beat_s, OWN_PAUSE_S);
    this.#beat_s = now_s;
    if (this.#silent_s > this.#task.timeout_s)
      this.#lose(`the guard was silent for ${this.#silent_s.toFixed(1)} s`);
    this.#sayBeat();
  }

  #sayBeat(): void {
    this.#rest = this.#session !== undefined && isSafeAtRest(this.#session);
    if (this.#untaken >= MOST_UNTAKEN) return;
    this.#untaken++;
    this.#say({ say: 'beat', n: ++this.#n, rest: this.#rest }, () => {
      this.#untaken--;
    });
  }

  /** Tells once when nobody watches any more. Returns why, where that is so already. */
  watch(session: BenchSession, lost: (text: string) => void): string | undefined {
    this.#session = session;
    this.#lost$.add(lost);
    // At once: the figures of a long run are worked out before the next tick.
    session.changed$.add(() => {
      if (!this.#hasEnded && isSafeAtRest(session) !== this.#rest) this.#sayBeat();
    });
    return this.#lost;
  }

  /** The start is given up, nothing is on. */
  giveUp(): void {
    this.#child.kill('SIGKILL');
  }

  /** The bench is not as it should be: the next start asks again. */
  leaveMark(): void {
    this.#leavesMark = true;
  }

  /** The bench has ended as it should: the guard ends, too. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#hasEnded = true;
    this.#say({ say: 'end' });
    const cancel = this.#clock.schedule(END_S, () => this.#child.kill('SIGKILL'));
    await this.#exited;
    cancel();
    if (this.#task.mark !== null && this.#isReady && !this.#leavesMark) removeMark(this.#task.mark);
  }

  #hear(raw: unknown, answer: () => void): void {
    const checked = fromGuardSchema.safeParse(raw);
    if (!checked.success) {
      this.#lose('the guard says what no guard says', answer);
      return;
    }
    const message = checked.data;
    if (message.say === 'ready') {
      this.#isReady = true;
      answer();
    } else if (message.say === 'refused') this.#lose(message.reason, answer);
    else if (message.answer === answerTo(message.n) && message.n <= this.#n) this.#silent_s = 0;
    else this.#lose('the guard answers wrongly', answer);
  }

  #lose(text: string, answer: () => void = () => {}): void {
    if (!this.#isReady) this.refusal ??= text;
    answer();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lost = text;
    this.#lost$.tell(text);
  }

  #say(message: ToGuard, taken: () => void = () => {}): void {
    if (this.#child.connected) this.#child.send(message, taken);
    else taken();
  }
}

/** Nothing depends on us: no run is under way, and what was driven is proved. */
function isSafeAtRest(session: BenchSession): boolean {
  return isAtRest(session) && (session.safeState.outcome?.unproven.length ?? 0) === 0;
}
