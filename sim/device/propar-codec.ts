/**
 * ProPar messages as an instrument sees them, written from Bronkhorst 9.17.027 (RS232 interface).
 * Binary: 10 02, sequence, node, length, data, 10 03, every 0x10 in between doubled.
 * ASCII: `:` length node data CR LF in hex, length counting node and data; no sequence number. Pure.
 */

/**
 * One message on the bus, in either form: the node address it goes to or comes from, and its data unstuffed.
 */
export interface ProparMessage {
  /** -1 in ASCII, which has none. */
  readonly sequence: number;
  readonly node: number;
  readonly data: Uint8Array;
}

/** What the head of a receive buffer holds. `length`/`skip`: bytes to take off the buffer. */
export type TakenPropar =
  | { readonly kind: 'message'; readonly message: ProparMessage; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'garbled'; readonly skip: number };

const DLE = 0x10;
const STX = 0x02;
const ETX = 0x03;
const COLON = 0x3a;
const LF = 0x0a;

/**
 * Takes one message, binary or ASCII by its first byte, off the head of the buffer. A byte that begins
 * neither, and a message that is damaged, come back as `garbled` with the number of bytes to pass over.
 */
export function takePropar(buffer: Uint8Array): TakenPropar {
  if (buffer.length === 0) return { kind: 'incomplete' };
  if (buffer[0] === COLON) return takeAscii(buffer);
  if (buffer[0] === DLE) return takeBinary(buffer);
  return { kind: 'garbled', skip: 1 };
}

/** Bytes of one message; binary or, with sequence -1, ASCII: a reply goes out in the form of its request. */
export function encodePropar(message: ProparMessage): Uint8Array {
  return message.sequence < 0 ? encodeAscii(message) : encodeBinary(message);
}

function takeBinary(buffer: Uint8Array): TakenPropar {
  if (buffer.length < 2) return { kind: 'incomplete' };
  if (buffer[1] !== STX) return { kind: 'garbled', skip: 1 };
  const body: number[] = [];
  for (let i = 2; i + 1 < buffer.length; i++) {
    if (buffer[i] !== DLE) {
      body.push(buffer[i]);
      continue;
    }
    i++;
    if (buffer[i] === DLE) {
      body.push(DLE);
    } else if (buffer[i] === ETX) {
      if (body.length < 3 || body[2] !== body.length - 3) return { kind: 'garbled', skip: i + 1 };
      const message = { sequence: body[0], node: body[1], data: Uint8Array.from(body.slice(3)) };
      return { kind: 'message', message, length: i + 1 };
    } else {
      // A new start inside a message: the first one was cut off.
      return { kind: 'garbled', skip: i - 1 };
    }
  }
  return { kind: 'incomplete' };
}

function encodeBinary({ sequence, node, data }: ProparMessage): Uint8Array {
  const frame = [DLE, STX];
  for (const byte of [sequence, node, data.length, ...data]) {
    frame.push(byte);
    if (byte === DLE) frame.push(DLE);
  }
  frame.push(DLE, ETX);
  return Uint8Array.from(frame);
}

function takeAscii(buffer: Uint8Array): TakenPropar {
  const end = buffer.indexOf(LF);
  if (end < 0) return { kind: 'incomplete' };
  const text = Buffer.from(buffer.subarray(1, end)).toString('latin1').trimEnd();
  const bytes = Buffer.from(text, 'hex');
  const isWhole = bytes.length * 2 === text.length && bytes.length >= 2 && bytes[0] === bytes.length - 1;
  if (!isWhole) return { kind: 'garbled', skip: end + 1 };
  const message = { sequence: -1, node: bytes[1], data: Uint8Array.from(bytes.subarray(2)) };
  return { kind: 'message', message, length: end + 1 };
}

function encodeAscii({ node, data }: ProparMessage): Uint8Array {
  const hex = Buffer.from([data.length + 1, node, ...data])
    .toString('hex')
    .toUpperCase();
  return Buffer.from(`:${hex}\r\n`, 'latin1');
}

