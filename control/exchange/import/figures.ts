/** Figures of which nobody knows beforehand how many there will be. */
export class Figures {
  count = 0;
  #values = new Float64Array(4096);

  add(value: number): void {
    if (this.count === this.#values.length) {
      const twice = new Float64Array(2 * this.count);
      twice.set(this.#values);
      this.#values = twice;
    }
    this.#values[this.count++] = value;
  }

  /** All of them, in an array of just their number. */
  taken(): Float64Array {
    return this.#values.slice(0, this.count);
  }
}
