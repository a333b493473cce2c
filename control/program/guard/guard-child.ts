import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { answerTo, fromGuardSchema, type ToGuard } from '../../guard/messages.ts';
import { Silence } from '../../guard/silence.ts';
import type { GuardLink } from './guard-link.ts';

/** So long may the guard take to have seen all instruments of a task, s. */
const READY_S = 30;
/** The orderly end takes so long at most, s. */
const END_S = 2;
/** Beats that may wait on its line. */
const MOST_UNTAKEN = 100;

/** The guard process, seen from the controller: it watches for all runs that this one carries. */
export class GuardChild {
  readonly #clock: Clock;
  readonly #timeout_s: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #links = new Map<string, { readonly link: GuardLink; readonly cancel: () => void }>();
  /** Those whose sessions tick, and of these who has ticked since the last beat. */
  readonly #ticking = new Set<GuardLink>();
  readonly #ticked = new Set<GuardLink>();
  #lost: string | undefined;
  #isOver = false;
  /** Nothing is said to it any more. */
  #hasEnded = false;
  /** Beats that it has not taken yet: one that stands still must not fill our memory. */
  #untaken = 0;
  #n = 0;
  /** Since the last answer, without what we stood still ourselves. */
  readonly #silence: Silence;

  constructor(clock: Clock, timeout_s: number) {
    this.#clock = clock;
    this.#timeout_s = timeout_s;
    this.#silence = new Silence(clock.now_s());
    this.#child = fork(fileURLToPath(siblingUrl(import.meta.url, './guard-process')), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Ctrl-C in the terminal is for the controller.
      detached: true,
    });
    this.#exited = new Promise(resolve => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#child.once('error', error => this.#lose(error.message));
    this.#child.once('exit', (code, signal) =>
      this.#lose(`the guard has ended (${signal ?? `exit code ${code}`})`),
    );
    this.#child.on('message', raw => this.#hear(raw));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Why nobody watches any more; undefined: it does. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** One more run that it is to watch for. */
  take(link: GuardLink): void {
    const { task } = link;
    const cancel = this.#clock.schedule(READY_S, () => {
      link.lose(`not ready within ${READY_S} s`);
      link.giveUp();
    });
    this.#links.set(task.of, { link, cancel });
    if (this.#lost !== undefined) this.#settled(task.of, one => one.lose(this.#lost ?? ''));
    else this.#say({ say: 'task', task });
  }

  /** It watches for this one no more. */
  leave(link: GuardLink): void {
    const { of } = link.task;
    this.#links.get(of)?.cancel();
    this.#links.delete(of);
    this.#ticking.delete(link);
    this.#ticked.delete(link);
    this.#say({ say: 'end', of });
  }

  /**
   * A session has ticked: once all have, the guard is asked, and its last answer looked at. Also once it is lost: one that
   * comes back must find us alive, or it would end us on the way into the safe state.
   */
  beat(of: GuardLink): void {
    if (this.#hasEnded) return;
    this.#ticking.add(of);
    this.#ticked.add(of);
    if (this.#ticked.size < this.#ticking.size) return;
    this.#ticked.clear();
    const silent_s = this.#silence.at(this.#clock.now_s());
    if (silent_s > this.#timeout_s) this.#lose(`the guard was silent for ${silent_s.toFixed(1)} s`);
    this.sayBeat();
  }

  /** Says who is needed now. */
  sayBeat(): void {
    if (this.#hasEnded || this.#untaken >= MOST_UNTAKEN) return;
    this.#untaken++;
    const needed = [...this.#links].flatMap(([of, { link }]) => (link.isNeeded ? [of] : []));
    this.#say({ say: 'beat', n: ++this.#n, needed }, () => {
      this.#untaken--;
    });
  }

  /** At once: the start is given up, nothing is on. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** All has ended as it should: the guard ends, too. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#hasEnded = true;
    this.#say({ say: 'end' });
    const cancel = this.#clock.schedule(END_S, () => this.#child.kill('SIGKILL'));
    await this.#exited;
    cancel();
  }

  #hear(raw: unknown): void {
    const checked = fromGuardSchema.safeParse(raw);
    if (!checked.success) {
      this.#lose('the guard says what no guard says');
      return;
    }
    const message = checked.data;
    if (message.say === 'ready') this.#settled(message.of, link => link.ready());
    else if (message.say === 'refused') this.#settled(message.of, link => link.lose(message.reason));
    else if (message.answer === answerTo(message.n) && message.n <= this.#n) this.#silence.heard();
    else this.#lose('the guard answers wrongly');
  }

  #settled(of: string, how: (link: GuardLink) => void): void {
    const known = this.#links.get(of);
    known?.cancel();
    if (known !== undefined) how(known.link);
  }

  #lose(text: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lost = text;
    for (const of of [...this.#links.keys()]) this.#settled(of, link => link.lose(text));
  }

  #say(message: ToGuard, taken: () => void = () => {}): void {
    if (this.#child.connected) this.#child.send(message, taken);
    else taken();
  }
}
