import type { LanguageEnv } from '../env.ts';

/**
 * What it remembers, JSON: the last reading of the counter (null: none), and what was counted beyond it, Ah; below 0: less than it
 * says.
 */
export interface CountedState {
  readonly shown_Ah: number | null;
  readonly since_Ah: number;
  readonly isBelieved: boolean;
}

/** What a counter says of a cut: charge that flowed in it, or why it says nothing. */
export type InGap = number | 'none' | 'restarted' | 'unbelieved';

/**
 * The charge of one way as a run counts it: the integral of the current, led by the instrument's own counter where it has one.
 * The integral of hours carries the zero of the current meter, a counter does not; the counter has its last digit, the
 * integral does not. A counter moves the count by no more than what the current meter declares: one that stands, jumps or
 * counts something else leaves it there. Between two digits the count goes with the integral and comes to the middle of the
 * counter over some of them: a count that only stayed within a digit of it would be off to one side by that digit.
 */
export class CountedCharge {
  readonly #role: string;
  readonly #current: string;
  /** Its counter when the sums below began, Ah; NaN: not seen yet. */
  #base_Ah = Number.NaN;
  #shown_Ah = Number.NaN;
  #seen_s = Number.NaN;
  /** Since then: integral of the current, what its meter may be off in it (k = 2), and what was given out, Ah. */
  #integral_Ah = 0;
  #meter_Ah = 0;
  #given_Ah = 0;
  /** Counted since the last reading of the counter, Ah. */
  #since_Ah = 0;
  #isBelieved = true;
  /** What comes next is counted less by: a count never falls. */
  #debt_Ah = 0;
  /** Given out beyond what is believed at the last reading, Ah; below 0: less. */
  #over_Ah = 0;

  /** `role`: the counter, Ah; `current`: whose integral it leads. */
  constructor(role: string, current: string) {
    this.#role = role;
    this.#current = current;
  }

