/** Buckets of time, at multiples of their width, so that a picture that is moved along keeps its peaks where they are. */

/** Widths, s; above the last: doubled, and doubled again. */
const WIDTHS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60] as const;

/** The width of which at most so many buckets cover this long, s. */
export function bucketWidth_s(span_s: number, most: number): number {
  const least_s = span_s / most;
  const listed = WIDTHS_S.find(width_s => width_s >= least_s);
  if (listed !== undefined) return listed;
  let width_s: number = WIDTHS_S[WIDTHS_S.length - 1];
  while (width_s < least_s) width_s *= 2;
  return width_s;
}

const FIRST_PLACES = 1024;

/**
 * Lowest, highest and last usable value of a trend in each bucket that holds readings; all NaN where none of them may be
 * used. Readings come in the order of time. With `most`: where there would be more buckets the width is doubled.
 */
export class Buckets {
  readonly #most: number;
  #width_s: number;
  #count = 0;
  #places = new Int32Array(FIRST_PLACES);
  #min = new Float64Array(FIRST_PLACES);
  #max = new Float64Array(FIRST_PLACES);
  #last = new Float64Array(FIRST_PLACES);

  constructor(width_s: number, most = Number.POSITIVE_INFINITY) {
    this.#width_s = width_s;
    this.#most = most;
  }

  get width_s(): number {
    return this.#width_s;
  }

  get count(): number {
    return this.#count;
  }

  /** Begin of a bucket, s. */
  from_s(i: number): number {
    return this.#places[i] * this.#width_s;
  }

  min(i: number): number {
    return this.#min[i];
  }

  max(i: number): number {
    return this.#max[i];
  }

  last(i: number): number {
    return this.#last[i];
  }

  /** Takes a reading in; NaN: one that may not be used. */
  add(t_s: number, value: number): void {
    this.addSpan(t_s, value, value, value);
  }

  /** Takes in what is known of several readings from `t_s` on that lie in one bucket. */
  addSpan(t_s: number, min: number, max: number, last: number): void {
    // A reading at 0.3 s lies in the fourth bucket of 0.1 s.
    const place = Math.floor(t_s / this.#width_s + NEARLY);
    const at = this.#count - 1;
    if (at >= 0 && this.#places[at] >= place) {
      this.#join(at, min, max, last);
      return;
    }
    if (this.#count === this.#most) {
      this.#halve();
      this.addSpan(t_s, min, max, last);
      return;
    }
    if (this.#count === this.#places.length) this.#grow();
    this.#put(this.#count++, place, min, max, last);
  }

  #put(at: number, place: number, min: number, max: number, last: number): void {
    this.#places[at] = place;
    this.#min[at] = min;
    this.#max[at] = max;
    this.#last[at] = last;
  }

  #join(at: number, min: number, max: number, last: number): void {
    // Comparisons with NaN are false.
    if (!(this.#min[at] <= min) && !Number.isNaN(min)) this.#min[at] = min;
    if (!(this.#max[at] >= max) && !Number.isNaN(max)) this.#max[at] = max;
    if (!Number.isNaN(last)) this.#last[at] = last;
  }

  #grow(): void {
    const longer = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const size = 2 * this.#places.length;
    this.#places = longer(this.#places, new Int32Array(size));
    this.#min = longer(this.#min, new Float64Array(size));
    this.#max = longer(this.#max, new Float64Array(size));
    this.#last = longer(this.#last, new Float64Array(size));
  }

  #halve(): void {
    const before = this.#count;
    this.#width_s *= 2;
    this.#count = 0;
    for (let i = 0; i < before; i++) {
      const place = Math.floor(this.#places[i] / 2);
      const at = this.#count - 1;
      if (at >= 0 && this.#places[at] === place) this.#join(at, this.#min[i], this.#max[i], this.#last[i]);
      else this.#put(this.#count++, place, this.#min[i], this.#max[i], this.#last[i]);
    }
  }
}

/** Times are sums of periods: this share of a bucket is rounding. */
const NEARLY = 1e-6;
