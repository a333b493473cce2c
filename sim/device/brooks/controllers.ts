import type { ByteSpeaker } from '../byte-instrument.ts';

/**
 * Flow controllers of Brooks on one S-protocol line, written from the maker's paper as public programs quote it: long frames
 * (3-4), commands 1, 11 (6-2, 6-4), 150..152 (8-5..8-7), 190, 193, 230, 235, 236 (8-30, 8-31).
 */

/** One instrument. */
export interface BrooksController {
  readonly tag: string;
  /** Three bytes. */
  readonly id: readonly [number, number, number];
  /** Code of the unit that it shows: 17 l/min, 171 ml/min. */
  readonly unit: number;
  /** 0: normal; 1: as set by command 191; 2: as calibrated. */
  readonly reference: number;
  /** K and Pa, of command 190 or of the calibration. */
  readonly state: { readonly temperature_K: number; readonly pressure_Pa: number };
  /** 100 % in its unit. */
  readonly fullScale: number;
  readonly gas: string;
  /** 0 off, 1 open, 2 closed. */
  readonly valveOverride: number;
  /** Second status byte. */
  status(): number;
  /** In its unit. */
  flow(): number;
  setpoint(): number;
  /** In its unit, within its range. */
  set(value: number): void;
  /** An instrument that does not know command 152. */
  readonly isOld?: boolean;
}

const MAKER = 10;
const SLA = 100;
const PERCENT = 57;
const KELVIN = 35;
const PASCAL = 11;
const NOT_USED = 250;
const OK = 0;
const INVALID = 2;
const TOO_LARGE = 3;
const TOO_SMALL = 4;
const BYTE_COUNT = 5;
const NOT_IMPLEMENTED = 64;

const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes;
};
const parity = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
};

/** The six bits of each character, one after the other (3-4-8-5). */
function sixBits(text: string): Buffer {
  const bits = [...text].map(char => (char.charCodeAt(0) % 64).toString(2).padStart(6, '0')).join('');
  return Buffer.from(
    Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2)),
  );
}

type Answer = readonly [status: number, data?: Buffer];

/** The controllers as they answer on their line. */
export function brooksLine(controllers: readonly BrooksController[]): ByteSpeaker {
  return {
    take(received) {
      // Preamble, and what is none.
      const start = received.indexOf(0x82);
      if (start < 0) return { used: received.length };
      if (start > 0) return { used: start };
      if (received.length < 9) return { used: 0 };
      const whole = 9 + received[7];
      if (received.length < whole) return { used: 0 };
      const frame = received.subarray(0, whole);
      if (parity(frame) !== 0) return { used: 1 };
      const command = frame[6];
      const data = frame.subarray(8, -1);
      const isToAll = frame.subarray(2, 6).every(byte => byte === 0);
      const one = controllers.find(({ tag, id }) =>
        isToAll
          ? command === 11 && sixBits(tag).equals(data)
          : (frame[1] & 0x3f) === MAKER && frame[2] === SLA && id.every((byte, i) => byte === frame[3 + i]),
      );
      if (one === undefined) return { used: whole };
      const [status, answer = Buffer.alloc(0)] = answerOf(one, command, data);
      const address = [0x80 | MAKER, SLA, ...one.id];
      const body = Buffer.from([
        0x86,
        ...address,
        command,
        2 + answer.length,
        status,
        one.status(),
        ...answer,
      ]);
      return {
        used: whole,
        reply: Buffer.concat([Buffer.alloc(5, 0xff), body, Buffer.from([parity(body)])]),
      };
    },
    damage(frame) {
      const damaged = Uint8Array.from(frame);
      damaged[damaged.length - 1] ^= 0x55;
      return damaged;
    },
  };
}

function answerOf(one: BrooksController, command: number, data: Buffer): Answer {
  const { unit, fullScale } = one;
  const isGas = data[0] === 1;
  const state = (): Buffer =>
    Buffer.from([KELVIN, ...float(one.state.temperature_K), PASCAL, ...float(one.state.pressure_Pa)]);
  const setpoint = (): Answer => [
    OK,
    Buffer.from([PERCENT, ...float((100 * one.setpoint()) / fullScale), unit, ...float(one.setpoint())]),
  ];
  switch (command) {
    case 1:
      return [OK, Buffer.from([unit, ...float(one.flow())])];
    case 11:
      return [OK, Buffer.from([254, MAKER, SLA, 5, 5, 6, 1, 0, 0, ...one.id])];
    case 150:
      return isGas ? [OK, Buffer.from([1, ...Buffer.from(one.gas, 'latin1')])] : [INVALID];
    case 151:
      return isGas
        ? [OK, Buffer.from([1, 97, ...float(1.2), ...state(), unit, ...float(fullScale)])]
        : [INVALID];
    case 152:
      if (one.isOld === true) return [NOT_IMPLEMENTED];
      return isGas ? [OK, Buffer.from([unit, ...float(fullScale)])] : [INVALID];
    case 190:
      return [OK, state()];
    case 193:
      return [OK, Buffer.from([1, one.reference, unit, KELVIN])];
    case 230:
      return [OK, Buffer.from([one.valveOverride])];
    case 235:
      return setpoint();
    case 236: {
      if (data.length !== 5) return [BYTE_COUNT];
      if (data[0] !== PERCENT && data[0] !== NOT_USED) return [INVALID];
      const value = data.readFloatBE(1) * (data[0] === PERCENT ? fullScale / 100 : 1);
      if (!(value >= 0)) return [TOO_SMALL];
      if (value > fullScale * 1.000001) return [TOO_LARGE];
      one.set(value);
      return setpoint();
    }
    default:
      return [NOT_IMPLEMENTED];
  }
}
