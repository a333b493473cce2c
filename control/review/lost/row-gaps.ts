import { z } from 'zod';
import type { Replay } from '../../record/replay.ts';
import { clockText, durationWords } from '../../words.ts';

/** Times from which an instrument has no row: its program was gone, its line was, or the computer was busy. */

/** Those of one instrument, run time, s: how many, how long in all, and the longest. */
export const rowGapsSchema = z.strictObject({
  device: z.string(),
  count: z.number().int(),
  all_s: z.number(),
  from_s: z.number(),
  long_s: z.number(),
});
export type RowGaps = z.infer<typeof rowGapsSchema>;

/** So many polls without a row are no accident. */
const POLLS = 3;

/** Longer than a reading is good for (`stale_after_s`), than three polls, and than recording rules leave out. */
export function rowGaps(
  devices: Readonly<Record<string, { readonly poll_s: number; readonly stale_after_s: number }>>,
  replay: Pick<Replay, 'times' | 'keptEvery_s'>,
): RowGaps[] {
  return Object.entries(devices).flatMap(([device, { poll_s, stale_after_s }]) => {
    const most_s = Math.max(stale_after_s, POLLS * poll_s, 2 * replay.keptEvery_s(device));
    const found = { count: 0, all_s: 0, from_s: 0, long_s: 0 };
    let last_s = Number.NaN;
    for (const times of replay.times(device)) {
      for (let i = 0; i < times.length; i++) {
        const t_s = times[i];
        const gap_s = t_s - last_s;
        if (gap_s > most_s) {
          found.count++;
          found.all_s += gap_s;
          if (gap_s > found.long_s) Object.assign(found, { from_s: last_s, long_s: gap_s });
        }
        last_s = t_s;
      }
    }
    return found.count === 0 ? [] : [{ device, ...found }];
  });
}

/** That in a sentence. */
export function rowGapsText({ device, count, all_s, from_s, long_s }: RowGaps): string {
  if (count === 1)
    return `Gap: no row of ${device} for ${durationWords(all_s)} from ${clockText(from_s)} h on`;
  return `Gaps: no row of ${device} for ${durationWords(all_s)} in all, ${count} times, the longest ${durationWords(long_s)} from ${clockText(from_s)} h on`;
}
