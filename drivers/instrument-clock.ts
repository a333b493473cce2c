import type { Clock } from './contract/clock.ts';
import type { ChannelSpec, ClockNote, InstrumentTime } from './contract/device.ts';
import { QUALITY } from './contract/frame.ts';
import { Listeners } from './contract/listeners.ts';

/** An instrument's calendar clock may part from ours by so much before a person is told, s (default). */
export const OFFSET_MOST_S = 2;
/** By so much more than the wire and the polls explain has it been set, s (default): a late answer is no jump. */
const JUMP_LEAST_S = 1;
/** So many new times in a row must say so. */
const AGREE = 2;

/**
 * The instrument's own times of one device, as its driver puts them into the frame: seconds since 1970 UTC or since a
 * beginning of the instrument's own. Makes what is recorded of them: instrument time less time of arrival (s; negative: so
 * long before it arrived), for an own clock less what that was in the first frame. Marks as stale what was taken at a time
 * that stands still, and tells a clock that is off or was set. Rows stay in the order of arrival, whatever it says.
 */
export class InstrumentClocks {
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #times: readonly InstrumentTime[];
  /** Places of the time channels. */
  readonly #at: Int32Array;
  /** Last time that was said, when it was first seen and seen last, s of our clock. */
  readonly #stamp_s: Float64Array;
  readonly #since_s: Float64Array;
  readonly #seen_s: Float64Array;
  /** Said less ours of the time that a later one is compared with, when that came, and how old it may have been then. */
  readonly #apart_s: Float64Array;
  readonly #apartAt_s: Float64Array;
  readonly #slack_s: Float64Array;
  /** What the first frame showed of an own clock. */
  readonly #zero_s: Float64Array;
  /** New times in a row that are off, and that have jumped the same way (sign). */
  readonly #off: Int32Array;
  readonly #jumped: Int32Array;
  #told: ClockNote | undefined;
  #jumpAt_s = Number.NEGATIVE_INFINITY;
  #jumpBy_s = 0;
  readonly #notes = new Listeners<ClockNote>();

  /** Undefined where no channel is a time. */
  static of(channels: readonly ChannelSpec[], clock: Clock): InstrumentClocks | undefined {
    return channels.some(({ instrumentTime }) => instrumentTime !== undefined)
      ? new InstrumentClocks(channels, clock)
      : undefined;
  }

  private constructor(channels: readonly ChannelSpec[], clock: Clock) {
    const own = channels.flatMap(({ name, instrumentTime }, at) =>
      instrumentTime === undefined ? [] : [{ name, time: instrumentTime, at }],
    );
    const unknown = (): Float64Array => new Float64Array(own.length).fill(Number.NaN);
    this.#clock = clock;
    this.#names = own.map(({ name }) => name);
    this.#times = own.map(({ time }) => time);
    this.#at = Int32Array.from(own, ({ at }) => at);
    this.#stamp_s = unknown();
    this.#since_s = unknown();
    this.#seen_s = unknown();
    this.#apart_s = unknown();
    this.#apartAt_s = unknown();
    this.#slack_s = unknown();
    this.#zero_s = unknown();
    this.#off = new Int32Array(own.length);
    this.#jumped = new Int32Array(own.length);
  }

  /** Told when the clock is off (once; at once if it is known), and each time that it was set. Returns the unsubscribe. */
  onNote(listener: (note: ClockNote) => void): () => void {
    if (this.#told !== undefined) listener(this.#told);
    return this.#notes.add(listener);
  }

  /** Puts in place of the times that the driver has filled in what is kept of them; `t_s`: arrival of the frame. */
  place(values: Float64Array, quality: Uint8Array, t_s: number, note: (reason: string) => void): void {
    const utc_s = this.#clock.utc_ms() / 1000 - (this.#clock.now_s() - t_s);
    for (let k = 0; k < this.#at.length; k++) {
      const at = this.#at[k];
      const said_s = values[at];
      const { clock, of, stale_s } = this.#times[k];
      if (!Number.isFinite(said_s)) {
        values[at] = Number.NaN;
        // Where it is to tell whether the source lives, nothing is known to live without it.
        if (stale_s !== undefined) markStale(of, quality);
        continue;
      }
      if (clock === 'own' && Number.isNaN(this.#zero_s[k])) this.#zero_s[k] = said_s - t_s;
      const offset_s = clock === 'utc' ? said_s - utc_s : said_s - t_s - this.#zero_s[k];
      values[at] = offset_s;
      this.#look(k, said_s, t_s, clock === 'utc' ? offset_s : Number.NaN);
      const stood_s = t_s - this.#since_s[k];
      if (stale_s === undefined || stood_s <= stale_s) continue;
      markStale(of, quality);
      note(
        `${this.#names[k]}: the instrument's own time has stood still for ${stood_s.toFixed(1)} s, at most ${stale_s} s is taken as alive`,
      );
    }
  }

  /** Compares what it says with what it said before. `offset_s`: NaN of a clock that has no calendar. */
  #look(k: number, said_s: number, t_s: number, offset_s: number): void {
    const isNew = said_s !== this.#stamp_s[k];
    // So old may it be by now: it came into being after the last poll that did not show it yet.
    const age_s = isNew && !Number.isNaN(this.#seen_s[k]) ? t_s - this.#seen_s[k] : Number.POSITIVE_INFINITY;
    this.#seen_s[k] = t_s;
    this.#lookAtOffset(k, offset_s, age_s, isNew);
    if (!isNew) return;
    this.#stamp_s[k] = said_s;
    this.#since_s[k] = t_s;
    const apart_s = said_s - t_s;
    const by_s = apart_s - this.#apart_s[k];
    const isJump = by_s > JUMP_LEAST_S + this.#slack_s[k] || by_s < -(JUMP_LEAST_S + age_s);
    if (isJump) {
      const way = Math.sign(by_s);
      this.#jumped[k] = Math.sign(this.#jumped[k]) === way ? this.#jumped[k] + way : way;
      if (Math.abs(this.#jumped[k]) < AGREE) return;
      const isKnown =
        this.#apartAt_s[k] < this.#jumpAt_s &&
        Math.abs(by_s - this.#jumpBy_s) <= 2 * JUMP_LEAST_S + age_s + this.#slack_s[k];
      if (!isKnown) {
        this.#jumpAt_s = t_s;
        this.#jumpBy_s = by_s;
        this.#notes.tell({ what: 'jump', channel: this.#names[k], by_s });
      }
    }
    this.#jumped[k] = 0;
    this.#apart_s[k] = apart_s;
    this.#apartAt_s[k] = t_s;
    this.#slack_s[k] = age_s;
  }

  /** A time before ours may be that of an old value, one behind ours is none. */
  #lookAtOffset(k: number, offset_s: number, age_s: number, isNew: boolean): void {
    if (this.#told !== undefined) return;
    if (offset_s > OFFSET_MOST_S || offset_s < -(OFFSET_MOST_S + age_s)) this.#off[k]++;
    else if (isNew) this.#off[k] = 0;
    if (this.#off[k] < AGREE) return;
    this.#told = { what: 'offset', channel: this.#names[k], by_s: offset_s };
    this.#notes.tell(this.#told);
  }
}

function markStale(of: readonly number[], quality: Uint8Array): void {
  for (const i of of) if (quality[i] < QUALITY.stale) quality[i] = QUALITY.stale;
}
