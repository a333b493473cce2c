import { ByteReader, ByteWriter } from '../blocks/byte-writer.ts';
import { readColumn, writeColumn } from '../blocks/column-codec.ts';

/** Columns that were read once and are likely to be asked for again, as small as in the file. */

interface Kept {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** The part of it that lies open. */
const OPEN_PART = 1 / 4;

/**
 * Up to so many bytes of columns by name; what nobody has asked for the longest is let go. What was asked for last lies open
 * as well: the figures of a night go through the same columns again and again. Whoever gets one does not change it.
 */
export class KeptColumns {
  readonly #most: number;
  readonly #columns = new Map<string, Kept>();
  readonly #open = new Map<string, Float64Array>();
  readonly #writer = new ByteWriter();
  #bytes = 0;
  #openBytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): Float64Array | undefined {
    const found = this.#columns.get(name);
    if (found === undefined) return undefined;
    // To the end of the order: asked for last.
    this.#columns.delete(name);
    this.#columns.set(name, found);
    const open = this.#open.get(name) ?? readColumn(new ByteReader(found.bytes), found.rows);
    this.#lay(name, open);
    return open;
  }

  #lay(name: string, column: Float64Array): void {
    if (!this.#open.delete(name)) this.#openBytes += column.byteLength;
    this.#open.set(name, column);
    for (const [oldest, { byteLength }] of this.#open) {
      if (this.#openBytes <= this.#most * OPEN_PART) return;
      this.#open.delete(oldest);
      this.#openBytes -= byteLength;
    }
  }

  set(name: string, column: Float64Array): void {
    this.#writer.at = 0;
    writeColumn(this.#writer, column, column.length);
    const bytes = this.#writer.written.slice();
    this.#bytes += bytes.length;
    this.#columns.set(name, { rows: column.length, bytes });
    for (const [oldest, kept] of this.#columns) {
      if (this.#bytes <= this.#most) return;
      this.#columns.delete(oldest);
      this.#bytes -= kept.bytes.length;
    }
  }
}
