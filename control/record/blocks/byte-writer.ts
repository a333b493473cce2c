/** Bytes that are written one behind the other, into one buffer that grows and is used again. Numbers little-endian. */
export class ByteWriter {
  bytes = new Uint8Array(1 << 16);
  /** Where the next byte goes. */
  at = 0;
  #view = new DataView(this.bytes.buffer);

  /** Makes room for so many more bytes. Whoever writes into `bytes` by itself asks here first. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + count));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** Writes over what stands at a place. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A whole number from 0 to 2^53, seven bits a byte, the lowest first. */
  varint(value: number): void {
    this.reserve(8);
    this.at = putVarint(this.bytes, this.at, value);
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** What was written; good until something else is. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }
}

/** Bytes of the longest varint. */
export const VARINT_BYTES = 8;

/** Writes a whole number from 0 to 2^53 at a place; returns the place behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let to = at;
  let rest = value;
  // Above 2^31 the bit operators do not hold.
  for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 128;
  let low = rest | 0;
  for (; low > 127; low >>>= 7) bytes[to++] = (low & 127) | 128;
  bytes[to++] = low;
  return to;
}

/** Reads what a ByteWriter wrote. @throws RangeError where the bytes end too early */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.at++);
  }

  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  f64(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new RangeError('bytes end too early');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}
