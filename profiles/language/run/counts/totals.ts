import type { LanguageEnv } from '../env.ts';
import { CountedCharge, type CountedState, type InGap } from './counted-charge.ts';

/** What a run has counted so far, in one row: method time in s, charge in Ah and energy in Wh into and out of the device. */
const COUNTS = ['time', 'chargeIn', 'chargeOut', 'energyIn', 'energyOut'] as const;
const [TIME, CHARGE_IN, CHARGE_OUT, ENERGY_IN, ENERGY_OUT] = COUNTS.keys();
const PER_H = 1 / 3600;
/** mol of hydrogen in one cell for 1 Ah: 3600 C over two electrons of 96485.33212 C/mol (CODATA 2018). */
const H2_MOL_PER_AH = 3600 / (2 * 96485.33212);

/** A source may give somewhat more than it is set to. */
const MORE_THAN_SET = 1.1;

/** What totals remember, JSON. */
export interface TotalsState {
  readonly now: readonly number[];
  readonly open_s: number;
  /** In and out; absent in what older programs wrote. */
  readonly counters?: readonly CountedState[];
}

/** Charge that flowed while the run was cut off, by the counters of the instrument; NaN: they do not say, and why. */
export interface GapCharge {
  readonly into_Ah: number;
  readonly out_Ah: number;
  readonly why: Exclude<InGap, number> | '';
}

/** Counts at a moment: what a step, a block, a round has counted is the difference. */
export type Mark = Float64Array;

/**
 * Counts time, charge and energy of the device under test. A reading counts for the time up to it, back to the reading
 * before it, never back over a change of the set points: the first one after a change counts for all since. Charge is led by
 * the instrument's own counters where it has them, as the figures are.
 */
export class Totals {
  readonly #now: Mark = new Float64Array(COUNTS.length);
  readonly #current: string;
  readonly #voltage: string;
  /** Led by the instrument's own counters, where it has them. */
  readonly #into: CountedCharge;
  readonly #out: CountedCharge;
  /** Time that no reading has spoken for yet, s. */
  #open_s = 0;

  /** `subject`: `stack`, `cell`. */
  constructor(subject: string) {
    this.#current = `${subject}.current_A`;
    this.#voltage = `${subject}.voltage_V`;
    this.#into = new CountedCharge(`${subject}.charged_Ah`, this.#current);
    this.#out = new CountedCharge(`${subject}.discharged_Ah`, this.#current);
  }

  /**
   * So much method time has passed; `since_s`: run time of the last change of set points. `flow_s`: for so long charge has
   * flowed, where that is longer.
   */
  take(dt_s: number, env: LanguageEnv, since_s: number, flow_s = dt_s): void {
    this.#now[TIME] += dt_s;
    this.#open_s += flow_s;
    if (this.#open_s > 0 && env.arrived_s(this.#current) > since_s) this.#speak(env);
  }

  /** Set points change now: what is open belongs to before. */
  close(env: LanguageEnv): void {
    if (this.#open_s > 0) this.#speak(env);
  }

  #speak(env: LanguageEnv): void {
    const current_A = env.value(this.#current);
    if (Number.isNaN(current_A)) return;
    const charge_Ah = Math.abs(current_A) * this.#open_s * PER_H;
    const voltage_V = env.value(this.#voltage);
    const energy_Wh = Number.isNaN(voltage_V) ? 0 : charge_Ah * voltage_V;
    const for_h = this.#open_s * PER_H;
    const isIn = current_A >= 0;
    this.#now[CHARGE_IN] += this.#into.count(isIn ? charge_Ah : 0, isIn ? for_h : 0, env);
    this.#now[CHARGE_OUT] += this.#out.count(isIn ? 0 : charge_Ah, isIn ? 0 : for_h, env);
    this.#now[current_A >= 0 ? ENERGY_IN : ENERGY_OUT] += energy_Wh;
    this.#open_s = 0;
  }

  /** What no reading has spoken for yet is never known: the run was cut off. */
  drop(): void {
    this.#open_s = 0;
  }

  /** The counts as they stand. */
  mark(): Mark {
    return Float64Array.from(this.#now);
  }

  /** What was counted from a mark on: `charge` and `energy` are net, positive in; `h2` in mol over all cells. */
  since(mark: Mark, counted: string, cells_count: number): number {
    const of = (at: number): number => this.#now[at] - mark[at];
    switch (counted) {
      case 'time':
        return of(TIME);
      case 'charge':
        return of(CHARGE_IN) - of(CHARGE_OUT);
      case 'chargeIn':
        return of(CHARGE_IN);
      case 'chargeOut':
        return of(CHARGE_OUT);
      case 'energy':
        return of(ENERGY_IN) - of(ENERGY_OUT);
      case 'energyIn':
        return of(ENERGY_IN);
      case 'energyOut':
        return of(ENERGY_OUT);
      case 'h2':
        return of(CHARGE_IN) * H2_MOL_PER_AH * cells_count;
      default:
        return Number.NaN;
    }
  }

  /**
   * Cut off at `cut_s` and taken up: charge that the instrument's own counters have gone on by meanwhile counts, energy does
   * not. One that began anew makes the other one doubtful, too.
   */
  countGap(env: LanguageEnv, cut_s: number): GapCharge {
    const role = env.output?.roles.current;
    const { min, max } = (role === undefined ? undefined : env.output?.range(role)) ?? {
      min: Number.NEGATIVE_INFINITY,
      max: Number.POSITIVE_INFINITY,
    };
    const into = this.#into.inGap(env, cut_s, MORE_THAN_SET * Math.max(0, max));
    const out = this.#out.inGap(env, cut_s, MORE_THAN_SET * Math.max(0, -min));
    const isAnew = into === 'restarted' || out === 'restarted';
    const [into_Ah, out_Ah] = [into, out].map(one => (typeof one === 'number' && !isAnew ? one : Number.NaN));
    this.#now[CHARGE_IN] += into_Ah || 0;
    this.#now[CHARGE_OUT] += out_Ah || 0;
    const why = [into, out].find(one => typeof one === 'string') ?? '';
    return { into_Ah, out_Ah, why: isAnew ? 'restarted' : (why as GapCharge['why']) };
  }

  /** JSON of it. */
  state(): TotalsState {
    const counters = [this.#into, this.#out].map(one => one.state());
    return { now: [...this.#now], open_s: this.#open_s, counters };
  }

  /** Goes on from there. */
  restore(saved: TotalsState): void {
    this.#now.set(saved.now);
    this.#open_s = saved.open_s;
    this.#into.restore(saved.counters?.[0]);
    this.#out.restore(saved.counters?.[1]);
  }
}
