import { crc16 } from '../modbus-crc.ts';

/** Unit, function, code, checksum. */
const EXCEPTION_BYTES = 5;
/** Unit, function, address, value or count, checksum: the echo of a write. */
const ECHO_BYTES = 8;
/** Unit, function, number of data bytes, checksum, beside the data. */
const READ_BYTES = 5;
/** From these on the length of a reply is known. */
const HEAD_BYTES = 3;

/** What stands at the head of received bytes; `garbage`: it can be no reply, or its checksum is wrong. */
export type FoundReply = { readonly length: number } | 'incomplete' | 'garbage';

/**
 * The reply at the head of received bytes. Its length follows from function and byte count (Modbus Application Protocol
 * V1.1b3, chapter 6): on a stream there is no silence that ends a frame.
 */
export function replyAt(bytes: Buffer): FoundReply {
  if (bytes.length >= 2 && lengthOf(bytes[1], 0) === undefined) return 'garbage';
  if (bytes.length < HEAD_BYTES) return 'incomplete';
  const length = lengthOf(bytes[1], bytes[2]) ?? 0;
  if (bytes.length < length) return 'incomplete';
  return crc16(bytes.subarray(0, length - 2)) === bytes.readUInt16LE(length - 2) ? { length } : 'garbage';
}

function lengthOf(fn: number, dataBytes: number): number | undefined {
  if (fn > 0x80 && fn <= 0x90) return EXCEPTION_BYTES;
  if (fn >= 1 && fn <= 4) return READ_BYTES + dataBytes;
  return fn === 5 || fn === 6 || fn === 15 || fn === 16 ? ECHO_BYTES : undefined;
}

/**
 * Whether a whole reply may be the answer to a whole request: unit and function, the number of data bytes of a read, the
 * echo of a write. An exception may come from any unit and function that was asked.
 */
export function mayAnswer(request: Buffer, reply: Buffer): boolean {
  const [unit, fn] = request;
  if (reply[0] !== unit) return false;
  if (reply[1] === (fn | 0x80)) return true;
  if (reply[1] !== fn) return false;
  if (fn <= 2) return reply[2] >= Math.ceil(request.readUInt16BE(4) / 8);
  if (fn <= 4) return reply[2] === 2 * request.readUInt16BE(4);
  return reply.subarray(2, 6).equals(request.subarray(2, 6));
}
