import type { Clock } from './contract/clock.ts';
import { aloneTime_s } from './contract/watchdog.ts';

/** When an instrument that is asked and does not answer is left alone, so that its own watchdog can act. */
export interface UnheardPauses {
  /** It was asked who it is, and did not answer; `watchdog_s`: time of its armed watchdog, undefined without one. */
  asked(watchdog_s: number | undefined): void;
  /** For how long nothing is asked yet, s. */
  left_s(): number;
  /** The output is to go off: it is asked once more before it is left alone; once, until it has answered. */
  hurry(): void;
  /** It has answered. */
  over(): void;
}

/**
 * An instrument may hear us without our hearing it: what asks for it again and again then keeps its watchdog quiet, with
 * its output on. After the first question without an answer it is left alone for as long as its watchdog takes; then
 * asked for one watchdog's time, and left alone again, as long as it does not answer.
 */
export function unheardPauses(clock: Clock): UnheardPauses {
  let until_s = Number.NEGATIVE_INFINITY;
  let next_s = Number.NEGATIVE_INFINITY;
  let hasHurried = false;
  return {
    asked(watchdog_s) {
      const now_s = clock.now_s();
      if (watchdog_s === undefined || now_s < next_s) return;
      until_s = now_s + aloneTime_s(watchdog_s);
      next_s = until_s + watchdog_s;
    },
    left_s: () => Math.max(0, until_s - clock.now_s()),
    hurry() {
      if (hasHurried) return;
      hasHurried = true;
      until_s = Number.NEGATIVE_INFINITY;
      next_s = Number.NEGATIVE_INFINITY;
    },
    over() {
      hasHurried = false;
      until_s = Number.NEGATIVE_INFINITY;
      next_s = Number.NEGATIVE_INFINITY;
    },
  };
}
