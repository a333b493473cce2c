/**
 * How long the figure of a limit stood beyond it while the limit was not armed: of one that a tag arms, the method says when
 * it is to watch, and a step that lacks the tag goes by without it.
 */
export class Unwatched {
  /** In the figure of its probe: more is beyond. */
  readonly #limit: number;
  readonly #delay_s: number;
  #total_s = 0;
  #first_s = Number.NaN;
  #since_s = Number.NaN;
  #last_s = Number.NaN;

  constructor(limit: number, delay_s: number) {
    this.#limit = limit;
    this.#delay_s = delay_s;
  }

  /** A figure of a run under way; what cannot be read (Infinity) is not known to be beyond. */
  take(t_s: number, figure: number, isWatched: boolean): void {
    const isBeyond = !isWatched && figure > this.#limit && figure < Infinity;
    if (!isBeyond) {
      this.#close();
      return;
    }
    if (Number.isNaN(this.#since_s)) this.#since_s = t_s;
    this.#last_s = t_s;
  }

  #close(): void {
    if (this.#isLong) {
      this.#total_s += this.#last_s - this.#since_s;
      if (Number.isNaN(this.#first_s)) this.#first_s = this.#since_s;
    }
    this.#since_s = Number.NaN;
  }

  /** It would have fired. */
  get #isLong(): boolean {
    const stood_s = this.#last_s - this.#since_s;
    return stood_s > 0 && stood_s >= this.#delay_s;
  }

  /** All of it so far, s; stretches shorter than the delay of the limit are none. */
  get beyond_s(): number {
    return this.#total_s + (this.#isLong ? this.#last_s - this.#since_s : 0);
  }

  /** When it would have fired first, s of the run; NaN: never. */
  get from_s(): number {
    if (!Number.isNaN(this.#first_s)) return this.#first_s;
    return this.#isLong ? this.#since_s : Number.NaN;
  }
}
