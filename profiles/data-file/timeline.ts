/** What a timeline is made from: rows with a value, each array one entry a row. */
export interface Rows {
  /** From second 0, rising; the first is at or before it. */
  readonly time_s: Float64Array;
  readonly value: Float64Array;
  /** 1: a straight line leads from this row to the next; 0: it is held. */
  readonly isLine: Uint8Array;
  /** At any time the mean of the whole second around it. */
  readonly isMean: boolean;
  /** A held value may come so late, s: the jitter of a logger. */
  readonly slack_s: number;
  /** From second 0 to the end of the last row's step, s. */
  readonly length_s: number;
  readonly isRepeated: boolean;
}

/** Rows farther away than this are looked for in one go. */
const NEAR = 64;

/** A column over the time of its file. */
export class Timeline {
  readonly #rows: Rows;
  /** Where the last look was: looks mostly go forward. */
  #at = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** What it is made from. */
  get rows(): Rows {
    return this.#rows;
  }

  /** Where it ends, s; Infinity where it begins again. */
  get end_s(): number {
    return this.#rows.isRepeated ? Number.POSITIVE_INFINITY : this.#rows.length_s;
  }

  /** Its value at s seconds; NaN before second 0 and after its end. */
  value(at_s: number): number {
    const { length_s, isRepeated, isMean, time_s, slack_s } = this.#rows;
    const t_s = isRepeated ? at_s - Math.floor(at_s / length_s) * length_s : at_s;
    if (!(t_s >= 0) || t_s > length_s + 1e-6) return Number.NaN;
    const look_s = isMean ? Math.floor(t_s + 1e-6) : t_s;
    if (this.#at >= time_s.length || time_s[this.#at] > look_s) this.#at = 0;
    if (time_s[this.#at + NEAR] <= look_s) this.#at = this.#before(look_s);
    // A straight line needs the true time; a held value may come a little late.
    while (
      this.#at + 1 < time_s.length &&
      time_s[this.#at + 1] <= look_s + (this.#isLine(this.#at) ? 0 : slack_s)
    )
      this.#at++;
    return isMean ? this.#mean(this.#at, look_s) : this.#inRow(this.#at, look_s);
  }

  #isLine(row: number): boolean {
    return row + 1 < this.#rows.time_s.length && this.#rows.isLine[row] === 1;
  }

  #inRow(row: number, t_s: number): number {
    const { time_s, value } = this.#rows;
    if (!this.#isLine(row)) return value[row];
    const part = (t_s - time_s[row]) / (time_s[row + 1] - time_s[row]);
    return value[row] + (value[row + 1] - value[row]) * Math.max(0, Math.min(1, part));
  }

  /** Mean over one second from `t_s` on, beginning in a row. */
  #mean(row: number, t_s: number): number {
    const { time_s } = this.#rows;
    let sum = 0;
    let from_s = t_s;
    for (let i = row; from_s < t_s + 1; i++) {
      const isLast = i + 1 >= time_s.length;
      const to_s = isLast ? t_s + 1 : Math.min(t_s + 1, time_s[i + 1]);
      // Values on a line or held: the middle of the stretch is its mean.
      if (to_s > from_s) sum += this.#inRow(i, (from_s + to_s) / 2) * (to_s - from_s);
      from_s = Math.max(from_s, to_s);
      if (isLast) break;
    }
    return sum;
  }

  /** The last row at or before a time: a long way in one go. */
  #before(t_s: number): number {
    const { time_s } = this.#rows;
    let [low, high] = [0, time_s.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (time_s[middle] <= t_s) low = middle;
      else high = middle;
    }
    return low;
  }
}
