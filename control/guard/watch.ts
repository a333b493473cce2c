import type { Clock } from '../../drivers/contract/clock.ts';

/** The controller's silence is looked at so often, s. */
const LOOK_S = 0.1;
/** A look that comes so much too late, s, says that the guard itself stood still: it was stopped, or the machine slept. */
const OWN_PAUSE_S = 0.5;

/** Why a guard acts. */
export type GuardReason =
  | { readonly because: 'silence'; readonly silent_s: number }
  | { readonly because: 'gone' }
  | { readonly because: 'garbled' };

/**
 * Whether the controller is alive: from its first beat on, before which nothing can have been switched on, it is as long as it beats. A guard that stood still itself begins to count anew, for
 * the beats of that time are only read afterwards.
 */
export class GuardWatch {
  readonly #clock: Clock;
  readonly #timeout_s: number;
  readonly #act: (reason: GuardReason) => void;
  readonly #cancel: () => void;
  /** Of the last beat; NaN before the first. */
  #last_s = Number.NaN;
  #looked_s: number;
  #isOver = false;

  constructor(clock: Clock, timeout_s: number, act: (reason: GuardReason) => void) {
    this.#clock = clock;
    this.#timeout_s = timeout_s;
    this.#act = act;
    this.#looked_s = clock.now_s();
    this.#cancel = clock.every(LOOK_S, () => this.#look());
  }

  /** The controller has beaten once: from then on it is watched. */
  get hasBegun(): boolean {
    return !Number.isNaN(this.#last_s);
  }

  /** A beat has come. */
  beat(): void {
    this.#last_s = this.#clock.now_s();
  }

  /** The line to the controller has ended without its word. */
  gone(): void {
    this.#over({ because: 'gone' });
  }

  /** Something has come that no controller says. */
  garbled(): void {
    this.#over({ because: 'garbled' });
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
    if (late_s > OWN_PAUSE_S && this.hasBegun) this.#last_s = now_s;
    const silent_s = now_s - this.#last_s;
    if (silent_s >= this.#timeout_s) this.#over({ because: 'silence', silent_s });
  }

  #over(reason: GuardReason): void {
    if (this.#isOver) return;
    this.end();
    this.#act(reason);
  }
}

/** For whoever reads it. */
export function reasonText(reason: GuardReason): string {
  switch (reason.because) {
    case 'silence':
      return `the controller was silent for ${reason.silent_s.toFixed(1)} s`;
    case 'gone':
      return 'the controller is gone';
    case 'garbled':
      return 'the controller says what no controller says';
  }
}
