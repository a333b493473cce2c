/** More than this between two looks, s, is our own standing still, no silence of the other. */
const OWN_PAUSE_S = 0.5;

/**
 * How long another process has said nothing, s, looked at in turns that may be slow. What we stood still ourselves does not
 * count, for what came meanwhile is only read afterwards: once between two words, or turns of a second would count as half.
 */
export class Silence {
  #silent_s = 0;
  #looked_s: number;
  #hasPaused = false;

  /** `now_s`: when it is looked at for the first time. */
  constructor(now_s: number) {
    this.#looked_s = now_s;
  }

  /** The other has said something. */
  heard(): void {
    this.#silent_s = 0;
    this.#hasPaused = false;
  }

  /** Silence until now, s. */
  at(now_s: number): number {
    const passed_s = now_s - this.#looked_s;
    this.#looked_s = now_s;
    const isPause = passed_s > OWN_PAUSE_S && !this.#hasPaused;
    if (isPause) this.#hasPaused = true;
    this.#silent_s += isPause ? OWN_PAUSE_S : passed_s;
    return this.#silent_s;
  }
}
