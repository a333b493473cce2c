/** The same asked twice while the first one is on its way is one. */
export class InFlight<T> {
  readonly #going = new Map<string, Promise<T>>();

  /** Does it, or waits for the same that is on its way: then `isMerged`. */
  async once(key: string, work: () => Promise<T>): Promise<{ readonly made: T; readonly isMerged: boolean }> {
    const going = this.#going.get(key);
    if (going !== undefined) return { made: await going, isMerged: true };
    const own = work().finally(() => this.#going.delete(key));
    this.#going.set(key, own);
    return { made: await own, isMerged: false };
  }
}
