/**
 * One poll of one device: all its channels at one time, in the order of the device's channel list.
 * A failed read is a frame too (all `bad`, with a reason): never silence, never 0.
 * A frame is immutable once handed out; nobody writes into `values` or `quality` after that (but see `readNow`).
 */
export interface Frame {
  /** Device id of the bench file, e.g. `supply`. */
  readonly device: string;
  /** Seconds of the run's clock, taken when the reply arrived. */
  readonly t_s: number;
  /** One value per channel, unit as in the channel's name. NaN where there is no value. */
  readonly values: Float64Array;
  /** One of `QUALITY` per channel. */
  readonly quality: Uint8Array;
  /** Why channels are bad or stale; absent when all are usable. */
  readonly reason?: string;
}

/** How far a value may be believed. */
export const QUALITY = { good: 0, simulated: 1, uncertain: 2, stale: 3, bad: 4 } as const;
export type Quality = (typeof QUALITY)[keyof typeof QUALITY];
export const QUALITY_NAMES = ['good', 'simulated', 'uncertain', 'stale', 'bad'] as const;

/** Usable for control and limits: a finite number that is good, simulated or uncertain. */
export function isUsable(value: number, quality: number): boolean {
  return quality <= QUALITY.uncertain && Number.isFinite(value);
}

/** A frame that says: this device gave nothing, and why. */
export function badFrame(
  device: string,
  t_s: number,
  channels: number,
  reason: string,
  quality: Quality = QUALITY.bad,
): Frame {
  return {
    device,
    t_s,
    values: new Float64Array(channels).fill(Number.NaN),
    quality: new Uint8Array(channels).fill(quality),
    reason,
  };
}
