import { AGGREGATES, type Aggregate, type WindowKind } from './aggregate.ts';

/** So many stretches a window is kept as: readings that come more often share one. */
export const PLACES = 256;
/** Clocks add up: so much earlier than its time a window counts as full, s. */
export const EARLY_S = 1e-6;

/**
 * A window that slides over the readings of the last time: those of it and the one in force when it began, never
 * less. Where more than `PLACES` readings fall into it, its beginning moves in steps of 1/254 of its length. Two
 * stacks of stretches (the front one added up from its end), so a reading costs the same however long the window is,
 * and memory never grows. NaN until it is full, and again from a reading that is unknown.
 */
export class Window {
  readonly #kind: Aggregate;
  readonly #m: Float64Array;
  /** When each stretch of the ring began, s; the stretch that is being filled is outside of it. */
  readonly #start_s = new Float64Array(PLACES);
  readonly #fill: number;
  readonly #back: number;
  readonly #sum: number;
  /** First stretch, first of the back stack, number of all, number of the front ones. */
  #head = 0;
  #count = 0;
  #front = 0;
  /** Beginning of the stretch that is being filled, s; NaN: there is none. */
  #fillStart_s = Number.NaN;

  constructor(kind: WindowKind) {
    this.#kind = AGGREGATES[kind];
    const { fields } = this.#kind;
    this.#m = new Float64Array(fields * (PLACES + 4));
    this.#fill = fields * PLACES;
    this.#back = fields * (PLACES + 1);
    this.#sum = fields * (PLACES + 2);
  }

  /** Forgets all. */
  reset(): void {
    this.#count = 0;
    this.#front = 0;
    this.#fillStart_s = Number.NaN;
  }

  /** Takes a reading, `stack[at]`, of a window as long as `stack[at + 1]` s; its figure stands in `stack[at]` then. */
  take(stack: Float64Array, at: number, now: Float64Array): void {
    const x = stack[at];
    const over_s = stack[at + 1];
    const t_s = now[0];
    stack[at] = Number.NaN;
    if (!(over_s > 0) || x - x !== 0) {
      this.reset();
      return;
    }
    this.#add(t_s, x, over_s / (PLACES - 2));
    const begin_s = t_s - over_s + EARLY_S;
    while (this.#count > 0 && this.#second_s() <= begin_s) this.#drop();
    const first_s = this.#count > 0 ? this.#start_s[this.#head] : this.#fillStart_s;
    if (first_s <= begin_s) stack[at] = this.#figure();
  }

  #add(t_s: number, x: number, spacing_s: number): void {
    const m = this.#m;
    const { fields } = this.#kind;
    if (Number.isNaN(this.#fillStart_s)) {
      this.#kind.start(m, this.#fill, t_s, x);
      this.#fillStart_s = t_s;
      return;
    }
    if (t_s - this.#fillStart_s < spacing_s || this.#count === PLACES) {
      this.#kind.start(m, this.#sum, t_s, x);
      this.#kind.join(m, this.#fill, this.#fill, this.#sum);
      return;
    }
    const place = (this.#head + this.#count) % PLACES;
    m.copyWithin(place * fields, this.#fill, this.#fill + fields);
    this.#start_s[place] = this.#fillStart_s;
    if (this.#count === this.#front) m.copyWithin(this.#back, this.#fill, this.#fill + fields);
    else this.#kind.join(m, this.#back, this.#back, this.#fill);
    this.#count++;
    this.#kind.start(m, this.#fill, t_s, x);
    this.#fillStart_s = t_s;
  }

  /** When the stretch after the first one began, s. */
  #second_s(): number {
    return this.#count > 1 ? this.#start_s[(this.#head + 1) % PLACES] : this.#fillStart_s;
  }

  /** Drops the first stretch; where the front stack is empty, all of the back one moves there, added up from its end. */
  #drop(): void {
    if (this.#front === 0) {
      const { fields } = this.#kind;
      for (let k = this.#count - 2; k >= 0; k--) {
        const own = ((this.#head + k) % PLACES) * fields;
        this.#kind.join(this.#m, own, own, ((this.#head + k + 1) % PLACES) * fields);
      }
      this.#front = this.#count;
    }
    this.#head = (this.#head + 1) % PLACES;
    this.#count--;
    this.#front--;
  }

  #figure(): number {
    const m = this.#m;
    const { fields } = this.#kind;
    let from = this.#fill;
    if (this.#count > this.#front) {
      this.#kind.join(m, this.#sum, this.#back, from);
      from = this.#sum;
    }
    if (this.#front > 0) {
      this.#kind.join(m, this.#sum, this.#head * fields, from);
      from = this.#sum;
    }
    return this.#kind.figure(m, from);
  }
}
