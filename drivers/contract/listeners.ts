/**
 * Whoever wants to be told of something subscribes. A listener that throws is counted and reported, and never part of
 * what it was told of: drawing must not be able to stop a run.
 */
export class Listeners<T> {
  #all: readonly ((told: T) => void)[] = [];
  #thrown = 0;
  readonly #onTrouble: ((error: unknown) => void) | undefined;

  constructor(onTrouble?: (error: unknown) => void) {
    this.#onTrouble = onTrouble;
  }

  /** How often a listener has thrown. */
  get thrown(): number {
    return this.#thrown;
  }

  /** From now on; returns the unsubscribe. */
  add(listener: (told: T) => void): () => void {
    const own = (told: T): void => listener(told);
    this.#all = [...this.#all, own];
    return () => {
      this.#all = this.#all.filter(other => other !== own);
    };
  }

  /** Tells all; false if one threw. */
  tell(told: T): boolean {
    const all = this.#all;
    const before = this.#thrown;
    for (let i = 0; i < all.length; i++) {
      try {
        all[i](told);
      } catch (error) {
        this.#thrown++;
        this.#onTrouble?.(error);
      }
    }
    return this.#thrown === before;
  }
}
