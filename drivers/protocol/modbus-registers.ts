/**
 * Registers <-> numbers and texts. A register is 16 bit, big-endian on the wire (Modbus V1.1b3, 4.2);
 * the order of the two registers of a 32-bit value is the maker's choice.
 */

export const REGISTER_TYPES = ['int16', 'uint16', 'int32', 'uint32', 'float32'] as const;
export type RegisterType = (typeof REGISTER_TYPES)[number];

/** `big`: high word first (most makers); `little`: low word first. */
export type WordOrder = 'big' | 'little';

/** Registers that a value of this type takes. */
export function widthOf(type: RegisterType): 1 | 2 {
  return type === 'int16' || type === 'uint16' ? 1 : 2;
}

const view = new DataView(new ArrayBuffer(4));

/** Raw value that starts at `at`; NaN where the registers end too early. */
export function decodeRegisters(
  registers: readonly number[],
  at: number,
  type: RegisterType,
  order: WordOrder = 'big',
): number {
  if (at + widthOf(type) > registers.length) return Number.NaN;
  if (type === 'uint16') return registers[at];
  if (type === 'int16') return (registers[at] << 16) >> 16;
  view.setUint16(0, registers[order === 'big' ? at : at + 1]);
  view.setUint16(2, registers[order === 'big' ? at + 1 : at]);
  if (type === 'float32') return view.getFloat32(0);
  return type === 'int32' ? view.getInt32(0) : view.getUint32(0);
}

/** Registers of a raw value, which must fit the type; integers are rounded. */
export function encodeRegisters(value: number, type: RegisterType, order: WordOrder = 'big'): number[] {
  if (widthOf(type) === 1) return [Math.round(value) & 0xffff];
  if (type === 'float32') view.setFloat32(0, value);
  else view.setUint32(0, Math.round(value) >>> 0);
  const words = [view.getUint16(0), view.getUint16(2)];
  return order === 'big' ? words : words.reverse();
}

/** Text of two characters a register, up to the first NUL, without blanks at its ends. */
export function textOf(registers: readonly number[]): string {
  const bytes = registers.flatMap(word => [word >> 8, word & 0xff]);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end))).trim();
}

/** A straight line through two points: raw low -> eng low, raw high -> eng high. */
export interface Scaling {
  readonly raw: readonly [low: number, high: number];
  readonly eng: readonly [low: number, high: number];
}

/** Raw value -> value in the channel's unit. Not limited: what lies outside is for the channel's range to judge. */
export function toEng(raw: number, { raw: [r0, r1], eng: [e0, e1] }: Scaling): number {
  return e0 + ((raw - r0) * (e1 - e0)) / (r1 - r0);
}

/** Value in the channel's unit -> nearest raw value. */
export function toRaw(value: number, { raw: [r0, r1], eng: [e0, e1] }: Scaling): number {
  // + 0 turns a -0 into 0.
  return Math.round(r0 + ((value - e0) * (r1 - r0)) / (e1 - e0)) + 0;
}
