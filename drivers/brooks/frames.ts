import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Frames of Brooks' S-protocol, long form (as HART has it): preamble of FF, start character, address of 5 bytes, command,
 * count of all that follows but the checksum, in an answer two status bytes, data, and the exclusive or of all from the
 * start character on (Brooks X-DPT-RS485-SLA5800 RevB, sections 3-4 and 8, as public programs quote it).
 */

/** A question to one controller. */
export interface BrooksAsk {
  /** Long address of 5 bytes; as a function where it is known only once the instrument has been found. */
  readonly address: Uint8Array | (() => Uint8Array);
  readonly command: number;
  readonly data?: Uint8Array | (() => Uint8Array);
}

const now = (bytes: Uint8Array | (() => Uint8Array)): Uint8Array =>
  typeof bytes === 'function' ? bytes() : bytes;

/** What came. */
export interface BrooksFrame {
  readonly start: number;
  readonly address: Uint8Array;
  readonly command: number;
  /** How the command went; 0: well. */
  readonly status: number;
  /** Bits of the state of the controller. */
  readonly state: number;
  readonly data: Uint8Array;
}

export const STATE = { outOfRange: 0x01, malfunction: 0x80 } as const;
/** Asks whoever has the tag. */
export const FIND_BY_TAG = 11;
/** All controllers of the line hear this one. */
export const TO_ALL = Uint8Array.of(0x80, 0, 0, 0, 0);

const ASK = 0x82;
const ANSWER = 0x86;
/** Preamble: at least 5 characters. */
const PREAMBLE = 5;
const HEAD = 8;
/** More data has no command, bytes. */
const DATA_MAX = 64;
export const BROOKS_LONGEST = PREAMBLE + HEAD + DATA_MAX + 1;

const parity = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);
const garbled = (text: string): DeviceError => new DeviceError('garbled', 'S-protocol', text);

/** @throws DeviceError `range` for an address or data that do not fit a frame */
export function encodeBrooks(asked: BrooksAsk): Uint8Array {
  const { command } = asked;
  const [address, data] = [now(asked.address), now(asked.data ?? new Uint8Array(0))];
  if (address.length !== 5 || data.length > DATA_MAX)
    throw new DeviceError('range', 'S-protocol', `no frame with ${data.length} bytes of data`);
  const body = Uint8Array.of(ASK, ...address, command, data.length, ...data);
  return Uint8Array.of(...Array<number>(PREAMBLE).fill(0xff), ...body, parity(body));
}

/** @throws DeviceError `garbled` for a wrong length or checksum */
export function decodeBrooks(bytes: Uint8Array): BrooksFrame {
  if (bytes.length < HEAD + 1 || bytes.length !== HEAD + bytes[7] + 1) throw garbled('no whole frame');
  if (parity(bytes) !== 0) throw garbled('wrong checksum');
  const isAnswer = bytes[0] === ANSWER;
  if (isAnswer && bytes[7] < 2) throw garbled('an answer without its status');
  return {
    start: bytes[0],
    address: Uint8Array.from(bytes.subarray(1, 6)),
    command: bytes[6],
    status: isAnswer ? bytes[8] : 0,
    state: isAnswer ? bytes[9] : 0,
    data: Uint8Array.from(bytes.subarray(isAnswer ? 10 : 8, -1)),
  };
}

/** Eight characters as 6 bits each. @throws DeviceError `config` for others than the protocol has */
export function packedTag(tag: string): Uint8Array {
  if (!/^[\x20-\x5f]{8}$/.test(tag))
    throw new DeviceError(
      'config',
      'S-protocol',
      `tag "${tag}": expected 8 capital letters, digits or signs`,
    );
  const six = [...tag].map(char => char.charCodeAt(0) & 0x3f);
  return Uint8Array.from({ length: 6 }, (_, i) => {
    const at = Math.floor((8 * i) / 6);
    const shift = (8 * i) % 6;
    return ((six[at] << (2 + shift)) | ((six[at + 1] ?? 0) >> (4 - shift))) & 0xff;
  });
}

const REFUSALS: Readonly<Record<number, string>> = {
  2: 'invalid selection',
  3: 'parameter too large',
  4: 'parameter too small',
  5: 'incorrect byte count',
  6: 'a command error of its own',
  7: 'it is write-protected',
  16: 'access restricted',
  32: 'it is busy',
  64: 'command not implemented',
};

/** The bits beside the address: which master asks, and burst mode. */
const bare = (address: Uint8Array): string =>
  Buffer.from([address[0] & 0x3f, ...address.subarray(1)]).toString('hex');

export const brooksCodec: MessageCodec<BrooksAsk, BrooksFrame> = {
  encode: encodeBrooks,
  noiseIn(received) {
    let at = 0;
    const mayBegin = (): boolean =>
      (received[at] === ASK || received[at] === ANSWER) && (received[at + 7] ?? 0) <= DATA_MAX + 2;
    while (at < received.length && !mayBegin()) at++;
    return at;
  },
  lengthOf(received) {
    if (received.length <= HEAD) return 0;
    const length = HEAD + received[7] + 1;
    return received.length < length ? 0 : length;
  },
  decode: decodeBrooks,
  // Our own question that a two-wire line returns.
  isAside: ({ start }) => start !== ANSWER,
  fits: (asked, reply) =>
    reply.command === asked.command &&
    (asked.command === FIND_BY_TAG || bare(reply.address) === bare(now(asked.address))),
  refusal(_, { status }) {
    if (status === 0) return undefined;
    if (status >= 0x80) return `it received the question damaged (status ${status})`;
    return `refused with status ${status}, ${REFUSALS[status] ?? 'an error of this command'}`;
  },
};
