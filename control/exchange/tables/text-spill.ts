import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/** Texts that wait on the disk until it is known how long the longest of them is. */

const GATHERED_BYTES = 1 << 18;
const LENGTH_BYTES = 4;

/** Texts in the order added, in a file of their own that goes with `drop`. Throws what the disk says. */
export class TextSpill {
  readonly #path: string;
  readonly #file: number;
  #gathered: Buffer[] = [];
  #bytes = 0;
  /** So far, and of the longest: bytes of UTF-8. */
  count = 0;
  longest = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx+');
  }

  add(text: string): void {
    const bytes = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
    bytes.writeUInt32LE(bytes.length - LENGTH_BYTES);
    bytes.write(text, LENGTH_BYTES);
    this.#gathered.push(bytes);
    this.#bytes += bytes.length;
    this.count++;
    this.longest = Math.max(this.longest, bytes.length - LENGTH_BYTES);
    if (this.#bytes >= GATHERED_BYTES) this.#flush();
  }

  /** All of them, so many at once. */
  *pieces(most: number): Generator<string[]> {
    this.#flush();
    const head = Buffer.alloc(LENGTH_BYTES);
    const body = Buffer.alloc(this.longest);
    let at = 0;
    let piece: string[] = [];
    for (let n = 0; n < this.count; n++) {
      readSync(this.#file, head, 0, LENGTH_BYTES, at);
      const length = head.readUInt32LE();
      readSync(this.#file, body, 0, length, at + LENGTH_BYTES);
      at += LENGTH_BYTES + length;
      piece.push(body.toString('utf8', 0, length));
      if (piece.length === most) {
        yield piece;
        piece = [];
      }
    }
    if (piece.length > 0) yield piece;
  }

  drop(): void {
    closeSync(this.#file);
    unlinkSync(this.#path);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#gathered);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#gathered = [];
    this.#bytes = 0;
  }
}
