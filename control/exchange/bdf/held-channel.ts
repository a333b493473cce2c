import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { FrameReader, Stretch } from '../../record/stretches.ts';

/** A channel of another instrument at the times of the first: its last reading, for as long as it counts. */
export class HeldChannel {
  readonly #channel: number;
  readonly #stale_after_s: number;
  readonly #stretches: Generator<Stretch>;
  #stretch: Stretch | undefined;
  #values: Float64Array = new Float64Array(0);
  #at = -1;
  #run = 0;
  /** As of the last `seek`: the reading (NaN: none yet) and its quality. */
  value = Number.NaN;
  quality: number = QUALITY.bad;

  constructor(reader: FrameReader, channel: number, stale_after_s: number) {
    this.#channel = channel;
    this.#stale_after_s = stale_after_s;
    this.#stretches = reader.stretches({ channels: [channel] });
    this.#open();
  }

  /** Goes to the last reading at or before a time. Times must not fall. */
  seek(t_s: number): void {
    for (let next = this.#next_s(); next <= t_s; next = this.#next_s()) this.#step();
    if (this.#stretch === undefined || this.#at < 0) return;
    const age_s = t_s - this.#read_s;
    if (age_s > this.#stale_after_s && this.quality < QUALITY.stale) this.quality = QUALITY.stale;
  }

  #read_s = Number.NEGATIVE_INFINITY;
  #after: { stretch: Stretch; values: Float64Array } | undefined;

  #next_s(): number {
    if (this.#stretch === undefined) return Infinity;
    if (this.#at + 1 < this.#stretch.rows) return this.#stretch.t_s[this.#at + 1];
    this.#after ??= this.#fetched();
    return this.#after?.stretch.t_s[0] ?? Infinity;
  }

  #step(): void {
    if (this.#stretch !== undefined && this.#at + 1 < this.#stretch.rows) this.#at++;
    else if (this.#after !== undefined) {
      this.#stretch = this.#after.stretch;
      this.#values = this.#after.values;
      this.#after = undefined;
      this.#at = 0;
      this.#run = 0;
    }
    const { quality, t_s } = this.#stretch as Stretch;
    while (quality[this.#run].to <= this.#at) this.#run++;
    const { bytes } = quality[this.#run];
    this.#read_s = t_s[this.#at];
    this.value = this.#values[this.#at];
    this.quality = bytes[bytes.length === 1 ? 0 : this.#channel];
  }

  #open(): void {
    const first = this.#fetched();
    this.#stretch = first?.stretch;
    this.#values = first?.values ?? this.#values;
  }

  #fetched(): { stretch: Stretch; values: Float64Array } | undefined {
    const { value } = this.#stretches.next();
    const stretch = value as Stretch | undefined;
    return stretch === undefined ? undefined : { stretch, values: stretch.values(this.#channel) };
  }
}