  /** So much charge by the current, in so many hours; what is to be counted for it, Ah. Also without any: the counter may have moved. */
  count(charge_Ah: number, for_h: number, env: LanguageEnv): number {
    const counter = env.count(this.#role) === 1 ? env.accuracy?.(this.#role) : undefined;
    const meter = counter === undefined ? undefined : env.accuracy?.(this.#current);
    if (counter === undefined || meter === undefined || !(counter.abs + meter.abs >= 0)) return charge_Ah;
    this.#integral_Ah += charge_Ah;
    if (charge_Ah > 0) this.#meter_Ah += (meter.reading_pct / 100) * charge_Ah + meter.abs * for_h;
    const shown_Ah = env.value(this.#role);
    const current_A = for_h > 0 ? charge_Ah / for_h : Number.NaN;
    // A current that the meter does not tell from none is the counter's alone.
    const isAlone = current_A <= meter.abs && this.#isBelieved && !Number.isNaN(this.#base_Ah + shown_Ah);
    const paid_Ah = isAlone ? charge_Ah : Math.min(charge_Ah, this.#debt_Ah);
    if (!isAlone) this.#debt_Ah -= paid_Ah;
    const counted_Ah = charge_Ah - paid_Ah;
    this.#given_Ah += counted_Ah;
    const seen_s = env.arrived_s(this.#role);
    this.#since_Ah += counted_Ah;
    if (!(seen_s > this.#seen_s || Number.isNaN(this.#seen_s))) return counted_Ah;
    const step_Ah = isAlone ? shown_Ah - this.#shown_Ah : 0;
    const more_Ah = this.#lead(shown_Ah, counter, {
      // Between two readings of the counter nobody knows more.
      open_Ah: for_h > 0 ? (current_A / 3600) * (seen_s - this.#seen_s || 0) * env.timeFactor : 0,
      share: for_h > 0 && !isAlone ? Math.min(1, this.#since_Ah / (DIGITS * counter.abs)) || 0 : 0,
      step_Ah,
    });
    this.#seen_s = seen_s;
    this.#given_Ah += more_Ah;
    this.#over_Ah += more_Ah;
    this.#since_Ah = 0;
    return counted_Ah + more_Ah;
  }

  /**
   * Over a cut: what the counter has gone on by, read before and behind it, without what was counted of that already. `most_A`:
   * more than that cannot have flowed. It begins anew from there.
   */
  inGap(env: LanguageEnv, cut_s: number, most_A: number): InGap {
    const counter = env.count(this.#role) === 1 ? env.accuracy?.(this.#role) : undefined;
    const [before_Ah, after_Ah] = [this.#shown_Ah, env.value(this.#role)];
    const given_Ah = this.#since_Ah + this.#over_Ah;
    const wasBelieved = this.#isBelieved;
    this.restore(undefined);
    const for_s = env.arrived_s(this.#role) - cut_s;
    // What was read before the cut is no reading behind it.
    if (counter === undefined || Number.isNaN(before_Ah + after_Ah) || !(for_s > 0)) return 'none';
    if (after_Ah < before_Ah - counter.abs) return 'restarted';
    const more_Ah = after_Ah - before_Ah;
    const most_Ah = (most_A * for_s * env.timeFactor) / 3600 + given_Ah;
    if (!wasBelieved || more_Ah > most_Ah + (counter.reading_pct / 100) * more_Ah + counter.abs)
      return 'unbelieved';
    return Math.max(0, more_Ah - given_Ah);
  }

  state(): CountedState {
    const shown_Ah = Number.isNaN(this.#shown_Ah) ? null : this.#shown_Ah;
    return { shown_Ah, since_Ah: this.#since_Ah + this.#over_Ah, isBelieved: this.#isBelieved };
  }

  /** For a cut; undefined: nothing was counted yet. */
  restore(saved: CountedState | undefined): void {
    this.#base_Ah = this.#seen_s = Number.NaN;
    this.#shown_Ah = saved?.shown_Ah ?? Number.NaN;
    this.#since_Ah = saved?.since_Ah ?? 0;
    this.#isBelieved = saved?.isBelieved ?? true;
    this.#integral_Ah = this.#meter_Ah = this.#given_Ah = this.#debt_Ah = this.#over_Ah = 0;
  }

  /** A new reading of the counter: what it adds now, Ah. */
  #lead(
    shown_Ah: number,
    { reading_pct, abs }: { readonly reading_pct: number; readonly abs: number },
    {
      open_Ah,
      share,
      step_Ah,
    }: { readonly open_Ah: number; readonly share: number; readonly step_Ah: number },
  ): number {
    if (Number.isNaN(shown_Ah)) return 0;
    const digit_Ah = abs + open_Ah;
    if (Number.isNaN(this.#base_Ah) || shown_Ah < this.#shown_Ah - abs) {
      // The first one, or it began anew: what was given out stands.
      this.#base_Ah = this.#shown_Ah = shown_Ah;
      this.#integral_Ah = this.#meter_Ah = this.#given_Ah = this.#debt_Ah = this.#over_Ah = 0;
      return 0;
    }
    this.#shown_Ah = shown_Ah;
    const counter_Ah = shown_Ah - this.#base_Ah;
    const [integral_Ah, meter_Ah] = [this.#integral_Ah, this.#meter_Ah];
    const declared_Ah = meter_Ah + (reading_pct / 100) * counter_Ah + digit_Ah;
    this.#isBelieved = Math.abs(counter_Ah - integral_Ah) <= BELIEVED * declared_Ah;
    const led_Ah = this.#isBelieved
      ? Math.min(integral_Ah + meter_Ah, Math.max(integral_Ah - meter_Ah, counter_Ah))
      : integral_Ah;
    const over_Ah = this.#given_Ah - led_Ah;
    this.#over_Ah = over_Ah;
    this.#debt_Ah = Math.max(0, share * over_Ah, over_Ah - digit_Ah);
    return Math.max(0, step_Ah, -share * over_Ah, -over_Ah - digit_Ah);
  }
}

/**
 * What count and counter are apart is made up for over as much charge as so many declared digits, over which roundings are
 * alike up and down.
 */
const DIGITS = 10;

/** A counter that is further from the integral than so many times what both declare (k = 2) counts something else. */
const BELIEVED = 2;
