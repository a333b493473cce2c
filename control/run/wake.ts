import type { Cancel, Clock } from '../../drivers/contract/clock.ts';
import { DUST_S } from '../../profiles/language/run/beside/dust.ts';

/**
 * Looks at a run between two beats: when the step under way is over, and when what it has asked for has been applied. One
 * look of each kind at most is under way.
 */
export class Wake {
  readonly #clock: Clock;
  readonly #look: () => void;
  #cancel: Cancel = () => {};
  #isSoon = false;
  #isOff = false;

  constructor(clock: Clock, look: () => void) {
    this.#clock = clock;
    this.#look = look;
  }

  /** To be looked at in `left_s`, if that is before the next beat, which is in `toBeat_s`; in place of what was said before. */
  within(left_s: number, toBeat_s: number): void {
    this.#cancel();
    this.#cancel = () => {};
    if (this.#isOff || !(left_s < toBeat_s - DUST_S)) return;
    // Readings that come at this very time come first: the last one of a step belongs to it.
    this.#cancel = this.#clock.schedule(left_s, () => this.soon());
  }

  /** To be looked at now, after whatever is under way. */
  soon(): void {
    if (this.#isSoon || this.#isOff) return;
    this.#isSoon = true;
    this.#clock.nextTurn(() => {
      this.#isSoon = false;
      if (!this.#isOff) this.#look();
    });
  }

  /** Looks no more. */
  off(): void {
    this.#isOff = true;
    this.#cancel();
  }
}
