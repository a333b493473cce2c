import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Frames of the XC2 protocol of Kolibrik (source: the maker's own library `xc2`, packets.py and consts.py): type (4 bits)
 * and destination (12), flags (4) and source (12), length of all but the checksum, command, data, CRC-16-CCITT (start 0,
 * polynomial 0x1021), all high byte first.
 */

export const XC2_TYPE = { event: 0x4, criticalEvent: 0x6, command: 0x8, ack: 0xc, nak: 0xe } as const;
export const XC2_COMMAND = { echo: 0x01, system: 0x03, applicationStatus: 0xa0 } as const;
/** In the data of `system`. */
export const XC2_SERIAL = 0x13;
/** The bench's own address on the bus. */
export const XC2_MASTER = 0x001;
/** A module that was given no address answers to this one. */
export const XC2_UNSET = 0xfff;

/** One frame. */
export interface Xc2Frame {
  readonly type: number;
  readonly destination: number;
  readonly source: number;
  readonly flags: number;
  readonly command: number;
  readonly data: Uint8Array;
}

const HEAD = 6;
const CRC = 2;
const DATA_MAX = 246;
/** No frame is longer, bytes. */
export const XC2_LONGEST = HEAD + DATA_MAX + CRC;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc;
});

/** CRC-16-CCITT as XMODEM has it: start 0, nothing reflected. */
export function crcXmodem(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ byte];
  return crc;
}

/** @throws DeviceError `range` for an address or data that do not fit a frame */
export function encodeXc2({ type, destination, source, flags, command, data }: Xc2Frame): Uint8Array {
  const isAddress = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xfff;
  if (!isAddress(destination) || !isAddress(source) || data.length > DATA_MAX)
    throw new DeviceError('range', 'xc2', `no frame for address ${destination} with ${data.length} bytes`);
  const bytes = new Uint8Array(HEAD + data.length + CRC);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, (type << 12) | destination);
  view.setUint16(2, (flags << 12) | source);
  bytes[4] = HEAD + data.length;
  bytes[5] = command;
  bytes.set(data, HEAD);
  view.setUint16(HEAD + data.length, crcXmodem(bytes.subarray(0, -CRC)));
  return bytes;
}

/** @throws DeviceError `garbled` for a wrong length or checksum */
export function decodeXc2(bytes: Uint8Array): Xc2Frame {
  const garbled = (text: string): DeviceError => new DeviceError('garbled', 'xc2', text);
  if (bytes.length < HEAD + CRC || bytes.length !== bytes[4] + CRC)
    throw garbled(`${bytes.length} bytes are no frame`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(bytes[4]) !== crcXmodem(bytes.subarray(0, -CRC))) throw garbled('wrong checksum');
  return {
    type: bytes[0] >> 4,
    destination: view.getUint16(0) & 0xfff,
    flags: bytes[2] >> 4,
    source: view.getUint16(2) & 0xfff,
    command: bytes[5],
    data: Uint8Array.from(bytes.subarray(HEAD, -CRC)),
  };
}

/** A question to one module. */
export interface Xc2Ask {
  readonly address: number;
  readonly command: number;
  readonly data?: Uint8Array;
}

const TYPES: ReadonlySet<number> = new Set(Object.values(XC2_TYPE));
/** What a module says against a question (consts.py, XC2AnswerCmds). */
const REFUSALS: Readonly<Record<number, string>> = {
  2: 'generic error',
  3: 'unknown command',
  4: 'bad parameter value',
  5: 'bad data length',
  6: 'bad secondary checksum',
  7: 'read only',
  8: 'write only',
  9: 'busy',
  10: 'another command is in progress',
  11: 'not applicable at this moment',
};

/** Whether a frame may begin with these bytes, as many as have come. */
function mayBegin(bytes: Uint8Array, at: number): boolean {
  const length = bytes[at + 4];
  return TYPES.has(bytes[at] >> 4) && (length === undefined || (length >= HEAD && length <= HEAD + DATA_MAX));
}

export const xc2Codec: MessageCodec<Xc2Ask, Xc2Frame> = {
  encode: ({ address, command, data = new Uint8Array(0) }) =>
    encodeXc2({
      type: XC2_TYPE.command,
      destination: address,
      source: XC2_MASTER,
      flags: 0,
      command,
      data,
    }),
  noiseIn(received) {
    let at = 0;
    while (at < received.length && !mayBegin(received, at)) at++;
    return at;
  },
  lengthOf(received) {
    if (received.length < HEAD + CRC) return 0;
    const length = received[4] + CRC;
    return received.length < length ? 0 : length;
  },
  decode: decodeXc2,
  // Our own question that a two-wire line returns, and what a module says by itself.
  isAside: ({ type, destination }) =>
    (type !== XC2_TYPE.ack && type !== XC2_TYPE.nak) || destination !== XC2_MASTER,
  fits: ({ address, command }, { type, source, command: answered }) =>
    source === address && (type === XC2_TYPE.nak || answered === command),
  refusal(_, { type, command, data }) {
    if (type !== XC2_TYPE.nak) return undefined;
    const code = data[0] ?? command;
    return `refused with code ${code}, ${REFUSALS[code] ?? 'which the maker does not explain'}`;
  },
};
