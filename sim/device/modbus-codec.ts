/**
 * Modbus frames as a server sees them: MBAP (TCP) and RTU (serial, CRC-16), written from
 * MODBUS Application Protocol V1.1b3, MODBUS Messaging on TCP/IP V1.0b and MODBUS over Serial Line V1.02.
 * Pure: bytes in, bytes out.
 */

/** One request or reply: unit id, and the PDU that starts with the function code. */
export interface Adu {
  /** MBAP transaction id; 0 on a serial line. */
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** What the head of a receive buffer holds. `length`/`skip`: bytes to take off the buffer. */
export type Taken =
  | { readonly kind: 'frame'; readonly adu: Adu; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'garbled'; readonly skip: number };

/** Exception codes (V1.1b3, section 7). */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
} as const;

/** A request that is well formed; `values` are 16-bit words. */
export type ModbusRequest =
  | { readonly fn: 1 | 2 | 3 | 4; readonly address: number; readonly count: number }
  | { readonly fn: 5 | 6; readonly address: number; readonly value: number }
  | { readonly fn: 16; readonly address: number; readonly values: Uint16Array };

const INCOMPLETE: Taken = { kind: 'incomplete' };
/** PDU of at most 253 bytes, plus the unit id. */
const MBAP_LENGTH_MAX = 254;

/** Takes one TCP frame off the head of the buffer. A wrong protocol id or length cannot be resynchronised: all is skipped. */
export function takeMbap(buffer: Uint8Array): Taken {
  if (buffer.length < 7) return INCOMPLETE;
  const protocol = word(buffer, 2);
  const rest = word(buffer, 4);
  if (protocol !== 0 || rest < 2 || rest > MBAP_LENGTH_MAX) return { kind: 'garbled', skip: buffer.length };
  if (buffer.length < 6 + rest) return INCOMPLETE;
  return {
    kind: 'frame',
    adu: {
      transaction: word(buffer, 0),
      unit: buffer[6],
      pdu: Uint8Array.from(buffer.subarray(7, 6 + rest)),
    },
    length: 6 + rest,
  };
}

/** Bytes of one TCP frame: MBAP header (protocol 0; its length counts unit id and PDU), then the PDU. */
export function encodeMbap(adu: Adu): Uint8Array {
  const frame = new Uint8Array(7 + adu.pdu.length);
  putWord(frame, 0, adu.transaction);
  putWord(frame, 4, adu.pdu.length + 1);
  frame[6] = adu.unit;
  frame.set(adu.pdu, 7);
  return frame;
}

/**
 * Takes one request off a serial line's buffer. The length follows from the function code, so that no 3.5-character
 * silence has to be measured (a pty has none). With a wrong CRC or an unknown function one byte is skipped.
 */
export function takeRtuRequest(buffer: Uint8Array): Taken {
  if (buffer.length < 2) return INCOMPLETE;
  const length = rtuRequestLength(buffer);
  if (length === undefined) return INCOMPLETE;
  if (length === 0) return { kind: 'garbled', skip: 1 };
  if (buffer.length < length) return INCOMPLETE;
  const crc = buffer[length - 2] | (buffer[length - 1] << 8);
  if (crc !== crc16(buffer.subarray(0, length - 2))) return { kind: 'garbled', skip: 1 };
  return {
    kind: 'frame',
    adu: { transaction: 0, unit: buffer[0], pdu: Uint8Array.from(buffer.subarray(1, length - 2)) },
    length,
  };
}

/** Bytes of one frame for a serial line: unit id, PDU, CRC low byte first. */
export function encodeRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16(frame.subarray(0, pdu.length + 1));
  frame[pdu.length + 1] = crc & 0xff;
  frame[pdu.length + 2] = crc >> 8;
  return frame;
}

/** Frame length of the request at the head, 0 if it cannot be one, undefined if more bytes are needed to tell. */
function rtuRequestLength(buffer: Uint8Array): number | undefined {
  const fn = buffer[1];
  if (fn >= 1 && fn <= 6) return 8;
  if (fn !== 15 && fn !== 16) return 0;
  if (buffer.length < 7) return undefined;
  return 9 + buffer[6];
}

/** CRC-16/MODBUS (polynomial 0xA001, start 0xFFFF); sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return crc;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** Meaning of a request PDU, or the exception code to answer with. */
export function parseRequest(pdu: Uint8Array): ModbusRequest | { readonly exception: number } {
  const fn = pdu[0];
  switch (fn) {
    case 1:
    case 2:
    case 3:
    case 4: {
      if (pdu.length !== 5) return { exception: EXCEPTION.illegalValue };
      const count = word(pdu, 3);
      const most = fn <= 2 ? 2000 : 125;
      if (count < 1 || count > most) return { exception: EXCEPTION.illegalValue };
      return { fn, address: word(pdu, 1), count };
    }
    case 5:
    case 6:
      if (pdu.length !== 5) return { exception: EXCEPTION.illegalValue };
      return { fn, address: word(pdu, 1), value: word(pdu, 3) };
    case 16: {
      if (pdu.length < 8) return { exception: EXCEPTION.illegalValue };
      const count = word(pdu, 3);
      if (count < 1 || count > 123 || pdu[5] !== 2 * count || pdu.length !== 6 + 2 * count) {
        return { exception: EXCEPTION.illegalValue };
      }
      const values = Uint16Array.from({ length: count }, (_, i) => word(pdu, 6 + 2 * i));
      return { fn, address: word(pdu, 1), values };
    }
    default:
      return { exception: EXCEPTION.illegalFunction };
  }
}

/** Reply to functions 3 and 4. */
export function registersReply(fn: number, values: ArrayLike<number>): Uint8Array {
  const pdu = new Uint8Array(2 + 2 * values.length);
  pdu[0] = fn;
  pdu[1] = 2 * values.length;
  for (let i = 0; i < values.length; i++) putWord(pdu, 2 + 2 * i, values[i]);
  return pdu;
}

/** Reply to functions 1 and 2, packed from the lowest bit up. */
export function bitsReply(fn: number, bits: readonly boolean[]): Uint8Array {
  const pdu = new Uint8Array(2 + Math.ceil(bits.length / 8));
  pdu[0] = fn;
  pdu[1] = pdu.length - 2;
  bits.forEach((bit, i) => {
    if (bit) pdu[2 + (i >> 3)] |= 1 << (i & 7);
  });
  return pdu;
}

/** Reply to functions 5, 6 and 16: address and value, or address and count. */
export function echoReply(fn: number, address: number, valueOrCount: number): Uint8Array {
  const pdu = new Uint8Array(5);
  pdu[0] = fn;
  putWord(pdu, 1, address);
  putWord(pdu, 3, valueOrCount);
  return pdu;
}

/**
 * Refusal of a request: its function code with the highest bit set, then why, one of `EXCEPTION` (V1.1b3,
 * section 7).
 */
export function exceptionReply(fn: number, code: number): Uint8Array {
  return Uint8Array.of(fn | 0x80, code);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}
