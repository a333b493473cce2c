import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Messages of Arbin CTI: packed, low byte first, over TCP 9031. Facts: BatteryDataAlliance/pyctiarbin abb8c9f ("ArbinCTI
 * Protocol v1.1", `messages.py`, `tests/example_messages`). The length of a request does not count its first 12 bytes, that
 * of an answer is the whole. Answers carry no number; they name the channel.
 */

export const ID = 'arbin/cti';

/** One question or order; of the codec's channel. */
export type ArbinAsk =
  | { readonly cmd: 'login'; readonly user: string; readonly password: string }
  | { readonly cmd: 'info' }
  | { readonly cmd: 'stop'; done?(): void }
  | { readonly cmd: 'assign'; readonly schedule: string; readonly capacity_Ah: number }
  | { readonly cmd: 'start'; readonly name: string; done?(): void }
  /** Assigns first, with every meta variable 0, so that the schedule begins with none of an earlier one. */
  | {
      readonly cmd: 'start live';
      readonly schedule: string;
      readonly name: string;
      readonly capacity_Ah: number;
      done?(): void;
    }
  | {
      readonly cmd: 'set';
      readonly variable: number;
      value(): number;
      /** Asked when it leaves: nothing would take it now, so that the channel is only asked how it stands. Absent: never. */
      waits?(): boolean;
      done?(): void;
    };

/** One answer; `bytes` is all of it. */
export interface ArbinAnswer {
  readonly code: number;
  readonly bytes: Buffer;
}

const TOKEN = Buffer.from('dddddddddddddd11', 'hex');
const HEADER = 20;
/** Bytes in front of what the length of a request counts. */
const UNCOUNTED = 12;
export const LONGEST = 200_000;

const CODES = {
  login: [0xeeab0001, 0xeeba0001],
  info: [0xeeab0003, 0xeeba0003],
  assign: [0xbb210001, 0xbb120001],
  start: [0xbb320004, 0xbb230004],
  stop: [0xbb310001, 0xbb130001],
  set: [0xbb150001, 0xbb510001],
} as const;
/** Shortest answer, whole: nothing is read behind its end. */
const LENGTHS = { login: 8678, info: 1779, assign: 128, start: 128, stop: 128, set: 128 } as const;

export const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xffff, 0);

function frame(code: number, args: Buffer): Buffer {
  const whole = Buffer.alloc(HEADER + args.length + 2);
  TOKEN.copy(whole);
  whole.writeUInt32LE(whole.length - UNCOUNTED, 8);
  whole.writeUInt32LE(code, 12);
  args.copy(whole, HEADER);
  whole.writeUInt16LE(sumOf(whole.subarray(0, -2)), whole.length - 2);
  return whole;
}

/** UTF-16 with a zero behind it. @throws DeviceError `range` where it does not fit */
function wide(into: Buffer, text: string, at: number, letters: number): void {
  if (text.length >= letters || !/^[\x20-\x7e]*$/.test(text))
    throw new DeviceError(
      'range',
      ID,
      `"${text}", expected plain ASCII, ${letters - 1} letters at most; nothing was sent`,
    );
  into.write(text, at, 'utf16le');
}

function narrow(into: Buffer, text: string, at: number, letters: number): void {
  if (text.length > letters || !/^[\x20-\x7e]*$/.test(text))
    throw new DeviceError(
      'range',
      ID,
      `a name or password of more than ${letters} plain letters; nothing was sent`,
    );
  into.write(text, at, 'latin1');
}

/** Meta variables by name (protocol): UD1..4 are 52..55, UD5..16 105..116. */
export const metaCode = (number: number): number => (number <= 4 ? 51 + number : 100 + number);

export type ArbinOne = Exclude<ArbinAsk, { readonly cmd: 'start live' }>;

