import type { Basis } from '../../drivers/contract/device.ts';

/** A power that a renewable source offers over time, 1 s apart, as part of its rated power. */
export interface LoadProfile {
  readonly name: string;
  readonly dt_s: 1;
  /** Power over rated power, 0..1, one value a second from second 0. */
  readonly power_frac: Float64Array;
  /** What it was made from: generator with its parameters and seed, or the file. */
  readonly source: string;
  readonly basis: Basis;
}