/** Storage type of a parameter: bits 5 and 6 of its number. A float is a 4-byte value. */
export const TYPE = { u8: 0x00, u16: 0x20, long: 0x40, text: 0x60 } as const;
export type ParameterType = (typeof TYPE)[keyof typeof TYPE];

/** One parameter asked for; `chain` flags are echoed in the reply. */
export interface ProparRequest {
  /** Process and parameter byte to answer under, without the chain bits. */
  readonly replyProcess: number;
  readonly replyParameter: number;
  readonly processChained: boolean;
  readonly parameterChained: boolean;
  readonly process: number;
  readonly parameter: number;
  readonly type: ParameterType;
  /** Text: length wanted, 0 = ended by NUL. */
  readonly textLength: number;
  /** Where in the data its number stands: what a status reply points at. */
  readonly position: number;
}

/** One parameter sent. */
export interface ProparWrite {
  readonly process: number;
  readonly parameter: number;
  readonly type: ParameterType;
  /** Raw bytes of the value, big-endian; text without its end. */
  readonly value: Uint8Array;
  readonly position: number;
}

/** Parameters of a request (command 4), or undefined if the data do not add up. */
export function parseRequests(data: Uint8Array): ProparRequest[] | undefined {
  const requests: ProparRequest[] = [];
  let at = 1;
  let replyProcess = 0;
  let isChained = false;
  for (;;) {
    if (!isChained) replyProcess = data[at++];
    if (at + 3 > data.length) return undefined;
    const replyParameter = data[at];
    const type = (data[at + 2] & 0x60) as ParameterType;
    const position = at + 2;
    const request = {
      replyProcess: replyProcess & 0x7f,
      replyParameter: replyParameter & 0x7f,
      processChained: replyProcess >= 0x80,
      parameterChained: replyParameter >= 0x80,
      process: data[at + 1] & 0x7f,
      parameter: data[at + 2] & 0x1f,
      type,
      position,
    };
    at += 3;
    if (type === TYPE.text && at >= data.length) return undefined;
    requests.push({ ...request, textLength: type === TYPE.text ? data[at++] : 0 });
    isChained = request.parameterChained;
    if (!isChained && !request.processChained) return at === data.length ? requests : undefined;
  }
}

/** Parameters of a write (commands 1 to 3), or undefined if the data do not add up. */
export function parseWrites(data: Uint8Array): ProparWrite[] | undefined {
  const writes: ProparWrite[] = [];
  let at = 1;
  let process = 0;
  let isChained = false;
  for (;;) {
    if (!isChained) process = data[at++];
    if (at >= data.length) return undefined;
    const parameter = data[at];
    const type = (parameter & 0x60) as ParameterType;
    const position = at++;
    let length: number = type === TYPE.u8 ? 1 : type === TYPE.u16 ? 2 : 4;
    let end = 0;
    if (type === TYPE.text) {
      length = data[at++];
      if (length === 0) {
        const nul = data.indexOf(0, at);
        if (nul < 0) return undefined;
        length = nul - at;
        end = 1;
      }
    }
    if (at + length + end > data.length) return undefined;
    writes.push({
      process: process & 0x7f,
      parameter: parameter & 0x1f,
      type,
      value: data.slice(at, at + length),
      position,
    });
    at += length + end;
    isChained = parameter >= 0x80;
    if (!isChained && process < 0x80) return at === data.length ? writes : undefined;
  }
}

/** Data of the answer to a request (command 2). `values` in the order of the requests. */
export function answerData(requests: readonly ProparRequest[], values: readonly Uint8Array[]): Uint8Array {
  const data: number[] = [2];
  let isChained = false;
  requests.forEach((request, i) => {
    if (!isChained) data.push(request.replyProcess | (request.processChained ? 0x80 : 0));
    data.push(request.replyParameter | (request.parameterChained ? 0x80 : 0));
    if (request.type === TYPE.text) data.push(request.textLength);
    data.push(...values[i]);
    if (request.type === TYPE.text && request.textLength === 0) data.push(0);
    isChained = request.parameterChained;
  });
  return Uint8Array.from(data);
}
