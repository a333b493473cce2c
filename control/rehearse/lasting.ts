import type { Procedure } from '../../profiles/procedure.ts';

/** How long a rehearsal may last before it counts as one that never ends. */

/** A run that takes so many times its plan and this much more, s, does not end by itself ... */
const LONGEST_PLANS = 10;
const LONGEST_MORE_S = 3600;
/** ... and a method that bounds itself, so much of its longest time: a set value may take half as much again on the wire. */
const LONGEST_PART = 1.5;
/** Where only the run tells how long a step lasts, so many of them are waited for beyond that, ... */
const MORE_STEPS = 100;
/** ... and no longer than this in all, s: a year. */
const MOST_S = 8760 * 3600;
/** A step that still waits for its set values has said nothing yet, s. */
const GRACE_S = 60;

/** Of one run. */
export class Lasting {
  /** What is over, in words. */
  readonly what: string;
  readonly #isBounded: boolean;
  #until_s: number;
  #more = 0;

  constructor({ planned_s, longest_s }: Pick<Procedure, 'planned_s' | 'longest_s'>) {
    this.#isBounded = longest_s !== undefined;
    // A method that bounds itself may take as long as it says.
    const most_s = longest_s === undefined ? 0 : LONGEST_PART * longest_s;
    this.#until_s = Math.max(LONGEST_PLANS * planned_s, most_s) + LONGEST_MORE_S;
    this.what = this.#isBounded ? 'more than its longest time' : `${LONGEST_PLANS} times its planned time`;
  }

  /** `left_s`: when the step under way ends at the latest by a time of its own, as the run has worked it out; Infinity: by none. */
  isOver(now_s: number, left_s: number): boolean {
    if (now_s <= this.#until_s) return false;
    const more_s = Number.isFinite(left_s) ? left_s : 0;
    if (this.#isBounded || this.#more >= MORE_STEPS || now_s + more_s > MOST_S) return true;
    this.#more++;
    this.#until_s = now_s + more_s + GRACE_S;
    return false;
  }
}
