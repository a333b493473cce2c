import type { FrameRows } from '../journal-messages.ts';
import type { Stretch } from '../stretches.ts';

/** Rows that were read back, of these channels by place, as they are written. */
export function asRows(stretch: Stretch, channels: readonly number[]): FrameRows {
  const { rows, t_s, reasons } = stretch;
  const width = channels.length + 1;
  const values = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) values[r * width] = t_s[r];
  for (const channel of channels) {
    const column = stretch.values(channel);
    for (let r = 0; r < rows; r++) values[r * width + channel + 1] = column[r];
  }
  const quality = new Uint8Array(rows * channels.length);
  for (const { from, to, bytes } of stretch.quality) {
    for (let r = from; r < to; r++) {
      if (bytes.length === 1) quality.fill(bytes[0], r * channels.length, (r + 1) * channels.length);
      else quality.set(bytes, r * channels.length);
    }
  }
  return { rows, values, quality, reasons };
}
