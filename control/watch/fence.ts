import { type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Band } from '../kinds/interlocks/probe.ts';

/**
 * All limits of one device's channels joined into one band a channel: as long as a frame stays inside, none of them is
 * exceeded, and a hundred limits cost as much as there are channels.
 */
export class Fence {
  readonly #column: Int32Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(bands: readonly Band[]) {
    const low = new Map<number, number>();
    const high = new Map<number, number>();
    for (const band of bands) {
      for (let i = band.first; i < band.first + band.count; i++) {
        // An infinite reading is not usable, whatever the limit.
        low.set(i, Math.max(band.low, low.get(i) ?? -Number.MAX_VALUE));
        high.set(i, Math.min(band.high, high.get(i) ?? Number.MAX_VALUE));
      }
    }
    this.#column = Int32Array.from(low.keys()).sort();
    this.#low = Float64Array.from(this.#column, i => low.get(i) ?? Number.NaN);
    this.#high = Float64Array.from(this.#column, i => high.get(i) ?? Number.NaN);
  }

  /** True if every channel with a limit is usable and within all of its limits. */
  holds(frame: Frame): boolean {
    const { values, quality } = frame;
    const column = this.#column;
    const low = this.#low;
    const high = this.#high;
    for (let k = 0; k < column.length; k++) {
      const value = values[column[k]];
      // Written so that NaN fails it.
      if (!(value >= low[k] && value <= high[k]) || quality[column[k]] > QUALITY.uncertain) return false;
    }
    return true;
  }
}
