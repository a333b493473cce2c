import { realClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { isFinal } from '../contract/run-state.ts';
import type { BenchSession } from '../run/session.ts';
import { EXIT } from './result/outcome.ts';

/** What a process is told from outside while it holds a bench. */
export interface Signals {
  /** Resolves when the program is to end: a signal asked for it, and the bench is in no run. */
  readonly quit: Promise<void>;
  /** True once the end has been asked for: nobody waits at a page any more. */
  readonly isQuitting: boolean;
  /** A failure of our own has been seen. */
  readonly hasFailed: boolean;
  /** A bench is being connected: who asks for the end meanwhile has `giveUp` called. */
  starting(giveUp: () => void): void;
  /** From now on there is a bench to be led to its safe end. */
  attach(session: BenchSession): void;
  [Symbol.dispose](): void;
}

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
export type Told = (typeof SIGNALS)[number];

/** The same signal again within this, s, is the same word of the same person. */
const ECHO_S = 0.25;
const wall = realClock();

/**
 * Words from outside become endings of a run. Ctrl-C stops orderly, a second one aborts, further ones change nothing: the safe
 * state is walked to its end. SIGTERM, SIGHUP (the terminal has gone) and SIGQUIT (Ctrl-\\) do the same and end the program.
 * With no run under way each of them ends the program; while a bench is being connected, that is given up; before, at once.
 */
export class RunWord implements Signals {
  readonly quit: Promise<void>;
  isQuitting = false;
  hasFailed = false;
  readonly #say: (text: string) => void;
  readonly #atOnce: () => void;
  #quit: () => void = () => {};
  #session: BenchSession | undefined;
  #giveUp: (() => void) | undefined;
  #isOver = false;
  #last: { readonly signal: Told; readonly at_s: number } | undefined;
  #unsubscribe: () => void = () => {};

  /** `atOnce`: what is done with a word that comes before anything is begun. */
  constructor(say: (text: string) => void, atOnce: () => void) {
    this.#say = say;
    this.#atOnce = atOnce;
    this.quit = new Promise(resolve => {
      this.#quit = resolve;
    });
  }

  /** A signal, or who stands for it. */
  told(signal: Told): void {
    // npm and service managers pass one and the same signal on twice.
    const at_s = wall.now_s();
    const isEcho = this.#last?.signal === signal && at_s - this.#last.at_s < ECHO_S;
    this.#last = { signal, at_s };
    if (isEcho || this.#isOver) return;
    const name = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    const session = this.#session;
    if (session === undefined) {
      if (this.#giveUp === undefined) this.#atOnce();
      if (!this.isQuitting) this.#say(`\n${name}: not started, closing the bench`);
      this.isQuitting = true;
      this.#giveUp?.();
      return;
    }
    if (signal !== 'SIGINT' || isAtRest(session)) this.isQuitting = true;
    const cause = { by: 'signal', id: signal } as const;
    if (isAtRest(session)) this.#say(`\n${name}: closing the bench`);
    else if (session.stop(cause, `stopped by ${name}`)) this.#say(`\n${name}: load off, then the safe state`);
    else if (session.state === 'Aborting') this.#say(`\n${name}: the safe state is being driven to its end`);
    else session.abort(cause, `aborted by ${name}`);
    this.#settle();
  }

  /** Its bench is open: there is something to be led to an end. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** A failure of our own that nobody caught trips the bench. */
  fail(error: unknown): void {
    this.hasFailed = true;
    if (this.#session === undefined) throw error;
    const text = `cellbench itself failed: ${messageOf(error)}`;
    this.#session.abort({ by: 'self', id: 'exception' }, text);
  }

  starting(giveUp: () => void): void {
    this.#giveUp = giveUp;
  }

  attach(session: BenchSession): void {
    this.#session = session;
    this.#unsubscribe = session.changed$.add(() => this.#settle());
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
    this.#isOver = true;
  }

  #settle(): void {
    if (this.isQuitting && this.#session !== undefined && isAtRest(this.#session)) this.#quit();
  }
}

/** Of a process that carries one run: its signals, and failures of its own. */
class ProcessWord extends RunWord {
  readonly #onFailure = (error: unknown): void => this.fail(error);

  override attach(session: BenchSession): void {
    super.attach(session);
    process.on('uncaughtException', this.#onFailure);
    process.on('unhandledRejection', this.#onFailure);
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    process.off('uncaughtException', this.#onFailure);
    process.off('unhandledRejection', this.#onFailure);
  }
}

/** What the process is told, for the one run that it carries. */
export function watchSignals(say: (text: string) => void): Signals {
  const word = new ProcessWord(say, () => process.exit(EXIT.stopped));
  // The handlers stay: while the program closes, one more Ctrl-C must not kill it.
  for (const signal of SIGNALS) process.on(signal, () => word.told(signal));
  return word;
}

/** No run is under way and nothing is being driven. */
export function isAtRest({ state, safeState }: BenchSession): boolean {
  return (state === 'Idle' || isFinal(state)) && !safeState.isUnderWay;
}
