/** How a column is read between its rows and after its end. */
export interface Between {
  /** The row in force, or the straight line to the next. */
  readonly between: 'hold' | 'linear';
  /** From second 0 to the end of the last row's step, s. */
  readonly length_s: number;
  readonly isRepeated: boolean;
}

/** A column over the time of its file. */
export class Series {
  readonly #time_s: Float64Array;
  readonly #values: Float64Array;
  readonly #how: Between;
  /** Where the last look was: looks mostly go forward. */
  #at = 0;

  constructor(time_s: Float64Array, values: Float64Array, how: Between) {
    this.#time_s = time_s;
    this.#values = values;
    this.#how = how;
  }

  /** Its value at s seconds; NaN before its first row and after its end. */
  value(at_s: number): number {
    const { length_s, isRepeated, between } = this.#how;
    const t_s = isRepeated ? at_s - Math.floor(at_s / length_s) * length_s : at_s;
    const time_s = this.#time_s;
    if (t_s > length_s + 1e-6) return Number.NaN;
    if (this.#at >= time_s.length || time_s[this.#at] > t_s) this.#at = 0;
    if (time_s[this.#at + 64] <= t_s) this.#at = this.#before(t_s);
    while (this.#at + 1 < time_s.length && time_s[this.#at + 1] <= t_s) this.#at++;
    const i = this.#at;
    if (time_s[i] > t_s + 1e-9) return Number.NaN;
    if (between === 'hold' || i + 1 === time_s.length) return this.#values[i];
    const part = (t_s - time_s[i]) / (time_s[i + 1] - time_s[i]);
    return this.#values[i] + part * (this.#values[i + 1] - this.#values[i]);
  }

  /** The last row at or before a time: a long way in one go. */
  #before(t_s: number): number {
    let [low, high] = [0, this.#time_s.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#time_s[middle] <= t_s) low = middle;
      else high = middle;
    }
    return low;
  }
}