/** One request. @throws DeviceError `range` for what must not leave */
export function encode(ask: ArbinOne, channel: number): Buffer {
  const args = (length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    bytes.writeInt32LE(channel, 0);
    return bytes;
  };
  const code = CODES[ask.cmd][0];
  switch (ask.cmd) {
    case 'login': {
      const bytes = Buffer.alloc(64);
      narrow(bytes, ask.user, 0, 32);
      narrow(bytes, ask.password, 32, 32);
      return frame(code, bytes);
    }
    case 'info': {
      const bytes = Buffer.alloc(40);
      bytes.writeInt16LE(channel, 0);
      bytes.writeInt16LE(1, 2);
      return frame(code, bytes);
    }
    case 'assign': {
      const bytes = args(649);
      wide(bytes, ask.schedule, 5, 200);
      bytes.writeFloatLE(ask.capacity_Ah, 405);
      return frame(code, bytes);
    }
    case 'start': {
      const bytes = Buffer.alloc(150);
      wide(bytes, ask.name, 0, 72);
      bytes.writeUInt32LE(1, 144);
      bytes.writeUInt16LE(channel, 148);
      return frame(code, bytes);
    }
    case 'stop':
      return frame(code, args(106));
    case 'set': {
      const value = ask.value();
      if (!Number.isFinite(Math.fround(value)))
        throw new DeviceError('range', ID, `${value} is no number for the wire; nothing was sent`);
      const bytes = args(52);
      bytes.writeInt32LE(1, 4);
      bytes.writeInt32LE(ask.variable, 8);
      bytes.writeInt32LE(1, 28);
      bytes.writeFloatLE(value, 32);
      return frame(code, bytes);
    }
  }
}

const COMMON = { 16: 'there is no such channel', 17: 'somebody has its monitor window open' };
const REFUSALS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  assign: {
    ...COMMON,
    18: 'a schedule without a name',
    19: 'there is no such schedule',
    20: 'the channel is running',
    21: 'it is downloading a schedule',
    22: 'a batch file is open',
    23: 'it failed',
  },
  start: {
    ...COMMON,
    18: 'the channel is running or unsafe',
    19: 'the channel is not connected',
    20: 'the schedule does not fit this system',
    21: 'no schedule is assigned',
    22: 'the schedule is of another version',
    33: 'it is downloading a schedule',
    34: 'its database does not answer',
    35: 'a test without a name',
    38: 'the schedule fails its safety check',
  },
  set: { 20: 'sent too often' },
};

/** Codec for one channel. */
export function arbinCodec(channel: number): MessageCodec<ArbinOne, ArbinAnswer> {
  return {
    encode: ask => encode(ask, channel),
    noiseIn(received) {
      const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
      const at = bytes.indexOf(TOKEN);
      if (at >= 0) return at;
      // The beginning of a token may stand at the end.
      let known = Math.min(bytes.length, TOKEN.length - 1);
      while (!bytes.subarray(bytes.length - known).equals(TOKEN.subarray(0, known))) known--;
      return bytes.length - known;
    },
    lengthOf(received) {
      const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
      if (bytes.length < UNCOUNTED) return 0;
      const length = bytes.readUInt32LE(8);
      if (length < HEADER + 2 || length > LONGEST)
        throw new DeviceError('garbled', ID, `an answer of ${length} bytes`);
      return bytes.length < length ? 0 : length;
    },
    decode(message) {
      const bytes = Buffer.from(message);
      const sum = sumOf(bytes.subarray(0, -2));
      if (sum !== bytes.readUInt16LE(bytes.length - 2))
        throw new DeviceError('garbled', ID, 'an answer whose sum is wrong');
      return { code: bytes.readUInt32LE(12), bytes };
    },
    fits({ cmd }, { code, bytes }) {
      if (code !== CODES[cmd][1] || bytes.length < LENGTHS[cmd]) return false;
      if (cmd === 'login') return true;
      if (cmd === 'info') return bytes.readUInt32LE(20) === 1 && bytes.readInt32LE(24) === channel;
      const said = bytes.readInt32LE(20);
      // A start that is taken may be said as -1 (protocol).
      return said === channel || (cmd === 'start' && said === -1);
    },
    tellsApart: ask => ask.cmd === 'start',
    refusal({ cmd }, { bytes }) {
      if (cmd === 'info') return undefined;
      if (cmd === 'login') {
        const result = bytes.readUInt32LE(20);
        return result === 1 || result === 3 ? undefined : `login refused (${result})`;
      }
      const result = bytes[24];
      return result === 0
        ? undefined
        : `${cmd} refused: ${REFUSALS[cmd]?.[result] ?? 'it does not say why'} (${result})`;
    },
  };
}

/** A text of the answer, to its first zero. */
export function textAt(
  { bytes }: ArbinAnswer,
  at: number,
  length: number,
  encoding: 'utf16le' | 'latin1',
): string {
  return bytes
    .toString(encoding, at, at + length)
    .split('\0')[0]
    .trim();
}
