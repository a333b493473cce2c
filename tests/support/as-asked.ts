import type { ReplayedFrame, WantedColumns } from '../../control/record/replay.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';

/** A frame as a record hands it out: what members come to, reckoned by hand, and the channels that are wanted; no others. */
export function asAsked(frame: ReplayedFrame, asked: WantedColumns | undefined): ReplayedFrame {
  const { wanted = [], members = [] } = asked ?? {};
  return {
    ...frame,
    values: frame.values.map((value, i) => (wanted.includes(i) ? value : Number.NaN)),
    extents: members.map(({ first, count }) => {
      const all = [...frame.values.subarray(first, first + count)];
      const isUsable = all.every((v, i) => Number.isFinite(v) && frame.quality[first + i] < QUALITY.stale);
      if (!isUsable) return { low: Number.NaN, high: Number.NaN, mean: Number.NaN };
      const mean = all.reduce((sum, v) => sum + v, 0) / count;
      return { low: Math.min(...all), high: Math.max(...all), mean };
    }),
  };
}
