import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { FrameReader, Stretch } from '../../record/stretches.ts';

/** Channels of another instrument at the times of the first: its last reading, for as long as it counts. */
export class HeldReadings {
  readonly #channels: readonly number[];
  readonly #stale_after_s: number;
  readonly #stretches: Generator<Stretch>;
  #now: Fetched | undefined;
  #after: Fetched | undefined;
  #at = -1;
  #run = 0;
  #isStale = false;

  constructor(reader: FrameReader, channels: readonly number[], stale_after_s: number) {
    this.#channels = channels;
    this.#stale_after_s = stale_after_s;
    this.#stretches = reader.stretches({ channels });
    this.#now = this.#fetched();
  }

  /** Goes to the last reading at or before a time. Times must not fall. */
  seek(t_s: number): void {
    for (let next = this.#next_s(); next <= t_s; next = this.#next_s()) this.#step();
    if (this.#now === undefined || this.#at < 0) return;
    this.#isStale = t_s - this.#now.stretch.t_s[this.#at] > this.#stale_after_s;
  }

  /** Value of the channel at this place among those held, as recorded; NaN: none yet. */
  value(place: number): number {
    return this.#now === undefined || this.#at < 0 ? Number.NaN : this.#now.values[place][this.#at];
  }

  /** Its quality as of the last `seek`. */
  quality(place: number): number {
    if (this.#now === undefined || this.#at < 0) return QUALITY.bad;
    const { bytes } = this.#now.stretch.quality[this.#run];
    const code = bytes[bytes.length === 1 ? 0 : this.#channels[place]];
    return this.#isStale && code < QUALITY.stale ? QUALITY.stale : code;
  }

  #next_s(): number {
    if (this.#now === undefined) return Infinity;
    if (this.#at + 1 < this.#now.stretch.rows) return this.#now.stretch.t_s[this.#at + 1];
    this.#after ??= this.#fetched();
    return this.#after?.stretch.t_s[0] ?? Infinity;
  }

  #step(): void {
    if (this.#now !== undefined && this.#at + 1 < this.#now.stretch.rows) this.#at++;
    else if (this.#after !== undefined) {
      this.#now = this.#after;
      this.#after = undefined;
      this.#at = 0;
      this.#run = 0;
    }
    const { quality } = (this.#now as Fetched).stretch;
    while (quality[this.#run].to <= this.#at) this.#run++;
  }

  #fetched(): Fetched | undefined {
    const { value } = this.#stretches.next();
    const stretch = value as Stretch | undefined;
    if (stretch === undefined) return undefined;
    return { stretch, values: this.#channels.map(channel => stretch.values(channel)) };
  }
}

interface Fetched {
  readonly stretch: Stretch;
  readonly values: readonly Float64Array[];
}
