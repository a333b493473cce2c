import type { RecordedSeries } from '../../../profiles/recorded-run.ts';

/** Points of which nobody knows beforehand how many there will be. */
export class Points {
  /** So many so far. */
  count = 0;
  #t_s = new Float64Array(1024);
  #value = new Float64Array(1024);

  /** One more, behind the others. */
  add(t_s: number, value: number): void {
    if (this.count === this.#t_s.length) {
      this.#t_s = longer(this.#t_s);
      this.#value = longer(this.#value);
    }
    this.#t_s[this.count] = t_s;
    this.#value[this.count++] = value;
  }

  /** All of them so far. */
  series(): RecordedSeries {
    return { t_s: this.#t_s.slice(0, this.count), value: this.#value.slice(0, this.count) };
  }
}

function longer(array: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * array.length);
  twice.set(array);
  return twice;
}
