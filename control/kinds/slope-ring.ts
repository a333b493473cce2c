import { z } from 'zod';
import type { Json } from '../../profiles/steps/step.ts';

/** So many points are kept: older ones are thinned out by a minimum distance. */
const PLACES = 256;

const memory = z.tuple([z.array(z.number()).max(PLACES), z.array(z.number()).max(PLACES)]);

/** Slope of a value over the last over_s seconds, per minute, from the oldest point to the newest. No allocation. */
export class SlopeRing {
  readonly #over_s: number;
  readonly #spacing_s: number;
  readonly #t = new Float64Array(PLACES);
  readonly #v = new Float64Array(PLACES);
  #head = 0;
  #count = 0;

  /** `from`: what `state` once said. */
  constructor(over_s: number, from?: Json) {
    this.#over_s = over_s;
    this.#spacing_s = over_s / (PLACES - 2);
    if (from === undefined) return;
    const [t, v] = memory.parse(from);
    this.#t.set(t);
    this.#v.set(v);
    this.#count = t.length;
    this.#head = t.length % PLACES;
  }

  /** Takes a usable value; NaN until half of the window has been seen: before that a slope means nothing. */
  take(t_s: number, value: number): number {
    const t = this.#t;
    while (this.#count > 1 && t_s - t[(this.#head - this.#count + PLACES) % PLACES] > this.#over_s)
      this.#count--;
    if (this.#count === 0 || t_s - t[(this.#head - 1 + PLACES) % PLACES] >= this.#spacing_s) {
      t[this.#head] = t_s;
      this.#v[this.#head] = value;
      this.#head = (this.#head + 1) % PLACES;
      this.#count = Math.min(PLACES, this.#count + 1);
    }
    const oldest = (this.#head - this.#count + PLACES) % PLACES;
    const over_s = t_s - t[oldest];
    return over_s < this.#over_s / 2 ? Number.NaN : ((value - this.#v[oldest]) / over_s) * 60;
  }

  /** Nothing of before counts any more. */
  clear(): void {
    this.#count = 0;
  }

  /** Times and values, the oldest first. */
  state(): Json {
    const places = Array.from(
      { length: this.#count },
      (_, k) => (this.#head - this.#count + k + PLACES) % PLACES,
    );
    return [places.map(k => this.#t[k]), places.map(k => this.#v[k])];
  }
}
