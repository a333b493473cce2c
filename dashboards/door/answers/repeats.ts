import type { Cancel, Clock } from '../../../control/view.ts';
import type { Deed, DoorAudit } from '../audit.ts';

/** What is asked again and again stands in the audit once, with how often: nobody makes it long by asking. */

const MINUTE_S = 60;
/** Status of HTTP from which on something was not done. */
const REFUSED = 400;
/** So many kinds of deeds are counted at once; the oldest of more is concluded before its minute is over. */
const MOST_KINDS = 1000;

interface Counted {
  /** The one that was counted last. */
  deed: Deed;
  written: number;
  more: number;
  readonly cancel: Cancel;
}

/** Writes the first deeds of a kind within a minute, and at the end of the minute how many more there were. */
export class Repeats {
  readonly #audit: DoorAudit;
  readonly #clock: Clock;
  readonly #kinds = new Map<string, Counted>();

  constructor(audit: DoorAudit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
  }

  /** `most`: so many of its kind in a minute have a line of their own. Of one kind: by whom, how, what, with which status; of what was done, to what. */
  tell(deed: Deed, most: number): void {
    const { by, how, what, status, to } = deed;
    // Of what is refused anything may be named: that makes no other kind of it.
    const kind = JSON.stringify([by, how, what, status, status < REFUSED ? to : null]);
    let counted = this.#kinds.get(kind);
    if (counted === undefined) {
      const [oldest] = this.#kinds.keys();
      if (this.#kinds.size >= MOST_KINDS && oldest !== undefined) this.#conclude(oldest);
      const cancel = this.#clock.schedule(MINUTE_S, () => this.#conclude(kind));
      counted = { deed, written: 0, more: 0, cancel };
      this.#kinds.set(kind, counted);
    }
    if (counted.written < most) {
      counted.written++;
      this.#audit.write(deed);
    } else {
      counted.more++;
      counted.deed = deed;
    }
  }

  /** Whatever was counted is written. */
  close(): void {
    for (const kind of this.#kinds.keys()) this.#conclude(kind);
  }

  #conclude(kind: string): void {
    const counted = this.#kinds.get(kind);
    if (counted === undefined) return;
    this.#kinds.delete(kind);
    counted.cancel();
    const { deed, more } = counted;
    if (more > 0)
      this.#audit.write({ ...deed, outcome: `${more} more of these, the last one: ${deed.outcome}` });
  }
}
