import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { ChannelField, CyclerReadings } from './read-cycler.ts';

/** Rows `from` up to `to` that are not believed as they stand: why, and in which columns. */
export interface DoubtedRows {
  readonly from: number;
  readonly to: number;
  readonly why: string;
  readonly fields: readonly ChannelField[];
  /** Whether a row of a column is meant; absent: all of them. */
  readonly isMeant?: (field: ChannelField, row: number) => boolean;
}

/** How a mark is called. */
const NAMES = new Map<number, string>([
  [QUALITY.bad, 'bad'],
  [QUALITY.uncertain, 'uncertain'],
]);

/** The readings with doubted rows marked, each with its reason, and a note for each stretch unless `note` says it for all. */
export function withMarked(
  readings: CyclerReadings,
  doubted: readonly DoubtedRows[],
  { quality = QUALITY.bad, note }: { readonly quality?: number; readonly note?: string } = {},
): CyclerReadings {
  if (doubted.length === 0) return readings;
  const reasons = new Map(readings.reasons);
  const notes = [...readings.notes];
  const channels = readings.channels.map(channel => ({ ...channel, quality: channel.quality.slice() }));
  for (const { from, to, why, fields, isMeant } of doubted) {
    const rows = to - from === 1 ? 'one row' : `${to - from} rows`;
    if (note === undefined)
      notes.push(`${rows} from ${readings.t_s[from]} s on: ${why}, marked ${NAMES.get(quality)}`);
    for (let row = from; row < to; row++) {
      reasons.set(row, [reasons.get(row), why].filter(Boolean).join('; '));
      for (const channel of channels)
        if (fields.includes(channel.field) && (isMeant?.(channel.field, row) ?? true))
          channel.quality[row] = Math.max(channel.quality[row], quality);
    }
  }
  return { ...readings, channels, reasons, notes: note === undefined ? notes : [...notes, note] };
}
