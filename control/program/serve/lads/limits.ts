import type { Clock } from '../../../view.ts';

const MINUTE_S = 60;
/** So many names are counted at once; beyond them the oldest is forgotten. */
const MOST_NAMES = 1000;

/** Counts what somebody asks for: so many in each minute. */
export class PerMinute {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #counts = new Map<string, { readonly begun_s: number; count: number }>();

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Counts one more; false: it is one too many. */
  take(name: string): boolean {
    const now_s = this.#clock.now_s();
    const known = this.#counts.get(name);
    if (known !== undefined && now_s - known.begun_s < MINUTE_S) return ++known.count <= this.#most;
    this.#counts.delete(name);
    this.#counts.set(name, { begun_s: now_s, count: 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST_NAMES && oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }
}
