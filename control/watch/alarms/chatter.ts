import { z } from 'zod';

/** An alarm that rises so often in a minute chatters (ISA-18.2: three times a minute; recalled). */
export const CHATTER_COUNT = 3;
const WINDOW_S = 60;

/** What is remembered, JSON; null: no minute has begun. */
export const chatterSchema = z.strictObject({
  from_s: z.number().nullable(),
  count: z.number().int(),
  left: z.number().int(),
  isWrittenOn: z.boolean(),
});
export type ChatterState = z.infer<typeof chatterSchema>;

/** What was not written down one by one. */
export interface Left {
  readonly count: number;
  readonly from_s: number;
}

/**
 * Which rises and ends of one alarm are written down each by itself: the first ones of a minute. What comes beyond is
 * counted, so that a record grows by some lines a minute for each alarm, however quickly it comes and goes.
 */
export class Chatter {
  #from_s = Number.NEGATIVE_INFINITY;
  #count = 0;
  #left = 0;
  /** What the record says of it now. */
  #isWrittenOn = false;

  /** `from`: what `state` once said. */
  constructor(from?: ChatterState) {
    if (from === undefined) return;
    this.#from_s = from.from_s ?? Number.NEGATIVE_INFINITY;
    this.#count = from.count;
    this.#left = from.left;
    this.#isWrittenOn = from.isWrittenOn;
  }

  /** All that it remembers. */
  state(): ChatterState {
    const from_s = Number.isFinite(this.#from_s) ? this.#from_s : null;
    return { from_s, count: this.#count, left: this.#left, isWrittenOn: this.#isWrittenOn };
  }

  /** It rises: is this one written? `must`: whatever the count. */
  rises(t_s: number, must: boolean): boolean {
    this.#count++;
    if (t_s - this.#from_s >= WINDOW_S && this.#left === 0) {
      this.#from_s = t_s;
      this.#count = 1;
    }
    if (this.#count > CHATTER_COUNT && !must) {
      this.#left++;
      return false;
    }
    this.#isWrittenOn = true;
    return true;
  }

  /** It is over: is that written? Only where its rise was. */
  ends(): boolean {
    // What is left out ends with the minute.
    if (!this.#isWrittenOn || this.#left > 0) return false;
    this.#isWrittenOn = false;
    return true;
  }

  /** Something waits for the end of the minute. */
  get waits(): boolean {
    return this.#left > 0;
  }

  isDue(t_s: number): boolean {
    return this.#left > 0 && t_s - this.#from_s >= WINDOW_S;
  }

  /** The minute is over: what was left out, and whether the record still has to be told how it stands. A new minute begins. */
  settle(t_s: number, isOn: boolean): Left & { readonly write: 'alarm' | 'clear' | undefined } {
    const left = { count: this.#left, from_s: this.#from_s };
    const write = isOn === this.#isWrittenOn ? undefined : isOn ? ('alarm' as const) : ('clear' as const);
    this.#left = 0;
    this.#count = 0;
    this.#from_s = t_s;
    this.#isWrittenOn = isOn;
    return { ...left, write };
  }
}
