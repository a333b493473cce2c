import { z } from 'zod';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';
import { clockText, durationWords } from '../../words.ts';

/** Rows that a kill has taken out of memory, at the end of a record or before a run was taken up. */

/** An instrument without rows from `last_s` (null: from its beginning on) to the cut, run time in s. */
export const rowsLostSchema = z.strictObject({
  device: z.string(),
  last_s: z.number().nullable(),
  cut_s: z.number(),
});
export type RowsLost = z.infer<typeof rowsLostSchema>;

/** Those that a record tells of, in the order of the cuts. */
export function rowsLostIn(events: readonly RecordedEvent[]): RowsLost[] {
  return eventsOf(events, 'rowsLost').map(({ data: { device, last_s, cut_s } }) => ({
    device,
    last_s: Number.isNaN(last_s) ? null : last_s,
    cut_s,
  }));
}

/** That in a sentence. */
export function rowsLostText({ device, last_s, cut_s }: RowsLost): string {
  const from_s = last_s === null || Number.isNaN(last_s) ? 0 : last_s;
  return `No row of ${device} from ${clockText(from_s)} h to the cut at ${clockText(cut_s)} h (${durationWords(cut_s - from_s)}): what was read of it then is not in the record`;
}
