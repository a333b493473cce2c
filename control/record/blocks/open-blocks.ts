import type { OpenBlock } from './block-codec.ts';

/** Night records fit whole; of longer ones what was read last. */
const MOST_BYTES = 32 << 20;

/**
 * Blocks of one record that were opened last, up to so many bytes: whoever reads it role by role, and looks through it
 * once more, fetches and unpacks each of them once. A block is never changed once it is in the file.
 */
export class OpenBlocks {
  readonly #most_bytes: number;
  /** By table and first row; what was asked for last stands last. */
  readonly #open = new Map<string, OpenBlock>();
  #bytes = 0;

  constructor(most_bytes = MOST_BYTES) {
    this.#most_bytes = most_bytes;
  }

  /** The block of a table that begins with this row, opened by `open` where it is not kept. Throws what `open` throws. */
  get(source: string, row: number, open: () => OpenBlock): OpenBlock {
    const name = `${source} ${row}`;
    const kept = this.#open.get(name);
    if (kept !== undefined) this.#open.delete(name);
    const block = kept ?? open();
    this.#open.set(name, block);
    if (kept === undefined) this.#letGo(block.bytes);
    return block;
  }

  /** Makes room for what has come; the newest one stays whatever its size. */
  #letGo(more_bytes: number): void {
    this.#bytes += more_bytes;
    for (const [oldest, { bytes }] of this.#open) {
      if (this.#bytes <= this.#most_bytes || this.#open.size === 1) return;
      this.#open.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
