import type { Clock } from '../contract/clock.ts';

/** How a line treats its instrument: times, and how much trouble it bears. */
export interface LineOptions {
  readonly clock: Clock;
  /** Worst time the instrument takes to answer: the deadline of an exchange and the quiet time after a lost one. */
  readonly reply_ms: number;
  /** Least time between the end of one exchange and the start of the next. */
  readonly gap_ms: number;
  /** Most requests that may wait. Default 32: more means that polls come faster than the line answers. */
  readonly queueMax?: number;
  /** So many unanswered exchanges in a row mean that the line is dead. Default 3. */
  readonly silentMax?: number;
  /** How long after a lost exchange its nameless reply may still turn up (a buffering gateway). Default 10. */
  readonly lateMax_s?: number;
  /**
   * How often an exchange of the front or normal lane is asked again after a timeout or a garbled answer. Default 0.
   * Urgent ones are not: the next urgent frame must not wait for that; whoever sent it repeats it after the read-back.
   */
  readonly retriesMax?: number;
  /** How often an exchange is asked again that is answered with `busy`. Default 2. */
  readonly busyMax?: number;
  /** When an earlier line to the same instrument ended. Absent: there was none. */
  readonly before_s?: number;
  /** Every answer came twice on the line before. */
  readonly isDoubtful?: boolean;
  /** Called for each repetition. */
  readonly onRetry?: () => void;
  /**
   * For how long the instrument is to be left alone yet, s: no normal exchange and no probe for one leaves meanwhile.
   * Absent or 0: it is not.
   */
  readonly aloneFor_s?: () => number;
}

/** What waiters of an instrument that is left alone are told. */
export const LEFT_ALONE = 'left alone, so that its own watchdog acts';

/** Of a request that is several messages. */
export const NO_MORE_SENT = 'overtaken on its way: no more of it was sent';

/** Where a link finds the next answer by itself: so long after bytes that nobody asked for, or a probe in vain, s (default). */
export const FOUND_PAUSE_s = 0.2;

/** A busy instrument is asked again after so long, s, and so often. */
export const BUSY_WAIT_s = 0.05;
export const BUSY_MAX = 2;
