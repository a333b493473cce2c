import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Messages of Maccor MacNet: JSON-RPC 2.0 over TCP (57570) and words over another port (57560). Facts: BatteryDataAlliance/
 * pymacnet 5eef042 (`docs/macnet_from_maccor_help.pdf`, `messages.py`). A function is a class and a number: 4,7 is the state
 * of a channel. Channels count from 0 on the wire.
 */

export const ID = 'maccor/macnet';

/** One question or order. */
export interface MacAsk {
  readonly fClass: number;
  readonly fNum: number;
  /** From 0; absent: of the system. */
  readonly chan?: number;
  /** What it carries, worked out when it leaves. */
  params?(): MacParams;
  /** Sets the output in direct mode: at least 100 ms after the one before. */
  readonly isDirect?: boolean;
  /** What is asked in its place, worked out when it leaves; undefined: itself. */
  instead?(): MacAsk | undefined;
  /** The instrument has said that it is done. */
  done?(): void;
}
export type MacParams = Readonly<Record<string, string | number>>;
/** `result` of an answer. */
export type MacReply = Readonly<Record<string, unknown>>;

/** An answer that cannot be read: what came, on one line. */
export const noJson = (text: string): DeviceError =>
  new DeviceError(
    'garbled',
    ID,
    `no JSON: ${text
      .replaceAll(/[^\x20-\x7e]+ */g, ' ')
      .trim()
      .slice(0, 60)}`,
  );

/** The text of one request. */
export function encodeJson({ fClass, fNum, chan }: MacAsk, params: MacParams, id: number): string {
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'number' ? !Number.isFinite(value) : !/^[\x20-\x7e]*$/.test(value))
      throw new DeviceError(
        'range',
        ID,
        `${name}: ${value}, expected a number or plain ASCII; nothing was sent`,
      );
  const at = chan === undefined ? {} : { Chan: chan };
  const all = { FClass: fClass, FNum: fNum, ...at, ...params };
  return JSON.stringify({ jsonrpc: '2.0', method: 'MacNet', params: all, id });
}

/**
 * Length of the first JSON object in the text; 0: more must come. Answers may go over several lines, so braces are counted.
 * @throws DeviceError `garbled` where something else stands than an object
 */
export function objectLength(text: string): number {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i];
    if (isText) {
      if (mark === '\\') i++;
      else if (mark === '"') isText = false;
    } else if (mark === '"') isText = true;
    else if (mark === '{') depth++;
    else if (mark === '}') depth--;
    if (depth === 0 && mark === '}') return i + 1;
    if (depth <= 0 && !/\s/.test(mark)) throw noJson(text);
  }
  return 0;
}

/** One answer, as JSON says it. @throws DeviceError `garbled` */
export function decodeJson(text: string): {
  readonly id: unknown;
  readonly result: unknown;
  readonly error: unknown;
} {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw noJson(text);
  }
  const { id, result, error } = (message ?? {}) as Record<string, unknown>;
  return { id, result, error };
}

/** What it answers, checked against what was asked. @throws DeviceError `garbled`, or `refused` by the instrument */
export function resultOf({ fClass, fNum, chan }: MacAsk, result: unknown): MacReply {
  const found = (typeof result === 'object' && result !== null ? result : {}) as MacReply;
  const isOurs =
    found['FClass'] === fClass && found['FNum'] === fNum && (chan === undefined || found['Chan'] === chan);
  if (!isOurs) throw new DeviceError('garbled', ID, `an answer to another question than ${fClass},${fNum}`);
  const said = found['Result'];
  if (fClass === 6 && said !== 'OK' && said !== 0)
    throw new DeviceError('refused', ID, `${fClass},${fNum} refused: ${refusalText(fNum, said)}`);
  return found;
}

const RESULTS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  2: {
    14: 'no such procedure',
    15: 'the channel is not active',
    18: 'the name is too long',
    19: 'the name is not unique',
    20: 'the name is not unique',
    21: 'the chamber is in use',
    23: 'the channel is in use',
    24: 'no channel is selected',
    25: 'the chamber is in use',
  },
  7: { 1: 'not for this type of system', 2: 'the channel is not available', 3: 'failed' },
  8: {
    1: 'not for this type of system',
    2: 'the channel is not active',
    3: 'sent too fast',
    4: 'it is not in direct mode',
    5: 'direct mode is not ready yet',
  },
};
/** In the maker's words where the answer is a number. */
export function refusalText(fNum: number, said: unknown): string {
  const words = typeof said === 'number' ? RESULTS[fNum]?.[said] : undefined;
  return words === undefined ? String(said ?? 'no result') : `${words} (${said})`;
}

/** Header: class, number, channel, length, each a word, low byte first. */
const HEADER = 8;
const REST_LENGTH = 18;
const MOST_DATA = 4096;

/** A question for the state of a channel in words; for checks of the codec. */
export function statusWords(chan: number): Uint8Array {
  return words(4, 7, chan, 0);
}

/** Rest in direct mode: no current; out of range is not used (power). */
export function restWords(chan: number, range: number): Uint8Array {
  const data = Buffer.alloc(REST_LENGTH);
  for (const [i, value] of [0, 0, 65536, 0].entries()) data.writeFloatLE(value, 4 * i);
  data[16] = range;
  data.write('R', 17, 'latin1');
  return Buffer.concat([words(6, 8, chan, REST_LENGTH), data]);
}

function words(...four: readonly number[]): Buffer {
  const header = Buffer.alloc(HEADER);
  for (const [i, word] of four.entries()) header.writeUInt16LE(word, 2 * i);
  return header;
}

/** One answer in words. */
export interface WordsReply {
  readonly fClass: number;
  readonly fNum: number;
  readonly chan: number;
  readonly data: Uint8Array;
}

/** Codec of the port for words: answers carry no number and are counted. */
export const wordsCodec: MessageCodec<{ readonly bytes: Uint8Array }, WordsReply> = {
  encode: ({ bytes }) => bytes,
  lengthOf(received) {
    if (received.length < HEADER) return 0;
    const length = new DataView(received.buffer, received.byteOffset).getUint16(6, true);
    if (length > MOST_DATA) throw new DeviceError('garbled', ID, `an answer of ${length} bytes`);
    return received.length < HEADER + length ? 0 : HEADER + length;
  },
  decode(message) {
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    const [fClass, fNum, chan] = [0, 2, 4].map(at => view.getUint16(at, true));
    return { fClass, fNum, chan, data: message.subarray(HEADER) };
  },
  fits({ bytes }, { fClass, fNum, chan }) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return [fClass, fNum, chan].every((word, i) => view.getUint16(2 * i, true) === word);
  },
  // A number of one or two bytes (default: only its values are known).
  refusal(_, { data }) {
    if (data.length < 1 || data.length > 2) return `6,8 in words: ${data.length} bytes, expected a result`;
    const said = data[0] + 256 * (data[1] ?? 0);
    return said === 0 ? undefined : `6,8 in words refused: ${refusalText(8, said)}`;
  },
};
