import type { RecordedSeries } from '../../profiles/recorded-run.ts';

/** A picture has fewer columns than this; a series may be as long again as four points each. */
const BUCKETS = 5000;

/**
 * A long series cut down to what a picture can show: of each bucket of rows first, lowest, highest and last value in
 * their order, so that no peak is lost, and one NaN where the bucket holds any. A short series is handed back as it is.
 */
export function thinSeries(series: RecordedSeries): RecordedSeries {
  const { t_s, value } = series;
  const n = t_s.length;
  if (n <= 5 * BUCKETS) return series;
  const thin_t = new Float64Array(5 * BUCKETS);
  const thin_v = new Float64Array(5 * BUCKETS);
  let kept = 0;
  const keep = (i: number): void => {
    thin_t[kept] = t_s[i];
    thin_v[kept] = value[i];
    kept++;
  };
  for (let b = 0; b < BUCKETS; b++) {
    const end = Math.floor(((b + 1) * n) / BUCKETS);
    let first = -1;
    let lowest = -1;
    let highest = -1;
    let last = -1;
    let gap = -1;
    for (let i = Math.floor((b * n) / BUCKETS); i < end; i++) {
      const v = value[i];
      if (Number.isNaN(v)) gap = i;
      else {
        if (first < 0) {
          first = i;
          lowest = i;
          highest = i;
        }
        if (v < value[lowest]) lowest = i;
        if (v > value[highest]) highest = i;
        last = i;
      }
    }
    // Each once, in their order, the gap where it belongs.
    let before = -1;
    for (const i of [first, Math.min(lowest, highest), Math.max(lowest, highest), last]) {
      if (i <= before) continue;
      if (gap > before && gap < i) keep(gap);
      keep(i);
      before = i;
    }
    if (gap > before) keep(gap);
  }
  return { t_s: thin_t.slice(0, kept), value: thin_v.slice(0, kept) };
}
