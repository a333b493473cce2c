/** A trend is looked for over so long, s, in so many sections. */
const OVER_S = 60;
const SECTIONS = 6;
const SECTION_S = OVER_S / SECTIONS;
/** So many of them have to be known. */
const LEAST_SECTIONS = 5;
/** Values that are kept: one a second and some room. */
const PLACES = 64;
const SPACING_S = OVER_S / (PLACES - 2);

/**
 * How fast a figure has been coming nearer to its limit in the last minute. Where a set point was stepped the figure has
 * jumped and goes on as before: that is no trend. It is one where most of the minute approached, and the last of it still
 * does; then it is told as fast as the middle of the minute and its end agree on. No allocation in `take`.
 */
export class Approach {
  readonly #t = new Float64Array(PLACES);
  readonly #v = new Float64Array(PLACES);
  #head = 0;
  #count = 0;
  /** As it was told last; undefined: something was taken since. */
  #told: number | undefined;

  /** A usable figure at a time, s. */
  take(t_s: number, figure: number): void {
    const newest_s = this.#t[(this.#head - 1 + PLACES) % PLACES];
    if (this.#count > 0 && t_s - newest_s < SPACING_S) return;
    this.#told = undefined;
    this.#t[this.#head] = t_s;
    this.#v[this.#head] = figure;
    this.#head = (this.#head + 1) % PLACES;
    this.#count = Math.min(PLACES, this.#count + 1);
  }

  /** Nothing of before counts any more. */
  clear(): void {
    this.#count = 0;
    this.#told = undefined;
  }

  /** How much nearer it comes in a second, > 0; NaN: it does not, or it cannot be said. */
  perSecond(): number {
    this.#told ??= this.#slope();
    return this.#told;
  }

  #slope(): number {
    const middles = this.#middles();
    if (middles.length < LEAST_SECTIONS) return Number.NaN;
    const slopes = middles.slice(1).map(({ t_s, v }, i) => (v - middles[i].v) / (t_s - middles[i].t_s));
    const nearer = slopes.filter(slope => slope > 0).length;
    const farther = slopes.filter(slope => slope < 0).length;
    const last = slopes[slopes.length - 1];
    // A jump shows in one section, or in two that it lies between.
    if (!(last > 0) || nearer <= slopes.length / 2 || farther > 1) return Number.NaN;
    const late = (last + slopes[slopes.length - 2]) / 2;
    const middle = slopes.toSorted((a, b) => a - b)[Math.floor((slopes.length - 1) / 2)];
    const slope = Math.min(middle, late);
    return slope > 0 ? slope : Number.NaN;
  }

  /** Median time and figure of each section that has some, the oldest first. */
  #middles(): { readonly t_s: number; readonly v: number }[] {
    const places = Array.from(
      { length: this.#count },
      (_, i) => (this.#head - this.#count + i + PLACES) % PLACES,
    );
    const newest_s = this.#t[places.at(-1) ?? 0];
    const sections: number[][] = Array.from({ length: SECTIONS }, () => []);
    for (const place of places) {
      const age_s = newest_s - this.#t[place];
      if (age_s <= OVER_S) sections[Math.min(SECTIONS - 1, Math.floor(age_s / SECTION_S))].push(place);
    }
    return sections
      .filter(section => section.length > 0)
      .reverse()
      .map(section => ({
        t_s: median(section.map(place => this.#t[place])),
        v: median(section.map(place => this.#v[place])),
      }));
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)] + sorted[Math.ceil(at)]) / 2;
}
