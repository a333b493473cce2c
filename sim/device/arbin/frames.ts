/**
 * Frames of Arbin's Console TCP/IP Interface as its server reads and writes them. Written from "ArbinCTI Protocol v1.1" and
 * the recorded messages in BatteryDataAlliance/pyctiarbin abb8c9f (`tests/example_messages`).
 */

const MARK = 0x11ddddddddddddddn;
/** What follows the length field counts in a request. */
const BEFORE_COUNT = 12;
const SHORTEST = 22;
const MOST = 100_000;

const checksum = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum % 65536;
};

/** One request: command, and the arguments behind byte 20. */
export interface CtiRequest {
  readonly command: number;
  readonly args: Buffer;
}

/**
 * The first request in the bytes, and how many it took; `request` undefined: damaged, passed over. Undefined: more must come.
 * @throws RangeError where no request begins
 */
export function takeRequest(
  received: Buffer,
): { readonly length: number; readonly request: CtiRequest | undefined } | undefined {
  if (received.length < BEFORE_COUNT) return undefined;
  const length = received.readUInt32LE(8) + BEFORE_COUNT;
  if (received.readBigUInt64LE(0) !== MARK || length < SHORTEST || length > MOST)
    throw new RangeError('no request of CTI');
  if (received.length < length) return undefined;
  const whole = received.subarray(0, length);
  const isWhole = checksum(whole.subarray(0, -2)) === whole.readUInt16LE(length - 2);
  return {
    length,
    request: isWhole ? { command: whole.readUInt32LE(12), args: whole.subarray(20, -2) } : undefined,
  };
}

/** One answer; its length field is the whole. */
export function ctiAnswer(command: number, length: number, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeBigUInt64LE(MARK, 0);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(command, 12);
  fill(bytes);
  bytes.writeUInt16LE(checksum(bytes.subarray(0, -2)), length - 2);
  return bytes;
}

/** A text of wide letters, to its first zero. */
export function wideText(bytes: Buffer, at: number, letters: number): string {
  return bytes.toString('utf16le', at, at + 2 * letters).split('\0')[0];
}
