import type { GuardTask } from '../../guard/messages.ts';
import type { BenchSession } from '../../run/session.ts';
import { isAtRest } from '../signals.ts';
import type { GuardChild } from './guard-child.ts';
import { removeMark } from './left-behind.ts';

/** The guard of one run, seen from its session: one of several that the same process watches, or the only one. */
export class GuardLink {
  /** Resolves when every instrument has answered the guard, or it has said why not. */
  readonly answered: Promise<void>;
  /** Why it does not watch: an instrument that does not answer it, or it has ended. */
  refusal: string | undefined;
  readonly task: GuardTask;
  readonly #child: GuardChild;
  /** The process has no other. */
  readonly #isAlone: boolean;
  #session: BenchSession | undefined;
  #lost: ((text: string) => void) | undefined;
  #isReady = false;
  #leavesMark = false;
  #hasEnded = false;
  #answer: () => void = () => {};

  constructor(child: GuardChild, task: GuardTask, isAlone: boolean) {
    this.task = task;
    this.#child = child;
    this.#isAlone = isAlone;
    this.answered = new Promise(resolve => {
      this.#answer = resolve;
    });
    child.take(this);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Its session has been opened, and something depends on it: a run, or a safe state that is not proved. */
  get isNeeded(): boolean {
    return this.#session === undefined || !isSafeAtRest(this.#session);
  }

  /** With each control tick of its session. */
  beat(): void {
    if (!this.#hasEnded && this.#isReady) this.#child.beat(this);
  }

  /** Tells once when nobody watches any more. Returns why, where that is so already. */
  watch(session: BenchSession, lost: (text: string) => void): string | undefined {
    this.#session = session;
    this.#lost = lost;
    let wasNeeded = this.isNeeded;
    // At once: the figures of a long run are worked out before the next tick.
    session.changed$.add(() => {
      if (this.#hasEnded || this.isNeeded === wasNeeded) return;
      wasNeeded = this.isNeeded;
      this.#child.sayBeat();
    });
    return this.#child.lost;
  }

  /** The guard has seen every instrument of the task. */
  ready(): void {
    this.#isReady = true;
    this.#answer();
  }

  /** Nobody watches any more, or it never will. */
  lose(text: string): void {
    if (!this.#isReady) this.refusal ??= text;
    this.#answer();
    this.#lost?.(text);
  }

  /** The start is given up, nothing of it is on. */
  giveUp(): void {
    if (this.#isAlone) this.#child.kill();
    else this.lose('given up');
  }

  /** The bench is not as it should be: the next start asks again. */
  leaveMark(): void {
    this.#leavesMark = true;
  }

  /** The run has ended as it should: the guard forgets it, or ends with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#child.leave(this);
    if (this.#isAlone) await this.#child.end();
    const { mark } = this.task;
    if (mark !== null && this.#isReady && !this.#leavesMark) removeMark(mark);
  }
}

/** Nothing depends on us: no run is under way, and what was driven is proved. */
function isSafeAtRest(session: BenchSession): boolean {
  return isAtRest(session) && (session.safeState.outcome?.unproven.length ?? 0) === 0;
}
