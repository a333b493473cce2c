import type { Clock } from '../../control/view.ts';

/** Who is in control of the lab: one person at a time, so that two never steer against each other. */

/** Without a sign of life for so long, nobody is any more, s. */
export const CONTROL_S = 15 * 60;

/** The one in control: who, since when, and what they said for it (empty: nothing). */
export interface Control {
  readonly by: string;
  readonly sinceUtc: string;
  readonly reason: string;
}

/** Keeps it, in memory: after a start of the door nobody is in control. */
export class InControl {
  readonly #clock: Clock;
  #control: Control | null = null;
  #alive_s = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who it is now; null: nobody. */
  now(): Control | null {
    if (this.#control !== null && this.#clock.now_s() - this.#alive_s > CONTROL_S) this.#control = null;
    return this.#control;
  }

  /** So long it stays so without a sign of life, s; 0: nobody is. */
  left_s(): number {
    return this.now() === null ? 0 : CONTROL_S - (this.#clock.now_s() - this.#alive_s);
  }

  /** A sign of life of somebody. */
  seen(name: string): void {
    if (this.now()?.by === name) this.#alive_s = this.#clock.now_s();
  }

  /** Whether this is who is in control. */
  is(name: string): boolean {
    return this.now()?.by === name;
  }

  /** From now on it is this one; who took it already keeps it. */
  take(by: string, reason: string): Control {
    const before = this.now();
    this.#alive_s = this.#clock.now_s();
    if (before?.by === by) return before;
    const control = { by, sinceUtc: new Date(this.#clock.utc_ms()).toISOString(), reason };
    this.#control = control;
    return control;
  }

  /** Nobody is, if it was this one. */
  release(name: string): void {
    if (this.is(name)) this.#control = null;
  }
}
