import type { FrameBatch } from '../journal-messages.ts';

/** So many of each table are kept: one is being filled, the others are on their way. */
const MOST_SPARE = 2;

/**
 * Buffers of rows that are written, to be filled again: memory that was touched before costs far less than new memory,
 * of which a rehearsal would take megabytes a second.
 */
export class SpareBuffers {
  readonly #spare = new Map<number, FrameBatch[]>();

  /** Takes buffers back. */
  add(frames: readonly FrameBatch[]): void {
    for (const batch of frames) {
      const spare = this.#spare.get(batch.table);
      if (spare === undefined) this.#spare.set(batch.table, [batch]);
      else if (spare.length < MOST_SPARE) spare.push(batch);
    }
  }

  /** Buffers of a table for so many values; what stood in them still does. Smaller ones are let go. */
  take(table: number, values: number): Pick<FrameBatch, 'values' | 'quality'> | undefined {
    const batch = this.#spare.get(table)?.pop();
    return batch?.values.length === values ? batch : undefined;
  }
}
