import type { ByteSpeaker } from '../byte-instrument.ts';

/**
 * Cell voltage monitors of Kolibrik on one XC2 bus, written from the maker's library (packets.py: frame; consts.py:
 * commands and answer codes; xc2_dev_cvm32a.py and xc2_dev_cvm64h.py: what an application status holds). The cells go out
 * as the processor of the module has them, low byte first, which is how the maker's program on a PC takes them.
 */

/** One module. */
export interface CvmModule {
  readonly address: number;
  readonly model: 'CVM24P' | 'CVM32A' | 'CVM64H';
  /** Hexadecimal. */
  readonly serial: string;
  /** What its inputs show, V; NaN: an open wire. */
  cells(): readonly number[];
  /** Its clock, ms. */
  clock_ms(): number;
  /** Cells go out high byte first: another processor. */
  readonly isBig?: boolean;
}

const COMMAND = 0x8;
const ACK = 0xc;
const NAK = 0xe;
const ECHO = 0x01;
const SYSTEM = 0x03;
const GET_SERIAL = 0x13;
const APPLICATION_STATUS = 0xa0;
const UNKNOWN_COMMAND = 0x03;
const BAD_PARAMETER = 0x04;
const SUPPRESS_ANSWER = 0x4;
const APPLICATION_RUNS = 0x02;

/** CRC-16-CCITT of the AVR library with start 0 (x^16 + x^12 + x^5 + 1), bit by bit. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      const carries = ((crc >> 15) & 1) !== ((byte >> bit) & 1);
      crc = (crc << 1) & 0xffff;
      if (carries) crc ^= 0x1021;
    }
  return crc;
}

function frameOf(type: number, to: number, from: number, command: number, data: Buffer): Buffer {
  const head = Buffer.from([
    (type << 4) | (to >> 8),
    to & 255,
    from >> 8,
    from & 255,
    6 + data.length,
    command,
  ]);
  const body = Buffer.concat([head, data]);
  const crc = crcOf(body);
  return Buffer.concat([body, Buffer.from([crc >> 8, crc & 255])]);
}

/** The modules as they answer on their bus. */
export function cvmBus(modules: readonly CvmModule[]): ByteSpeaker {
  return {
    take(received) {
      if (received.length < 8) return { used: 0 };
      const whole = received[4] + 2;
      if (received[4] < 6) return { used: 1 };
      if (received.length < whole) return { used: 0 };
      const frame = received.subarray(0, whole);
      if (crcOf(frame.subarray(0, -2)) !== frame.readUInt16BE(whole - 2)) return { used: 1 };
      const to = frame.readUInt16BE(0) & 0xfff;
      const from = frame.readUInt16BE(2) & 0xfff;
      const module = modules.find(one => one.address === to);
      const isQuiet = frame[0] >> 4 !== COMMAND || ((frame[2] >> 4) & SUPPRESS_ANSWER) !== 0;
      if (module === undefined || isQuiet) return { used: whole };
      const command = frame[5];
      const [type, data] = answerOf(module, command, frame.subarray(6, -2));
      return { used: whole, reply: frameOf(type, from, to, command, data) };
    },
    damage(frame) {
      const damaged = Uint8Array.from(frame);
      damaged[damaged.length - 1] ^= 0x55;
      return damaged;
    },
  };
}

function answerOf(module: CvmModule, command: number, data: Buffer): [type: number, data: Buffer] {
  if (command === ECHO) return [ACK, Buffer.from([APPLICATION_RUNS])];
  if (command === APPLICATION_STATUS) return [ACK, statusOf(module)];
  if (command !== SYSTEM) return [NAK, Buffer.from([UNKNOWN_COMMAND])];
  if (data[0] !== GET_SERIAL) return [NAK, Buffer.from([BAD_PARAMETER])];
  return [ACK, Buffer.concat([Buffer.from(module.model.slice(0, 5)), Buffer.from(module.serial, 'hex')])];
}

function statusOf({ model, cells, clock_ms, isBig = false }: CvmModule): Buffer {
  const all = cells();
  const sum = all.reduce((a, b) => a + b, 0);
  if (model !== 'CVM32A') {
    const status = Buffer.alloc(8 + 4 * all.length);
    status.writeUInt32BE(Math.floor(clock_ms()) % 2 ** 32);
    status.writeFloatBE(sum, 4);
    for (const [i, value] of all.entries())
      isBig ? status.writeFloatBE(value, 8 + 4 * i) : status.writeFloatLE(value, 8 + 4 * i);
    return status;
  }
  const status = Buffer.alloc(24 + 2 * all.length);
  for (const [i, value] of [41.5, 3.3, 36.1, 5.02].entries()) status.writeFloatBE(value, 4 * i);
  status[18] = 1;
  status[19] = all.length;
  status.writeFloatBE(sum, 20);
  for (const [i, value] of all.entries()) {
    const raw = value * 1000;
    const count = Number.isNaN(raw) ? -32768 : Math.round(Math.min(32767, Math.max(-32768, raw)));
    isBig ? status.writeInt16BE(count, 24 + 2 * i) : status.writeInt16LE(count, 24 + 2 * i);
  }
  return status;
}
