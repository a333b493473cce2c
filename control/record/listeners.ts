/** Several listeners to one thing; one that throws is counted and does not keep the others from hearing. */
export class Listeners<T> {
  #all: readonly ((value: T) => void)[] = [];
  #thrown = 0;

  /** How often a listener has thrown. */
  get thrown(): number {
    return this.#thrown;
  }

  /** Adds a listener; call what comes back to take it away. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#all = [...this.#all, own];
    return () => {
      this.#all = this.#all.filter(other => other !== own);
    };
  }

  /** Tells all; false if one threw. */
  tell(value: T): boolean {
    const before = this.#thrown;
    for (const listener of this.#all) {
      try {
        listener(value);
      } catch {
        // What a listener makes of it is not ours; the caller says so where it can be read.
        this.#thrown++;
      }
    }
    return this.#thrown === before;
  }
}
