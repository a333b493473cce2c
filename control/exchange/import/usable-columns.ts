import { isUsable as isUsableReading, type Quality } from '../../../drivers/contract/frame.ts';
import type { ChannelField, CyclerReadings, ReadChannel } from './read-cycler.ts';

/** True if a row of a column is a number that may be used. */
export function isUsable({ values, quality }: ReadChannel, row: number): boolean {
  return isUsableReading(values[row], quality[row] as Quality);
}

/** A column row by row, NaN where it is not usable; empty where the file has none. */
export function usableColumn({ channels }: CyclerReadings, field: ChannelField): Float64Array {
  const channel = channels.find(one => one.field === field);
  if (channel === undefined) return new Float64Array(0);
  return channel.values.map((value, row) => (isUsable(channel, row) ? value : Number.NaN));
}
