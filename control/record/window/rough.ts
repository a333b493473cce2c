import type { ColumnStats } from '../blocks/block-codec.ts';
import type { Buckets } from './buckets.ts';
import type { TrendRole } from './trend-role.ts';

/** Blocks are hardly ever as close together, s. */
export const ROUGH_S = 1;

/**
 * What a block says of itself as a point of a trend. Of an array that is a bound: its least value is never below the least of
 * its members. Its mean is that of the members' first readings.
 */
export function addRough(
  buckets: Buckets,
  { figure, channels }: TrendRole,
  block: { readonly from_s: number; of(channel: number): ColumnStats },
): void {
  if (figure === 'value') {
    const { min, max, last } = block.of(channels[0]);
    buckets.addSpan(block.from_s, min, max, last);
    return;
  }
  let made = figure === 'mean' ? 0 : figure === 'min' ? Infinity : -Infinity;
  for (const channel of channels) {
    const { first, min, max } = block.of(channel);
    // A NaN stays one.
    if (figure === 'mean') made += first / channels.length;
    else made = figure === 'min' ? Math.min(made, min) : Math.max(made, max);
  }
  buckets.addSpan(block.from_s, made, made, made);
}
