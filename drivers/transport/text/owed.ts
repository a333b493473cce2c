/** A question that is out, and what its answer looks like: a line of text, or whatever `Answer` is. */
export interface Owed<Answer = string> {
  /** Whether this may be its answer. */
  fits(answer: Answer): boolean;
}

const NONE: readonly never[] = [];

/**
 * The questions an instrument has not answered yet, oldest first: those we still wait for and those given up. An
 * instrument that speaks lines (or frames without a number) answers in order and does not say what it answers. So an answer
 * belongs to the oldest question that it fits; what was asked before that one has got lost and is not owed any more. One
 * that fits none is a damaged answer to the oldest.
 *
 * Thus a late reading is never taken for the newer question of the same kind: that one gets no answer and is asked again.
 */
export class OwedAnswers<T extends Owed<Answer>, Answer = string> {
  readonly #owed: T[] = [];
  readonly #most: number;

  /** `most`: with so many open questions nothing can be told apart any more. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many answers are still to come. */
  get count(): number {
    return this.#owed.length;
  }

  /** False if too many are open already. */
  ask(question: T): boolean {
    if (this.#owed.length >= this.#most) return false;
    this.#owed.push(question);
    return true;
  }

  /**
   * Whose answer this is, and which older ones it proves lost. `damaged`: it fits nobody; it is then that to the oldest, unless
   * it `isIntact`: the answer to the oldest may yet come.
   */
  take(
    answer: Answer,
    isIntact = false,
  ): {
    readonly question: T | undefined;
    readonly lost: readonly T[];
    readonly damaged: boolean;
  } {
    // Nearly always: that to the oldest.
    if (this.#owed.length > 0 && this.#owed[0].fits(answer))
      return { question: this.#owed.shift(), lost: NONE, damaged: false };
    const at = this.#owed.findIndex(question => question.fits(answer));
    if (at < 0) return { question: isIntact ? undefined : this.#owed.shift(), lost: NONE, damaged: true };
    const [question, ...lost] = [this.#owed[at], ...this.#owed.slice(0, at)];
    this.#owed.splice(0, at + 1);
    return { question, lost, damaged: false };
  }

  /** Its answer is not waited for any more, and cannot be taken for another's. */
  drop(question: T): void {
    const at = this.#owed.indexOf(question);
    if (at >= 0) this.#owed.splice(at, 1);
  }

  /** An answer came that cannot be read: that to the oldest, or to the oldest `isOpen` where there is one. */
  takeDamaged(isOpen?: (question: T) => boolean): T | undefined {
    const at = isOpen === undefined ? 0 : Math.max(0, this.#owed.findIndex(isOpen));
    return this.#owed.splice(at, 1)[0];
  }
}
