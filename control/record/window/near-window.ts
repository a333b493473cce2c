import { Buckets } from './buckets.ts';
import { orNull, shown } from './shown.ts';
import type { TrendWindow } from './trend-window.ts';

/** So many readings a column are still shown one by one. */
const SINGLE_PER_COLUMN = 2;

/** A window so narrow that its readings are looked at: run times, s, its columns, and how wide a bucket is. */
export interface Near {
  readonly from_s: number;
  readonly to_s: number;
  readonly columns: number;
  readonly width_s: number;
}

/** The readings of one trend in a narrow window: one by one where they are few, else in buckets. */
export class NearWindow {
  /** Whole buckets, so that they are the same in the next window. */
  readonly #from_s: number;
  readonly #to_s: number;
  readonly #most: number;
  readonly #buckets: Buckets;
  readonly #t_s: number[] = [];
  readonly #value: number[] = [];

  constructor(asked: Near) {
    const { from_s, to_s, columns, width_s } = asked;
    this.#from_s = Math.floor(from_s / width_s) * width_s;
    this.#to_s = Math.ceil(to_s / width_s) * width_s;
    this.#most = columns * SINGLE_PER_COLUMN;
    this.#buckets = new Buckets(width_s);
  }

  /** Takes readings in, in the order of time; those outside of the window are passed over. */
  add(t_s: Float64Array, value: Float64Array): void {
    for (let r = 0; r < t_s.length; r++) {
      if (t_s[r] < this.#from_s || t_s[r] >= this.#to_s) continue;
      this.#buckets.add(t_s[r], value[r]);
      if (this.#t_s.length > this.#most) continue;
      this.#t_s.push(t_s[r]);
      this.#value.push(value[r]);
    }
  }

  shown(role: string): TrendWindow {
    if (this.#t_s.length > this.#most) return shown(role, this.#buckets, false);
    const one = this.#value.map(orNull);
    return { role, bucket_s: 0, isRough: false, t_s: this.#t_s, min: one, max: one, last: one };
  }
}
