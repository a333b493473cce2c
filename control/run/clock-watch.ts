import type { Clock } from '../../drivers/contract/clock.ts';
import type { EventBody } from '../record/events.ts';

/**
 * Two clocks that part by less than this belong together, s. A step of the time service is 0.1 s and more (ntpd 0.128 s);
 * two clocks read one after the other differ by less than 1 ms.
 */
const APART_S = 0.05;
/** Both clocks were not read at one time: something came in between, s. */
const READ_S = 0.005;

/**
 * Looks at the computer's clock beside the monotonic one that the run counts on. Where it was set, by the time service or
 * by hand, or has wandered off, or the computer has slept, UTC counts anew: `note` is told with the time that it shows.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #note: (body: EventBody, text: string) => void;
  /** UTC less run time, ms, as it was written down last and as it was seen last. */
  #kept_ms: number;
  #seen_ms: number;

  constructor(clock: Clock, note: (body: EventBody, text: string) => void) {
    this.#clock = clock;
    this.#note = note;
    this.#kept_ms = clock.utc_ms() - 1000 * clock.now_s();
    this.#seen_ms = this.#kept_ms;
  }

  /** To be called each second or so. */
  look(): void {
    const before_s = this.#clock.now_s();
    const utc_ms = this.#clock.utc_ms();
    const after_s = this.#clock.now_s();
    // The next look will do.
    if (after_s - before_s > READ_S) return;
    const apart_ms = utc_ms - 500 * (before_s + after_s);
    const step_s = (apart_ms - this.#kept_ms) / 1000;
    const what = Math.abs(apart_ms - this.#seen_ms) > 1000 * APART_S ? 'step' : 'drift';
    this.#seen_ms = apart_ms;
    if (Math.abs(step_s) <= APART_S) return;
    this.#kept_ms = apart_ms;
    const utc = new Date(utc_ms).toISOString();
    const how = what === 'step' ? 'was set' : 'has wandered';
    const by = `${step_s > 0 ? '+' : ''}${step_s.toFixed(3)}`;
    this.#note(
      { kind: 'clock', data: { what, step_s, utc } },
      `the computer's clock ${how} by ${by} s: UTC of what follows counts from ${utc}`,
    );
  }
}
