import type { Clock } from '../../drivers/contract/clock.ts';
import type { Acted } from './guard-log.ts';

/** The controller's silence is looked at so often, s. */
const LOOK_S = 0.1;
/** A look that comes so much too late, s, says that the guard itself stood still: it was stopped, or the machine slept. */
const OWN_PAUSE_S = 0.5;

/** Why a guard acts. */
export type GuardReason = Pick<Acted, 'because' | 'silent_s'>;

/**
 * Whether the controller is alive: watched from its first beat on, before which nothing can have been switched on, and
 * as long as something depends on it. A guard that stood still itself begins to count anew, for the beats of that time
 * are only read afterwards; once between two beats, or a machine without breath would put off the end of a silent controller
 * for ever.
 */
export class GuardWatch {
  readonly #clock: Clock;
  readonly #timeout_s: number;
  readonly #act: (reason: GuardReason) => void;
  readonly #cancel: () => void;
  /** Of the last beat; NaN before the first. */
  #last_s = Number.NaN;
  #looked_s: number;
  /** It has begun to count anew since the last beat. */
  #isAnew = false;
  #isAtRest = false;
  #isOver = false;

  constructor(clock: Clock, timeout_s: number, act: (reason: GuardReason) => void) {
    this.#clock = clock;
    this.#timeout_s = timeout_s;
    this.#act = act;
    this.#looked_s = clock.now_s();
    this.#cancel = clock.every(LOOK_S, () => this.#look());
  }

  /** Something depends on the controller: it has beaten once, and not said that its bench is at rest. */
  get isNeeded(): boolean {
    return !Number.isNaN(this.#last_s) && !this.#isAtRest;
  }

  /** Time since the last beat, s. */
  get since_s(): number {
    return this.#clock.now_s() - this.#last_s;
  }

  /** A beat has come. `isAtRest`: no run is under way, and the safe state is proved. */
  beat(isAtRest = false): void {
    this.#last_s = this.#clock.now_s();
    this.#isAnew = false;
    this.#isAtRest = isAtRest;
  }

  /** The line to the controller has ended without its word. */
  gone(): void {
    this.#over('gone');
  }

  /** Something has come that no controller says. */
  garbled(): void {
    this.#over('garbled');
  }

  /** The controller has ended as it should: nothing is watched any more. */
  end(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #look(): void {
    const now_s = this.#clock.now_s();
    const late_s = now_s - this.#looked_s - LOOK_S;
    this.#looked_s = now_s;
    if (!this.isNeeded) return;
    if (late_s > OWN_PAUSE_S && !this.#isAnew) {
      this.#isAnew = true;
      this.#last_s = now_s;
    }
    if (this.since_s >= this.#timeout_s) this.#over('silence');
  }

  #over(because: GuardReason['because']): void {
    if (this.#isOver) return;
    this.end();
    this.#act({ because, silent_s: this.since_s });
  }
}
