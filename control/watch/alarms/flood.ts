import { z } from 'zod';
import type { AlarmRules } from '../../bench/alarm-rules.ts';

/** Alarms of the last minutes are counted in so many buckets: the count is off by one of them at most, whatever comes. */
const BUCKETS = 60;

/** What is remembered, JSON: the newest bucket, and those with something in them. */
export const floodSchema = z.strictObject({
  isOn: z.boolean(),
  at: z.number().int().nullable(),
  counts: z.array(z.tuple([z.number().int().min(0), z.number().int()])),
});
export type FloodState = z.infer<typeof floodSchema>;

/** How many alarms came in the last minutes: room for a count each bucket, however many there are. */
export class Flood {
  readonly #rules: AlarmRules;
  readonly #counts = new Uint32Array(BUCKETS);
  readonly #bucket_s: number;
  #at = Number.NaN;
  #sum = 0;
  isOn: boolean;

  /** `from`: what `state` once said. */
  constructor(rules: AlarmRules, from?: FloodState) {
    this.#rules = rules;
    this.#bucket_s = rules.floodWithin_s / BUCKETS;
    this.isOn = from?.isOn ?? false;
    if (from === undefined || from.at === null) return;
    this.#at = from.at;
    for (const [bucket, count] of from.counts) this.#counts[bucket % BUCKETS] = count;
    this.#sum = this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** All that it remembers. */
  state(): FloodState {
    const counts = [...this.#counts].flatMap((count, i): [number, number][] =>
      count === 0 ? [] : [[i, count]],
    );
    return { isOn: this.isOn, at: Number.isNaN(this.#at) ? null : this.#at, counts };
  }

  /** Alarms in the last `floodWithin_s`. */
  get count(): number {
    return this.#sum;
  }

  /** An alarm has risen. */
  add(t_s: number): void {
    this.#turn(t_s);
    this.#counts[this.#at % BUCKETS]++;
    this.#sum++;
  }

  /** Whether it has just begun or ended; undefined: neither. It ends below half of what begins it (ISA-18.2: 10 and 5; recalled). */
  look(t_s: number): 'begins' | 'ends' | undefined {
    this.#turn(t_s);
    const { floodCount } = this.#rules;
    if (!this.isOn && this.#sum > floodCount) {
      this.isOn = true;
      return 'begins';
    }
    if (this.isOn && this.#sum < floodCount / 2) {
      this.isOn = false;
      return 'ends';
    }
    return undefined;
  }

  #turn(t_s: number): void {
    const at = Math.max(0, Math.floor(t_s / this.#bucket_s));
    if (at === this.#at) return;
    const past = Number.isNaN(this.#at) ? BUCKETS : Math.min(BUCKETS, Math.max(0, at - this.#at));
    for (let i = 0; i < past; i++) {
      const k = (at - i) % BUCKETS;
      const j = k < 0 ? k + BUCKETS : k;
      this.#sum -= this.#counts[j];
      this.#counts[j] = 0;
    }
    this.#at = at;
  }
}
