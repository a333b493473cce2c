/**
 * Whoever wants to be told of something subscribes. A listener that throws is counted and reported, never part of what
 * it was told of: drawing must not be able to stop a run.
 */
export class Listeners<T> {
  readonly #all = new Set<(told: T) => void>();
  readonly #onTrouble: (error: unknown) => void;

  constructor(onTrouble: (error: unknown) => void = () => {}) {
    this.#onTrouble = onTrouble;
  }

  /** From now on; returns the unsubscribe. */
  add(listener: (told: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(told: T): void {
    for (const listener of this.#all) {
      try {
        listener(told);
      } catch (error) {
        this.#onTrouble(error);
      }
    }
  }
}
