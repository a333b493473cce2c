import type { Buckets } from './buckets.ts';
import type { TrendWindow } from './trend-window.ts';

/** Null where there is no usable value. */
export const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Buckets as a picture takes them. */
export function shown(role: string, buckets: Buckets, isRough: boolean): TrendWindow {
  const places = Array.from({ length: buckets.count }, (_, i) => i);
  return {
    role,
    bucket_s: buckets.width_s,
    isRough,
    t_s: places.map(i => buckets.from_s(i)),
    min: places.map(i => orNull(buckets.min(i))),
    max: places.map(i => orNull(buckets.max(i))),
    last: places.map(i => orNull(buckets.last(i))),
  };
}
