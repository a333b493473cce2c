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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
type Told = (typeof SIGNALS)[number];

/** The same signal again within this, s, is the same word of the same person. */
const ECHO_S = 0.25;
const wall = realClock();

/**
 * Signals become endings. Ctrl-C stops orderly, a second one aborts, further ones change nothing: the safe state is
 * walked to its end. SIGTERM, SIGHUP (the terminal has gone) and SIGQUIT (Ctrl-\\) do the same and end the program. With no run under way
 * each of them ends the program; while a bench is being connected, that is given up; before, at once. An exception that nobody caught trips the bench.
 */
export function watchSignals(say: (text: string) => void): Signals {
  let session: BenchSession | undefined;
  let quit: () => void = () => {};
  const quitPromise = new Promise<void>(resolve => {
    quit = resolve;
  });
  let giveUp: (() => void) | undefined;
  let isQuitting = false;
  let hasFailed = false;
  let isOver = false;
  const settle = (): void => {
    if (isQuitting && session !== undefined && isAtRest(session)) quit();
  };
  let last: { readonly signal: Told; readonly at_s: number } | undefined;
  const told = (signal: Told): void => {
    // npm and service managers pass one and the same signal on twice.
    const at_s = wall.now_s();
    const isEcho = last?.signal === signal && at_s - last.at_s < ECHO_S;
    last = { signal, at_s };
    if (isEcho) return;
    if (isOver) return;
    const name = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    if (session === undefined) {
      if (giveUp === undefined) process.exit(EXIT.stopped);
      if (!isQuitting) say(`\n${name}: not started, closing the bench`);
      isQuitting = true;
      giveUp();
      return;
    }
    if (signal !== 'SIGINT' || isAtRest(session)) isQuitting = true;
    const cause = { by: 'signal', id: signal } as const;
    if (isAtRest(session)) say(`\n${name}: closing the bench`);
    else if (session.stop(cause, `stopped by ${name}`)) say(`\n${name}: load off, then the safe state`);
    else if (session.state === 'Aborting') say(`\n${name}: the safe state is being driven to its end`);
    else session.abort(cause, `aborted by ${name}`);
    settle();
  };
  const onFailure = (error: unknown): void => {
    hasFailed = true;
    if (session === undefined) throw error;
    session.abort({ by: 'self', id: 'exception' }, `cellbench itself failed: ${messageOf(error)}`);
  };
  for (const signal of SIGNALS) process.on(signal, () => told(signal));
  const unsubscribes: (() => void)[] = [];
  return {
    quit: quitPromise,
    starting(how) {
      giveUp = how;
    },
    attach(to) {
      session = to;
      process.on('uncaughtException', onFailure);
      process.on('unhandledRejection', onFailure);
      unsubscribes.push(to.changed$.add(settle));
    },
    get isQuitting() {
      return isQuitting;
    },
    get hasFailed() {
      return hasFailed;
    },
    [Symbol.dispose]() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      // The handlers stay: while the program closes, one more Ctrl-C must not kill it.
      isOver = true;
      process.off('uncaughtException', onFailure);
      process.off('unhandledRejection', onFailure);
    },
  };
}

/** No run is under way and nothing is being driven. */
export function isAtRest({ state, safeState }: BenchSession): boolean {
  return (state === 'Idle' || isFinal(state)) && !safeState.isUnderWay;
}
